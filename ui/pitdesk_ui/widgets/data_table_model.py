"""What a data table holds: rows of any kind by key, told as columns, changed by sets of keys.

Cells off the screen cost nothing when they change: only rows in view are announced to Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pitdesk_ui.widgets.data_table_groups import Grouping, group_of_heading, order_like
from pitdesk_ui.widgets.data_table_order import RowOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pitdesk_ui.widgets.data_table_columns import ColumnSpec

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WORDS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_FEW = 64  # above so many scattered insertions or removals, one reset is quicker


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows by key behind a view, changed through :meth:`apply`, :meth:`sort_by` and :meth:`filter_by`."""

    def __init__(
        self,
        columns: Sequence[ColumnSpec[Row]],
        parent: QObject | None = None,
        search_text: Callable[[Row], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows_in_view: Callable[[], range] = lambda: range(len(self._order))
        self.prefers_reset: Callable[[], bool] = lambda: False
        self._order: RowOrder[Row] = RowOrder()
        self._grouping: Grouping[Row] | None = None
        self._search_text = search_text or self._all_texts
        self._haystacks: dict[str, str] = {}
        self._cold: list[str] = []
        self._needles: tuple[str, ...] = ()
        self._sort_column: int | None = None
        self._descending = False
        self._out_of_order = False

    # What Qt asks.

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Rows shown, and the headings over them."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Columns shown."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment and the words for assistive technology; colours are the delegate's."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        heading = self.heading_at(index.row())
        if heading is not None:
            return heading if role in _WORDS else None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(self.row_at(index.row()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align.value | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(self.row_at(index.row()))}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings can be stood on and not selected."""
        if index.isValid() and self.is_heading(index.row()):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Column titles, their alignment and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align.value | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        return None

    # What the desk asks.

    @property
    def total(self) -> int:
        """Rows held, shown or not."""
        return len(self._order.rows)

    @property
    def is_filtered(self) -> bool:
        """Whether a filter may be hiding rows."""
        return bool(self._needles)

    @property
    def is_grouped(self) -> bool:
        """Whether rows stand under headings."""
        return self._grouping is not None

    def is_heading(self, row: int) -> bool:
        """Whether a heading stands at ``row``."""
        return self._grouping is not None and group_of_heading(self._order.key_at(row)) is not None

    def heading_at(self, row: int) -> str | None:
        """What the heading at ``row`` says, None where a row stands there."""
        if self._grouping is None or (group := group_of_heading(self._order.key_at(row))) is None:
            return None
        return self._grouping.text_of(group, self._order.shown_in(group))

    def keys_under(self, row: int) -> range:
        """The rows under the heading at ``row``, by their numbers."""
        group = group_of_heading(self._order.key_at(row))
        count = 0 if group is None else self._order.shown_in(group)
        return range(row + 1, row + 1 + count)

    def row_at(self, row: int) -> Row:
        """The record shown at ``row``, which is no heading."""
        return self._order.rows[self._order.key_at(row)]

    def key_at(self, row: int) -> str:
        """The key of the line at ``row``; that of a heading holds no record."""
        return self._order.key_at(row)

    def row_of(self, key: str) -> int | None:
        """Where ``key`` is shown, None where it is not."""
        return self._order.row_of(key)

    def record(self, key: str) -> Row | None:
        """The record of ``key``, shown or not."""
        return self._order.rows.get(key)

    def shown_keys(self) -> list[str]:
        """All shown keys, top to bottom, those of headings among them."""
        return self._order.shown

    def reset_rows(self, rows: Mapping[str, Row]) -> None:
        """Forget everything and hold ``rows``."""
        self.beginResetModel()
        fresh: RowOrder[Row] = RowOrder()
        for key, row in rows.items():
            fresh.store(key, row)
        self._haystacks.clear()
        self._cold = list(rows)
        self._show_all_of(fresh)
        self.endResetModel()

    def group_by(self, grouping: Grouping[Row] | None) -> None:
        """Put rows under headings, or, with None, have them without. The sort goes on within each group."""
        self.beginResetModel()
        self._grouping = grouping
        self._show_all_of(self._order)
        self.endResetModel()

    def apply(
        self, added: Mapping[str, Row], updated: Mapping[str, Row], removed: Iterable[str] = ()
    ) -> None:
        """Take in one change set. Rows keep their place until the next :meth:`resort`."""
        for changes in (added, updated):
            for key, row in changes.items():
                self._haystacks.pop(key, None)
                self._order.store(key, row)
        gone = {key for key in removed if key in self._order.rows}
        to_show, to_hide, dirty = self._sift(key for key in {**added, **updated} if key not in gone)
        to_hide.extend(key for key in gone if self._order.is_shown(key))
        self._change_shown(to_show, to_hide)
        for key in gone:
            self._haystacks.pop(key, None)
            self._order.forget(key)
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

    def refresh(self, column_key: str) -> None:
        """Draw one column of the rows in view again: for texts that change with time alone."""
        column = next(place for place, spec in enumerate(self.columns) if spec.key == column_key)
        rows = self._rows_in_view()
        if rows:
            self.dataChanged.emit(
                self.index(rows[0], column), self.index(rows[-1], column), [Qt.ItemDataRole.DisplayRole]
            )

    def resort(self) -> None:
        """Bring rows that changed since into order: for a slow tick. Does nothing while none did."""
        if self._out_of_order:
            self._relayout()

    def filter_by(self, text: str) -> None:
        """Show only rows that hold every word of ``text``, in whatever case."""
        needles = tuple(text.casefold().split())
        if needles == self._needles:
            return
        self._needles = needles
        self.beginResetModel()
        self._order.show_only(self._passing())
        self.endResetModel()

    def prepare_filter(self, most: int) -> bool:
        """Write down what the filter looks in, for at most so many rows more; whether any are left to do.

        Done in idle moments it makes the first keystroke as quick as the others.
        """
        for key in self._cold[-most:]:
            if key in self._order.rows:
                self._haystack(key)
        del self._cold[-most:]
        return bool(self._cold)

    # Inside.

    def _show_all_of(self, held: RowOrder[Row]) -> None:
        """Show what passes the filter of the rows in ``held``, sorted and grouped as is wanted now."""
        self._order = order_like(held, self._grouping, self._sort_key(), self._descending)
        self._order.show_only(self._passing())
        self._out_of_order = False

    def _sort_key(self) -> Callable[[Row], Any] | None:
        return None if self._sort_column is None else self.columns[self._sort_column].sort_key

    def _all_texts(self, row: Row) -> str:
        return " ".join(column.text(row) for column in self.columns)

    def _passing(self) -> list[str]:
        """Every key that passes the filter, in the order in which rows came."""
        keys = list(self._order.rows)
        if self._needles and len(self._haystacks) < len(keys):
            for key in keys:
                self._haystack(key)
        for needle in self._needles:
            haystacks = self._haystacks
            keys = [key for key in keys if needle in haystacks[key]]
        return keys

    def _passes(self, key: str) -> bool:
        return not self._needles or all(needle in self._haystack(key) for needle in self._needles)

    def _haystack(self, key: str) -> str:
        text = self._haystacks.get(key)
        if text is None:
            text = self._search_text(self._order.rows[key]).casefold()
            self._haystacks[key] = text
        return text

    def _sift(self, keys: Iterable[str]) -> tuple[list[str], list[str], set[str]]:
        """Which keys come into view, which leave it by the filter, and which stay but look different."""
        to_show, to_hide, dirty = [], [], set()
        for key in keys:
            shown, passes = self._order.is_shown(key), self._passes(key)
            if shown and passes:
                dirty.add(key)
            elif shown:
                to_hide.append(key)
            elif passes:
                to_show.append(key)
        return to_show, to_hide, dirty

    def _change_shown(self, to_show: list[str], to_hide: list[str]) -> None:
        if len(to_show) + len(to_hide) > max(_FEW, len(self._order) // 100):
            self._change_many(to_show, to_hide)
            return
        for key in to_hide:
            row = self._order.row_of(key)
            if row is not None:
                self.beginRemoveRows(_ROOT, row, row)
                self._order.hide(key)
                self.endRemoveRows()
                self._drop_heading()
        for key in to_show:
            self._add_heading(key)
            row = self._order.place_for(key)
            self.beginInsertRows(_ROOT, row, row)
            self._order.show(key)
            self.endInsertRows()

    def _drop_heading(self) -> None:
        row = self._order.heading_to_drop()
        if row is not None:
            self.beginRemoveRows(_ROOT, row, row)
            self._order.drop_heading()
            self.endRemoveRows()

    def _add_heading(self, key: str) -> None:
        row = self._order.heading_to_add(key)
        if row is not None:
            self.beginInsertRows(_ROOT, row, row)
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
        self.beginInsertRows(_ROOT, place, place + len(to_show) - 1)
        for key in to_show:
            self._order.show(key)
        self.endInsertRows()

    def _announce(self, dirty: set[str]) -> None:
        """Tell the view of the changed rows that it shows, neighbours together."""
        if not dirty:
            return
        self._out_of_order = self._out_of_order or self._order.is_out_of_order(dirty)
        for first, last in unbroken(row for row in self._rows_in_view() if self._order.key_at(row) in dirty):
            self.dataChanged.emit(
                self.index(first, 0), self.index(last, len(self.columns) - 1), [Qt.ItemDataRole.DisplayRole]
            )

    def _announce_headings(self) -> None:
        """What headings sum up may have changed."""
        for row in self._rows_in_view():
            if self.is_heading(row):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1), [*_WORDS])

    def _rows_in_view(self) -> range:
        view = self.rows_in_view()
        return range(max(view.start, 0), min(view.stop, len(self._order)))

    def _relayout(self) -> None:
        """Sort, and carry what Qt holds on to (selection, current cell) along with its row."""
        if self.prefers_reset():
            self.beginResetModel()
            self._order.sort(self._sort_key(), self._descending)
            self._out_of_order = False
            self.endResetModel()
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


def unbroken(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rising row numbers as unbroken stretches, first and last of each."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
