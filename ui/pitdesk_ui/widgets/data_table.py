"""The table of the bottom tabs: fixed rows, own painting, selection that follows its rows.

Build it over a :class:`TableModel`::

    columns = (ColumnSpec("market", "Market", text=..., sort_key=..., width=220), ...)
    table = DataTable(TableModel(columns), "fills.table", "Fills", empty_text="No fills yet today.")
    table.model().apply(added={key: row}, updated={}, removed=())

It stays smooth at hundreds of thousands of rows because only cells in view are ever asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QWidget,
)

from pitdesk_ui.theme import theme_of
from pitdesk_ui.widgets.column_choice import Choosable, ColumnChoice
from pitdesk_ui.widgets.columns_dialog import ColumnsDialog
from pitdesk_ui.widgets.data_table_columns import Align, ColorRole, ColumnSpec
from pitdesk_ui.widgets.data_table_headings import ROW_HEIGHT, HeadingsView
from pitdesk_ui.widgets.data_table_model import TableModel
from pitdesk_ui.widgets.data_table_paint import CellPainter
from pitdesk_ui.widgets.in_parts import unbroken

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Align", "ColorRole", "ColumnSpec", "DataTable", "TableModel"]

Row = TypeVar("Row")
_MANY_SELECTED = 2_000  # Qt carries so many rows through a sort more slowly than we select them anew
_IDLE_MS, _IDLE_ROWS = 25, 1_000
_NARROWEST = 0.8  # below this share of their width, columns scroll sideways instead


class DataTable(HeadingsView[Row]):
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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, parent)
        self._empty_text = empty_text
        self._filtered_text = filtered_text
        self._kept: tuple[list[str], str | None] = ([], None)
        self._idle = QTimer(self)
        self.choice = ColumnChoice(
            self, [Choosable(each.key, each.title, each.rare) for each in model.columns], self._fit_columns
        )
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self._cells = CellPainter(self)
        self.setItemDelegate(self._cells)
        self._set_behaviour()
        self._attach(model)

    def selected_keys(self) -> list[str]:
        """Keys of the selected rows, top to bottom."""
        stretches = self.selectionModel().selection().toList()
        if (
            len(stretches) == 1
            and stretches[0].height() == self._rows.rowCount()
            and not self._rows.is_grouped
        ):
            return self._rows.shown_keys()
        chosen: set[int] = set()
        for part in stretches:
            chosen.update(range(part.top(), part.bottom() + 1))
        rows = self._rows
        return [rows.key_at(row) for row in sorted(chosen) if not rows.is_heading(row)]

    def selected_count(self) -> int:
        """How many rows are selected, without looking at them."""
        return sum(part.bottom() - part.top() + 1 for part in self.selectionModel().selection().toList())

    def is_selected(self, key: str) -> bool:
        """Whether the row of ``key`` is shown and selected."""
        row = self._rows.row_of(key)
        return row is not None and self.selectionModel().isSelected(self._rows.index(row, 0))

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

    @property
    def empty_text(self) -> str:
        """What stands in the place of rows while there are none."""
        return self._empty_text

    def say_when_empty(self, text: str) -> None:
        """Say something else there from now on."""
        self._empty_text = text
        self.viewport().update()

    def sort_at_first(self, column_key: str | None, descending: bool = False) -> None:
        """The order to start with: by a column, or as rows came."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        places = [place for place, spec in enumerate(self._rows.columns) if spec.key == column_key]
        self.horizontalHeader().setSortIndicator(places[0] if places else -1, order)
        self._rows.sort(places[0] if places else -1, order)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or what to say in their place."""
        theme = theme_of(self)
        self._cells.use(theme)
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        if self._rows.is_grouped:
            self.paint_headings(painter, self._rows_in_view(), theme)
        if self.hasFocus() and self.currentIndex().isValid():
            top = self.rowViewportPosition(self.currentIndex().row())
            painter.fillRect(QRect(0, top, 2, ROW_HEIGHT), theme.color("accent"))
        text = self._filtered_text if self._rows.total and self._rows.is_filtered else self._empty_text
        if self._rows.rowCount() or not text:
            return
        painter.setPen(theme.color("muted"))
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
        if self.choice.fits_itself:
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
        header.setMinimumSectionSize(40)
        header.setFixedHeight(34)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.choice.popup(header.mapToGlobal(at)))
        self.choice.arrange_wanted.connect(lambda: ColumnsDialog(self.choice, self.window()).open())
        self.choice.begin()

    def _fit_columns(self) -> None:
        """Columns as wide as they ask for, or a little narrower where that shows all of them."""
        header, shown = self.horizontalHeader(), self.choice.in_sight()
        wanted = sum(self._rows.columns[number].width for number in shown)
        share = max(min(self.viewport().width() / max(wanted, 1), 1.0), _NARROWEST)
        with self.choice.fitting():
            # A figure that was drawn out to the far edge would stand away from its neighbours.
            header.setStretchLastSection(self._rows.columns[shown[-1]].align is Align.LEFT)
            for number in shown:
                header.resizeSection(number, int(self._rows.columns[number].width * share))

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
        if not self._rows.is_heading(index.row()):
            self.row_activated.emit(self._rows.key_at(index.row()))
