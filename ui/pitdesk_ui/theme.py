"""The look: colours, fonts and the style sheet, made once from a handful of tokens.

A widget says what it is by its ``role`` property (``set_role``) and gets its look from here. Painted widgets
(chart, ladder, tables) read the :class:`Theme` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.style_sheet import style_sheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

FONT_FAMILY = "Inter"
FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
BODY_PX = 13
CAPTION_PX = 12


@dataclass(frozen=True, slots=True)
class Theme:
    """Colour tokens, as ``#rrggbb``. Every text token is at least 4.5:1 on every ground it is used on."""

    ground: str = "#0f1216"
    panel: str = "#151a20"
    raised: str = "#1c232b"
    field: str = "#0f1216"
    line: str = "#27303a"
    hover: str = "#232c36"
    selection: str = "#203040"
    text: str = "#e6ebf0"
    muted: str = "#8a97a6"
    yes: str = "#3fb68b"
    no: str = "#e5716b"
    accent: str = "#5aa2f0"
    warning: str = "#e0a83e"
    yes_ground: str = "#17382d"
    no_ground: str = "#3d1f1f"
    accent_ground: str = "#1b3a5e"
    warning_ground: str = "#3a2d12"
    on_yes: str = "#06130e"

    def color(self, token: str) -> QColor:
        """The token's colour, to paint with."""
        return QColor(getattr(self, token))


DARK = Theme()


def load_fonts() -> None:
    """Make the bundled typeface known to Qt, so that a bare machine renders text."""
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))


def font(pixels: int = BODY_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The typeface at ``pixels``, its figures all of one width so that numbers line up."""
    made = QFont(FONT_FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def apply_theme(application: QApplication, theme: Theme = DARK) -> None:
    """Give the whole program its font, palette and style sheet."""
    apply_type_and_colors(application, theme)
    apply_style_sheet(application, theme)


def apply_type_and_colors(application: QApplication, theme: Theme = DARK) -> None:
    """The part that widgets measure themselves by: before any is made."""
    load_fonts()
    application.setStyle("Fusion")
    application.setFont(font())
    application.setPalette(_palette(theme))


def apply_style_sheet(application: QApplication, theme: Theme = DARK) -> None:
    """The part that may come when the window stands."""
    application.setStyleSheet(style_sheet(theme))


def set_role(widget: QWidget, role: str) -> None:
    """Say what ``widget`` is (``"buy"``, ``"caption"`` …); its look follows at once."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for target, token in (
        (role.Window, "ground"),
        (role.Base, "panel"),
        (role.AlternateBase, "raised"),
        (role.Button, "raised"),
        (role.ToolTipBase, "raised"),
        (role.Text, "text"),
        (role.WindowText, "text"),
        (role.ButtonText, "text"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Highlight, "selection"),
        (role.HighlightedText, "text"),
        (role.Link, "accent"),
    ):
        palette.setColor(target, theme.color(token))
    for target in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, theme.color("muted"))
    return palette
