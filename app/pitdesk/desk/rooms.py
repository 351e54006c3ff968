"""The rooms of one session, each made with exactly what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.desk.activity import Activity
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.finder import Finder
from pitdesk.desk.gate import Gate
from pitdesk.desk.market_data import MarketData
from pitdesk.desk.order_desk import OrderDesk
from pitdesk.desk.order_tools import OrderTerms, OrderTools
from pitdesk.desk.portfolio import Portfolio
from pitdesk.desk.pre_trade import PreTrade
from pitdesk.desk.reconciler import Reconciler
from pitdesk.desk.risk import RiskBook
from pitdesk.journal import Journal
from pitdesk.kalshi.classic_rest import rest_for
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.stream import Stream
from pitdesk.kalshi.transport import Transport
from pitdesk.limits import LimitValues
from pitdesk.tasks import TaskOwner

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.signer import Signer
    from pitdesk.notices import Notices
    from pitdesk.settings import Settings

Report = Callable[[str, BaseException], None]


class Rooms:
    """Everything a session is made of. Nothing of it is started, opened or asked by being made.

    ``owner`` holds tasks that end with the session, ``commands`` those that are waited for at its end.
    ``tools`` are what orders are given and changed with.
    """

    def __init__(
        self,
        environment: Environment,
        signer: Signer,
        settings: Settings,
        notices: Notices,
        report: Report,
        clock: Clock,
        limits: Callable[[], LimitValues] = LimitValues,
    ) -> None:
        """``limits``: the figures in force at the moment that they are asked for."""
        self.environment, self.signer, self.settings, self.clock = environment, signer, settings, clock
        self.owner, self.commands = TaskOwner(report), TaskOwner(report)
        self.notices, self.activity, self.gate = notices, Activity(), Gate()
        self.journal, self.blotter = Journal(clock), Blotter(clock)
        # The exchange
        proxy = "" if environment.is_here else settings.proxy
        self.pacer = Pacer(clock)
        self.transport = Transport(environment, signer, clock=clock, proxy=proxy)
        self.rest = rest_for(environment.dialect, self.transport, self.pacer, environment.subaccount)
        self.stream = Stream(environment, signer, self.owner, clock=clock, proxy=proxy)
        # What is known of it
        self.market_data = MarketData(self.rest, self.stream, notices, self.owner, clock)
        self.finder = Finder(self.rest, settings, notices, environment.key)
        self.portfolio = Portfolio(self.rest, self.market_data, self.blotter, settings, environment, clock)
        event_of, subaccount = _event_by(self.market_data, self.finder), environment.subaccount
        self.risk = RiskBook(self.rest, self.portfolio, self.blotter, event_of, clock, subaccount)
        self.pre_trade = PreTrade(
            self.market_data, self.portfolio, self.finder, self.blotter, clock, self.risk, limits
        )
        # What is done there
        self.tools = self._tools()
        self.order_desk = OrderDesk(self.tools)
        self.reconciler = Reconciler(replace(self.tools, owner=self.owner))

    def _tools(self) -> OrderTools:
        terms = OrderTerms(
            environment=self.environment.key,
            key_id=self.signer.key_id,
            subaccount=self.environment.subaccount,
            check=self.pre_trade.check,
            clock=self.clock,
            server_offset_ms=lambda: self.transport.clock_offset_ms or 0,
            label=self.finder.label,
        )
        return OrderTools(
            rest=self.rest,
            journal=self.journal,
            blotter=self.blotter,
            notices=self.notices,
            activity=self.activity,
            owner=self.commands,
            gate=self.gate,
            terms=terms,
        )


def _event_by(market_data: MarketData, finder: Finder) -> Callable[[str], str]:
    """A market's event: as it is followed, else as it was listed; empty where it is neither."""

    def event_of(ticker: str) -> str:
        market = market_data.market(ticker) or finder.market(ticker)
        return market.event_ticker if market is not None else ""

    return event_of
