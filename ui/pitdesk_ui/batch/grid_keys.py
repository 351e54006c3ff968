"""What can be asked of the sheet, and which of its keys asks for it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pitdesk_ui.hotkeys.keymap import TAB_KEY
from pitdesk_ui.hotkeys.table import Where

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from pitdesk_ui.hotkeys.keymap import KeyMap


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


_ASKS = {
    "sheet_copy": Ask.COPY,
    "sheet_cut": Ask.CUT,
    "sheet_paste": Ask.PASTE,
    "sheet_clear": Ask.CLEAR,
    "sheet_fill_down": Ask.FILL_DOWN,
    "sheet_undo": Ask.UNDO,
    "sheet_redo": Ask.REDO,
    "sheet_insert": Ask.INSERT_ROW,
    "sheet_delete": Ask.DELETE_ROWS,
    "sheet_find": Ask.FIND,
    "sheet_replace": Ask.REPLACE,
    "sheet_send": Ask.SEND,
    "sheet_edit": Ask.EDIT,
    "sheet_leave": Ask.ESCAPE,
    "sheet_row": Ask.ROW,
    "sheet_column": Ask.COLUMN,
    "sheet_down": Ask.DOWN,
    "sheet_up": Ask.UP,
    "sheet_next": Ask.NEXT,
    "sheet_back": Ask.BACK,
}
"""By the names of the actions whose keys ask for it."""
_NAMES = {ask: name for name, ask in _ASKS.items()}


def asked(keys: KeyMap, event: QKeyEvent) -> Ask | None:
    """What the key asks for, None for one that Qt's table or the window understands."""
    return _ASKS.get(keys.pressed_in(Where.SHEET, event))


def key_phrase(keys: KeyMap, ask: Ask) -> str:
    """The key at the right of a menu's entry; empty where there is none."""
    return keys.phrase(_NAMES[ask], TAB_KEY) if ask in _NAMES else ""


def is_typed(event: QKeyEvent) -> bool:
    """Whether the key writes a letter: those begin a cell and are never the window's."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return held == Qt.KeyboardModifier.NoModifier and bool(event.text()) and event.text().isprintable()
