"""Dresses the program in a theme: its typeface, its palette and its style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.style_sheet import style_sheet
from pitdesk_ui.theme import DARK, Theme, font, load_fonts, palette_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def apply_theme(application: QApplication, theme: Theme = DARK) -> None:
    """Give the whole program its font, palette and style sheet."""
    apply_type_and_colors(application, theme)
    apply_style_sheet(application, theme)


def apply_type_and_colors(application: QApplication, theme: Theme = DARK) -> None:
    """The part that widgets measure themselves by: before any is made."""
    load_fonts()
    application.setStyle("Fusion")
    application.setFont(font())
    application.setPalette(palette_of(theme))


def apply_style_sheet(application: QApplication, theme: Theme = DARK) -> None:
    """The part that may come when the window stands."""
    application.setStyleSheet(style_sheet(theme))


def recolor(application: QApplication, theme: Theme) -> None:
    """Another theme over all that stands."""
    application.setPalette(palette_of(theme))
    apply_style_sheet(application, theme)
