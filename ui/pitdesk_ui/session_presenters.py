"""The presenters of one session: made over its panels and its desk, given a market and closed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.activity.panel import ActivityPresenter
from pitdesk_ui.batch.presenter import BatchPresenter
from pitdesk_ui.blotter.presenter import WorkingPresenter
from pitdesk_ui.chart.presenter import MarketPresenter
from pitdesk_ui.damage_banner import DamagePresenter
from pitdesk_ui.finder.presenter import FinderPresenter
from pitdesk_ui.history.presenter import HistoryPresenter
from pitdesk_ui.ladder.room import LadderRoom
from pitdesk_ui.portfolio.fills_panel import FillsPresenter
from pitdesk_ui.portfolio.positions_presenter import PositionsPresenter
from pitdesk_ui.tab_services import TabServices
from pitdesk_ui.ticket.presenter import TicketPresenter
from pitdesk_ui.unconfirmed.presenter import UnconfirmedPresenter
from pitdesk_ui.window_parts import BATCH, UNCONFIRMED, WindowParts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.session import Session
    from pitdesk.orders import Verb
    from pitdesk.quantities import Count
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.main_window import MainWindow

_EXCHANGES = {"Practice": "the practice exchange", "Custom": "the exchange"}


class SessionPresenters:
    """One for each panel in ``parts``, and what all tabs have alike."""

    def __init__(
        self,
        window: MainWindow,
        parts: WindowParts,
        session: Session,
        settings: Settings,
        owner: TaskOwner,
        fill_ticket: Callable[[str, Verb, Count], None],
    ) -> None:
        """``fill_ticket`` puts an order of a market into the ticket, to be looked at and sent."""
        self._window, self._parts, self._session = window, parts, session
        self._settings, self._owner = settings, owner
        self._tabs = TabServices(settings, session.notices, owner)
        self._make_market()
        self._make_orders()
        self._make_account(fill_ticket)
        self._serve_tabs()

    def show_market(self, ticker: str) -> None:
        """Bring a market into every panel that is about one."""
        for presenter in (self.market, self.ladder, self.ticket, self.working, self.batch, self.finder):
            presenter.show_market(ticker)

    def close(self) -> None:
        """Let go of the session, one after the other."""
        for presenter in (
            self.finder, self.market, self.ladder, self.ticket, self.history,
            self.working, self.unconfirmed, self.damage,
            self.batch, self.positions, self.fills, self.activity,
        ):  # fmt: skip
            presenter.close()
        self._tabs.close()

    def _make_market(self) -> None:
        """Of the panels in front: markets and the order in one."""
        session, parts, owner = self._session, self._parts, self._owner
        data, finder = session.market_data, session.finder
        self.finder = FinderPresenter(panel=parts.finder, finder=finder, market_data=data)
        self.market = MarketPresenter(panel=parts.market, market_data=data, finder=finder, owner=owner)
        self.ladder = LadderRoom(parts.ladder, session, self._settings, owner, parts.ticket.entry)
        self.ticket = TicketPresenter(
            panel=parts.ticket,
            order_desk=session.order_desk,
            market_data=data,
            portfolio=session.portfolio,
            finder=finder,
            blotter=session.blotter,
            gate=session.gate,
            owner=owner,
            limits=session.pre_trade.check,
            usual=lambda: self._settings.safety,
        )

    def _make_orders(self) -> None:
        """Of the tabs that show orders under way, and of what is said over the window about them."""
        session, parts, owner = self._session, self._parts, self._owner
        self.working = WorkingPresenter(
            panel=parts.working,
            blotter=session.blotter,
            order_desk=session.order_desk,
            finder=session.finder,
            owner=owner,
            layout=self._tabs.keep(parts.working),
            reads=session.reconciler,
        )
        self.unconfirmed = UnconfirmedPresenter(
            panel=parts.unconfirmed,
            banner=parts.banner,
            blotter=session.blotter,
            order_desk=session.order_desk,
            reconciler=session.reconciler,
            finder=session.finder,
            owner=owner,
            exchange=_EXCHANGES.get(parts.mark.word, "Kalshi"),
            show_count=lambda count: self._window.show_alarm(UNCONFIRMED, count),
        )
        self.damage = DamagePresenter(parts.damage, session, owner)
        self.batch = BatchPresenter(
            panel=parts.batch,
            room=session.batch,
            finder=session.finder,
            owner=owner,
            show_count=lambda count: self._window.show_count(BATCH, count),
        )

    def _make_account(self, fill_ticket: Callable[[str, Verb, Count], None]) -> None:
        """Of the tabs that show what came of orders."""
        session, parts, finder = self._session, self._parts, self._session.finder
        self.positions = PositionsPresenter(
            panel=parts.positions,
            portfolio=session.portfolio,
            market_data=session.market_data,
            finder=finder,
            blotter=session.blotter,
            fill_ticket=fill_ticket,
        )
        self.fills = FillsPresenter(
            panel=parts.fills,
            portfolio=session.portfolio,
            finder=finder,
            placed_verbs=session.placed_verbs,
        )
        self.history = HistoryPresenter(
            panel=parts.history, history=session.history, finder=finder, owner=self._owner
        )
        self.activity = ActivityPresenter(panel=parts.activity, activity=session.activity, finder=finder)

    def _serve_tabs(self) -> None:
        parts, tabs = self._parts, self._tabs
        for page in (parts.batch, parts.positions, parts.fills, parts.history, parts.activity):
            tabs.keep(page)
        tabs.keep_table(parts.positions.events)
        tabs.write(parts.working, "working-orders")
        tabs.write(parts.positions, "positions")
        tabs.write(parts.fills, "fills")
        tabs.write(parts.history, "order-history", lambda: self.history.left_out)
        tabs.write(parts.activity, "activity")
