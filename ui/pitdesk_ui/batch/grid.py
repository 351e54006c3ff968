"""The sheet as a widget: it moves, selects and types like a spreadsheet, and says what is asked of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from pitdesk.desk.batch.rows import FIELDS, Field
from pitdesk_ui.batch.cells import CellDelegate
from pitdesk_ui.batch.column_widths import fitted_widths
from pitdesk_ui.batch.columns import COLUMNS, Column, place_of
from pitdesk_ui.batch.grid_keys import Ask, asked, is_typed
from pitdesk_ui.batch.sheet_setup import be_a_sheet, set_headers
from pitdesk_ui.batch.suggest import SuggestEdit
from pitdesk_ui.theme import theme_of
from pitdesk_ui.widgets.column_choice import Choosable, ColumnChoice

if TYPE_CHECKING:
    from pitdesk_ui.batch.model import SheetModel
    from pitdesk_ui.hotkeys.keymap import KeyMap

_RARE: frozenset[Column] = frozenset(field for field in FIELDS if field.is_rare)
_CHOICES = frozenset(
    {
        Field.VERB,
        Field.TIME_IN_FORCE,
        Field.POST_ONLY,
        Field.REDUCE_ONLY,
        Field.CANCEL_ON_PAUSE,
        Field.SELF_TRADE,
    }
)


class SheetView(QTableView):
    """Cells are selected, not rows. What a key asks for is said by ``asked``; typing is the model's."""

    asked = Signal(object)
    sort_wanted = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(self, model: SheetModel, keys: KeyMap) -> None:
        super().__init__()
        self._sheet, self._keys = model, keys
        self._tab_from: int | None = None
        self.choice = ColumnChoice(
            self,
            [Choosable(each.name.lower(), each.value, each in _RARE) for each in COLUMNS],
            self._fit_columns,
            movable=False,
        )
        self.cells = CellDelegate(self, keys)
        self.setObjectName("batch.table")
        self.setAccessibleName("Batch of orders")
        self.setItemDelegate(self.cells)
        self.cells.left.connect(self._go_on)
        model.setParent(self)
        self.setModel(model)
        model.first_result.connect(self._fit_for_results)
        be_a_sheet(self)
        set_headers(self, model)
        self.customContextMenuRequested.connect(self.menu_wanted)
        header = self.horizontalHeader()
        header.sectionClicked.connect(self._header_clicked)
        header.customContextMenuRequested.connect(lambda at: self.choice.popup(header.mapToGlobal(at)))
        self.choice.begin()
        keys.changed.connect(self._show_keys)
        self._show_keys()

    # Where the person is

    def current_place(self) -> int:
        """The row the keyboard stands on, from 0; the empty line where it stands on none."""
        index = self.currentIndex()
        return index.row() if index.isValid() else self._sheet.count

    def current_column(self) -> Column:
        """The column it stands in."""
        index = self.currentIndex()
        return COLUMNS[index.column()] if index.isValid() else Field.MARKET

    def selected_places(self) -> list[int]:
        """Rows with a selected cell, from the top, the empty line left out."""
        places: set[int] = set()
        for part in self.selectionModel().selection().toList():
            places.update(range(part.top(), part.bottom() + 1))
        return sorted(place for place in places if place < self._sheet.count)

    def selected_columns(self) -> list[Column]:
        """Columns in sight with a selected cell, from the left."""
        places: set[int] = set()
        for part in self.selectionModel().selection().toList():
            places.update(range(part.left(), part.right() + 1))
        return [COLUMNS[place] for place in self._in_sight() if place in places]

    def selected_cells(self) -> list[tuple[int, Field]]:
        """Every selected cell that can be typed into."""
        cells: list[tuple[int, Field]] = []
        for part in self.selectionModel().selection().toList():
            for place in range(part.top(), min(part.bottom() + 1, self._sheet.count)):
                for number in range(part.left(), part.right() + 1):
                    column = COLUMNS[number]
                    if isinstance(column, Field) and not self.isColumnHidden(number):
                        cells.append((place, column))
        return cells

    def fields_in_sight(self, start: Column | None = None) -> list[Field]:
        """The order's own columns that are shown, from ``start`` on."""
        first = 0 if start is None else place_of(start)
        return [
            column
            for place in self._in_sight()
            if place >= first and isinstance(column := COLUMNS[place], Field)
        ]

    def go_to(self, place: int, column: Column, *, edit: bool = False) -> None:
        """Stand on a cell and bring it into sight."""
        index = self._sheet.index(place, place_of(column))
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.setFocus()
        if edit:
            self.begin_edit(index)

    def select_block(self, first: int, last: int, columns: list[Column]) -> None:
        """Select a rectangle of cells, the keyboard in its first."""
        if not columns or last < first:
            return
        start = self._sheet.index(first, place_of(columns[0]))
        end = self._sheet.index(last, place_of(columns[-1]))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(start, flags.NoUpdate)
        self.selectionModel().select(QItemSelection(start, end), flags.ClearAndSelect)
        self.scrollTo(start)

    def begin_edit(self, index: QModelIndex) -> None:
        """Open a cell's editor; a column with few choices opens its list."""
        if not index.isValid() or not self._sheet.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return
        self.edit(index)
        editor = self.viewport().findChild(SuggestEdit)
        if editor is not None and COLUMNS[index.column()] in _CHOICES:
            editor.offer_all()

    def show_column(self, column: Column, shown: bool) -> None:
        """Show or hide a column."""
        self.choice.show(place_of(column), shown)

    def is_shown(self, column: Column) -> bool:
        """Whether a column is in sight."""
        return not self.isColumnHidden(place_of(column))

    def show_sorted(self, column: Column | None, descending: bool) -> None:
        """The mark of the column that the rows stand ordered by, none where they are not."""
        header = self.horizontalHeader()
        header.setSortIndicatorShown(column is not None)
        if column is not None:
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(place_of(column), order)

    def step_by(self, rows: int, columns: int) -> None:
        """Go on from the current cell; past the last column the next row begins."""
        sight = self._in_sight()
        index = self.currentIndex()
        if not index.isValid():
            self.go_to(0, COLUMNS[sight[0]])
            return
        at = sight.index(index.column()) + columns if index.column() in sight else 0
        row = index.row() + rows
        typed = [place for place in sight if isinstance(COLUMNS[place], Field)]
        if columns > 0 and at > len(typed) - 1:
            row, at = row + 1, 0
        elif at < 0:
            row, at = row - 1, len(typed) - 1
        row = min(max(row, 0), self._sheet.rowCount() - 1)
        self.go_to(row, COLUMNS[sight[min(max(at, 0), len(sight) - 1)]])

    # What Qt tells

    def event(self, event: QEvent) -> bool:
        """While the sheet has the keyboard, letters and its own keys are not the window's shortcuts."""
        is_own = isinstance(event, QKeyEvent) and (is_typed(event) or asked(self._keys, event) is not None)
        if is_own and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the theme of this moment."""
        self.cells.use(theme_of(self))
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that ask for something, keys that move on, and everything else as Qt's tables have it."""
        wanted = asked(self._keys, event)
        if wanted is None:
            if not is_typed(event):
                self._tab_from = None
            super().keyPressEvent(event)
            return
        event.accept()
        if wanted in _MOVING:
            self._go_on(*_MOVING[wanted])
        elif wanted is Ask.EDIT:
            self.begin_edit(self.currentIndex())
        elif wanted is Ask.ESCAPE and len(self.selectionModel().selectedIndexes()) > 1:
            self.go_to(self.current_place(), self.current_column())
        elif wanted is Ask.ROW:
            self.selectRow(self.current_place())
        elif wanted is Ask.COLUMN:
            self.select_block(0, self._sheet.count - 1, [self.current_column()])
        elif not (event.isAutoRepeat() and wanted in (Ask.SEND, Ask.PASTE, Ask.DELETE_ROWS)):
            self.asked.emit(wanted)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click edits, and opens the list where there are few choices."""
        index = self.indexAt(event.position().toPoint())
        self.begin_edit(index)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Tab goes from cell to cell; Esc leaves the sheet."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns until the person has set them."""
        super().resizeEvent(event)
        if self.choice.fits_itself:
            self._fit_columns()

    # Inside

    def _show_keys(self) -> None:
        edits = self._keys.phrase("sheet_edit", "{} edits, ")
        self.setAccessibleDescription(
            f"A sheet: type into cells, {edits}Enter and Tab go on, Esc goes to the buttons above."
        )

    def _go_on(self, rows: int, columns: int) -> None:
        """Tab along a row and then Enter: the next row, where the first Tab was pressed."""
        column = self.currentIndex().column()
        if columns:
            if self._tab_from is None:
                self._tab_from = column
            self.step_by(rows, columns)
            return
        start, self._tab_from = self._tab_from, None
        self.step_by(rows, 0)
        if start is not None:
            self.go_to(self.current_place(), COLUMNS[start])

    def _in_sight(self) -> list[int]:
        return [place for place in range(len(COLUMNS)) if not self.isColumnHidden(place)]

    def _header_clicked(self, section: int) -> None:
        self.sort_wanted.emit(COLUMNS[section])

    def _fit_columns(self) -> None:
        """Between the narrow and the wide widths, as far as the room allows."""
        shown = [COLUMNS[place] for place in self._in_sight()]
        widths = fitted_widths(shown, self.viewport().width(), has_results=self._sheet.has_results)
        with self.choice.fitting():
            for column, width in widths.items():
                self.horizontalHeader().resizeSection(place_of(column), width)

    def _fit_for_results(self) -> None:
        if self.choice.fits_itself:
            self._fit_columns()


_MOVING = {
    Ask.DOWN: (1, 0),
    Ask.UP: (-1, 0),
    Ask.NEXT: (0, 1),
    Ask.BACK: (0, -1),
}
