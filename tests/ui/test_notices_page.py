"""Settings, Notices: what reaches the person in the window, by the system, with a sound, and what always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QPushButton, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from pitdesk.notice_choices import NoticeChoices, NoticeWays
from pitdesk.notices import Notice, NoticeKind, Notices
from pitdesk.settings import Settings
from pitdesk_ui.application import Application
from pitdesk_ui.main_window import MainWindow
from pitdesk_ui.notices.outlet import NoticeOutlet
from pitdesk_ui.notices.system import QtSystem
from pitdesk_ui.settings.notices_page import NoticesPage
from tests.real_screen import let_the_market_stand_still
from tests.window_ground import PATIENCE_S, running_program, signed_in
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]


@dataclass
class Desktop:
    """A system with a tray, that notes what it is given."""

    has_desktop: bool = True
    in_front: bool = False
    used: bool = False
    shown: list[tuple[str, str]] = field(default_factory=list)
    beeps: int = 0

    def is_in_front(self) -> bool:
        return self.in_front

    def use_desktop(self, wanted: bool) -> None:
        self.used = wanted

    def show(self, title: str, text: str) -> None:
        self.shown.append((title, text))

    def beep(self) -> None:
        self.beeps += 1


class Ground:
    """An outlet over settings of its own; ``window`` is what its last line shows."""

    def __init__(self, folder: Path) -> None:
        self.notices, self.desktop, self.parent = Notices(), Desktop(), QObject()
        self.settings = Settings(folder / "settings.json")
        self.window: Notice | None = None
        self.outlet = NoticeOutlet(
            self.parent, self.notices, self.settings, self.desktop, self._show, lambda: "Demo – Second"
        )

    def _show(self, notice: Notice | None) -> None:
        self.window = notice

    def choose(
        self, kind: NoticeKind, *, window: bool = True, desktop: bool = False, sound: bool = False
    ) -> None:
        ways = NoticeWays(window=window, desktop=desktop, sound=sound)
        self.settings.notice_choices = self.settings.notice_choices.changed(kind, ways)

    def say(self, kind: NoticeKind | None, text: str = "12 fills.", key: str | None = None) -> Notice:
        notice = Notice(text, kind=kind, key=key)
        self.notices.say(notice)
        return notice


@pytest.fixture
def ground(tmp_path: Path, qtbot: QtBot) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.outlet.close()
    made.settings.close()


def test_at_first_every_kind_is_in_the_window_and_silent(ground: Ground) -> None:
    for kind in NoticeKind:
        said = ground.say(kind, f"Of {kind.value}.")
        assert ground.window == said
    assert (ground.desktop.shown, ground.desktop.beeps, ground.desktop.used) == ([], 0, False)
    assert not ground.outlet._collecting.isActive()


def test_a_kind_that_is_off_is_not_in_the_window_neither_now_nor_as_what_stands(ground: Ground) -> None:
    ground.choose(NoticeKind.PAUSE, window=False)
    ground.say(NoticeKind.PAUSE, "Trading is paused.", "exchange")
    ground.outlet.show_standing()
    assert ground.window is None
    ground.choose(NoticeKind.PAUSE)
    assert ground.window is not None, "switched on, what stands is seen at once"


def test_what_protects_is_in_the_window_whatever_was_kept(ground: Ground) -> None:
    ground.choose(NoticeKind.UNCONFIRMED, window=False)
    unconfirmed = ground.say(NoticeKind.UNCONFIRMED, "Not confirmed.", "unconfirmed c1")
    assert ground.window == unconfirmed
    damage = ground.say(None, "The journal was damaged.", "journal")
    assert ground.window == damage
    ground.notices.clear("journal")
    assert ground.window == unconfirmed


def test_by_the_system_only_while_the_person_looks_elsewhere(ground: Ground, qtbot: QtBot) -> None:
    ground.choose(NoticeKind.FILL, desktop=True)
    assert ground.desktop.used
    ground.desktop.in_front = True
    ground.say(NoticeKind.FILL, "Seen in the window.")
    assert not ground.outlet._collecting.isActive()
    ground.desktop.in_front = False
    ground.say(NoticeKind.FILL, "Filled.")
    ground.say(NoticeKind.REFUSED, "Of another kind.")
    qtbot.waitUntil(lambda: bool(ground.desktop.shown))
    assert ground.desktop.shown == [("Demo – Second", "Filled.")]


def test_many_of_a_moment_are_one_notice_and_one_sound(ground: Ground, qtbot: QtBot) -> None:
    ground.choose(NoticeKind.FILL, desktop=True, sound=True)
    ground.choose(NoticeKind.REFUSED, desktop=True, sound=True)
    for number in range(30):
        ground.say(NoticeKind.FILL, f"Fill {number}.")
    ground.say(NoticeKind.REFUSED, "Refused.")
    qtbot.waitUntil(lambda: ground.desktop.beeps > 0)
    assert ground.desktop.shown == [("Demo – Second", "Refused.\nAnd 30 more in Pitdesk.")]
    assert ground.desktop.beeps == 1


def test_a_sound_needs_neither_the_window_nor_the_system(ground: Ground, qtbot: QtBot) -> None:
    ground.desktop.in_front = True
    ground.choose(NoticeKind.FILL, window=False, sound=True)
    ground.say(NoticeKind.FILL)
    qtbot.waitUntil(lambda: ground.desktop.beeps == 1)
    assert (ground.window, ground.desktop.shown) == (None, [])


def test_the_choice_is_kept(ground: Ground, tmp_path: Path) -> None:
    ground.choose(NoticeKind.BATCH, window=False, desktop=True, sound=True)
    ground.settings.close()
    again = Settings(tmp_path / "settings.json")
    assert again.notice_choices.of(NoticeKind.BATCH) == NoticeWays(window=False, desktop=True, sound=True)
    assert again.notice_choices.of(NoticeKind.FILL) == NoticeWays()


def page_on(qtbot: QtBot, settings: Settings, desktop: Desktop) -> NoticesPage:
    page = NoticesPage(settings, desktop)
    qtbot.addWidget(page)
    return page


def box(page: NoticesPage, name: str) -> QCheckBox:
    found = page.findChild(QCheckBox, f"notices.{name}")
    assert found is not None
    return found


def test_the_page_shows_every_kind_and_keeps_what_is_ticked(ground: Ground, qtbot: QtBot) -> None:
    ground.choose(NoticeKind.FILL, sound=True)
    page = page_on(qtbot, ground.settings, ground.desktop)
    for kind in NoticeKind:
        shown = [box(page, f"{kind.value}.{way}").isChecked() for way in ("window", "desktop", "sound")]
        assert shown == [True, False, kind is NoticeKind.FILL]
        assert box(page, f"{kind.value}.sound").accessibleName()
    assert not box(page, "unconfirmed.window").isEnabled()
    box(page, "fill.window").click()
    box(page, "fill.desktop").click()
    assert ground.settings.notice_choices == NoticeChoices(
        ways={"fill": NoticeWays(window=False, desktop=True, sound=True)}
    )
    assert ground.desktop.used
    page.findChild(QPushButton, "notices.try_sound").click()
    assert ground.desktop.beeps == 1


@pytest.mark.parametrize("has, says", [(True, "while no window of Pitdesk is in front"), (False, "no tray")])
def test_the_page_says_whether_this_system_shows_any(
    ground: Ground, qtbot: QtBot, has: bool, says: str
) -> None:
    ground.desktop.has_desktop = has
    page = page_on(qtbot, ground.settings, ground.desktop)
    assert any(says in label.text() for label in page.findChildren(QObject) if hasattr(label, "text"))


def test_where_there_is_no_tray_nothing_is_put_there(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    system = QtSystem(window)
    if system.has_desktop:
        pytest.skip("this screen has a tray")
    system.use_desktop(True)
    system.show("Practice", "Filled.")
    assert not system.findChildren(QSystemTrayIcon)
    window.finish_close()


# On the whole program.


async def ready_to_take(hand: Hand, contracts: str) -> None:
    """The ticket with a price that trades at once, taken anew as long as the book gives none."""
    hand.type_into("ticket.contracts", contracts)

    def look() -> bool:
        hand.click("ticket.take")
        return hand.find("ticket.send", QPushButton).isEnabled()

    await hand.see("the button", look, PATIENCE_S)


def test_a_fill_is_said_in_the_window_and_a_batch_of_orders_when_it_is_done(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        bar = application.parts.notice
        await ready_to_take(hand, "3")
        hand.click("ticket.send")
        await hand.see("the fill", lambda: "Filled: Buy" in bar.text or " fills in " in bar.text, PATIENCE_S)
        hand.click("top.settings")
        hand.click("settings.notices")
        hand.find("notices.fill.window", QCheckBox).click()
        application.notices.say(Notice("Said last.", key="last"))
        await ready_to_take(hand, "4")
        fills = len(application.view.session.portfolio.fills)
        said: list[Notice] = []
        application.notices.said.connect(said.append)
        hand.click("ticket.send")
        await hand.see("fills", lambda: len(application.view.session.portfolio.fills) > fills, PATIENCE_S)
        await hand.see("it was said", lambda: any(it.kind is NoticeKind.FILL for it in said), PATIENCE_S)
        assert bar.text == "Said last."

    async def whole() -> None:
        person = tmp_path / "person"
        person.mkdir()
        let_the_market_stand_still(person)  # nobody else takes what the ticket is priced by
        async with running_program(person, practice=True) as (application, hand):
            await signed_in(application, hand)
            await hand.see("the book", lambda: "last" in hand.text("ladder.caption"), PATIENCE_S)
            await scene(application, hand)

    run_async(whole(), timeout=90)


def test_a_batch_that_is_done_is_said(tmp_path: Path, run_async: RunAsync) -> None:
    from pitdesk.desk.batch.rows import Field, texts_of

    async def whole() -> None:
        async with running_program(tmp_path / "person", practice=True) as (application, hand):
            await signed_in(application, hand)
            view, said = application.view, list[Notice]()
            assert view is not None
            application.notices.said.connect(said.append)
            rows = [
                texts_of(
                    {Field.MARKET: view.ticker, Field.VERB: "Buy Yes", Field.PRICE: "2", Field.COUNT: f"{n}"}
                )
                for n in (1, 2)
            ]
            view.session.batch.draft.append(rows)
            await view.session.batch.sender.send(confirmed=True)
            (notice,) = [notice for notice in said if notice.kind is NoticeKind.BATCH]
            assert notice.headline == "Batch 1: 2 placed."

    run_async(whole(), timeout=90)
