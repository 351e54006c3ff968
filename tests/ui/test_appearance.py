"""Settings → Appearance on the whole program: another theme at once, nothing lost; another text size then."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from pitdesk_ui.__main__ import _glance, _text_percent
from pitdesk_ui.application import Application
from pitdesk_ui.dressing import apply_theme
from pitdesk_ui.settings.appearance_page import TextSize, ThemeChoice
from pitdesk_ui.theme import DARK, LIGHT, Theme, theme_of
from pitdesk_ui.ticket.controls import ChoiceBox
from tests.window_ground import running_program
from tools.tour.hand import Hand


@pytest.fixture(autouse=True)
def dark_again():
    yield
    apply_theme(QApplication.instance())


def choose(hand: Hand, theme: ThemeChoice) -> None:
    """As a person: open the settings, go to the page, choose in the box."""
    hand.click("top.settings")
    hand.click("settings.appearance")
    box = hand.find("appearance.theme", ChoiceBox)
    box.setCurrentIndex(list(ThemeChoice).index(theme))


def ground_of(widget: QWidget) -> str:
    """The colour at the widget's upper left corner, as it is painted within its window."""
    image = widget.window().grab().toImage()
    spot = widget.mapTo(widget.window(), widget.rect().topLeft())
    return image.pixelColor(spot.x() + 6, spot.y() + 6).name()


def colors_of(widget: QWidget) -> set[str]:
    """All colours that it is painted in."""
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(image.height())}


async def see_theme(application: Application, hand: Hand, theme: Theme) -> None:
    """Every kind of widget that paints itself, and what the style sheet paints."""
    await hand.see("the theme", lambda: theme_of(application.window) is theme)
    parts = application.parts
    assert parts is not None
    await hand.see("the panels", lambda: ground_of(hand.find("finder.panel", QWidget)) == theme.panel)
    for widget, tokens in (
        (parts.ladder.grid, ("line", "yes_ground", "no_ground")),
        (parts.ladder.heads, ("line",)),
        (parts.finder.listing, ("selection",)),
        (parts.market.canvas, ("line", "accent")),
    ):
        await hand.see(
            f"{widget.objectName()} in it",
            lambda widget=widget, tokens=tokens: (
                {getattr(theme, token) for token in tokens} <= colors_of(widget)
            ),
        )
    gear = hand.find("top.settings", QPushButton)
    drawn = gear.icon().pixmap(18, 18).toImage()
    inks = [
        drawn.pixelColor(x, y) for x in range(18) for y in range(18) if drawn.pixelColor(x, y).alpha() > 200
    ]
    assert inks
    assert all(abs(ink.lightness() - QColor(theme.soft).lightness()) < 40 for ink in inks)


def test_another_theme_is_there_at_once_and_nothing_typed_is_lost(tmp_path: Path, run_async):
    async def scene() -> None:
        async with running_program(tmp_path, practice=True) as (application, hand):
            await hand.see("the session", lambda: application.view is not None)
            await hand.see("the ladder", lambda: application.parts.ladder.grid.picture.book is not None)
            contracts = hand.find("ticket.contracts", QLineEdit)
            contracts.setText("37")
            view, parts = application.view, application.parts
            await see_theme(application, hand, DARK)
            for choice, theme in ((ThemeChoice.LIGHT, LIGHT), (ThemeChoice.DARK, DARK)):
                choose(hand, choice)
                await see_theme(application, hand, theme)
                settings = application.window.findChild(QWidget, "settings")
                assert theme_of(settings) is theme
            assert contracts.text() == "37"
            assert application.view is view
            assert application.parts is parts

    run_async(scene(), timeout=240)


