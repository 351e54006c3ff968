"""Own orders dragged along the ladder, by mouse and by keyboard: amended once, or left where they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pitdesk.desk.results import ChangeResult, SubmitKind
from pitdesk.limits import Issue, IssueKind
from pitdesk.orders import BookSide, Intent, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import Count
from pitdesk_ui.ladder.painting import Column
from tests.ui.desk_ground import NOW_MS, TICKER, book, cents, order
from tests.ui.ladder_ground import LadderGround, seen, settle
from tools.tour.ladder_hand import LEFT, RIGHT

ASKS = ChangeResult(
    SubmitKind.DENIED,
    "The limits ask.",
    issues=(Issue(IssueKind.CONFIRM, "45¢ is 2¢ worse than 43¢. Send anyway?", "price"),),
)
REFUSED = ChangeResult(SubmitKind.REFUSED, "Not changed: the order is filled.")


@pytest.fixture
def ground(qtbot) -> Iterator[LadderGround]:
    made = LadderGround(qtbot)
    made.own("o1", 40, 100)
    made.queue("o1", 1_340)
    yield made
    made.close()


def test_a_drag_shows_what_it_loses_and_amends_once_where_it_is_let_go(ground, run_async):
    async def steps():
        grid = ground.panel.grid
        ground.hand.drag(cents(40), cents(38), Column.MY_BIDS)
        assert (ground.line, ground.more) == (
            "Your bid of 100: 40¢ → 38¢",
            "Loses its place: 1,340 ahead, 1,440 there",
        )
        assert (grid.drag.chip.keys, grid.drag.target) == (("o1",), cents(38))
        assert not grid.grab().isNull()
        ground.hand.release(cents(38), Column.MY_BIDS)
        await settle()
        assert ground.desk.amended == [("o1", cents(38), Count.of(100))]
        assert grid.drag is None
        assert ground.sent == []
        assert [notice.headline for notice in ground.notices] == ["Order changed."]

    run_async(steps())


@pytest.mark.parametrize("way", ["escape", "back", "beside", "right", "gone", "market"])
def test_a_drag_that_is_left_changes_nothing(ground, run_async, way):
    async def steps():
        grid, canceled = ground.panel.grid, []
        ground.panel.cancel_requested.connect(canceled.append)
        ground.hand.drag(cents(40), cents(38), Column.MY_BIDS)
        assert grid.drag is not None
        if way == "escape":
            QTest.keyClick(grid, Qt.Key.Key_Escape)
            ground.hand.release(cents(38), Column.MY_BIDS)
        elif way == "back":
            ground.hand.drag(cents(40), cents(40), Column.MY_BIDS)
            ground.hand.release(cents(40), Column.MY_BIDS)
        elif way == "beside":
            ground.hand.drag_off()
            assert ground.line.endswith("no move from 40¢")
            ground.hand.drop_off()
        elif way == "right":
            ground.hand.press(cents(38), Column.MY_BIDS, RIGHT)
            ground.hand.release(cents(38), Column.MY_BIDS, LEFT)
        elif way == "gone":
            ground.blotter.apply_order(
                order("o1", 40, 100, status=OrderStatus.CANCELED, updated_ms=NOW_MS + 9)
            )
            ground.blotter.flush()
            ground.hand.release(cents(38), Column.MY_BIDS)
        else:
            ground.leave_market()
            ground.hand.release(cents(38), Column.MY_BIDS)
        await settle()
        assert grid.drag is None
        assert (ground.desk.amended, ground.sent, canceled) == ([], [], [])

    run_async(steps())


def test_a_press_on_a_chip_that_hardly_moves_is_no_drag_and_places_nothing(ground, run_async):
    async def steps():
        ground.hand.click(cents(40), Column.MY_BIDS)
        await settle()
        assert (ground.desk.amended, ground.sent) == ([], [])

    run_async(steps())


def test_an_order_told_in_the_other_outcome_goes_to_its_own_price(ground, run_async):
    async def steps():
        draft = OrderDraft(TICKER, Verb.BUY_NO, Count.of(7), cents(55))
        ground.blotter.add_intent(Intent("mine", draft, Source.TICKET, NOW_MS))
        ground.blotter.apply_order(order("o9", 45, 7, book_side=BookSide.ASK, client_order_id="mine"))
        ground.blotter.flush()
        ground.hand.drag(cents(45), cents(47), Column.MY_ASKS)
        ground.hand.release(cents(47), Column.MY_ASKS)
        await settle()
        assert ground.desk.amended == [("mine", cents(53), Count.of(7))]

    run_async(steps())


def test_several_orders_at_a_price_go_one_after_the_other(ground, run_async):
    async def steps():
        ground.own("o2", 40, 30)
        ground.hand.drag(cents(40), cents(39), Column.MY_BIDS)
        assert ground.line == "Your 2 bids: 40¢ → 39¢"
        ground.hand.release(cents(39), Column.MY_BIDS)
        await settle()
        assert [key for key, *_ in ground.desk.amended] == ["o1", "o2"]
        assert [notice.headline for notice in ground.notices] == ["2 orders moved to 39¢."]

    run_async(steps())


def test_the_first_that_is_refused_ends_the_rest(ground, run_async):
    async def steps():
        ground.own("o2", 40, 30)
        ground.desk.change = REFUSED
        ground.hand.drag(cents(40), cents(39), Column.MY_BIDS)
        ground.hand.release(cents(39), Column.MY_BIDS)
        await settle()
        assert [key for key, *_ in ground.desk.amended] == ["o1"]
        assert ground.panel.said == "Not changed: the order is filled."

    run_async(steps())


def test_a_limit_asks_before_the_move_and_the_answer_moves_it(ground, run_async):
    async def steps():
        ground.desk.change = ASKS
        ground.hand.drag(cents(40), cents(45), Column.MY_BIDS)
        ground.hand.release(cents(45), Column.MY_BIDS)
        await seen(lambda: ground.question)
        assert ground.question == "Move to 45¢?\n45¢ is 2¢ worse than 43¢. Send anyway?"
        ground.desk.change = ChangeResult(SubmitKind.PLACED, "Changed.")
        ground.answer("send")
        await settle()
        assert ground.desk.confirmed == [False, True]
        assert ground.question == ""

    run_async(steps())


def test_a_yes_is_for_the_order_that_was_asked_about_and_for_no_other(ground, run_async):
    async def steps():
        ground.own("o2", 40, 30)
        ground.desk.change = ASKS
        ground.hand.drag(cents(40), cents(45), Column.MY_BIDS)
        ground.hand.release(cents(45), Column.MY_BIDS)
        await seen(lambda: ground.question)
        ground.desk.change = ChangeResult(SubmitKind.PLACED, "Changed.")
        ground.answer("send")
        await settle()
        assert [key for key, *_ in ground.desk.amended] == ["o1", "o1", "o2"]
        assert ground.desk.confirmed == [False, True, False]

    run_async(steps())


def test_a_move_asked_about_is_left_by_its_other_button(ground, run_async):
    async def steps():
        ground.desk.change = ASKS
        ground.hand.drag(cents(40), cents(45), Column.MY_BIDS)
        ground.hand.release(cents(45), Column.MY_BIDS)
        await seen(lambda: ground.question)
        ground.answer("back")
        await settle()
        assert len(ground.desk.amended) == 1
        ground.desk.change = ChangeResult(SubmitKind.PLACED, "Changed.")
        ground.hand.drag(cents(40), cents(39), Column.MY_BIDS)
        ground.hand.release(cents(39), Column.MY_BIDS)
        await settle()
        assert ground.desk.confirmed == [False, False]

    run_async(steps())


def test_nothing_else_goes_while_a_move_waits_for_its_answer(ground, run_async):
    async def steps():
        ground.own("o2", 37, 30)
        ground.desk.hold = asyncio.Event()
        ground.hand.drag(cents(40), cents(39), Column.MY_BIDS)
        ground.hand.release(cents(39), Column.MY_BIDS)
        await settle()
        ground.hand.drag(cents(37), cents(38), Column.MY_BIDS)
        ground.hand.release(cents(38), Column.MY_BIDS)
        assert ground.panel.said == "Wait for the answer about the order before."
        ground.hand.click(cents(38), Column.BIDS)
        await settle()
        assert ([key for key, *_ in ground.desk.amended], ground.sent) == (["o1"], [])
        ground.desk.hold.set()
        await settle()

    run_async(steps())


def test_safe_lets_an_order_back_off_but_not_come_nearer(ground, run_async):
    async def steps():
        ground.panel.show_armed(armed=False)
        ground.hand.drag(cents(40), cents(41), Column.MY_BIDS)
        assert ground.line.startswith("Safe: this order can only be dragged down")
        ground.hand.release(cents(41), Column.MY_BIDS)
        await settle()
        assert ground.desk.amended == []
        assert ground.panel.said.startswith("Safe: this order can only be dragged down")
        ground.hand.drag(cents(40), cents(39), Column.MY_BIDS)
        ground.hand.release(cents(39), Column.MY_BIDS)
        await settle()
        assert [price for _, price, _ in ground.desk.amended] == [cents(39)]

    run_async(steps())


def test_a_stale_book_refuses_the_drop_with_its_reason(ground, run_async):
    async def steps():
        ground.data.set_book(book({41: 5}, {43: 5}), fresh=False, age_s=12.0)
        ground.hand.drag(cents(40), cents(39), Column.MY_BIDS)
        ground.hand.release(cents(39), Column.MY_BIDS)
        await settle()
        assert ground.desk.amended == []
        assert "12 s old" in ground.panel.said

    run_async(steps())


def test_the_keyboard_lifts_moves_and_lets_go(ground, run_async):
    async def steps():
        grid = ground.panel.grid
        ground.panel.focus_rows()
        QTest.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert grid.drag is None, "there is nothing of one's own in this row"
        while grid.focused_price != cents(40):
            QTest.keyClick(grid, Qt.Key.Key_Down)
        for _ in range(2):
            QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(grid, Qt.Key.Key_Down)
        assert ground.line == "Your bid of 100: 40¢ → 37¢"
        QTest.keyClick(grid, Qt.Key.Key_Escape)
        assert grid.drag is None
        QTest.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(grid, Qt.Key.Key_Return)
        await settle()
        assert ground.desk.amended == [("o1", cents(41), Count.of(100))]
        assert ground.sent == []

    run_async(steps())
