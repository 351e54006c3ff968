"""The look: whatever has the keyboard shows it, whichever role it has and whether it is lit or not."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QVBoxLayout, QWidget

from pitdesk_ui.style_sheet import style_sheet
from pitdesk_ui.theme import DARK, apply_theme, set_role

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


@pytest.fixture
def ground(qtbot):
    """``ground(control)``: a window with it in it, in which something else has the keyboard."""
    apply_theme(QApplication.instance())
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
def test_a_button_that_has_the_keyboard_shows_it_at_its_edge(ground, qtbot, role, lit):
    button = QPushButton(" ")
    button.setCheckable(True)
    button.setChecked(lit)
    set_role(button, role)
    window, _ = ground(button)
    without, size = edge(button, window), button.sizeHint()
    give(qtbot, button)
    ring = edge(button, window)
    assert contrast(ring[0], QColor(DARK.panel)) >= 3, "it stands out from the panel"
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
