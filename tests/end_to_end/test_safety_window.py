"""Through the window, on the practice exchange with faults: what is unconfirmed, cancels, leaving, keys."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from pitdesk.notices import Notice, Severity
from pitdesk.safety import Safety
from pitdesk_ui.widgets import notice_bar
from tests.failing_exchange_ground import Stage, stage_in
from tests.window_ground import PATIENCE_S, clipboard, running_program

ROOT = Path(__file__).parents[2]
RunAsync = Callable[..., Any]
_PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_BOTH = Qt.KeyboardModifier.ControlModifier | _SHIFT


Scene = Callable[[Stage], Coroutine[Any, Any, None]]
Play = Callable[[Scene], None]


@pytest.fixture
def play(tmp_path: Path, run_async: RunAsync) -> Play:
    def run(scene: Scene) -> None:
        async def whole() -> None:
            async with stage_in(tmp_path) as stage:
                await scene(stage)

        run_async(whole(), timeout=240)

    return run


def test_an_order_accepted_and_never_answered_is_shown_found_and_rests(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand = stage.hand
        assert not stage.tab_is_shown()
        await stage.arm("lost_message", times=20, match={"channel": "user_orders"})
        await stage.arm("read_lag", seconds=3_600)  # or the next look might find it while this test looks on
        await stage.arm("accept_then_reset")
        await stage.send(10, 6)
        await hand.see("the banner", lambda: "may be live" in hand.text("unconfirmed.banner.text"))
        assert stage.tab_is_shown()
        assert hand.text("window.tabs.unconfirmed.count") == "1"
        await hand.see("the top bar says so", lambda: hand.text("top.unconfirmed") == "1 unconfirmed")
        hand.click("unconfirmed.banner.show")
        card = hand.find("unconfirmed.card", QWidget)
        assert "Unknown – may be live." in card.accessibleName()
        assert "Buy 10 Yes at 6¢, up to $0.60." in card.accessibleName()
        assert "Checking with the practice exchange (attempt " in card.accessibleName()
        assert not [
            button for button in card.findChildren(QPushButton) if "send" in button.text().casefold()
        ], "nothing may send it again"
        hand.click("unconfirmed.copy")
        orders = await stage.accepted()
        assert f"Client order id: {orders[0]['client_order_id']}" in clipboard()
        assert "PRIVATE" not in clipboard()
        await stage.control("DELETE", "/faults")
        hand.click("unconfirmed.check")
        await hand.see("it is found", lambda: not stage.tab_is_shown(), PATIENCE_S)
        hand.show_tab("Working")
        await hand.see("it rests", lambda: hand.rows("working.table")[0]["Status"] == "Resting")
        assert len(await stage.accepted()) == 1, "one press, one order"
        assert not hand.window.findChild(QWidget, "unconfirmed.banner").isVisible()

    play(scene)


def test_in_a_market_with_an_unconfirmed_order_the_next_one_asks_first(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand = stage.hand
        await stage.arm("refuse_then_reset")
        await stage.send(10, 6)
        await hand.see("the banner", lambda: hand.text("unconfirmed.banner.text"))
        QTest.keyClick(hand.find("ticket.contracts", QLineEdit), Qt.Key.Key_Escape)
        await stage.send(3, 5)
        question = await hand.see("the question", lambda: hand.text("ticket.confirm.text"))
        assert "not confirmed" in question.casefold() or "unconfirmed" in question.casefold()
        assert await stage.accepted() == []
        stage.application.ask_to_close()
        words = await stage.answer_question("no")
        assert "1 order is not confirmed and may be live." in words
        assert stage.application.window.isVisible()
        stage.application.ask_to_close()
        await stage.answer_question("yes")

    play(scene)


def test_what_was_unconfirmed_at_the_end_is_there_at_once_at_the_next_start(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def first() -> None:
        async with stage_in(tmp_path) as stage:
            await stage.arm("refuse_then_reset")
            await stage.send(10, 6)
            await stage.hand.see("the banner", lambda: stage.hand.text("unconfirmed.banner.text"))
            stage.application.ask_to_close()
            await stage.answer_question("yes")

    async def second() -> None:
        async with running_program(tmp_path, practice=True) as (application, hand):
            stage = Stage(application, hand, tmp_path)
            await hand.see("the banner", lambda: hand.text("unconfirmed.banner.text"), PATIENCE_S)
            hand.click("unconfirmed.banner.show")
            assert "Buy 10 Yes at 6¢" in hand.find("unconfirmed.card", QWidget).accessibleName()
            hand.click("unconfirmed.cancel")
            await hand.see("it says so", lambda: "canceled when found" in hand.text("unconfirmed.message"))
            application.ask_to_close()
            await stage.answer_question("yes")

    run_async(first(), timeout=240)
    run_async(second(), timeout=240)


def test_a_kill_with_the_request_under_way_shows_the_order_at_once_and_sends_nothing_again(
    tmp_path: Path, run_async: RunAsync
) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.killed_program", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "app"), str(ROOT / "ui")))},
        check=False,
        capture_output=True,
        timeout=240,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    async def scene() -> None:
        async with running_program(tmp_path, practice=True) as (application, hand):
            stage = Stage(application, hand, tmp_path)
            view = await hand.see("the session", lambda: application.view, PATIENCE_S)
            await hand.see("the banner", lambda: "Buy 10 Yes at 6¢" in hand.text("unconfirmed.banner.text"))
            assert not view.session.gate.open_for_risk, "it was there before the exchange was asked"
            await hand.see("it is found", lambda: not stage.tab_is_shown(), PATIENCE_S)
            await hand.see("it rests", lambda: hand.rows("working.table")[0]["Status"] == "Resting")
            assert len(await stage.accepted()) == 1

    run_async(scene(), timeout=240)


FIELDS = ("ticket.price", "ticket.contracts", "finder.search", "working.filter", "amend.price", "batch.table")


def test_the_cancel_keys_win_in_every_field(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand = stage.hand
        for number, name in enumerate(FIELDS):
            await stage.rest((10 + number, 5 + number))
            if name == "amend.price":
                hand.choose_row("working.table", lambda _row: True)
                hand.click("working.amend")
            if name == "batch.table":
                hand.show_tab("Batch")
            field = hand.find(name, QWidget)
            field.setFocus()
            text = field.text() if isinstance(field, QLineEdit) else ""
            if isinstance(field, QLineEdit):
                field.selectAll()
            modifiers = _BOTH if number % 2 else _SHIFT
            QTest.keyClick(QApplication.focusWidget() or field, Qt.Key.Key_Delete, modifiers)
            assert not isinstance(field, QLineEdit) or field.text() == text, f"{name} lost its text"
            hand.show_tab("Working")
            await hand.see(f"canceled from {name}", lambda: not hand.rows("working.table"), PATIENCE_S)
            assert await stage.resting() == []

    play(scene)


def test_cancel_all_works_while_the_gate_is_closed_and_the_stream_is_gone(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand, view = stage.hand, stage.application.view
        assert view is not None
        await stage.rest((10, 5), (11, 6))
        await stage.arm("trading_pause", seconds=60)
        await stage.arm("stall", seconds=60)
        await stage.arm("drop_streams")
        await hand.see("the gate is closed", lambda: not view.session.gate.open_for_risk, PATIENCE_S)
        hand.click("top.cancel_all")
        await hand.see("no rows", lambda: not hand.rows("working.table"), PATIENCE_S)
        assert await stage.resting() == []
        assert not view.session.gate.open_for_risk

    play(scene)


def test_an_exchange_pause_is_said_with_what_is_left(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand = stage.hand
        await stage.rest((10, 5))
        await stage.arm("exchange_pause", seconds=60)
        hand.click("top.cancel_all")
        said = await hand.see(
            "what is left and why",
            lambda: (
                (view := stage.application.view) is not None
                and next(
                    (entry.outcome for entry in view.session.activity.entries if entry.what == "Cancel all"),
                    None,
                )
            ),
            PATIENCE_S,
        )
        assert "Buy 10 Yes at 5¢" in said
        assert "paused" in said
        assert len(await stage.resting()) == 1

    play(scene)


def test_a_side_is_canceled_from_the_menu_and_the_other_stays(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand = stage.hand
        await stage.rest((10, 5), (11, 6))
        hand.click("ticket.verb.buy_no")
        hand.type_into("ticket.contracts", "12")
        hand.type_into("ticket.price", "7")
        await hand.see("the button", lambda: "Buy 12 No at 7¢" in hand.text("ticket.send"))
        hand.click("ticket.send")
        await hand.see("three rows", lambda: len(hand.rows("working.table")) == 3)
        menu = hand.find("working.cancel_by", QPushButton).menu()
        menu.aboutToShow.emit()
        actions = {action.objectName(): action for action in menu.actions()}
        assert "(Buy Yes, Sell No)" in actions["cancel.market.bids"].text()
        assert actions["cancel.market.bids"].text().endswith("2")
        actions["cancel.market.bids"].trigger()
        await hand.see(
            "the asks stay", lambda: [row["Side"] for row in hand.rows("working.table")] == ["Buy No"]
        )
        assert len(await stage.resting()) == 1
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.objectName() == "cancel.event").trigger()
        await hand.see("no rows", lambda: not hand.rows("working.table"))

    play(scene)


def test_leaving_cancels_everything_where_that_is_chosen(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            await stage.rest((10, 5), (11, 6))
            stage.application.show_settings()
            box = stage.application.window.findChild(QCheckBox, "safety.cancel_on_quit")
            assert box is not None
            box.click()
        async with stage_in(tmp_path) as stage:
            assert await stage.resting() == []
            assert stage.application.settings.safety == Safety(cancel_on_quit=True)

    run_async(scene(), timeout=240)


def test_leaving_asks_when_something_could_not_be_canceled(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        stage.application.settings.safety = Safety(cancel_on_quit=True)
        await stage.rest((10, 5))
        await stage.arm("exchange_pause", seconds=60)
        stage.application.ask_to_close()
        words = await stage.answer_question("no")
        assert "1 order is still working, though all were to be canceled first." in words
        await stage.control("DELETE", "/faults")

    play(scene)


def test_nobody_there_for_a_minute_and_everything_is_canceled(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand, view = stage.hand, stage.application.view
        assert view is not None
        await stage.rest((10, 5))
        stage.application.settings.safety = Safety(cancel_when_away=True, away_minutes=1)
        view.session.dead_man._acted_at -= 20
        await hand.see("the warning", lambda: "Nobody is there" in _notice(stage))
        hand.move_pointer(40, 40)
        await hand.see("the person is back", lambda: not _notice(stage))
        assert len(await stage.resting()) == 1
        view.session.dead_man._acted_at -= 61
        await hand.see("no rows", lambda: not hand.rows("working.table"), PATIENCE_S)
        assert await stage.resting() == []
        told = "No key or mouse for 1 minute: Canceled: Buy 10 Yes at 5¢."
        await hand.see("what was done", lambda: told in _notice(stage), PATIENCE_S)

    play(scene)


def test_the_settings_reach_the_ticket_and_the_keys_one_to_five(play: Play) -> None:
    async def scene(stage: Stage) -> None:
        hand, settings = stage.hand, stage.application.settings
        settings.safety = msgspec.structs.replace(settings.safety, expiry="hour", cancel_on_pause=True)
        assert hand.find("ticket.expires", QComboBox).currentText() == "In 1 hour"
        assert hand.find("ticket.cancel_on_pause", QCheckBox).isChecked()
        for number, size in enumerate(settings.size_presets):
            hand.find("working.table", QWidget).setFocus()
            QTest.keyClick(hand.find("working.table", QWidget), Qt.Key(Qt.Key.Key_1 + number))
            assert hand.text("ticket.contracts") == str(size)

    play(scene)


def test_what_is_said_once_makes_room_again_for_what_stands(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_bar, "STAYS_MS", dict.fromkeys(Severity, 1))

    async def scene(stage: Stage) -> None:
        notices = stage.application.notices
        notices.say(Notice("The clock is wrong.", severity=Severity.WARNING, key="clock"))
        notices.say(Notice("Changed: Buy 10 Yes at 5¢ to 10 at 6¢."))
        assert _notice(stage).startswith("Changed")
        await stage.hand.see("what stands", lambda: _notice(stage) == "The clock is wrong.")
        notices.clear("clock")
        notices.say(Notice("Nothing was working."))
        await stage.hand.see("nothing stands", lambda: not _notice(stage))

    play(scene)


def _notice(stage: Stage) -> str:
    assert stage.application.parts is not None
    return stage.application.parts.notice.text
