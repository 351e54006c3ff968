"""A small square button with a picture, drawn for the theme that it stands in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton

from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.theme import set_role, theme_of

_PICTURE, _SIDE = 18, 32


class IconButton(QPushButton):
    """Its words are in the tool tip and for assistive technology."""

    def __init__(self, name: str, picture: str, described: str) -> None:
        """``picture``: the name of the file under ``icons``, without ending."""
        super().__init__()
        self._picture = picture
        self._drawn_for = ""
        self.setObjectName(name)
        self.setIconSize(QSize(_PICTURE, _PICTURE))
        self.setFixedSize(_SIDE, _SIDE)
        self.setToolTip(described)
        self.setAccessibleName(described)
        set_role(self, "icon")
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has pictures of its own."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        wanted = f"{self._picture}{theme_of(self).icons}.svg"
        if wanted != self._drawn_for:
            self._drawn_for = wanted
            self.setIcon(QIcon(str(resource_path("icons", wanted))))
