"""The table of the bottom tabs: fixed rows, own painting, selection that follows its rows.

Build it over a :class:`TableModel`::

    columns = (ColumnSpec("market", "Market", text=..., sort_key=..., width=220), ...)
    table = DataTable(TableModel(columns), "fills.table", "Fills", empty_text="No fills yet today.")
    table.model().apply(added={key: row}, updated={}, removed=())

It stays smooth at hundreds of thousands of rows because only cells in view are ever asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pitdesk_ui.theme import DARK, Theme
from pitdesk_ui.widgets.data_table_columns import Align, ColorRole, ColumnSpec
from pitdesk_ui.widgets.data_table_model import TableModel, unbroken

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Align", "ColorRole", "ColumnSpec", "DataTable", "TableModel"]

Row = TypeVar("Row")
ROW_HEIGHT = 28
_PADDING = 8
_MANY_SELECTED = 2_000  # Qt carries so many rows through a sort more slowly than we select them anew
_IDLE_MS, _IDLE_ROWS = 25, 1_000
_NARROWEST = 0.8  # below this share of their width, columns scroll sideways instead
_TOKENS = {
    ColorRole.TEXT: "text",
    ColorRole.MUTED: "muted",
    ColorRole.POSITIVE: "yes",
    ColorRole.NEGATIVE: "no",
    ColorRole.ACCENT: "accent",
    ColorRole.WARNING: "warning",
}


class CellPainter(QStyledItemDelegate):
    """Paints a cell straight from its record: one text, one colour, one ground."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._colors = {role: theme.color(token) for role, token in _TOKENS.items()}
        self._selected = theme.color("selection")
        self._stripe = QColor("#181e25")
        self._accent = theme.color("accent")

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell; the current row carries a bar at its left while the table has the keyboard."""
        model = index.model()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        row_number, column_number = index.row(), index.column()
        assert isinstance(model, TableModel)  # noqa: S101 (the table is built over nothing else)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._selected)
        elif row_number % 2:
            painter.fillRect(rect, self._stripe)
        view = self.parent()
        if column_number == 0 and isinstance(view, DataTable) and view.marks_row(row_number):
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), self._accent)
        column = model.columns[column_number]
        row = model.row_at(row_number)
        text = column.text(row)
        if not text:
            return
        role = ColorRole.TEXT if column.color is None else column.color(row)
        room = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        metrics = option.fontMetrics
        painter.setPen(self._colors[role])
        painter.drawText(
            room,
            column.align.value | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width()),
        )


class DataTable(QTableView, Generic[Row]):
    """A table over a :class:`TableModel`, whose selection and current row are kept by key."""

    selection_changed = Signal()
    row_activated = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        model: TableModel[Row],
        name: str,
        accessible_name: str,
        *,
        empty_text: str = "",
        filtered_text: str = "Nothing matches the filter.",
        theme: Theme = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._empty_text = empty_text
        self._filtered_text = filtered_text
        self._kept: tuple[list[str], str | None] = ([], None)
        self._fits_itself, self._fitting = True, False
        self._idle = QTimer(self)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setItemDelegate(CellPainter(theme, self))
        self._set_behaviour()
        self._attach(model)

    @property
    def rows(self) -> TableModel[Row]:
        """The model, in its own type."""
        return self._rows

    def selected_keys(self) -> list[str]:
        """Keys of the selected rows, top to bottom."""
        chosen: set[int] = set()
        for part in self.selectionModel().selection().toList():
            chosen.update(range(part.top(), part.bottom() + 1))
        return [self._rows.key_at(row) for row in sorted(chosen)]

    def selected_count(self) -> int:
        """How many rows are selected, without looking at them."""
        return sum(part.bottom() - part.top() + 1 for part in self.selectionModel().selection().toList())

    def current_key(self) -> str | None:
        """The key of the row that the keyboard stands on."""
        index = self.currentIndex()
        return self._rows.key_at(index.row()) if index.isValid() else None

    def select_keys(self, keys: Iterable[str], current: str | None = None) -> None:
        """Select exactly ``keys``, those that are shown; make ``current`` the current row."""
        selection = QItemSelection()
        last = len(self._rows.columns) - 1
        for first, end in unbroken(self._places(list(keys))):
            selection.select(self._rows.index(first, 0), self._rows.index(end, last))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
        row = None if current is None else self._rows.row_of(current)
        if row is not None:
            self.selectionModel().setCurrentIndex(self._rows.index(row, 0), flags.NoUpdate)

    def _places(self, keys: list[str]) -> list[int]:
        """The rows of ``keys`` that are shown, from the top."""
        if len(keys) > _MANY_SELECTED:
            wanted = set(keys)
            return [row for row, key in enumerate(self._rows.shown_keys()) if key in wanted]
        found = (self._rows.row_of(key) for key in keys)
        return sorted(row for row in found if row is not None)

    def row_rect(self, key: str) -> QRect:
        """Where a row stands in the viewport; empty when it is not shown."""
        row = self._rows.row_of(key)
        if row is None:
            return QRect()
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def marks_row(self, row: int) -> bool:
        """Whether ``row`` is the current one and the table has the keyboard."""
        return self.hasFocus() and self.currentIndex().row() == row

    def sort_at_first(self, column_key: str | None, descending: bool = False) -> None:
        """The order to start with: by a column, or as rows came."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        places = [place for place, spec in enumerate(self._rows.columns) if spec.key == column_key]
        self.horizontalHeader().setSortIndicator(places[0] if places else -1, order)
        self._rows.sort(places[0] if places else -1, order)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or what to say in their place."""
        super().paintEvent(event)
        text = self._filtered_text if self._rows.total and self._rows.is_filtered else self._empty_text
        if self._rows.rowCount() or not text:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self._theme.color("muted"))
        room = self.viewport().rect().adjusted(16, 12, -16, -12)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard stands."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark of the keyboard away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns until the person has set them."""
        super().resizeEvent(event)
        if self._fits_itself:
            self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """The empty text follows enabling and disabling."""
        super().changeEvent(event)
        self.viewport().update()

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_wanted)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(ROW_HEIGHT)
        vertical.setDefaultSectionSize(ROW_HEIGHT)

    def _attach(self, model: TableModel[Row]) -> None:
        model.setParent(self)
        self.setModel(model)
        model.rows_in_view = self._rows_in_view
        model.prefers_reset = lambda: self.selected_count() > _MANY_SELECTED
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)
        model.modelReset.connect(self._idle.start)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._use_idle_moment)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.activated.connect(self._tell_activated)
        header = self.horizontalHeader()
        # Headers ask whether every row of a column is selected: seconds, once all of 200,000 are.
        header.setSelectionModel(QItemSelectionModel(model, header))
        self.verticalHeader().setSelectionModel(QItemSelectionModel(model, header))
        header.setHighlightSections(False)
        header.setStretchLastSection(model.columns[-1].align is Align.LEFT)
        header.setMinimumSectionSize(40)
        header.setFixedHeight(34)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        header.sectionResized.connect(self._section_resized)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Columns as wide as they ask for, or a little narrower where that shows all of them."""
        header = self.horizontalHeader()
        wanted = sum(column.width for column in self._rows.columns)
        share = max(min(self.viewport().width() / max(wanted, 1), 1.0), _NARROWEST)
        self._fitting = True
        for place, column in enumerate(self._rows.columns):
            header.resizeSection(place, int(column.width * share))
        self._fitting = False

    def _section_resized(self, section: int, _old: int, _new: int) -> None:
        """Once the person drags a border, the widths are theirs."""
        if not self._fitting and section != len(self._rows.columns) - 1:
            self._fits_itself = False

    def _rows_in_view(self) -> range:
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        count = self._rows.rowCount()
        return range(max(first, 0), count if last < 0 else last + 1)

    def _use_idle_moment(self) -> None:
        if not self._rows.prepare_filter(_IDLE_ROWS):
            self._idle.stop()

    def _keep_selection(self) -> None:
        self._kept = (self.selected_keys(), self.current_key())

    def _restore_selection(self) -> None:
        keys, current = self._kept
        if keys or current:
            self.select_keys(keys, current)
            self.selection_changed.emit()

    def _tell_selection(self, *_changes: Any) -> None:
        self.selection_changed.emit()

    def _tell_activated(self, index: QModelIndex) -> None:
        self.row_activated.emit(self._rows.key_at(index.row()))
