"""The rooms of one session, each made with exactly what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.activity import Activity
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.finder import Finder
from pitdesk.desk.gate import Gate
from pitdesk.desk.market_data import MarketData
from pitdesk.desk.order_desk import OrderDesk
from pitdesk.desk.order_tools import OrderTerms
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
    from pitdesk.kalshi.rest import Rest
    from pitdesk.kalshi.signer import Signer
    from pitdesk.notices import Notices
    from pitdesk.settings import Settings

Report = Callable[[str, BaseException], None]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything a session is made of. ``owner`` holds tasks that end with it, ``commands`` those that
    are waited for at the end."""

    environment: Environment
    signer: Signer
    clock: Clock
    owner: TaskOwner
    commands: TaskOwner
    settings: Settings
    notices: Notices
    activity: Activity
    gate: Gate
    pacer: Pacer
    transport: Transport
    rest: Rest
    stream: Stream
    journal: Journal
    blotter: Blotter
    market_data: MarketData
    finder: Finder
    portfolio: Portfolio
    risk: RiskBook
    pre_trade: PreTrade
    order_desk: OrderDesk
    reconciler: Reconciler
    terms: OrderTerms


def build_rooms(
    environment: Environment,
    signer: Signer,
    settings: Settings,
    notices: Notices,
    report: Report,
    clock: Clock,
    limits: Callable[[], LimitValues] = LimitValues,
) -> Rooms:
    """The rooms of a session in ``environment``. Nothing is started, opened or asked yet.

    ``limits``: the figures in force at the moment that they are asked for.
    """
    owner, commands, activity = TaskOwner(report), TaskOwner(report), Activity()
    gate, pacer, journal, blotter = Gate(), Pacer(clock), Journal(clock), Blotter()
    proxy = "" if environment.is_here else settings.proxy
    transport = Transport(environment, signer, clock=clock, proxy=proxy)
    rest = rest_for(environment.dialect, transport, pacer, environment.subaccount)
    stream = Stream(environment, signer, owner, clock=clock, proxy=proxy)
    market_data = MarketData(rest, stream, notices, owner, clock)
    finder = Finder(rest, settings, notices, environment.key)
    portfolio = Portfolio(rest, market_data, blotter, settings, environment, clock)
    risk = RiskBook(rest, portfolio, blotter, _event_by(market_data, finder), clock, environment.subaccount)
    pre_trade = PreTrade(market_data, portfolio, finder, blotter, clock, risk, limits)
    terms = OrderTerms(
        environment=environment.key,
        key_id=signer.key_id,
        subaccount=environment.subaccount,
        check=pre_trade.check,
        clock=clock,
        server_offset_ms=lambda: transport.clock_offset_ms or 0,
        label=finder.label,
    )
    order_desk = OrderDesk(rest, journal, blotter, notices, activity, commands, gate, terms)
    reconciler = Reconciler(rest, journal, blotter, notices, activity, owner, terms)
    return Rooms(
        environment=environment,
        signer=signer,
        clock=clock,
        owner=owner,
        commands=commands,
        settings=settings,
        notices=notices,
        activity=activity,
        gate=gate,
        pacer=pacer,
        transport=transport,
        rest=rest,
        stream=stream,
        journal=journal,
        blotter=blotter,
        market_data=market_data,
        finder=finder,
        portfolio=portfolio,
        risk=risk,
        pre_trade=pre_trade,
        order_desk=order_desk,
        reconciler=reconciler,
        terms=terms,
    )


def _event_by(market_data: MarketData, finder: Finder) -> Callable[[str], str]:
    """A market's event: as it is followed, else as it was listed; empty where it is neither."""

    def event_of(ticker: str) -> str:
        market = market_data.market(ticker) or finder.market(ticker)
        return market.event_ticker if market is not None else ""

    return event_of
