"""The window's actions, each bound to the keys in force, and bound anew when those change.

Most keys are the window's only where what has the keyboard leaves them to it: a text field takes what it
types and edits by, but no letters with Ctrl, which some systems edit by in Emacs' way. A few keys, the
cancels, act everywhere: in dialogs and before any field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from shiboken6 import isValid

from pitdesk_ui.hotkeys.spelling import pressed, sequences
from pitdesk_ui.widgets.key_recorder import KeyRecorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk_ui.hotkeys.keymap import KeyMap

_SPACE = "Space"
_EMACS_WAY = (
    QKeySequence.StandardKey.MoveToEndOfLine,
    QKeySequence.StandardKey.MoveToStartOfLine,
    QKeySequence.StandardKey.DeleteEndOfLine,
    QKeySequence.StandardKey.DeleteCompleteLine,
)


class _Shortcut(QShortcut):
    """Space is the window's key only where it presses no button and opens no box that has the focus."""

    def __init__(self, window: QWidget, handler: Callable[[], object]) -> None:
        super().__init__(window)
        self._has_space = False
        self.setContext(Qt.ShortcutContext.WindowShortcut)
        self.setAutoRepeat(False)
        self.activated.connect(handler)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def use(self, keys: tuple[str, ...]) -> None:
        """These from now on; none is none."""
        self._has_space = _SPACE in keys
        self.setKeys([sequence for key in keys for sequence in sequences(key)])
        self._on_focus_changed(None, QApplication.focusWidget())

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        self.setEnabled(not (self._has_space and isinstance(now, QAbstractButton | QComboBox)))


class _FirstKeys(QObject):
    """Follows the keyboard from widget to widget and takes keys before each of them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._handlers: dict[str, Callable[[], object]] = {}
        self._windows: frozenset[str] = frozenset()
        self._watched: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, application.focusWidget())

    def use(self, handlers: dict[str, Callable[[], object]], windows: frozenset[str]) -> None:
        """From now on each key is its handler's, wherever the keyboard is; ``windows``: all of the window."""
        self._handlers, self._windows = handlers, windows

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The key is taken from the shortcuts first, and then from the widget; held down it acts once."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(
            event, QKeyEvent
        ):
            return False
        if isinstance(watched, KeyRecorder) and watched.is_recording:
            return False  # it asks which key it shall be, and acts on none
        key = pressed(event)
        handler = self._handlers.get(key)
        if handler is None:
            return kind == QEvent.Type.ShortcutOverride and self._is_held_back(watched, key, event)
        event.accept()
        if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
            handler()
        return True

    def _is_held_back(self, field: QObject, key: str, event: QKeyEvent) -> bool:
        """Whether the field must not claim a key that is the window's."""
        if not isinstance(field, QLineEdit) or key not in self._windows or not key.startswith("Ctrl+"):
            return False
        if not any(event.matches(way) for way in _EMACS_WAY):
            return False
        event.ignore()
        return True

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)  # the filter put last is asked first


@dataclass(frozen=True, slots=True)
class _Bound:
    shortcut: _Shortcut
    handler: Callable[[], object]


class Actions(QObject):
    """What the window does for the actions of the table whose keys are its own."""

    def __init__(self, window: QWidget, keys: KeyMap) -> None:
        super().__init__(window)
        self._window, self._keys = window, keys
        self._bound: dict[str, _Bound] = {}
        self._first = _FirstKeys(window)
        keys.changed.connect(self._bind_anew)

    def bind(self, name: str, handler: Callable[[], object]) -> None:
        """The action of that name does this. Raises KeyError for one that the table has not, and ValueError
        for one that is bound already."""
        self._keys.action(name)
        if name in self._bound:
            raise ValueError(f"The action {name} is bound already.")
        bound = _Bound(_Shortcut(self._window, handler), handler)
        self._bound[name] = bound
        bound.shortcut.use(self._keys.keys(name))
        self._bind_first()

    @property
    def names(self) -> frozenset[str]:
        """Those that are bound."""
        return frozenset(self._bound)

    def _bind_anew(self) -> None:
        for bound in self._bound.values():
            bound.shortcut.use(())  # no two ever have one key, in between neither
        for name, bound in self._bound.items():
            bound.shortcut.use(self._keys.keys(name))
        self._bind_first()

    def _bind_first(self) -> None:
        handlers = {
            key: bound.handler
            for name, bound in self._bound.items()
            if self._keys.everywhere(name)
            for key in self._keys.keys(name)
        }
        self._first.use(handlers, frozenset(key for name in self._bound for key in self._keys.keys(name)))
