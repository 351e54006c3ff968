"""The page on the batch tells the keys and columns that there are."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from pitdesk.desk.batch.rows import FIELDS
from pitdesk_ui.batch.columns import Said
from pitdesk_ui.batch.grid_keys import asked
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.hotkeys.table import Where
from pitdesk_ui.resources_path import resource_path

PAGE = resource_path("help", "batch.md").read_text(encoding="utf-8")
ELSEWHERE = {"Ctrl+B", "Shift+Del", "Ctrl+Shift+Del"}
"""Keys of the window that the page names too."""


def test_every_key_on_the_page_is_a_key_of_the_sheet() -> None:
    named = {key for key in re.findall(r"`([A-Z][^`]*)`", PAGE) if re.search(r"\+|F2|Del|Esc|Enter|Tab", key)}
    assert len(named) >= 15
    keys = KeyMap()
    for key in sorted(named - ELSEWHERE):
        pressed = QKeySequence(key)[0]
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(pressed.key()), pressed.keyboardModifiers())
        assert asked(keys, event) is not None or keys.pressed_in(Where.CELL, event), key


def test_every_column_is_on_the_page() -> None:
    words = " ".join(PAGE.split()).casefold()
    for column in (*FIELDS, *Said):
        assert column.value.casefold() in words, column
