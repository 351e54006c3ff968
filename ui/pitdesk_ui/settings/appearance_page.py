"""The page of the look: the theme, at once, and the size of text, from the next start on."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from pitdesk import appearance
from pitdesk_ui.connect.fields import SentenceLabel
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, captioned
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk.settings import Settings


class ThemeChoice(Enum):
    """The value is what the settings keep."""

    DARK = appearance.DARK
    LIGHT = appearance.LIGHT
    SYSTEM = appearance.SYSTEM


_THEME_WORDS = {
    ThemeChoice.DARK: "Dark",
    ThemeChoice.LIGHT: "Light",
    ThemeChoice.SYSTEM: "As the system",
}


class TextSize(Enum):
    """In percent, as the settings keep it."""

    SMALL = 90
    USUAL = 100
    LARGER = 110
    LARGE = 125
    LARGEST = 150


_SIZE_WORDS = {size: f"{size.value} %" for size in TextSize}


class AppearancePage(QFrame):
    """Keeps what is chosen in the settings; who dresses the window listens there."""

    def __init__(self, settings: Settings, shown_percent: int) -> None:
        """``shown_percent``: the text size that this run began with."""
        super().__init__()
        self._settings = settings
        self._shown = shown_percent
        self._size = ChoiceBox[TextSize]("appearance.text_size", "Text size", _SIZE_WORDS.items())
        self._size.choose(_size_of(settings.appearance.percent))
        self._size_told = SentenceLabel("muted", "appearance.text_size.told")
        self._theme = ChoiceBox[ThemeChoice]("appearance.theme", "Theme", _THEME_WORDS.items())
        self._theme.choose(_theme_of(settings.appearance.theme))
        self._build()
        self._tell_size()
        self._theme.currentIndexChanged.connect(self._keep)
        self._size.currentIndexChanged.connect(self._keep)

    def _build(self) -> None:
        set_role(self, "panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(plain_label("Colors", "section"))
        layout.addLayout(_left(captioned("Theme", self._theme)))
        told = SentenceLabel("muted")
        told.say("Changes at once. “As the system” follows this computer, and is dark where it does not say.")
        layout.addWidget(told)
        layout.addSpacing(8)
        layout.addWidget(plain_label("Text", "section"))
        layout.addLayout(_left(captioned("Text size", self._size)))
        layout.addWidget(self._size_told)
        layout.addStretch(1)

    def _keep(self) -> None:
        self._settings.appearance = msgspec.structs.replace(
            self._settings.appearance, theme=self._theme.choice.value, text_size=self._size.choice.value
        )
        self._tell_size()

    def _tell_size(self) -> None:
        wanted = self._settings.appearance.percent
        told = (
            "Rows, columns and buttons grow with it. Where they leave too little room, the chart is hidden."
        )
        if wanted != self._shown:
            told += f" It is {self._shown} % now, and {wanted} % when Pitdesk starts next."
        else:
            told += " A new size takes effect when Pitdesk starts next."
        self._size_told.say(told)


def _left(inside: QVBoxLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addLayout(inside)
    row.addStretch(1)
    return row


def _size_of(percent: int) -> TextSize:
    """The nearest that may be chosen: a file may say any."""
    return min(TextSize, key=lambda size: abs(size.value - percent))


def _theme_of(kept: str) -> ThemeChoice:
    try:
        return ThemeChoice(kept)
    except ValueError:
        return ThemeChoice.DARK
