"""How a data table changes: rows of any kind by key, taken in by sets, sorted, filtered and grouped.

Cells off the screen cost nothing when they change: only rows in view are announced to Qt.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from pitdesk_ui.widgets.data_table_filter import TextFilter
from pitdesk_ui.widgets.data_table_groups import GroupedOrder, order_like
from pitdesk_ui.widgets.data_table_order import RowOrder
from pitdesk_ui.widgets.data_table_shown import ROOT, Row, ShownRows
from pitdesk_ui.widgets.in_parts import parts, to_the_end, unbroken
from pitdesk_ui.widgets.rearranging import Rearranging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pitdesk_ui.widgets.data_table_columns import ColumnSpec
    from pitdesk_ui.widgets.data_table_grouping import Grouping

MANY = 10_000  # so many rows are sorted and filtered while the window goes on
_FEW = 64  # above so many scattered insertions or removals, one reset is quicker


class TableModel(ShownRows[Row]):
    """Rows by key behind a view, changed through :meth:`apply`, :meth:`sort_by` and :meth:`filter_by`."""

    def __init__(
        self,
        columns: Sequence[ColumnSpec[Row]],
        parent: QObject | None = None,
        search_text: Callable[[Row], str] | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self.prefers_reset: Callable[[], bool] = lambda: False
        self._filter: TextFilter[Row] = TextFilter(search_text or self._all_texts, lambda: self._order.rows)
        self._sort_column: int | None = None
        self._descending = False
        self._out_of_order = False
        self._rearranging: Rearranging[Row] | None = None

    # What the desk asks.

    @property
    def is_busy(self) -> bool:
        """Whether another order or filter is asked for than is shown yet."""
        return self._rearranging is not None

    @property
    def is_filtered(self) -> bool:
        """Whether a filter may be hiding rows."""
        return self._filter.is_on

    def reset_rows(self, rows: Mapping[str, Row]) -> None:
        """Forget everything and hold ``rows``."""
        self._give_up_rearranging()
        self.beginResetModel()
        fresh: RowOrder[Row] = RowOrder()
        for key, row in rows.items():
            fresh.store(key, row)
        self._filter.begin(rows)
        self._show_all_of(fresh)
        self.endResetModel()

    def group_by(self, grouping: Grouping[Row] | None) -> None:
        """Put rows under headings, or, with None, have them without. The sort goes on within each group."""
        self._arrange(grouping)

    def apply(
        self, added: Mapping[str, Row], updated: Mapping[str, Row], removed: Iterable[str] = ()
    ) -> None:
        """Take in one change set. Rows keep their place until the next :meth:`resort`."""
        if self.is_busy and any(map(self._order.is_half_forgotten, (*added, *updated))):
            # One that went meanwhile is back, by another age: begin anew.
            self._arrange(self._wanted_grouping())
        for changes in (added, updated):
            for key, row in changes.items():
                self._filter.changed(key)
                self._order.store(key, row)
        gone = {key for key in removed if key in self._order.rows}
        to_show, to_hide, dirty = self._sift(key for key in {**added, **updated} if key not in gone)
        to_hide.extend(key for key in gone if self._order.is_shown(key))
        self._change_shown(to_show, to_hide)
        if self._rearranging is not None:
            self._rearranging.touched.update(dict.fromkeys((*added, *updated, *gone)))
        for key in gone:
            self._filter.changed(key)
            self._order.forget(key, keep_age=self.is_busy)
        self._announce(dirty)
        if self._grouping is not None:
            self._announce_headings()

    def sort_by(self, column: int | None, descending: bool = False) -> None:
        """Sort by a column, or by the order in which rows came."""
        self._sort_column = column
        self._descending = descending
        self._relayout()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """What a click on a column's title asks; no column means the order in which rows came."""
        wanted = column if 0 <= column < len(self.columns) else None
        self.sort_by(wanted, order == Qt.SortOrder.DescendingOrder)

    def resort(self) -> None:
        """Bring rows that changed since into order: for a slow tick. Does nothing while none did."""
        if self._out_of_order:
            self._relayout()

    def filter_by(self, text: str) -> None:
        """Show only rows that hold every word of ``text``, in whatever case."""
        if self._filter.want(text):
            self._arrange(self._wanted_grouping())

    def prepare_filter(self, most: int) -> bool:
        """In an idle moment: what makes the first keystroke as quick as the others; whether any is left."""
        return self._filter.prepare(most)

    # Inside.

    def _show_all_of(self, held: RowOrder[Row]) -> None:
        """Show what passes the filter of the rows in ``held``, sorted and grouped as is wanted now."""
        self._order = self._order_like(held, self._grouping)
        to_the_end(self._showing_what_passes(self._order))
        self._out_of_order = False

    def _order_like(self, held: RowOrder[Row], grouping: Grouping[Row] | None) -> RowOrder[Row]:
        folded = self._order.folded
        return order_like(held, grouping, self._sort_key(), descending=self._descending, folded=folded)

    def _arrange(self, grouping: Grouping[Row] | None) -> None:
        """Show what passes, sorted and grouped as is wanted now; of many rows as soon as that is made."""
        self._give_up_rearranging()
        if len(self._order.rows) <= MANY:
            self.beginResetModel()
            self._grouping = grouping
            self._show_all_of(self._order)
            self.endResetModel()
            return
        order = self._order_like(self._order, grouping)
        steps = self._showing_what_passes(order)
        done = partial(self._show_rearranged, grouping)
        self._rearranging = Rearranging(order, steps, self._is_wanted, done, self)

    def _is_wanted(self, key: str) -> bool:
        return key in self._order.rows and self._filter.passes(key)

    def _give_up_rearranging(self) -> None:
        if self._rearranging is not None:
            self._rearranging.give_up()
            self._rearranging = None

    def _show_rearranged(self, grouping: Grouping[Row] | None) -> None:
        """The order that is made takes the place of the one in sight."""
        made, self._rearranging = self._rearranging, None
        if made is not None:
            self.beginResetModel()
            made.order.count_on_from(self._order)
            if isinstance(made.order, GroupedOrder) and self._grouping is not None:
                made.order.fold_only(self._order.folded)  # as they were folded meanwhile
            self._order, self._grouping, self._out_of_order = made.order, grouping, False
            self.endResetModel()

    def _wanted_grouping(self) -> Grouping[Row] | None:
        """That of the order to come, where one is being made."""
        return self._rearranging.order.grouping if self._rearranging is not None else self._grouping

    def _showing_what_passes(self, order: RowOrder[Row]) -> Iterator[None]:
        """In small steps."""
        passing: list[str] = []
        for some in parts(list(order.rows)):
            passing += [key for key in some if self._is_wanted(key)]
            yield
        yield from order.showing(passing)

    def _sort_key(self) -> Callable[[Row], Any] | None:
        return None if self._sort_column is None else self.columns[self._sort_column].sort_key

    def _all_texts(self, row: Row) -> str:
        return " ".join(column.text(row) for column in self.columns)

    def _sift(self, keys: Iterable[str]) -> tuple[list[str], list[str], set[str]]:
        """Which keys come into view, which leave it by the filter, and which stay but look different."""
        to_show, to_hide, dirty = [], [], set()
        for key in keys:
            shown, passes = self._order.is_shown(key), self._filter.passes(key)
            if shown and passes:
                dirty.add(key)
            elif shown:
                to_hide.append(key)
            elif passes:
                to_show.append(key)
        return to_show, to_hide, dirty

    def _change_shown(self, to_show: list[str], to_hide: list[str]) -> None:
        if self._grouping is None and len(to_hide) > 1:
            to_hide = self._hide_runs(to_hide)
        if len(to_show) + len(to_hide) > max(_FEW, len(self._order) // 100):
            self._change_many(to_show, to_hide)
            return
        for key in to_hide:
            row = self._order.row_of(key)
            if row is None:
                self._order.hide(key)
            else:
                self.beginRemoveRows(ROOT, row, row)
                self._order.hide(key)
                self.endRemoveRows()
            self._drop_heading()
        for key in to_show:
            self._add_heading(key)
            place = self._order.place_for(key)
            if place is None:
                self._order.show(key)
            else:
                self.beginInsertRows(ROOT, place, place)
                self._order.show(key)
                self.endInsertRows()

    def _hide_runs(self, keys: list[str]) -> list[str]:
        """Hide what stands together at once, as after a cancel of all; returns what is too scattered."""
        runs = unbroken(sorted(row for key in keys if (row := self._order.row_of(key)) is not None))
        if len(runs) > _FEW:
            return keys
        for first, last in reversed(runs):
            self.beginRemoveRows(ROOT, first, last)
            self._order.hide_run(first, last)
            self.endRemoveRows()
        return []

    def _drop_heading(self) -> None:
        row = self._order.heading_to_drop()
        if row is not None:
            self.beginRemoveRows(ROOT, row, row)
            self._order.drop_heading()
            self.endRemoveRows()

    def _add_heading(self, key: str) -> None:
        row = self._order.heading_to_add(key)
        if row is not None:
            self.beginInsertRows(ROOT, row, row)
            self._order.add_heading(key)
            self.endInsertRows()
            self._out_of_order = True  # it stands last until the next sort

    def _change_many(self, to_show: list[str], to_hide: list[str]) -> None:
        place = self._order.newcomers_place()
        if to_hide or place is None or self.is_filtered:
            self.beginResetModel()
            self._order.replace_shown(to_show, to_hide)
            self.endResetModel()
            return
        self.beginInsertRows(ROOT, place, place + len(to_show) - 1)
        for key in to_show:
            self._order.show(key)
        self.endInsertRows()

    def _announce(self, dirty: set[str]) -> None:
        """Tell the view of the changed rows that it shows, neighbours together."""
        if not dirty:
            return
        self._out_of_order = self._out_of_order or self._order.is_out_of_order(dirty)
        for first, last in unbroken(
            [row for row in self._rows_in_view() if self._order.key_at(row) in dirty]
        ):
            self.dataChanged.emit(
                self.index(first, 0), self.index(last, len(self.columns) - 1), [Qt.ItemDataRole.DisplayRole]
            )

    def _relayout(self) -> None:
        """Sort, and carry what Qt holds on to (selection, current cell) along with its row."""
        if len(self._order.rows) > MANY or self.prefers_reset():
            self._arrange(self._wanted_grouping())
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self._order.key_at(index.row()) for index in held]
        self._order.sort(self._sort_key(), self._descending)
        self._out_of_order = False
        moved = [
            QModelIndex() if (row := self._order.row_of(key)) is None else self.index(row, index.column())
            for key, index in zip(keys, held, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()