def test_the_theme_is_kept_and_there_before_the_first_paint(tmp_path: Path, run_async):
    async def scene() -> None:
        async with running_program(tmp_path, practice=True) as (_, hand):
            choose(hand, ThemeChoice.LIGHT)
        apply_theme(QApplication.instance())
        async with running_program(tmp_path, practice=True) as (application, hand):
            assert application.look.theme is LIGHT
            assert ground_of(hand.find("finder.panel", QWidget)) == LIGHT.panel
            choose(hand, ThemeChoice.SYSTEM)
        async with running_program(tmp_path, practice=True) as (application, hand):
            hand.click("top.settings")
            hand.click("settings.appearance")
            assert hand.find("appearance.theme", ChoiceBox).choice is ThemeChoice.SYSTEM

    run_async(scene(), timeout=240)


def test_as_the_system_follows_it_and_a_chosen_theme_does_not(tmp_path: Path, run_async):
    changed = QApplication.styleHints().colorSchemeChanged  # as the platform emits it

    async def scene() -> None:
        async with running_program(tmp_path, practice=True) as (application, hand):
            changed.emit(Qt.ColorScheme.Light)
            assert application.look.theme is DARK
            choose(hand, ThemeChoice.SYSTEM)
            assert application.look.theme is LIGHT
            for scheme, theme in (
                (Qt.ColorScheme.Dark, DARK),
                (Qt.ColorScheme.Light, LIGHT),
                (Qt.ColorScheme.Unknown, DARK),
            ):
                changed.emit(scheme)
                await hand.see(f"{scheme}", lambda theme=theme: theme_of(application.window) is theme)
            choose(hand, ThemeChoice.LIGHT)
            changed.emit(Qt.ColorScheme.Dark)
            await asyncio.sleep(0)
            assert application.look.theme is LIGHT

    run_async(scene(), timeout=240)


STARTED = """
import asyncio, os, sys
from pitdesk_ui import application
from pitdesk_ui.__main__ import main

class Seen(application.Application):
    async def run(self):
        asyncio.get_running_loop().call_later(0.2, self.tell)
        return await super().run()

    def tell(self):
        picture = self.window.grab()
        print(round(picture.width() / self.window.width(), 2), os.environ.get("QT_SCALE_FACTOR"), flush=True)
        self.ask_to_close()

application.Application = Seen
sys.exit(main(["--state", sys.argv[1]]))
"""


def started(folder: Path, own_factor: str | None = None) -> list[str]:
    """The real program on those files: how large it draws, what others started from it inherit."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
    env.pop("QT_SCALE_FACTOR", None)
    if own_factor is not None:
        env["QT_SCALE_FACTOR"] = own_factor
    ran = subprocess.run(
        [sys.executable, "-c", STARTED, str(folder)],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


def test_another_text_size_is_there_at_the_next_start(tmp_path: Path, run_async):
    async def scene() -> None:
        async with running_program(tmp_path) as (application, hand):
            application.show_settings()
            hand.click("settings.appearance")
            assert "A new size takes effect when Pitdesk starts next" in hand.text(
                "appearance.text_size.told"
            )
            sizes = hand.find("appearance.text_size", ChoiceBox)
            sizes.setCurrentIndex(list(TextSize).index(TextSize.LARGE))
            assert "It is 100 % now, and 125 % when Pitdesk starts next" in hand.text(
                "appearance.text_size.told"
            )

    assert started(tmp_path) == ["1.0", "None"]
    run_async(scene(), timeout=240)
    assert started(tmp_path) == ["1.25", "None"]
    assert started(tmp_path, "2") == ["2.5", "2"]


@pytest.mark.parametrize(
    "told", ["not json", "[]", '{"appearance": 5}', '{"appearance": {"text_size": "x"}}']
)
def test_a_text_size_that_cannot_be_read_is_the_usual_one(tmp_path: Path, told: str):
    (tmp_path / "settings.json").write_text(told)
    assert _text_percent(_glance(tmp_path / "settings.json")) == 100


@pytest.mark.parametrize("said, drawn", [(1, 90), (90, 90), (118, 118), (150, 150), (9000, 150)])
def test_a_text_size_stays_within_what_can_be_used(tmp_path: Path, said: int, drawn: int):
    (tmp_path / "settings.json").write_text(f'{{"appearance": {{"text_size": {said}}}}}')
    assert _text_percent(_glance(tmp_path / "settings.json")) == drawn
