"""One session in the window: the market in view, the few lines between panels, and the figures around them.

Its presenters are :mod:`pitdesk_ui.session_presenters`', its cancels and changes
:mod:`pitdesk_ui.order_commands`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.order_commands import OrderCommands
from pitdesk_ui.session_presenters import SessionPresenters
from pitdesk_ui.ticket.pricing import Pick
from pitdesk_ui.window_parts import BATCH, FILLS, POSITIONS, UNCONFIRMED, WORKING, WindowParts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter import BlotterChanges
    from pitdesk.desk.session import Session, SessionStatus
    from pitdesk.orders import Verb
    from pitdesk.quantities import Count, Price
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.main_window import MainWindow
    from pitdesk_ui.ticket.presenter import TicketPresenter


class SessionView:
    """Shows ``session`` in ``parts``. The market in view is kept in the settings for the next start."""

    def __init__(
        self,
        *,
        window: MainWindow,
        parts: WindowParts,
        session: Session,
        settings: Settings,
        owner: TaskOwner,
    ) -> None:
        self.session = session
        self._window, self._parts = window, parts
        self._settings, self._owner = settings, owner
        self._ticker = ""
        self._presenters = SessionPresenters(window, parts, session, settings, owner, self._fill_ticket)
        self.ticket: TicketPresenter = self._presenters.ticket
        self.orders = OrderCommands(
            window=window,
            parts=parts,
            session=session,
            working=self._presenters.working,
            owner=owner,
            in_view=lambda: self._ticker,
        )
        self._connect_panels()
        self._disconnects: list[Callable[[], None]] = [
            session.status_changed.connect(self._show_status),
            session.portfolio.changed.connect(lambda _: self._portfolio_changed()),
            session.portfolio.fills_changed.connect(lambda _: self._show_counts()),
            session.blotter.changed.connect(self._orders_changed),
            session.finder.changed.connect(lambda _: self._show_first_market()),
            settings.changed.connect(self._settings_changed),
        ]
        self._show_status(session.status)
        self._show_money()
        self._show_counts()
        self._show_first_market()

    @property
    def ticker(self) -> str:
        """The market in view, empty before the first."""
        return self._ticker

    def show_market(self, ticker: str) -> None:
        """Bring a market into every panel; the ticket's size is cleared by it."""
        if ticker == self._ticker or self.session.finder.market(ticker) is None:
            return
        self._ticker = ticker
        self._presenters.show_market(ticker)
        self._settings.set_last_market(self._parts.mark.key, ticker)

    def _choose_market(self, ticker: str) -> None:
        """The person wants to see it: larger tabs give its panels their room again."""
        self._window.enlarge_tabs(False)
        self.show_market(ticker)

    def _fill_ticket(self, ticker: str, verb: Verb, count: Count) -> None:
        """An order to be looked at and sent by the person, at the price that trades at once."""
        self._choose_market(ticker)
        self.ticket.prepare(verb, count, Pick.TAKE)
        self.ticket.focus()

    def go_to_batch(self) -> None:
        """Bring the Batch tab to the front, the keyboard in its sheet."""
        self._window.show_tab(BATCH)
        self._presenters.batch.focus()

    def use_size(self, place: int) -> None:
        """Fill the size preset at ``place``, from 0, into the ticket."""
        self.ticket.set_size(self._settings.size_presets[place])

    def reconcile(self) -> None:
        """Ask the exchange for the whole truth now."""
        on_signal(self._owner, "reconcile", self.session.read_again)()

    def close(self) -> None:
        """Let go of the session."""
        for disconnect in self._disconnects:
            disconnect()
        self._presenters.close()

    def _connect_panels(self) -> None:
        parts = self._parts
        for panel in (parts.finder, parts.working, parts.positions, parts.fills, parts.history):
            panel.market_chosen.connect(self._choose_market)
        parts.ladder.price_picked.connect(self._price_picked)
        market = self._presenters.market
        self.ticket.draft_changed.connect(lambda _draft, cost: market.show_draft_cost(cost))
        for wanted in (parts.top.unconfirmed_requested, parts.banner.show_wanted):
            wanted.connect(lambda: self._window.show_tab(UNCONFIRMED))

    def _price_picked(self, yes_price: Price, _side: object) -> None:
        self.ticket.set_price(yes_price)

    def _show_first_market(self) -> None:
        """The market last looked at, else the first there is, as soon as it is listed."""
        finder = self.session.finder
        if self._ticker:
            return
        last = self._settings.last_market(self._parts.mark.key)
        if last and finder.market(last) is not None:
            self.show_market(last)
        elif not finder.is_loading:
            first = next((event.markets[0] for event in finder.events() if event.markets), None)
            if first is not None:
                self.show_market(first.ticker)

    def _settings_changed(self, name: str) -> None:
        if name == "safety":
            self.ticket.use_usual()

    def _show_status(self, status: SessionStatus) -> None:
        self._parts.top.show_status(status)
        live = status.stream.phase == "live"
        self._presenters.finder.show_stale("" if live else status.reason)

    def _orders_changed(self, _changes: BlotterChanges) -> None:
        self._show_money()
        self._show_counts()

    def _portfolio_changed(self) -> None:
        self._show_money()
        self._show_counts()

    def _show_money(self) -> None:
        portfolio = self.session.portfolio
        self._parts.top.show_money(
            portfolio.cash, self.session.blotter.committed(), portfolio.positions_value, portfolio.today
        )

    def _show_counts(self) -> None:
        self._window.show_count(WORKING, len(self.session.blotter.working()))
        self._window.show_count(POSITIONS, len(self.session.portfolio.positions))
        self._window.show_count(FILLS, len(self.session.portfolio.fills))
