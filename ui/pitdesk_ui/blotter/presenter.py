"""The Working tab's mind: feeds the table with change sets, sums it up, and asks the desk to cancel rows.

Amending and decreasing are :mod:`pitdesk_ui.blotter.changing`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from pitdesk_ui.blotter.by_event import ByEvent
from pitdesk_ui.blotter.changing import ChangesOrders, Changing
from pitdesk_ui.blotter.empty import follow_reading
from pitdesk_ui.blotter.selection_sums import SelectionSums
from pitdesk_ui.blotter.totals import Sums, Totals, totals_text

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from pitdesk.desk.blotter import Blotter, BlotterChanges
    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.results import CancelResult
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.blotter.empty import ReadsOrders
    from pitdesk_ui.blotter.panel import WorkingPanel
    from pitdesk_ui.widgets.layout_keeper import LayoutKeeper

_TICK_MS = 1_000
_FILTER_PAUSE_MS = 120
_MANY = 20_000  # above so many rows, sort only when asked, and filter after a pause in typing
_MANY_SELECTED = 500  # above so many, their sums follow once a second


class ActsOnOrders(ChangesOrders, Protocol):
    """The part of the order desk that the blotter needs."""

    async def cancel(self, keys: Sequence[str]) -> CancelResult:
        """Cancel rows."""
        ...

    async def cancel_market(self, ticker: str) -> CancelResult:
        """Cancel a market's rows."""
        ...


