"""How a combination of keys is written: one spelling for each, whether from a text or from a press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_SHIFT, _KEYPAD = Qt.KeyboardModifier.ShiftModifier.value, Qt.KeyboardModifier.KeypadModifier.value
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier.value
    | Qt.KeyboardModifier.AltModifier.value
    | Qt.KeyboardModifier.MetaModifier.value
    | _SHIFT
)
_FIRST_NAMED = 0x01000000
"""Below it a key is the character that it writes, above it one with a name: Tab, Del, F2."""
_NO_KEYS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_ScrollLock,
    Qt.Key.Key_Mode_switch,
    Qt.Key.Key_Multi_key,
    Qt.Key.Key_unknown,
)


def spelled(text: str) -> str:
    """``text`` as it is spelled here, such as ``Ctrl+K``; empty where it names no one combination."""
    sequence = QKeySequence(text)
    if sequence.count() != 1 or not sequence.toString():
        return ""
    combined = sequence[0].toCombined()  # type: ignore[index]  # the stubs know no sequence's items
    return _spell(combined & ~_ALL, combined & _MODIFIERS)


def pressed(event: QKeyEvent) -> str:
    """What is pressed, keypad or not; empty while that is no key yet (Ctrl alone) or none that has a name."""
    return _spell(event.key(), event.modifiers().value & _MODIFIERS)


def held(event: QKeyEvent) -> str:
    """What is held down while no key is pressed yet, as ``Ctrl+Shift+``."""
    told = (
        ("Ctrl", Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Control),
        ("Alt", Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Alt),
        ("Shift", Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Shift),
    )
    return "".join(
        f"{word}+" for word, modifier, key in told if event.modifiers() & modifier or event.key() == key
    )


def sequences(key: str) -> list[QKeySequence]:
    """All that a keyboard may send for ``key``: Enter of the keypad is the other Enter."""
    if not key.endswith("Return"):
        return [QKeySequence(key)]
    return [QKeySequence(key), QKeySequence(f"{key.removesuffix('Return')}Enter")]


def shown(key: str) -> str:
    """As a person reads it on this system."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return text.replace("Return", "Enter")


def is_typed(key: str) -> bool:
    """Whether it writes a character: a letter, a figure, a sign or a space, with Shift or without."""
    return _writes(key) and not any(modifier in key for modifier in ("Ctrl+", "Alt+", "Meta+"))


def may_be_typed(key: str) -> bool:
    """Whether it writes a character on some keyboard: AltGr is Ctrl+Alt on one system, Alt on another."""
    return is_typed(key) or (_writes(key) and "Alt+" in key)


_ALL = _MODIFIERS | _KEYPAD | Qt.KeyboardModifier.GroupSwitchModifier.value


def _spell(key: int, modifiers: int) -> str:
    if not key or key in _NO_KEYS:
        return ""
    if key == Qt.Key.Key_Backtab:
        key, modifiers = Qt.Key.Key_Tab.value, modifiers | _SHIFT
    elif key == Qt.Key.Key_Enter:
        key = Qt.Key.Key_Return.value
    elif Qt.Key.Key_Space.value < key < _FIRST_NAMED and not chr(key).isalpha():
        modifiers &= ~_SHIFT  # which keys want Shift for a sign or a figure is the keyboard's affair
    return QKeySequence(key | modifiers).toString()


def _writes(key: str) -> bool:
    return key.endswith("Space") or len(_last(key)) == 1


def _last(key: str) -> str:
    """The key itself, without what is held down beside it."""
    return "+" if key.endswith("+") else key.rpartition("+")[2]
