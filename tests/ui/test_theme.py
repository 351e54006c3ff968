"""The look: what is written can be read in both themes, and whatever has the keyboard shows it."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QTableWidget, QVBoxLayout, QWidget

import pitdesk_ui
from pitdesk_ui.batch.ladder_dialog import LadderDialog
from pitdesk_ui.dressing import apply_theme, recolor
from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.style_sheet import style_sheet
from pitdesk_ui.theme import DARK, LIGHT, Theme, set_role, theme_of

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
OPEN_GROUNDS = ("ground", "panel", "raised")  # where anything without a ground of its own may stand
PAINTED = {
    "text": ("field", "hover", "selection", "marked", "stripe", "still", "warning_ground", "accent_ground",
             "yes_ground", "no_ground", "wrong_selection", "line"),
    "muted": ("field", "hover", "selection", "stripe", "still"),
    "soft": ("hover", "selection"),
    "yes": ("selection", "stripe", "still", "hover"),
    "no": ("selection", "stripe", "still", "field", "hover"),
    "accent": ("selection", "stripe", "still"),
    "warning": ("selection", "stripe", "still", "warning_ground"),
    "on_yes_ground": ("yes_ground", "panel", "hover"),
    "on_no_ground": ("no_ground", "panel", "hover"),
}  # fmt: skip
"""What the painted widgets write on, beside the open grounds: cells, ladder, chips, the crosshair's tag."""
ROLES = sorted(set(re.findall(r'QPushButton\[role="(\w+)"\]', style_sheet(DARK))))


