"""Settings, Keys on the whole program: a key is recorded, asked about, refused, in force at once, reset."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from pitdesk_ui.application import Application
from pitdesk_ui.hotkeys.table import ACTIONS
from tests.window_ground import PATIENCE_S, running_program, signed_in
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]
Scene = Callable[[Application, Hand], Awaitable[None]]
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
LAST = [action.name for action in ACTIONS if not action.fixed][-1]


@pytest.fixture
def perform(tmp_path: Path, run_async: RunAsync) -> Callable[[Scene], None]:
    """Run a scene in the program on the practice exchange, the page of keys open."""

    def run(scene: Scene) -> None:
        async def whole() -> None:
            async with running_program(tmp_path / "person", practice=True) as (application, hand):
                await open_page(hand)
                await scene(application, hand)

        run_async(whole(), timeout=240)

    return run


async def open_page(hand: Hand) -> None:
    hand.click("top.settings")
    hand.click("settings.keys")
    await hand.see(
        "all rows in their places", lambda: hand.find(f"keys.{LAST}", QPushButton).height() > 10, PATIENCE_S
    )


def record(hand: Hand, name: str, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press the action's button and then a key, as a person does."""
    hand.click(f"keys.{name}")
    assert hand.text(f"keys.{name}") == "Press a key…"
    QTest.keyClick(hand.find(f"keys.{name}", QPushButton), key, held)


async def answer(hand: Hand, name: str, how: str) -> None:
    """Press a button of the question, once it has its place."""
    button = hand.find(f"keys.{name}.ask.{how}", QPushButton)
    await hand.see("the question in its place", lambda: button.height() > 10)
    hand.click(f"keys.{name}.ask.{how}")


def told(hand: Hand, name: str) -> str:
    label = hand.window.findChild(QLabel, f"keys.{name}.said")
    return label.text() if label is not None and label.isVisible() else ""


def is_seen(hand: Hand, name: str) -> bool:
    found = hand.window.findChild(QWidget, name)
    return found is not None and found.isVisible()


