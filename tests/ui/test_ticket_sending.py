"""One press, one order: what the button does between the press and the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.results import SubmitKind, SubmitResult
from pitdesk.limits import Issue, IssueKind
from pitdesk.orders import Intent, Source
from pitdesk_ui.ticket.sending import Sender
from tests.ui.desk_ground import NOW_MS, OTHER, book, order
from tests.ui.ticket_ground import TicketGround

ASKS = SubmitResult(
    SubmitKind.DENIED,
    "The limits ask first.",
    issues=(Issue(IssueKind.CONFIRM, "This order costs $512.00; you set $500.00 as usual.", "count"),),
)
UNCONFIRMED = SubmitResult(SubmitKind.UNCONFIRMED, "No answer came in time. It is being looked up.", "key-1")


@pytest.fixture
def ground(qtbot) -> Iterator[TicketGround]:
    made = TicketGround(qtbot)
    made.fill("100", "42")
    yield made
    made.presenter.close()


async def settle() -> None:
    """Let the tasks that can run, run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def seen(look) -> None:
    """Wait until ``look`` finds it: the order leaves first, then its button is painted."""
    for _ in range(5_000):
        if look():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("It was not seen within five seconds.")


def press(qtbot, ground: TicketGround) -> None:
    qtbot.mouseClick(ground.button("ticket.send"), Qt.MouseButton.LeftButton)


def test_what_the_button_said_is_what_was_sent(qtbot, ground, run_async):
    async def steps():
        told, draft = ground.sends, ground.draft
        press(qtbot, ground)
        await settle()
        sent, source, client_order_id, confirmed = ground.desk.sent[0]
        assert sent is draft
        assert told.startswith(sent.sentence())
        assert source is Source.TICKET
        assert client_order_id
        assert not confirmed

    run_async(steps())


def test_a_double_press_sends_once_and_the_button_stays_inert_until_the_answer(qtbot, ground, run_async):
    async def steps():
        ground.desk.hold = asyncio.Event()
        press(qtbot, ground)
        press(qtbot, ground)
        qtbot.mouseDClick(ground.button("ticket.send"), Qt.MouseButton.LeftButton)
        ground.presenter.send()
        await settle()
        assert len(ground.desk.sent) == 1
        ground.issues = (Issue(IssueKind.HARD, "The same order was sent a moment ago."),)
        await seen(lambda: ground.sends == "Sending…")
        assert ground.text("ticket.message") == "", "nothing is wrong with the order on its way"
        ground.issues = ()
        assert not ground.button("ticket.send").isEnabled()
        ground.presenter.send()
        await settle()
        assert len(ground.desk.sent) == 1
        ground.desk.hold.set()
        await settle()
        assert ground.button("ticket.send").isEnabled()
        assert ground.text("ticket.message") == "Order accepted: Buy 100 Yes at 42¢  ·  11 ms"

    run_async(steps())


def test_a_key_held_down_on_the_button_sends_once(ground, run_async):
    async def steps():
        button = ground.button("ticket.send")
        button.setFocus()
        for number in range(20):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                repeat = number > 0
                event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", repeat)
                QApplication.sendEvent(button, event)
        await settle()
        assert len(ground.desk.sent) == 1

    run_async(steps())


def test_the_next_press_is_a_new_order_with_an_id_of_its_own(qtbot, ground, run_async):
    async def steps():
        press(qtbot, ground)
        await settle()
        press(qtbot, ground)
        await settle()
        (first, _, first_id, _), (second, _, second_id, _) = ground.desk.sent
        assert first_id != second_id
        assert first is not second
        assert first == second

    run_async(steps())


