"""The clipboard around a private key: read when the person says so, and emptied once the key was taken."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication

_MARK = "PRIVATE KEY"


def has_key(text: str) -> bool:
    """Whether a text looks like a private key's."""
    return _MARK in text


def clipboard_text() -> str:
    """The text on the clipboard."""
    return QGuiApplication.clipboard().text()


def forget_key() -> bool:
    """Empty the clipboard, and the selection where there is one, as far as they still hold a private key.

    True when something was emptied.
    """
    clipboard = QGuiApplication.clipboard()
    modes = [QClipboard.Mode.Clipboard]
    if clipboard.supportsSelection():
        modes.append(QClipboard.Mode.Selection)
    emptied = False
    for mode in modes:
        if has_key(clipboard.text(mode)):
            clipboard.clear(mode)
            emptied = True
    return emptied
