"""Every action once: its name, its keys and what it does. F1 shows the sheet made from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. ``keys`` are in Qt's spelling, such as ``Ctrl+K``; ``group`` heads the sheet.

    A plain letter reaches its action only while no text field has the focus: the field takes it first.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    group: str


class _SpaceShortcut(QShortcut):
    """Space is the window's key only where it presses no button and opens no box that has the focus."""

    def __init__(self, keys: QKeySequence, window: QWidget) -> None:
        super().__init__(keys, window)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, application.focusWidget())

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        self.setEnabled(not isinstance(now, QAbstractButton | QComboBox))


class Actions:
    """The actions of one window, each bound to its keys."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._actions: dict[str, Action] = {}

    def add(self, action: Action, handler: Callable[[], object]) -> None:
        """Bind ``handler`` to the action's keys. Raises ValueError for a name or key already taken."""
        taken = {key for other in self._actions.values() for key in other.keys}
        if action.name in self._actions or taken & set(action.keys):
            raise ValueError(f"The action {action.name} or one of its keys is there already.")
        self._actions[action.name] = action
        for key in action.keys:
            shortcut = (_SpaceShortcut if key == "Space" else QShortcut)(QKeySequence(key), self._window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(handler)

    def groups(self) -> dict[str, tuple[Action, ...]]:
        """The actions by group, each in the order they were added."""
        found: dict[str, list[Action]] = {}
        for action in self._actions.values():
            found.setdefault(action.group, []).append(action)
        return {group: tuple(actions) for group, actions in found.items()}
