"""The page of the look: the theme, at once."""

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


class AppearancePage(QFrame):
    """Keeps what is chosen in the settings; who dresses the window listens there."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._theme = ChoiceBox[ThemeChoice]("appearance.theme", "Theme", _THEME_WORDS.items())
        self._theme.choose(_theme_of(settings.appearance.theme))
        self._build()
        self._theme.currentIndexChanged.connect(self._keep)

    def _build(self) -> None:
        set_role(self, "panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(plain_label("Colors", "section"))
        row = QHBoxLayout()
        row.addLayout(captioned("Theme", self._theme))
        row.addStretch(1)
        layout.addLayout(row)
        told = SentenceLabel("muted")
        told.say(
            "Changes at once. As the system: dark or light with the rest of this computer, dark if unknown."
        )
        layout.addWidget(told)
        layout.addStretch(1)

    def _keep(self) -> None:
        self._settings.appearance = msgspec.structs.replace(
            self._settings.appearance, theme=self._theme.choice.value
        )


def _theme_of(kept: str) -> ThemeChoice:
    try:
        return ThemeChoice(kept)
    except ValueError:
        return ThemeChoice.DARK
