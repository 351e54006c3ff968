"""One session in the window: its presenters, and the few lines between one panel and another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.notices import Notice, Severity
from pitdesk_ui.activity.panel import ActivityPresenter
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.batch.presenter import BatchPresenter
from pitdesk_ui.blotter.presenter import WorkingPresenter
from pitdesk_ui.cancel_menus import CancelMenus
from pitdesk_ui.chart.presenter import MarketPresenter
from pitdesk_ui.damage_banner import DamagePresenter
from pitdesk_ui.finder.presenter import FinderPresenter
from pitdesk_ui.history.presenter import HistoryPresenter
from pitdesk_ui.ladder.room import LadderRoom
from pitdesk_ui.portfolio.fills_panel import FillsPresenter
from pitdesk_ui.portfolio.positions_presenter import PositionsPresenter
from pitdesk_ui.tab_services import TabServices
from pitdesk_ui.ticket.presenter import TicketPresenter
from pitdesk_ui.ticket.pricing import Pick
from pitdesk_ui.unconfirmed.presenter import UnconfirmedPresenter
from pitdesk_ui.window_parts import BATCH, FILLS, POSITIONS, UNCONFIRMED, WORKING, WindowParts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter import BlotterChanges
    from pitdesk.desk.results import CancelResult
    from pitdesk.desk.session import Session, SessionStatus
    from pitdesk.orders import Verb
    from pitdesk.quantities import Count, Price
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.main_window import MainWindow
_EXCHANGES = {"Practice": "the practice exchange", "Custom": "the exchange"}


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
        self._tabs = TabServices(settings, session.notices, owner)
        self._make_presenters()
        self._serve_tabs()
        self._connect_panels()
        self._disconnects: list[Callable[[], None]] = [
            session.status_changed.connect(self._show_status),
            session.portfolio.changed.connect(lambda _: self._show_money()),
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
        self.market.show_market(ticker)
        self.ladder.show_market(ticker)
        self.ticket.show_market(ticker)
        self.working.show_market(ticker)
        self.batch.show_market(ticker)
        self.finder.show_market(ticker)
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
        self.batch.focus()

    def cancel_all(self) -> None:
        """Cancel every working order of the account; works whatever the gate says."""
        self._start("cancel all orders", self._cancel_all)

    def cancel_market(self) -> None:
        """Cancel every working order of the market in view; from among the rows, of the current row's."""
        if self._parts.working.has_keyboard:
            self.working.cancel_market()
        elif self._ticker:
            self._start("cancel this market", self._cancel_market)

    def cancel_selected(self) -> None:
        """Cancel the rows selected in the Working tab, which must be in sight: else it comes to the front."""
        if self._in_sight("Del cancels the orders that are selected here."):
            self.working.cancel_selected()

    def change_selected(self, *, amend: bool) -> None:
        """Open the card that changes the row selected in the Working tab."""
        key, what = ("F2", "amends") if amend else ("D", "decreases")
        if self._in_sight(f"{key} {what} the order that is selected here."):
            change = self.working.amend_selected if amend else self.working.decrease_selected
            change()

    def use_size(self, place: int) -> None:
        """Fill the size preset at ``place``, from 0, into the ticket."""
        self.ticket.set_size(self._settings.size_presets[place])

    def reconcile(self) -> None:
        """Ask the exchange for the whole truth now."""
        self._start("reconcile", self._reconcile)

    def close(self) -> None:
        """Let go of the session."""
        for disconnect in self._disconnects:
            disconnect()
        for presenter in (
            self.finder, self.market, self.ladder, self.ticket, self.history,
            self.working, self.unconfirmed, self.damage,
            self.batch, self.positions, self.fills, self.activity,
        ):  # fmt: skip
            presenter.close()
        self._tabs.close()

    def _make_presenters(self) -> None:
        session, parts, owner = self.session, self._parts, self._owner
        data, finder, blotter = session.market_data, session.finder, session.blotter
        self.finder = FinderPresenter(panel=parts.finder, finder=finder, market_data=data)
        self.market = MarketPresenter(panel=parts.market, market_data=data, finder=finder, owner=owner)
        self.ladder = LadderRoom(parts.ladder, session, self._settings, owner, parts.ticket.entry)
        self.ticket = TicketPresenter(
            panel=parts.ticket,
            order_desk=session.order_desk,
            market_data=data,
            portfolio=session.portfolio,
            finder=finder,
            blotter=blotter,
            gate=session.gate,
            owner=owner,
            limits=session.pre_trade.check,
            usual=lambda: self._settings.safety,
        )
        self.working = WorkingPresenter(
            panel=parts.working,
            blotter=blotter,
            order_desk=session.order_desk,
            finder=finder,
            owner=owner,
            layout=self._tabs.keep(parts.working),
        )
        self.unconfirmed = UnconfirmedPresenter(
            panel=parts.unconfirmed,
            banner=parts.banner,
            blotter=blotter,
            order_desk=session.order_desk,
            reconciler=session.reconciler,
            finder=finder,
            owner=owner,
            exchange=_EXCHANGES.get(parts.mark.word, "Kalshi"),
            show_count=lambda count: self._window.show_alarm(UNCONFIRMED, count),
        )
        self.damage = DamagePresenter(parts.damage, session, owner)
        self.batch = BatchPresenter(
            panel=parts.batch,
            room=session.batch,
            finder=finder,
            owner=owner,
            show_count=lambda count: self._window.show_count(BATCH, count),
        )
        self.positions = PositionsPresenter(
            panel=parts.positions,
            portfolio=session.portfolio,
            market_data=data,
            finder=finder,
            blotter=blotter,
            fill_ticket=self._fill_ticket,
        )
        self.fills = FillsPresenter(
            panel=parts.fills,
            portfolio=session.portfolio,
            finder=finder,
            placed_verbs=session.placed_verbs,
        )
        self.history = HistoryPresenter(
            panel=parts.history, history=session.history, finder=finder, owner=owner
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

    def _connect_panels(self) -> None:
        parts = self._parts
        for panel in (parts.finder, parts.working, parts.positions, parts.fills, parts.history):
            panel.market_chosen.connect(self._choose_market)
        parts.ladder.price_picked.connect(self._price_picked)
        parts.ladder.cancel_requested.connect(
            on_signal(self._owner, "cancel from the ladder", self._cancel_keys)
        )
        self.ticket.draft_changed.connect(lambda _draft, cost: self.market.show_draft_cost(cost))
        parts.top.cancel_all_requested.connect(self.cancel_all)
        self._connect_menus()
        for wanted in (parts.top.unconfirmed_requested, parts.banner.show_wanted):
            wanted.connect(lambda: self._window.show_tab(UNCONFIRMED))

    def _connect_menus(self) -> None:
        parts = self._parts
        cancel = on_signal(self._owner, "cancel from a menu", self._cancel_keys)
        menus = CancelMenus(self.session.blotter, self.session.finder, cancel)
        parts.working.menu_opened.connect(lambda menu: menus.fill(menu, self.working.market_meant))
        parts.finder.market_menu_opened.connect(menus.fill_market)
        parts.finder.event_menu_opened.connect(menus.fill_event)
        parts.ladder.menu_requested.connect(lambda spot: menus.popup_market(parts.ladder, self._ticker, spot))

    def _price_picked(self, yes_price: Price, _side: object) -> None:
        self.ticket.set_price(yes_price)

    def _in_sight(self, told: str) -> bool:
        """Whether the Working tab is in sight with a row selected; else it comes up and says what to do."""
        working = self._parts.working
        if working.isVisible() and working.table.selected_keys():
            return True
        self._window.show_tab(WORKING)
        working.table.setFocus()
        working.say(told)
        return False

    def _start(self, name: str, work: Callable[[], object]) -> None:
        on_signal(self._owner, name, work)()  # type: ignore[arg-type]

    async def _cancel_keys(self, keys: tuple[str, ...]) -> None:
        self._say_canceled(await self.session.order_desk.cancel(keys))

    async def _cancel_all(self) -> None:
        self._say_canceled(await self.session.order_desk.cancel_all())

    async def _cancel_market(self) -> None:
        self._say_canceled(await self.session.order_desk.cancel_market(self._ticker))

    async def _reconcile(self) -> None:
        await self.session.read_again()

    def _say_canceled(self, result: CancelResult) -> None:
        severity = Severity.WARNING if result.failed else Severity.INFO
        self.session.notices.say(Notice(result.sentence, severity=severity))

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
        self.finder.show_stale("" if live else status.reason)

    def _orders_changed(self, _changes: BlotterChanges) -> None:
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
