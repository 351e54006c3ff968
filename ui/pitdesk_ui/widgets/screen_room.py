"""What room a screen has for a window, its frame included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_FRAME = QSize(4, 44)  # what a window manager may put around a window


def room_for(window: QWidget) -> QSize | None:
    """The largest that ``window`` may be on its screen, None where there is no real screen."""
    if QGuiApplication.platformName() == "offscreen":
        return None
    return window.screen().availableGeometry().size() - _FRAME


def resize_within(window: QWidget, wanted: QSize) -> None:
    """As large as ``wanted`` where the screen has room; never with a smallest size that it has not."""
    room = room_for(window)
    if room is None:
        window.resize(wanted)
        return
    window.setMinimumSize(window.minimumSize().boundedTo(room))
    window.resize(wanted.boundedTo(room))


def centered_over(window: QWidget, parent: QWidget) -> QRect:
    """The place of ``window`` over the middle of ``parent``, its title bar never above the screen."""
    place = window.frameGeometry()
    place.moveCenter(parent.frameGeometry().center())
    screen = parent.screen().availableGeometry()
    place.moveLeft(max(place.left(), screen.left()))
    place.moveTop(max(place.top(), screen.top()))
    return place
