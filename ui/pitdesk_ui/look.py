"""The look of the running program: its theme, changed at once when the person or the system changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from pitdesk import appearance
from pitdesk_ui.dressing import apply_style_sheet, apply_type_and_colors, recolor
from pitdesk_ui.theme import DARK, LIGHT, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from pitdesk.settings import Settings


class Look(QObject):
    """Dresses the application. Widgets find the theme in their palette: :func:`pitdesk_ui.theme.theme_of`."""

    def __init__(self, qt: QApplication, settings: Settings) -> None:
        """Before any widget is made: the typeface, its size, and the colours to measure and paint by."""
        super().__init__()
        self._qt = qt
        self._settings = settings
        self._scheme = qt.styleHints().colorScheme()
        self._theme = self._wanted()
        self.percent = settings.appearance.percent
        """The text size that this run began with: another is for the next start."""
        apply_type_and_colors(qt, self._theme)
        qt.styleHints().colorSchemeChanged.connect(self._follow)
        self._disconnect = settings.changed.connect(self._on_setting)

    @property
    def theme(self) -> Theme:
        """What is shown."""
        return self._theme

    def dress(self) -> None:
        """The style sheet, once the window stands: over all of it at once."""
        apply_style_sheet(self._qt, self._theme)

    def close(self) -> None:
        """The program ends."""
        self._qt.styleHints().colorSchemeChanged.disconnect(self._follow)
        self._disconnect()

    def _wanted(self) -> Theme:
        chosen = self._settings.appearance.theme
        if chosen == appearance.SYSTEM:
            return LIGHT if self._scheme == Qt.ColorScheme.Light else DARK
        return LIGHT if chosen == appearance.LIGHT else DARK

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._show()

    def _on_setting(self, name: str) -> None:
        if name == "appearance":
            self._show()

    def _show(self) -> None:
        theme = self._wanted()
        if theme is not self._theme:
            self._theme = theme
            recolor(self._qt, theme)