class WorkingPresenter(QObject):
    """Connects the Working tab to blotter and order desk."""

    count_changed = Signal(int)

    def __init__(
        self,
        *,
        panel: WorkingPanel,
        blotter: Blotter,
        order_desk: ActsOnOrders,
        finder: Finder,
        owner: TaskOwner,
        layout: LayoutKeeper | None = None,
        reads: ReadsOrders | None = None,
    ) -> None:
        """``layout`` keeps how the table is arranged; without it nothing is kept. ``reads`` tells how far
        the orders are read."""
        super().__init__(panel)
        self._panel, self._blotter, self._desk = panel, blotter, order_desk
        self._layout = layout
        self._finder, self._owner = finder, owner
        self._changing = Changing(panel, order_desk, finder, self._spawn)
        self._market: str | None = None
        self._totals = Totals()
        self._sums_stale = False
        self._selected_sums = SelectionSums(panel.model.record, self._show_selected, self)
        self._count = -1
        self._by_event = ByEvent(finder, lambda: self._totals)
        panel.name_markets(finder.label)
        if layout is not None and layout.grouped:
            panel.model.group_by(self._by_event.grouping())
        self._disconnects = [
            blotter.changed.connect(self._rows_changed),
            finder.changed.connect(lambda _: self._rename()),
        ]
        if reads is not None:
            self._disconnects.append(follow_reading(reads, panel.table.say_when_empty))
        self._typing, self._tick = QTimer(self), QTimer(self)
        self._connect_panel()
        self.reload()
        self._tick.start(_TICK_MS)

    def reload(self) -> None:
        """Show what the blotter holds now, as at the start."""
        rows = dict(self._blotter.working())
        self._totals = Totals.of(rows.values())
        self._panel.model.reset_rows(rows)
        self._show_sums()

    def show_market(self, ticker: str) -> None:
        """The market looked at: whose orders Cancel market means while no row is selected."""
        self._market = ticker
        self._show_sums()

    def cancel_selected(self) -> None:
        """Cancel every selected row that can still be canceled."""
        keys = [row.key for row in self._selected() if row.can_cancel]
        if keys:
            self._spawn("cancel orders", self._cancel(keys))

    def cancel_market(self) -> None:
        """Cancel all orders of the selected row's market, else of the market looked at."""
        ticker = self.market_meant
        if ticker is not None:
            self._spawn("cancel a market's orders", self._cancel_market(ticker))

    def amend_selected(self) -> None:
        """Open the card that changes price and count of the current row."""
        self._changing.open(self._panel.amend_card, self._current())

    def decrease_selected(self) -> None:
        """Open the card that takes contracts off the current row."""
        self._changing.open(self._panel.decrease_card, self._current())

    def group(self, grouped: bool) -> None:
        """Put the rows under their events, or not any more, and keep that."""
        self._panel.model.group_by(self._by_event.grouping() if grouped else None)
        if self._layout is not None:
            self._layout.grouped = grouped

    def close(self) -> None:
        """Let go of the desk."""
        self._tick.stop()
        self._typing.stop()
        self._selected_sums.begin(())
        for disconnect in self._disconnects:
            disconnect()

    # What the panel says.

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.table.sort_at_first("placed", descending=True)
        panel.filter_changed.connect(self._filter_soon)
        panel.grouping_wanted.connect(self.group)
        panel.cancel_wanted.connect(self.cancel_selected)
        panel.cancel_market_wanted.connect(self.cancel_market)
        panel.amend_wanted.connect(self.amend_selected)
        panel.decrease_wanted.connect(self.decrease_selected)
        panel.table.selection_changed.connect(self._show_sums)
        panel.table.row_activated.connect(self._choose_market)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(self._filter)
        self._tick.timeout.connect(self._second)

    def _filter_soon(self) -> None:
        if self._panel.model.total > _MANY:
            self._typing.start(_FILTER_PAUSE_MS)
        else:
            self._filter()

    def _filter(self) -> None:
        self._panel.model.filter_by(self._panel.filter.text())
        self._show_sums()

    def _second(self) -> None:
        if not self._panel.isVisible():
            return
        self._panel.model.refresh("age")
        if self._sums_stale and not self._selected_sums.is_busy:
            self._show_sums()
        if self._panel.model.total <= _MANY:
            self._panel.model.resort()

    def _rename(self) -> None:
        """The listing is here, or is another: events get their names, and their places by them."""
        if self._panel.model.is_grouped and not self._finder.is_loading and self._by_event.has_news():
            self._panel.model.group_by(self._by_event.grouping())

    def _choose_market(self, key: str) -> None:
        row = self._panel.model.record(key)
        if row is not None:
            self._panel.market_chosen.emit(row.ticker)

    # What the blotter says.

    def _rows_changed(self, changes: BlotterChanges) -> None:
        added, updated = self._rows(changes.added), self._rows(changes.updated)
        for row in (*added.values(), *updated.values()):
            self._totals.put(row)
        for key in changes.removed:
            self._totals.drop(key)
        self._panel.model.apply(added, updated, changes.removed)
        self._changing.follow_rows()
        self._sums_stale = True
        if self._panel.table.selected_count() <= _MANY_SELECTED:
            self._show_sums()

    def _rows(self, keys: Sequence[str]) -> dict[str, BlotterRow]:
        found = {key: self._blotter.row(key) for key in keys}
        return {key: row for key, row in found.items() if row is not None}

    # Acting on rows.

    def _selected(self) -> list[BlotterRow]:
        rows = (self._panel.model.record(key) for key in self._panel.table.selected_keys())
        return [row for row in rows if row is not None]

    def _current(self) -> BlotterRow | None:
        """The row to change: the only one selected, or the current one of several."""
        table = self._panel.table
        if table.selected_count() == 1:
            return next(iter(self._selected()), None)
        key = table.current_key()
        return self._panel.model.record(key) if key is not None and table.is_selected(key) else None

    @property
    def market_meant(self) -> str | None:
        """The market of the current row, else the one looked at."""
        row = self._current()
        return row.ticker if row is not None else self._market

    async def _cancel(self, keys: Sequence[str]) -> None:
        self._tell(await self._desk.cancel(keys))

    async def _cancel_market(self, ticker: str) -> None:
        self._tell(await self._desk.cancel_market(ticker))

    def _tell(self, result: CancelResult) -> None:
        self._panel.say(result.sentence, "warning" if result.failed else "muted")

    def _spawn(self, name: str, work: Coroutine[object, object, None]) -> None:
        if self._owner.is_closing:
            work.close()
            return
        self._panel.say("")
        self._owner.spawn(name, work)

    # What is shown.

    def _show_sums(self) -> None:
        many = self._panel.table.selected_count() > 1
        if not many:
            self._panel.show_totals(totals_text(self._totals.all, selected=False))
        current = self._current()
        meant = current.ticker if current is not None else self._market
        self._panel.allow(
            cancel=many or (current is not None and current.can_cancel),
            change=current is not None and current.can_change,
            market=self._finder.label(meant) if meant is not None else "",
        )
        self._selected_sums.begin(self._panel.table.selected_keys() if many else ())
        self._sums_stale = False
        self._tell_count()

    def _show_selected(self, sums: Sums, *, can_cancel: bool) -> None:
        """What is selected was added up."""
        self._panel.show_totals(totals_text(sums, selected=True))
        self._panel.cancel.setEnabled(can_cancel)

    def _tell_count(self) -> None:
        if self._count != self._panel.model.total:
            self._count = self._panel.model.total
            self.count_changed.emit(self._count)
