"""How the sheet's cells are painted and typed into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from pitdesk.desk.batch.rows import Field
from pitdesk_ui.batch.columns import COLUMNS, align_of, cell_color, is_bad
from pitdesk_ui.batch.model import SheetModel
from pitdesk_ui.batch.suggest import Suggest, SuggestEdit
from pitdesk_ui.hotkeys.table import Where
from pitdesk_ui.widgets.data_table_columns import ColorRole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QTableView, QWidget

    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
PADDING = 8
_TOKENS = {
    ColorRole.TEXT: "text",
    ColorRole.MUTED: "muted",
    ColorRole.POSITIVE: "yes",
    ColorRole.NEGATIVE: "no",
    ColorRole.ACCENT: "accent",
    ColorRole.WARNING: "warning",
}
_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_MOVES = {
    (Qt.Key.Key_Return, _PLAIN): (1, 0),
    (Qt.Key.Key_Enter, _PLAIN): (1, 0),
    (Qt.Key.Key_Return, _SHIFT): (-1, 0),
    (Qt.Key.Key_Enter, _SHIFT): (-1, 0),
    (Qt.Key.Key_Tab, _PLAIN): (0, 1),
    (Qt.Key.Key_Backtab, _SHIFT): (0, -1),
    (Qt.Key.Key_Up, _PLAIN): (-1, 0),
    (Qt.Key.Key_Down, _PLAIN): (1, 0),
}


class CellDelegate(QStyledItemDelegate):
    """Paints straight from the row's record; an editor's keys go on to the next cell as in a spreadsheet."""

    left = Signal(int, int)
    """An editor was left for the cell so many rows and columns on."""
    fill_wanted = Signal(str)
    """This text is for every selected cell."""

    def __init__(self, view: QTableView, keys: KeyMap) -> None:
        super().__init__(view)
        self._keys = keys
        self._view = view
        self._theme: Theme | None = None
        self._suggest: Mapping[Field, Suggest] = {}

    def use(self, theme: Theme) -> None:
        """Paint in ``theme`` from now on; its colours are made once, for a sheet has thousands of cells."""
        if theme is self._theme:
            return
        self._theme = theme
        self._colors = {role: theme.color(token) for role, token in _TOKENS.items()}
        self._selected, self._line = theme.color("selection"), theme.color("line")
        self._bad, self._accent = theme.color("no_ground"), theme.color("accent")
        self._live, self._bad_selected = theme.color("still"), theme.color("wrong_selection")

    def offer(self, suggest: Mapping[Field, Suggest]) -> None:
        """What cells of some columns may hold."""
        self._suggest = suggest

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, lines, text; a frame where the keyboard stands."""
        model = index.model()
        assert isinstance(model, SheetModel)  # noqa: S101 (the sheet is built over nothing else)
        rect: QRect = option.rect
        held, column = model.held(index.row()), COLUMNS[index.column()]
        if is_bad(held, column):
            painter.fillRect(rect, self._bad)
        elif held.is_live:
            painter.fillRect(rect, self._live)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, self._selected if not is_bad(held, column) else self._bad_selected)
        painter.setPen(self._line)
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        text = model.text(index.row(), column)
        if text:
            self._write(painter, option, rect, text, cell_color(held, column), index.column())
        if index == self._view.currentIndex() and self._view.hasFocus():
            painter.setPen(self._accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line of text, with suggestions where the column has some."""
        column = COLUMNS[index.column()]
        assert isinstance(column, Field)  # noqa: S101 (no other can be edited)
        editor = SuggestEdit(parent, self._suggest.get(column), self._keys)
        editor.setAccessibleName(f"{column.value}, row {index.row() + 1}")
        editor.setAlignment(align_of(column).value | Qt.AlignmentFlag.AlignVCenter)
        editor.picked.connect(lambda: self._leave(editor, 1, 0))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The cell as it reads, and, behind it, as it is written; while it is typed into it is left alone."""
        model = index.model()
        assert isinstance(model, SheetModel)  # noqa: S101
        assert isinstance(editor, SuggestEdit)  # noqa: S101
        if editor.isModified():
            return
        editor.begin(
            str(index.data(Qt.ItemDataRole.EditRole)), model.typed(index.row(), COLUMNS[index.column()])
        )

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand on what was typed."""
        assert isinstance(editor, SuggestEdit)  # noqa: S101
        model.setData(model.index(index.row(), index.column()), editor.value())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Exactly over the cell."""
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Tab and the arrows finish a cell and go on; Esc leaves it as it was."""
        if isinstance(watched, SuggestEdit) and event.type() == QEvent.Type.FocusOut:
            watched.close_list()  # left by the mouse: what was typed counts, not what the list stood at
        if not isinstance(watched, SuggestEdit) or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() != QEvent.Type.KeyPress:
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            if not watched.close_list():
                self.closeEditor.emit(watched, QStyledItemDelegate.EndEditHint.NoHint)
            return True
        if self._keys.pressed_in(Where.CELL, event) == "cell_fill":
            self.fill_wanted.emit(watched.value())
            self.closeEditor.emit(watched, QStyledItemDelegate.EndEditHint.NoHint)
            return True
        move = _MOVES.get((key, modifiers))
        if move is None:
            return False
        if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down) or not watched.step(move[0]):
            self._leave(watched, *move)
        return True

    def _leave(self, editor: SuggestEdit, rows: int, columns: int) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        self.left.emit(rows, columns)

    def _write(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rect: QRect,
        text: str,
        color: ColorRole,
        column: int,
    ) -> None:
        room = rect.adjusted(PADDING, 0, -PADDING, 0)
        painter.setPen(self._colors[color])
        painter.drawText(
            room,
            align_of(COLUMNS[column]).value | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width()),
        )
