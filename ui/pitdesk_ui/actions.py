"""Every action once: its name, its keys and what it does. F1 shows the sheet made from here.

Most keys are the window's only where what has the keyboard leaves them to it. A few, the cancels, act
everywhere: in text fields, which know them as their own, and in dialogs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. ``keys`` are in Qt's spelling, such as ``Ctrl+K``; ``group`` heads the sheet.

    A plain letter reaches its action only while no text field has the focus: the field takes it first. An
    action that acts ``everywhere`` comes before whatever has the keyboard.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    group: str
    everywhere: bool = False


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


class _EverywhereKeys(QObject):
    """Follows the keyboard from widget to widget and takes its keys before each of them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._handlers: dict[str, Callable[[], object]] = {}
        self._watched: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, application.focusWidget())

    def add(self, key: str, handler: Callable[[], object]) -> None:
        """From now on ``key`` is ``handler``'s, wherever the keyboard is."""
        self._handlers[QKeySequence(key).toString()] = handler

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The key is taken from the shortcuts first, and then from the widget; held down it acts once."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(
            event, QKeyEvent
        ):
            return False
        pressed, keypad = event.keyCombination(), Qt.KeyboardModifier.KeypadModifier
        keys = QKeySequence(QKeyCombination(pressed.keyboardModifiers() & ~keypad, pressed.key()))
        handler = self._handlers.get(keys.toString())
        if handler is None:
            return False
        event.accept()
        if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
            handler()
        return True

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)  # the filter put last is asked first


class Actions:
    """The actions of one window, each bound to its keys."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._actions: dict[str, Action] = {}
        self._told: set[str] = set()
        self._everywhere = _EverywhereKeys(window)

    def add(self, action: Action, handler: Callable[[], object]) -> None:
        """Bind ``handler`` to the action's keys. Raises ValueError for a name or key already taken."""
        taken = {
            key for other in self._actions.values() if other.name not in self._told for key in other.keys
        }
        if action.name in self._actions or taken & set(action.keys):
            raise ValueError(f"The action {action.name} or one of its keys is there already.")
        self._actions[action.name] = action
        for key in action.keys:
            shortcut = (_SpaceShortcut if key == "Space" else QShortcut)(QKeySequence(key), self._window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(handler)
            if action.everywhere:
                self._everywhere.add(key, handler)

    def tell(self, action: Action) -> None:
        """Show on the sheet what a panel does by itself while it has the keyboard; nothing is bound to it.

        Raises ValueError for a name already taken.
        """
        if action.name in self._actions:
            raise ValueError(f"The action {action.name} is there already.")
        self._actions[action.name] = action
        self._told.add(action.name)

    def groups(self) -> dict[str, tuple[Action, ...]]:
        """The actions by group, each in the order they were added."""
        found: dict[str, list[Action]] = {}
        for action in self._actions.values():
            found.setdefault(action.group, []).append(action)
        return {group: tuple(actions) for group, actions in found.items()}
