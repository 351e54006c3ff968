"""The look in tokens: the colours of both themes, and the typeface. :mod:`pitdesk_ui.dressing` puts them on.

A widget says what it is by its ``role`` property (``set_role``) and gets its look from here. Painted widgets
(chart, ladder, tables) ask :func:`theme_of` at every paint, so that another look is there at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from pitdesk_ui.resources_path import resource_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

FONT_FAMILY = "Inter"
FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
BODY_PX = 13
CAPTION_PX = 12


@dataclass(frozen=True, slots=True)
class Theme:
    """Colour tokens, as ``#rrggbb``. Every text token is at least 4.5:1 on every ground it is used on.

    ``on_…`` is what is written on the ground of that name; ``…_edge`` frames it. ``icons`` is the ending of
    the pictures drawn for it.
    """

    ground: str = "#0f1216"
    panel: str = "#151a20"
    raised: str = "#1c232b"
    field: str = "#0f1216"
    line: str = "#27303a"
    hover: str = "#232c36"
    selection: str = "#203040"
    text: str = "#e6ebf0"
    soft: str = "#b9c3ce"
    muted: str = "#8a97a6"
    yes: str = "#3fb68b"
    no: str = "#e87973"
    accent: str = "#5aa2f0"
    warning: str = "#e0a83e"
    yes_ground: str = "#17382d"
    no_ground: str = "#3d1f1f"
    accent_ground: str = "#1b3a5e"
    warning_ground: str = "#3a2d12"
    on_yes: str = "#06130e"
    on_no: str = "#1b0606"
    on_accent: str = "#06121f"
    on_yes_ground: str = "#8fe0c1"
    on_no_ground: str = "#f3b1ac"
    on_accent_ground: str = "#cfe5ff"
    yes_hover: str = "#4cc79b"
    no_hover: str = "#f0837d"
    accent_hover: str = "#77b4f5"
    no_ground_hover: str = "#552828"
    yes_edge: str = "#2b6b52"
    no_edge: str = "#8c3b38"
    box_edge: str = "#4a5766"
    drop_edge: str = "#3c4856"
    handle: str = "#33404d"
    handle_hover: str = "#43525f"
    stripe: str = "#181e25"
    still: str = "#12161b"
    marked: str = "#2b4156"
    wrong_selection: str = "#5a2a2a"
    demo: str = "#e0a83e"
    on_demo: str = "#1a1203"
    live: str = "#b3261e"
    on_live: str = "#ffffff"
    live_edge: str = "#d5372e"
    icons: str = ""

    def color(self, token: str) -> QColor:
        """The token's colour, to paint with."""
        return QColor(getattr(self, token))


DARK = Theme()
LIGHT = Theme(
    ground="#eef1f5",
    panel="#ffffff",
    raised="#f1f4f7",
    field="#ffffff",
    line="#d3dae2",
    hover="#e4eaf1",
    selection="#d8e6f8",
    text="#17202b",
    soft="#3c4855",
    muted="#536070",
    yes="#0a7350",
    no="#b3302a",
    accent="#1b5fb8",
    warning="#855400",
    yes_ground="#d3eee2",
    no_ground="#f9dedc",
    accent_ground="#d8e6f8",
    warning_ground="#fcf0d4",
    on_yes="#ffffff",
    on_no="#ffffff",
    on_accent="#ffffff",
    on_yes_ground="#085c40",
    on_no_ground="#8f231e",
    on_accent_ground="#124a92",
    yes_hover="#086043",
    no_hover="#982721",
    accent_hover="#154d97",
    no_ground_hover="#f3c9c6",
    yes_edge="#6fbf9f",
    no_edge="#d98d88",
    box_edge="#8594a4",
    drop_edge="#9aa7b5",
    handle="#c2cbd5",
    handle_hover="#a3afbc",
    stripe="#f7f9fb",
    still="#f3f5f8",
    marked="#cfe0f5",
    wrong_selection="#f0bcb8",
    demo="#f2b544",
    on_demo="#1a1203",
    live="#b3261e",
    on_live="#ffffff",
    live_edge="#8e1c16",
    icons="-light",
)


_MARK = QPalette.ColorRole.LinkVisited  # no style sheet touches it: it says which theme the palette is of

_BY_MARK = {QColor(theme.on_accent_ground).rgb(): theme for theme in (DARK, LIGHT)}


def theme_of(widget: QWidget) -> Theme:
    """The theme that ``widget`` is shown in now, as its palette says; to be asked at every paint."""
    mark: int = widget.palette().color(_MARK).rgb()
    return _BY_MARK.get(mark, DARK)


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


def set_role(widget: QWidget, role: str) -> None:
    """Say what ``widget`` is (``"buy"``, ``"caption"`` …); its look follows at once."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def palette_of(theme: Theme) -> QPalette:
    """What Qt draws by where no style sheet speaks, and what :func:`theme_of` knows the theme by."""
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
        (_MARK, "on_accent_ground"),
    ):
        palette.setColor(target, theme.color(token))
    for target in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, theme.color("muted"))
    return palette