def contrast(one: QColor, other: QColor) -> float:
    """WCAG's ratio, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def written(theme: Theme) -> list[tuple[str, str, str]]:
    """Every (selector, ink, ground) of the style sheet; the ground as inherited from the plain selector."""
    sheet = re.sub(r"/\*.*?\*/", "", style_sheet(theme), flags=re.DOTALL)
    grounds: dict[str, str] = {}
    inks: dict[str, str] = {}
    found = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        rules = dict(re.findall(r"([\w-]+):\s*([^;]+);", body))
        for selector in (each.strip() for each in selectors.split(",")):
            plain = re.sub(r":[\w-]+$", "", selector)
            kind = re.sub(r'\[role="\w+"\]', "", plain)
            ink = rules.get("color", inks.get(plain, inks.get(kind, theme.text)))
            over = rules.get("background", grounds.get(plain, grounds.get(kind, "transparent")))
            inks[selector], grounds[selector] = ink, over
            found.append((selector, ink, over))
    return found


@THEMES
def test_every_text_of_the_style_sheet_is_readable_on_its_ground(theme):
    pairs = written(theme)
    assert len(pairs) > 100
    for selector, ink, over in pairs:
        if re.search(r"handle|indicator|chunk|line_", selector):
            continue  # nothing is written there
        opens = [getattr(theme, name) for name in OPEN_GROUNDS]
        for under in [over] if over.startswith("#") else opens:
            assert contrast(QColor(ink), QColor(under)) >= 4.5, f"{selector}: {ink} on {under}"


@THEMES
@pytest.mark.parametrize("ink", PAINTED)
def test_every_painted_text_is_readable_on_its_ground(theme, ink):
    for under in (*OPEN_GROUNDS, *PAINTED[ink]):
        assert contrast(theme.color(ink), theme.color(under)) >= 4.5, f"{ink} on {under}"


@THEMES
def test_what_is_drawn_stands_out(theme):
    for drawn in ("accent", "yes", "no", "warning"):
        assert contrast(theme.color(drawn), theme.color("panel")) >= 3
    icons = Path(resource_path("icons"))
    for name, under in {"gear": "panel", "menu": "panel", "chevron-down": "field", "chevron-right": "panel",
                        "check": "accent"}.items():  # fmt: skip
        drawing = (icons / f"{name}{theme.icons}.svg").read_text(encoding="utf-8")
        stroke = re.search(r'stroke="(#\w{6})"', drawing)
        assert contrast(QColor(stroke[1]), theme.color(under)) >= 3, name


def test_the_tokens_are_the_only_place_of_colors():
    ui = Path(pitdesk_ui.__file__).parent
    for file in ui.rglob("*.py"):
        if file.name != "theme.py":
            assert not re.findall(r"#[0-9a-fA-F]{6}\b", file.read_text(encoding="utf-8")), file.name
    assert set(asdict(DARK)) == set(asdict(LIGHT))
    same = {name for name, value in asdict(DARK).items() if value == getattr(LIGHT, name)}
    assert same <= {"on_demo", "live", "on_live"}, "a light token was forgotten"


def test_a_widget_knows_the_theme_that_it_stands_in(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    inside = QPushButton("Inside", window)
    for theme in (LIGHT, DARK, LIGHT, DARK):
        apply_theme(QApplication.instance(), theme)
        qtbot.waitUntil(lambda theme=theme: theme_of(window) is theme and theme_of(inside) is theme)


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def theme(request):
    """Each theme, and the dark one again for whoever comes after."""
    apply_theme(QApplication.instance(), request.param)
    yield request.param
    apply_theme(QApplication.instance())


@pytest.fixture
def ground(qtbot, theme):
    """``ground(control)``: a window with it in it, in which something else has the keyboard."""
    window = QWidget()
    set_role(window, "window")
    qtbot.addWidget(window)

    def stand(control: QWidget) -> tuple[QWidget, QWidget]:
        other = QPushButton("Elsewhere")
        layout = QVBoxLayout(window)
        layout.addWidget(other)
        layout.addWidget(control)
        window.show()
        qtbot.waitActive(window)
        give(qtbot, other)
        return window, other

    return stand


def give(qtbot, control: QWidget) -> None:
    """The keyboard, as Tab does."""
    control.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(control.hasFocus)


def edge(control: QWidget, window: QWidget) -> list[QColor]:
    """The pixels at the middle of its upper edge, from outside inwards."""
    image = window.grab().toImage()
    spot = control.mapTo(window, control.rect().topLeft())
    return [image.pixelColor(spot.x() + control.width() // 2, spot.y() + row) for row in range(3)]


@pytest.mark.parametrize("lit", [False, True])
@pytest.mark.parametrize("role", ["", *ROLES])
def test_a_button_that_has_the_keyboard_shows_it_at_its_edge(ground, theme, qtbot, role, lit):
    button = QPushButton(" ")
    button.setCheckable(True)
    button.setChecked(lit)
    set_role(button, role)
    window, _ = ground(button)
    without, size = edge(button, window), button.sizeHint()
    give(qtbot, button)
    ring = edge(button, window)
    assert contrast(ring[0], QColor(theme.panel)) >= 3, "it stands out from the panel"
    assert max(map(contrast, ring, without)) >= 1.6, "it is another than without the keyboard"
    assert button.sizeHint() == size, "nothing moves when the keyboard comes"


def test_no_second_frame_is_drawn_inside_a_button_with_the_keyboard(ground, qtbot):
    button = QPushButton(" ")
    button.setMinimumSize(120, 40)
    button.setCheckable(True)
    button.setChecked(True)
    set_role(button, "env_demo")
    _, other = ground(button)
    inside = button.rect().adjusted(8, 8, -8, -8)
    without = button.grab(inside).toImage()
    qtbot.keyClick(other, Qt.Key.Key_Tab)
    qtbot.waitUntil(button.hasFocus)
    assert button.grab(inside).toImage() == without


@pytest.mark.parametrize("ticked", [False, True])
def test_a_check_box_that_has_the_keyboard_shows_it(ground, qtbot, ticked):
    box = QCheckBox("Post only")
    box.setChecked(ticked)
    _, other = ground(box)
    pictures = []
    for focused in (other, box):
        give(qtbot, focused)
        pictures.append(box.grab().toImage())
    spots = [(x, y) for x in range(box.width()) for y in range(box.height())]
    changed = max(contrast(*(picture.pixelColor(*spot) for picture in pictures)) for spot in spots)
    assert changed >= 1.6


def test_what_a_dialog_has_written_already_is_recolored_too(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    dialog = LadderDialog(lambda _: (), window)
    dialog.show_rungs([("10¢", "5", "$0.55")], "1 order", ())
    dialog.show()
    table = dialog.findChild(QTableWidget)
    for shown in (DARK, LIGHT, theme):
        recolor(QApplication.instance(), shown)
        qtbot.waitUntil(lambda shown=shown: shown.muted in colors(table.viewport()))
    dialog.close()


def colors(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(40) for y in range(min(image.height(), 30))}
