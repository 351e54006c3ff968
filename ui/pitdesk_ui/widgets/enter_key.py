"""Enter presses the button that has the keyboard, in windows that are no dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


def pressed_by_enter(window: QWidget, event: QKeyEvent) -> bool:
    """Whether ``event`` was Enter on a button of ``window``, which it has pressed, once if held down."""
    focused = window.focusWidget()
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if not is_enter or event.isAutoRepeat() or not isinstance(focused, QPushButton):
        return False
    focused.click()
    return True
