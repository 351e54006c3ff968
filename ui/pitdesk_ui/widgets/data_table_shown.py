"""What a data table shows: the cells of rows in their order, the headings over them, and what is folded.

How rows change is ``data_table_model``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pitdesk_ui.widgets.data_table_grouping import Grouping, group_of_heading
from pitdesk_ui.widgets.data_table_groups import GroupedOrder
from pitdesk_ui.widgets.data_table_order import RowOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk_ui.widgets.data_table_columns import ColumnSpec

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
WORDS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class ShownRows(QAbstractTableModel, Generic[Row]):
    """Rows as columns, in the order that is in sight."""

    def __init__(self, columns: Sequence[ColumnSpec[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._order: RowOrder[Row] = RowOrder()
        self._grouping: Grouping[Row] | None = None
        self.rows_in_view: Callable[[], range] = lambda: range(len(self._order))

    # What Qt asks.

    def rowCount(self, parent: Index = ROOT) -> int:
        """Rows shown, and the headings over them."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Columns shown."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment and the words for assistive technology; colours are the delegate's."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        heading = self.heading_at(index.row())
        if heading is not None:
            return self._of_heading(heading, index.row(), role)
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(self.row_at(index.row()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align.value | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(self.row_at(index.row()))}"
        return None

    def _of_heading(self, text: str, row: int, role: int) -> str | None:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{text}, {'folded' if self.is_folded(row) else 'open'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                f"A click {'opens' if self.is_folded(row) else 'folds'} it. Enter selects what is under it."
            )
        return text if role == Qt.ItemDataRole.DisplayRole else None

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
        return self._grouping.text_of(group, self._shown_in(group))

    def is_folded(self, row: int) -> bool:
        """Whether a heading stands at ``row`` that has folded its rows away."""
        return group_of_heading(self._order.key_at(row)) in self._order.folded

    def keys_under(self, row: int) -> range:
        """The rows in sight under the heading at ``row``, by their numbers."""
        group = group_of_heading(self._order.key_at(row))
        count = 0 if group is None or group in self._order.folded else self._shown_in(group)
        return range(row + 1, row + 1 + count)

    def _shown_in(self, group: str) -> int:
        return self._order.shown_in(group) if isinstance(self._order, GroupedOrder) else 0

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

    def passing_keys(self) -> list[str]:
        """The keys of all rows that pass the filter, in their order, the folded ones too; of no headings."""
        order = self._order
        return order.passing if isinstance(order, GroupedOrder) else order.shown

    def shown_keys(self) -> list[str]:
        """All shown keys, top to bottom, those of headings among them."""
        return self._order.shown

    def fold(self, row: int, *, folded: bool) -> None:
        """Fold the rows under the heading at ``row`` away, where they count on, or show them again."""
        order, group = self._order, group_of_heading(self._order.key_at(row))
        if not isinstance(order, GroupedOrder) or group is None or (group in order.folded) is folded:
            return
        last = row + order.shown_in(group)
        wanted = order.folded ^ {group}
        if folded:
            self.beginRemoveRows(ROOT, row + 1, last)
            order.fold_only(wanted)
            self.endRemoveRows()
        else:
            self.beginInsertRows(ROOT, row + 1, last)
            order.fold_only(wanted)
            self.endInsertRows()
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1), [*WORDS])

    def fold_all(self, *, folded: bool) -> None:
        """The same for every heading."""
        order = self._order
        if isinstance(order, GroupedOrder):
            self.beginResetModel()
            order.fold_only(order.groups if folded else frozenset())
            self.endResetModel()

    def refresh(self, column_key: str) -> None:
        """Draw one column of the rows in view again: for texts that change with time alone."""
        column = next(place for place, spec in enumerate(self.columns) if spec.key == column_key)
        rows = self._rows_in_view()
        if rows:
            self.dataChanged.emit(
                self.index(rows[0], column), self.index(rows[-1], column), [Qt.ItemDataRole.DisplayRole]
            )

    # Inside.

    def _announce_headings(self) -> None:
        """What headings sum up may have changed."""
        for row in self._rows_in_view():
            if self.is_heading(row):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1), [*WORDS])

    def _rows_in_view(self) -> range:
        view = self.rows_in_view()
        return range(max(view.start, 0), min(view.stop, len(self._order)))