def test_another_key_is_in_force_and_shown_everywhere_at_once(perform: Callable[[Scene], None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        parts = application.parts
        assert parts is not None
        for name, key, held in (
            ("find", Qt.Key.Key_F6, NONE),
            ("cancel_selected", Qt.Key.Key_F7, NONE),
            ("send", Qt.Key.Key_F10, CTRL),
            ("arm", Qt.Key.Key_U, NONE),
            ("larger_tabs", Qt.Key.Key_F11, NONE),
            ("cancel_all", Qt.Key.Key_F12, CTRL),
            ("join", Qt.Key.Key_J, NONE),
            ("sheet_find", Qt.Key.Key_F3, NONE),
        ):
            record(hand, name, key, held)
            assert (hand.text(f"keys.{name}"), told(hand, name)) == (application.keys.shown(name), "")
        assert hand.find("finder.search", QLineEdit).placeholderText() == "Find a market   F6"
        assert hand.text("working.cancel_selected") == "Cancel selected  F7"
        assert hand.text("ticket.hint") == "Ctrl+F10 sends  ·  Esc clears"
        assert "U makes it safe" in hand.find("top.arm", QPushButton).toolTip()
        assert "(F11," in hand.find("tabs.larger", QPushButton).toolTip()
        assert "(Ctrl+F12)" in hand.find("top.cancel_all", QPushButton).toolTip()
        assert "(J)" in hand.find("ticket.join", QPushButton).toolTip()
        assert parts.batch._actions[_find()].text() == "Find…\tF3"
        application.show_keys()
        sheet = hand.find("keys", QDialog)
        assert shown_on(sheet) >= {"F6", "F7", "Ctrl+F10", "U", "F11", "Ctrl+F12", "J", "F3"}
        application.keys.give("find", "F4")
        assert "F4" in shown_on(sheet), "the sheet follows while it is open"
        sheet.close()
        hand.find("settings", QWidget).close()
        application.window.activateWindow()
        await hand.see("the main window", application.window.isActiveWindow)
        parts.ladder.grid.setFocus()
        QTest.keyClick(parts.ladder.grid, Qt.Key.Key_F4)
        await hand.see("the search", lambda: hand.find("finder.search", QLineEdit).hasFocus())

    perform(scene)


def _find() -> object:
    from pitdesk_ui.batch.grid_keys import Ask

    return Ask.FIND


def shown_on(sheet: QDialog) -> set[str]:
    return {label.text() for label in sheet.findChildren(QLabel)}


def test_a_key_that_another_has_is_named_and_taken_only_by_a_yes(perform: Callable[[Scene], None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        record(hand, "buy", Qt.Key.Key_T, CTRL)
        assert hand.text("keys.buy.ask.text") == "Ctrl+T is “Go to the order ticket”: take it over?"
        await answer(hand, "buy", "no")
        assert not is_seen(hand, "keys.buy.ask")
        assert application.keys.chosen == {}
        record(hand, "buy", Qt.Key.Key_T, CTRL)
        await answer(hand, "buy", "yes")
        assert application.keys.chosen == {"buy": "Ctrl+T", "ticket": ""}
        assert (hand.text("keys.buy"), hand.text("keys.ticket")) == ("Ctrl+T", "None")
        assert told(hand, "ticket") == "Ctrl+T is “Buy” now."
        reset = hand.find("keys.ticket.reset", QPushButton)
        await hand.see("the button in its place", lambda: reset.height() > 10)
        hand.click("keys.ticket.reset")
        assert hand.text("keys.ticket.ask.text") == "Ctrl+T is “Buy”: take it over?"
        await answer(hand, "ticket", "yes")
        hand.click("keys.buy.reset")
        assert application.keys.chosen == {}
        assert not is_seen(hand, "keys.buy.reset")

    perform(scene)


def test_what_cannot_be_is_told_and_the_key_stays(perform: Callable[[Scene], None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        for name, key, held, says in (
            ("buy", Qt.Key.Key_C, CTRL, "Ctrl+C copies"),
            ("buy", Qt.Key.Key_Tab, NONE, "Tab moves from field to field"),
            ("cancel_all", Qt.Key.Key_C, NONE, "may be typed by chance"),
            ("cancel_all", Qt.Key.Key_Backspace, NONE, "never without a key"),
            ("buy", Qt.Key.Key_Delete, CTRL | Qt.KeyboardModifier.ShiftModifier, "is never without one"),
        ):
            record(hand, name, key, held)
            assert says in told(hand, name)
            assert hand.text(f"keys.{name}") == application.keys.shown(name)
        record(hand, "sell", Qt.Key.Key_F6)
        assert told(hand, "buy") == "", "what was said goes with the next key"
        record(hand, "sell", Qt.Key.Key_Backspace)
        assert (hand.text("keys.sell"), application.keys.chosen) == ("None", {"sell": ""})
        record(hand, "decrease", Qt.Key.Key_D, CTRL)
        assert "in the batch sheet it stays “Fill down”" in told(hand, "decrease")

    perform(scene)


def test_rows_are_found_by_words_and_by_keys(perform: Callable[[Scene], None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        hand.type_into("keys.search", "cancel all")
        assert is_seen(hand, "keys.cancel_all")
        assert not is_seen(hand, "keys.cancel_market")
        hand.type_into("keys.search", "ctrl+k")
        assert is_seen(hand, "keys.find")
        assert not is_seen(hand, "keys.ticket")
        hand.type_into("keys.search", "nothing such")
        assert hand.text("keys.none") == "No action and no key is found by “nothing such”."
        hand.type_into("keys.search", " ")
        assert is_seen(hand, "keys.ticket")
        assert not is_seen(hand, "keys.none")

    perform(scene)


def test_all_are_reset_after_a_question(perform: Callable[[Scene], None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        button = hand.find("keys.reset_all", QPushButton)
        assert not button.isEnabled()
        record(hand, "buy", Qt.Key.Key_F6)
        record(hand, "sell", Qt.Key.Key_F7)
        hand.click("keys.reset_all")
        assert hand.text("keys.reset_all.ask.text") == "2 actions get their usual keys again."
        await answer(hand, "reset_all", "no")
        assert len(application.keys.chosen) == 2
        hand.click("keys.reset_all")
        await answer(hand, "reset_all", "yes")
        assert (application.keys.chosen, hand.text("keys.buy"), button.isEnabled()) == ({}, "B", False)

    perform(scene)


def test_a_cancel_is_kept_over_a_restart_and_acts_in_a_text_field_when_safe(
    tmp_path: Path, run_async: RunAsync
) -> None:
    person = tmp_path / "person"

    async def choose() -> None:
        async with running_program(person, practice=True) as (_, hand):
            await open_page(hand)
            record(hand, "cancel_all", Qt.Key.Key_F7)

    async def use() -> None:
        async with running_program(person, practice=True) as (application, hand):
            await signed_in(application, hand)
            hand.type_into("ticket.contracts", "3")
            hand.type_into("ticket.price", "2")
            await hand.see("the button", hand.find("ticket.send", QPushButton).isEnabled, PATIENCE_S)
            hand.click("ticket.send")
            await hand.see("it rests", lambda: resting(hand), PATIENCE_S)
            if application.arming.is_armed:
                application.toggle_armed()
            field = hand.find("ticket.contracts", QLineEdit)
            field.setFocus()
            QTest.keyClick(field, Qt.Key.Key_F7)
            await hand.see("it is canceled", lambda: not hand.rows("working.table"), PATIENCE_S)

    run_async(choose(), timeout=240)
    run_async(use(), timeout=240)


def resting(hand: Hand) -> bool:
    return any(row["Status"] == "Resting" for row in hand.rows("working.table"))


def test_an_unknown_name_in_the_file_is_said_in_the_window_once(tmp_path: Path, run_async: RunAsync) -> None:
    person = tmp_path / "person"

    async def start(says: bool) -> None:
        async with running_program(person, practice=True) as (application, _):
            keys = [notice for notice in application.notices.current() if notice.key == "hotkeys"]
            assert [("no action “by”" in notice.headline) for notice in keys] == [True] * says
            file = application.folders.settings_file
        text = file.read_text()
        if '"by"' not in text and not says:
            file.write_text(text.replace('"chosen": {}', '"chosen": {"by": "F7"}'))

    run_async(start(False), timeout=240)
    run_async(start(True), timeout=240)
    run_async(start(False), timeout=240)
