"""The sheet's keys, as a spreadsheet program has them."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class Ask(Enum):
    """What a key, a button or a menu asks of the sheet."""

    COPY = auto()
    CUT = auto()
    PASTE = auto()
    CLEAR = auto()
    FILL_DOWN = auto()
    UNDO = auto()
    REDO = auto()
    INSERT_ROW = auto()
    DELETE_ROWS = auto()
    FIND = auto()
    REPLACE = auto()
    SEND = auto()
    EDIT = auto()
    ESCAPE = auto()
    ROW = auto()
    COLUMN = auto()
    DOWN = auto()
    UP = auto()
    NEXT = auto()
    BACK = auto()
    ADD_ROW = auto()
    PASTE_LOOK = auto()
    OPEN_CSV = auto()
    SAVE_AS = auto()
    WRITE_CSV = auto()
    WRITE_TEMPLATE = auto()
    LADDER = auto()
    MULTIPLY = auto()
    REVERSE = auto()
    SHIFT = auto()
    CHECK = auto()
    EMPTY = auto()


_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_BOTH = _CTRL | _SHIFT
_KEYS: dict[tuple[Qt.Key, Qt.KeyboardModifier], Ask] = {
    (Qt.Key.Key_C, _CTRL): Ask.COPY,
    (Qt.Key.Key_Insert, _CTRL): Ask.COPY,
    (Qt.Key.Key_X, _CTRL): Ask.CUT,
    (Qt.Key.Key_V, _CTRL): Ask.PASTE,
    (Qt.Key.Key_Insert, _SHIFT): Ask.PASTE,
    (Qt.Key.Key_Delete, _PLAIN): Ask.CLEAR,
    (Qt.Key.Key_Backspace, _PLAIN): Ask.CLEAR,
    (Qt.Key.Key_D, _CTRL): Ask.FILL_DOWN,
    (Qt.Key.Key_Z, _CTRL): Ask.UNDO,
    (Qt.Key.Key_Z, _BOTH): Ask.REDO,
    (Qt.Key.Key_Y, _CTRL): Ask.REDO,
    (Qt.Key.Key_Plus, _CTRL): Ask.INSERT_ROW,
    (Qt.Key.Key_Plus, _BOTH): Ask.INSERT_ROW,
    (Qt.Key.Key_Equal, _BOTH): Ask.INSERT_ROW,
    (Qt.Key.Key_Minus, _CTRL): Ask.DELETE_ROWS,
    (Qt.Key.Key_F, _CTRL): Ask.FIND,
    (Qt.Key.Key_H, _CTRL): Ask.REPLACE,
    (Qt.Key.Key_Return, _CTRL): Ask.SEND,
    (Qt.Key.Key_Enter, _CTRL): Ask.SEND,
    (Qt.Key.Key_F2, _PLAIN): Ask.EDIT,
    (Qt.Key.Key_Escape, _PLAIN): Ask.ESCAPE,
    (Qt.Key.Key_Space, _SHIFT): Ask.ROW,
    (Qt.Key.Key_Space, _CTRL): Ask.COLUMN,
    (Qt.Key.Key_Return, _PLAIN): Ask.DOWN,
    (Qt.Key.Key_Enter, _PLAIN): Ask.DOWN,
    (Qt.Key.Key_Return, _SHIFT): Ask.UP,
    (Qt.Key.Key_Enter, _SHIFT): Ask.UP,
    (Qt.Key.Key_Tab, _PLAIN): Ask.NEXT,
    (Qt.Key.Key_Backtab, _SHIFT): Ask.BACK,
}


def asked(event: QKeyEvent) -> Ask | None:
    """What the key asks for, None for one that Qt's table or the window understands."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _KEYS.get((Qt.Key(event.key()), modifiers))


def is_typed(event: QKeyEvent) -> bool:
    """Whether the key writes a letter: those begin a cell and are never the window's."""
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | _SHIFT)
    return modifiers == _PLAIN and bool(event.text()) and event.text().isprintable()
