"""What a data table shows: the cells of rows in their order, and the headings over them.

How they change is ``data_table_model``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pitdesk_ui.widgets.data_table_groups import GroupedOrder, Grouping, group_of_heading
from pitdesk_ui.widgets.data_table_order import RowOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            return heading if role in WORDS else None
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

    def keys_under(self, row: int) -> range:
        """The rows under the heading at ``row``, by their numbers."""
        group = group_of_heading(self._order.key_at(row))
        count = 0 if group is None else self._shown_in(group)
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

    def shown_keys(self) -> list[str]:
        """All shown keys, top to bottom, those of headings among them."""
        return self._order.shown
