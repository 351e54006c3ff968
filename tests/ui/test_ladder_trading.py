"""One click on the ladder: what it sends, once; what it asks, what holds it back, what it never changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.results import SubmitKind, SubmitResult
from pitdesk.limits import Issue, IssueKind
from pitdesk.orders import BookSide, Intent, Source, Verb
from pitdesk.quantities import Count
from pitdesk_ui.ladder.painting import ROW_HEIGHT, Column
from tests.ui.desk_ground import NOW_MS, OTHER, book, cents
from tests.ui.ladder_ground import LadderGround, seen, settle
from tools.tour.ladder_hand import RIGHT

ASKS = SubmitResult(
    SubmitKind.DENIED,
    "The limits ask first.",
    issues=(Issue(IssueKind.CONFIRM, "This costs $512.00, more than $500.00. Send anyway?", "count"),),
)
DENIED = SubmitResult(
    SubmitKind.DENIED, "One order may have at most 10 contracts.", issues=(Issue(IssueKind.HARD, "At most."),)
)
UNCONFIRMED = SubmitResult(SubmitKind.UNCONFIRMED, "Not confirmed: it may be live.", "key-1")


@pytest.fixture
def ground(qtbot) -> Iterator[LadderGround]:
    made = LadderGround(qtbot)
    yield made
    made.close()


def picked(ground: LadderGround) -> list[object]:
    """The prices that went to the ticket from now on."""
    prices: list[object] = []
    ground.panel.price_picked.connect(lambda price, _side: prices.append(price))
    return prices


@pytest.mark.parametrize(
    "column, price, sentence, side",
    [
        (Column.BIDS, 40, "Buy 10 Yes at 40¢", BookSide.BID),
        (Column.ASKS, 45, "Sell 10 Yes at 45¢", BookSide.ASK),
    ],
)
@pytest.mark.parametrize("verb", list(Verb))
def test_a_click_sends_what_the_line_says_and_leaves_the_ticket_as_it_is(
    ground, run_async, column, price, sentence, side, verb
):
    async def steps():
        ground.ticket.choose_verb(verb)
        ground.ticket.set_count(Count.of(777))
        before, prices = ground.ticket.entry(), picked(ground)
        ground.hand.move(cents(price), column)
        told = ground.line
        ground.hand.click(cents(price), column)
        await settle()
        draft, source, client_order_id, confirmed = ground.desk.sent[0]
        assert told.startswith(f"{draft.sentence()}  ·  $")
        assert (draft.sentence(), draft.book_side, draft.yes_price) == (sentence, side, cents(price))
        assert (source, bool(client_order_id), confirmed) == (Source.LADDER, True, False)
        assert ground.ticket.entry() == before
        assert prices == []
        assert [notice.headline for notice in ground.notices] == [f"Order accepted: {sentence}  ·  11 ms"], (
            "what came of it is said once"
        )

    run_async(steps())


def test_a_double_click_sends_once_and_nothing_is_sent_before_the_answer(ground, run_async):
    async def steps():
        ground.desk.hold = asyncio.Event()
        ground.hand.double_click(cents(40), Column.BIDS)
        ground.hand.click(cents(39), Column.BIDS)
        await settle()
        assert ground.sent == ["Buy 10 Yes at 40¢"]
        assert ground.line == "Sending: Buy 10 Yes at 40¢"
        ground.desk.hold.set()
        await settle()
        ground.hand.click(cents(39), Column.BIDS)
        await settle()
        assert ground.sent == ["Buy 10 Yes at 40¢", "Buy 10 Yes at 39¢"]

    run_async(steps())


def test_the_second_half_of_a_double_click_sends_nothing_however_quick_the_answer(ground, run_async):
    async def steps():
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        assert ground.line != "Sending: Buy 10 Yes at 40¢", "the answer is there"
        QTest.mouseDClick(
            ground.panel.grid.viewport(),
            Qt.MouseButton.LeftButton,
            pos=ground.hand.spot(cents(40), Column.BIDS),
        )
        await settle()
        assert len(ground.desk.sent) == 1

    run_async(steps())


def test_a_press_is_taken_back_by_letting_go_elsewhere(ground, run_async):
    async def steps():
        for price, column in ((cents(39), Column.BIDS), (cents(40), Column.ASKS)):
            ground.hand.press(cents(40), Column.BIDS)
            ground.hand.release(price, column)
        ground.hand.press(cents(40), Column.BIDS)
        ground.leave_market()
        ground.choose(2)
        ground.hand.release(cents(40), Column.BIDS)
        await settle()
        assert ground.sent == []

    run_async(steps())


@pytest.mark.parametrize("column", [Column.MY_BIDS, Column.PRICE, Column.MY_ASKS])
def test_only_the_columns_of_bids_and_asks_place(ground, run_async, column):
    async def steps():
        prices = picked(ground)
        ground.hand.click(cents(40), column)
        await settle()
        assert (ground.sent, prices) == ([], [cents(40)])

    run_async(steps())


@pytest.mark.parametrize("column", [Column.BIDS, Column.ASKS])
@pytest.mark.parametrize("armed, sized", [(False, True), (True, False), (False, False)])
def test_safe_or_without_a_size_a_click_fills_the_ticket_and_says_how_to_place(
    ground, run_async, column, armed, sized
):
    async def steps():
        ground.panel.show_armed(armed=armed)
        if not sized:
            ground.choose(2)  # once more: none
        prices = picked(ground)
        ground.hand.move(cents(40), column)
        assert ground.line == "Fill 40¢ Yes into the ticket"
        assert ground.more == (
            "Choose a click size to place orders here" if armed else "Safe: Ctrl+L arms one-click orders"
        )
        ground.hand.click(cents(40), column)
        await settle()
        assert (ground.sent, prices) == ([], [cents(40)])

    run_async(steps())


def test_another_market_begins_without_a_size(ground, run_async):
    async def steps():
        ground.leave_market()
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        assert (ground.sent, ground.panel.tools.chosen) == ([], None)
        ground.choose(3)
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        assert [(draft.ticker, draft.sentence()) for draft, *_ in ground.desk.sent] == [
            (OTHER, "Buy 25 Yes at 40¢")
        ]

    run_async(steps())


def test_other_presets_than_those_shown_leave_no_size_chosen(ground):
    ground.panel.tools.show_sizes(tuple(Count.of(size) for size in (2, 4, 8, 16, 32)))
    assert ground.panel.tools.chosen is None
    assert ground.panel.findChild(QPushButton, "ladder.size_5").text() == "32"


@pytest.mark.parametrize(
    "spoil, reason",
    [
        (lambda it: it.data.set_book(book({41: 5}, {43: 5}), fresh=False, age_s=12.0), "12 s old"),
        (lambda it: it.data.set_book(None, fresh=False), "There is no book yet"),
    ],
)
def test_a_stale_book_refuses_the_click_with_its_reason(ground, run_async, spoil, reason):
    async def steps():
        prices = picked(ground)
        spoil(ground)
        ground.hand.move(cents(40), Column.BIDS)
        assert reason in ground.line
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        assert reason in ground.panel.said
        assert (ground.sent, prices) == ([], [])

    run_async(steps())


def test_a_closed_gate_is_said_before_and_cancels_go_on(ground, run_async):
    async def steps():
        ground.own("o1", 40)
        ground.gate.close("Connecting again: the stream was lost.")
        ground.panel.show_armed(armed=False)
        ground.panel.show_armed(armed=True)
        ground.hand.move(cents(39), Column.BIDS)
        assert (ground.line, ground.more) == ("No new orders now", "Connecting again: the stream was lost.")
        ground.data.set_book(book({41: 5}, {43: 5}), fresh=False, age_s=12.0)
        ground.panel.show_armed(armed=False)
        asked: list[object] = []
        ground.panel.cancel_requested.connect(asked.append)
        for column in (Column.MY_BIDS, Column.BIDS, Column.PRICE, Column.MY_ASKS):
            ground.hand.click(cents(40), column, RIGHT)
        ground.hand.click(cents(41), Column.MY_BIDS, RIGHT)
        assert asked == [("o1",)] * 4, "Safe, stale and disconnected, but only where an order is"

    run_async(steps())


def test_a_limit_asks_on_the_ladder_and_nothing_is_sent_before_the_answer(ground, run_async):
    async def steps():
        ground.desk.answers = [ASKS]
        ground.hand.click(cents(40), Column.BIDS)
        await seen(lambda: ground.question)
        assert (
            ground.question
            == "Buy 10 Yes at 40¢  ·  $4.17\nThis costs $512.00, more than $500.00. Send anyway?"
        )
        ground.hand.click(cents(39), Column.ASKS)
        await settle()
        assert len(ground.desk.sent) == 1, "no other click while it asks"
        ground.answer("send")
        await settle()
        (first, _, first_id, asked), (second, source, second_id, confirmed) = ground.desk.sent
        assert first is second
        assert (first_id, asked, confirmed, source) == (second_id, False, True, Source.LADDER)
        assert ground.question == ""

    run_async(steps())


@pytest.mark.parametrize("way", ["back", "escape", "safe", "market"])
def test_a_question_that_is_left_sends_nothing(ground, run_async, way):
    async def steps():
        ground.desk.answers = [ASKS]
        ground.hand.click(cents(40), Column.BIDS)
        await seen(lambda: ground.question)
        if way == "back":
            ground.answer("back")
        elif way == "escape":
            QTest.keyClick(ground.panel.question, Qt.Key.Key_Escape)
        elif way == "safe":
            ground.panel.show_armed(armed=False)
        else:
            ground.leave_market()
        await settle()
        assert ground.question == ""
        assert len(ground.desk.sent) == 1, "only what was asked about, which the limits kept"

    run_async(steps())


def test_the_question_opens_away_from_the_pointer(ground, run_async):
    async def steps():
        ground.desk.answers = [ASKS]
        row = ground.panel.grid.row_rect(cents(42)).top()
        grid = ground.panel.grid
        first = grid.verticalScrollBar().value()
        rows = grid.picture.prices[first : first + grid.viewport().height() // ROW_HEIGHT]
        for way in (rows[1], rows[-2]):
            ground.hand.click(way, Column.BIDS)
            await seen(lambda: ground.question)
            spot = ground.hand.spot(way, Column.BIDS)
            where = ground.panel.grid.viewport().mapTo(ground.panel.grid, spot)
            assert not ground.panel.question.geometry().contains(QPoint(where))
            assert ground.panel.grid.rect().contains(ground.panel.question.geometry())
            ground.answer("back")
            ground.desk.answers = [ASKS]
        assert ground.panel.grid.row_rect(cents(42)).top() == row, "the rows stay where they are"

    run_async(steps())


def test_a_book_that_went_stale_under_the_question_is_not_answered_for(ground, run_async):
    async def steps():
        ground.desk.answers = [ASKS]
        ground.hand.click(cents(40), Column.BIDS)
        await seen(lambda: ground.question)
        ground.data.set_book(book({41: 5}, {43: 5}), fresh=False, age_s=12.0)
        ground.answer("send")
        await settle()
        assert len(ground.desk.sent) == 1
        assert "12 s old" in ground.panel.said

    run_async(steps())


def test_a_question_for_a_market_left_meanwhile_is_not_shown_in_another(ground, run_async):
    async def steps():
        ground.desk.answers, ground.desk.hold = [ASKS], asyncio.Event()
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        ground.leave_market()
        ground.desk.hold.set()
        await settle()
        assert ground.question == ""
        assert [notice.headline.split(":")[0] for notice in ground.notices] == ["Not sent"]
        ground.choose(2)
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        assert ground.desk.sent[-1][0].ticker == OTHER, "the ladder is free again"

    run_async(steps())


def test_a_definite_refusal_is_said_at_the_rows_and_frees_the_ladder(ground, run_async):
    async def steps():
        ground.desk.answers = [DENIED]
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        assert ground.panel.said == "One order may have at most 10 contracts."
        ground.data.set_book(book({41: 6}, {43: 5}))
        assert ground.panel.said, "it stays while the book goes on"
        assert ground.notices == []
        ground.hand.click(cents(39), Column.BIDS)
        await settle()
        assert (len(ground.desk.sent), ground.panel.said) == (2, "")

    run_async(steps())


def test_an_unconfirmed_order_keeps_the_ladder_inert_until_the_truth_or_escape(ground, run_async):
    async def steps():
        ground.desk.answers = [UNCONFIRMED]
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        draft = ground.desk.sent[0][0]
        ground.hand.click(cents(39), Column.BIDS)
        await settle()
        assert len(ground.desk.sent) == 1
        assert ground.line == "Not confirmed yet – checking"
        ground.blotter.add_intent(Intent("key-1", draft, Source.LADDER, NOW_MS), RowPhase.UNCONFIRMED)
        ground.blotter.flush()
        ground.blotter.set_phase("key-1", RowPhase.NOT_SENT, "It never arrived.")
        ground.blotter.flush()
        await settle()
        assert ground.panel.said.startswith("It was not placed")
        ground.hand.click(cents(39), Column.BIDS)
        await settle()
        assert len(ground.desk.sent) == 2

    run_async(steps())


def test_escape_goes_on_without_waiting(ground, run_async):
    async def steps():
        ground.desk.answers = [UNCONFIRMED]
        ground.hand.click(cents(40), Column.BIDS)
        await settle()
        QTest.keyClick(ground.panel.grid, Qt.Key.Key_Escape)
        ground.hand.click(cents(39), Column.BIDS)
        await settle()
        assert len(ground.desk.sent) == 2

    run_async(steps())


def test_enter_on_a_cell_sends_once_for_each_press_and_arrows_choose_the_side(ground, run_async):
    async def steps():
        grid = ground.panel.grid
        ground.panel.focus_rows()
        prices = picked(ground)
        while grid.focused_price != cents(40):
            QTest.keyClick(grid, Qt.Key.Key_Down)
        QTest.keyClick(grid, Qt.Key.Key_Return)
        assert prices == [cents(40)], "on the price Enter fills the ticket"
        QTest.keyClick(grid, Qt.Key.Key_Left)
        assert ground.line.startswith("Buy 10 Yes at 40¢")
        assert "Enter: Buy 10 Yes at 40¢" in grid.accessibleDescription()
        QTest.keyClick(grid, Qt.Key.Key_Return)
        await settle()
        for _ in range(2):
            QTest.keyClick(grid, Qt.Key.Key_Right)
        assert ground.line.startswith("Sell 10 Yes at 40¢")
        QTest.keyClick(grid, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
        await settle()
        assert ground.sent == ["Buy 10 Yes at 40¢", "Sell 10 Yes at 40¢"]
        ground.hand.click(cents(41), Column.PRICE)
        ground.hand.leave()
        assert grid.aim == (cents(41), Column.PRICE), "a click leaves Enter where it adds no risk"

    run_async(steps())


def test_enter_held_down_on_a_cell_sends_once(ground, run_async):
    async def steps():
        grid = ground.panel.grid
        ground.panel.focus_rows()
        QTest.keyClick(grid, Qt.Key.Key_Left)
        for number in range(20):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", number > 0)
                QApplication.sendEvent(grid, event)
            await settle()
        assert len(ground.desk.sent) == 1

    run_async(steps())


def test_delete_cancels_the_row_of_the_keyboard(ground):
    ground.own("o1", 40)
    ground.own("o2", 39)
    asked: list[object] = []
    ground.panel.cancel_requested.connect(asked.append)
    ground.panel.focus_rows()
    while ground.panel.grid.focused_price != cents(40):
        QTest.keyClick(ground.panel.grid, Qt.Key.Key_Down)
    QTest.keyClick(ground.panel.grid, Qt.Key.Key_Delete)
    assert asked == [("o1",)]