def test_a_refusal_is_told_at_the_button_and_keeps_what_was_typed(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [
            SubmitResult(
                SubmitKind.REFUSED, "The exchange refused: not enough cash for 100 contracts.", field="count"
            )
        ]
        press(qtbot, ground)
        await settle()
        assert ground.text("ticket.message") == "The exchange refused: not enough cash for 100 contracts."
        assert ground.edit("ticket.contracts").text() == "100"
        assert ground.edit("ticket.contracts").property("invalid") is True
        assert ground.button("ticket.send").isEnabled()
        ground.fill("50", "42")
        assert ground.text("ticket.message") == ""
        assert ground.edit("ticket.contracts").property("invalid") is False

    run_async(steps())


def test_a_limit_that_asks_opens_a_question_and_only_its_own_button_sends(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [ASKS]
        press(qtbot, ground)
        await settle()
        assert ground.find("ticket.confirm").isVisible()
        assert ground.text("ticket.confirm.text") == "This order costs $512.00; you set $500.00 as usual."
        assert not ground.button("ticket.send").isEnabled()
        ground.presenter.send()
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            qtbot.keyClick(ground.find("ticket.confirm"), key)
            qtbot.keyClick(ground.button("ticket.confirm.send"), key)
        await settle()
        assert len(ground.desk.sent) == 1
        qtbot.mouseClick(ground.button("ticket.confirm.send"), Qt.MouseButton.LeftButton)
        await settle()
        (asked, _, asked_id, _), (sent, _, sent_id, confirmed) = ground.desk.sent
        assert sent is asked
        assert sent_id == asked_id
        assert confirmed
        assert not ground.find("ticket.confirm").isVisible()

    run_async(steps())


def test_the_question_stands_clear_of_the_send_button(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [ASKS]
        place = ground.button("ticket.send").geometry()
        press(qtbot, ground)
        await settle()
        QApplication.processEvents()
        again = ground.button("ticket.confirm.send")
        top_left = again.mapTo(ground.panel.foot, again.rect().topLeft())
        under_pointer = ground.panel.foot.mapFromGlobal(ground.panel.foot.mapToGlobal(place.center()))
        assert not again.rect().translated(top_left).contains(under_pointer)

    run_async(steps())


@pytest.mark.parametrize("way_back", ["button", "escape", "edit", "market"])
def test_a_question_can_be_left_without_sending(qtbot, ground, run_async, way_back):
    async def steps():
        ground.desk.answers = [ASKS]
        press(qtbot, ground)
        await settle()
        if way_back == "button":
            ground.button("ticket.confirm.back").click()
        elif way_back == "escape":
            ground.presenter.clear()
        elif way_back == "edit":
            ground.edit("ticket.contracts").setText("99")
        else:
            ground.presenter.show_market(OTHER)
        await settle()
        assert not ground.find("ticket.confirm").isVisible()
        assert len(ground.desk.sent) == 1
        if way_back in ("button", "escape"):
            assert ground.edit("ticket.contracts").text() == "100"

    run_async(steps())


def test_a_hard_limit_at_the_press_is_told_and_not_asked(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [
            SubmitResult(
                SubmitKind.DENIED,
                "The same order was sent a second ago.",
                issues=(Issue(IssueKind.HARD, "The same order was sent a second ago."),),
            )
        ]
        press(qtbot, ground)
        await settle()
        assert ground.text("ticket.message") == "The same order was sent a second ago."
        assert not ground.find("ticket.confirm").isVisible()

    run_async(steps())


def unconfirmed(ground: TicketGround) -> None:
    """The desk's row of the order just sent, its answer lost."""
    draft = ground.desk.sent[-1][0]
    ground.blotter.add_intent(Intent("key-1", draft, Source.TICKET, NOW_MS), RowPhase.UNCONFIRMED)
    ground.blotter.flush()


def test_an_order_without_an_answer_keeps_the_button_inert_until_it_is_found(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [UNCONFIRMED]
        press(qtbot, ground)
        await settle()
        unconfirmed(ground)
        assert ground.sends == "Not confirmed yet – checking"
        assert ground.text("ticket.message") == "No answer came in time. It is being looked up."
        ground.presenter.send()
        await settle()
        assert len(ground.desk.sent) == 1
        ground.blotter.apply_order(order("o-1", 42, 100, client_order_id="key-1"))
        ground.blotter.flush()
        assert ground.button("ticket.send").isEnabled()
        assert ground.text("ticket.message") == "Confirmed after all: Buy 100 Yes at 42¢, resting."

    run_async(steps())


def test_an_order_found_absent_is_told_as_not_placed(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [UNCONFIRMED]
        press(qtbot, ground)
        await settle()
        unconfirmed(ground)
        ground.blotter.set_phase("key-1", RowPhase.NOT_SENT, "The exchange does not have it.")
        ground.blotter.flush()
        assert ground.text("ticket.message") == (
            "It was not placed: Buy 100 Yes at 42¢. The exchange does not have it."
        )
        assert ground.button("ticket.send").isEnabled()

    run_async(steps())


def test_escape_lets_go_of_an_unconfirmed_order_to_write_another(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [UNCONFIRMED]
        press(qtbot, ground)
        await settle()
        unconfirmed(ground)
        ground.presenter.clear()
        ground.fill("5", "30")
        assert ground.button("ticket.send").isEnabled()
        assert ground.blotter.count(RowPhase.UNCONFIRMED) == 1

    run_async(steps())


def test_typing_while_an_order_is_on_its_way_changes_only_the_next_one(qtbot, ground, run_async):
    async def steps():
        ground.desk.hold = asyncio.Event()
        press(qtbot, ground)
        await settle()
        ground.fill("7", "30")
        assert ground.sends == "Sending…"
        ground.desk.hold.set()
        await settle()
        assert ground.desk.sent[0][0].sentence() == "Buy 100 Yes at 42¢"
        assert ground.sends.startswith("Buy 7 Yes at 30¢")

    run_async(steps())


def test_nothing_is_sent_while_the_program_closes(qtbot, ground, run_async):
    async def steps():
        await ground.owner.close()
        press(qtbot, ground)
        await settle()
        assert ground.desk.sent == []
        assert ground.text("ticket.message") == "Not sent: Pitdesk is closing."

    run_async(steps())


def test_the_second_half_of_a_double_click_sends_nothing_even_after_a_quick_answer(qtbot, ground, run_async):
    async def steps():
        button = ground.button("ticket.send")
        press(qtbot, ground)
        await settle()
        assert button.isEnabled()
        middle = QPointF(button.rect().center())
        left = Qt.MouseButton.LeftButton
        for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
            event = QMouseEvent(
                kind, middle, button.mapToGlobal(middle), left, left, Qt.KeyboardModifier.NoModifier
            )
            QApplication.sendEvent(button, event)
        await settle()
        assert len(ground.desk.sent) == 1

    run_async(steps())


def test_the_question_leaves_the_keyboard_alone_while_the_market_moves(qtbot, ground, run_async):
    async def steps():
        ground.desk.answers = [ASKS]
        press(qtbot, ground)
        await settle()
        assert QApplication.focusWidget() is ground.button("ticket.confirm.back")
        ground.button("ticket.confirm.send").setFocus()
        ground.data.set_book(book({40: 1}, {44: 1}))
        assert QApplication.focusWidget() is ground.button("ticket.confirm.send")

    run_async(steps())


def test_the_sender_itself_takes_one_press_at_a_time(ground, run_async):
    async def steps():
        sender = Sender(ground.desk, ground.blotter, ground.owner)
        ground.desk.hold = asyncio.Event()
        for _ in range(3):
            sender.press(ground.draft)
        await settle()
        assert len(ground.desk.sent) == 1
        ground.desk.hold.set()
        await settle()
        sender.close()

    run_async(steps())
