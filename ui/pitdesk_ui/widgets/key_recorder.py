"""A button that shows a key and, pressed, takes the next combination that is pressed as another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from pitdesk_ui.hotkeys.spelling import held, pressed

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

_WAITS = "Press a key…"
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class KeyRecorder(QPushButton):
    """While it records, every key is its own: no shortcut, no cancel and no dialog has it. Backspace clears;
    Esc leaves it as it was, and so does who leaves the button.

    Signals:
        recorded: the combination pressed, as it is spelled; empty for none.
    """

    recorded = Signal(str)

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._told = accessible_name
        self._shown = ""
        self.is_recording = False
        self.setCheckable(True)
        self.setProperty("role", "key")  # before it is dressed: nothing to dress anew
        self.clicked.connect(lambda: self._record(not self.is_recording))
        self.show_key("")

    def show_key(self, shown: str) -> None:
        """The key as a person reads it, empty for none."""
        self._shown = shown
        self._show()

    def event(self, event: QEvent) -> bool:
        """Tab too is recorded, and no shortcut hears of what is pressed."""
        if self.is_recording and isinstance(event, QKeyEvent) and event.type() in _KEYS:
            event.accept()
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._take(event)
            elif event.type() == QEvent.Type.KeyRelease:
                self._show()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Left by the mouse or for another window: it stays as it was."""
        super().focusOutEvent(event)
        self._record(False)

    def _take(self, event: QKeyEvent) -> None:
        key = pressed(event)
        if not key:
            self.setText(f"{held(event)}…")
            return
        self._record(False)
        if key == "Backspace":
            self.recorded.emit("")
        elif key != "Esc":
            self.recorded.emit(key)

    def _record(self, records: bool) -> None:
        self.is_recording = records
        self.setChecked(records)
        self._show()

    def _show(self) -> None:
        self.setText(_WAITS if self.is_recording else self._shown or "None")
        state = "press the key it shall be; Esc leaves, Backspace clears" if self.is_recording else ""
        self.setAccessibleName(f"{self._told}: {state or self._shown or 'no key'}")
