"""The ladder in the window, on the practice exchange: what is clicked and dragged is what it has."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from pitdesk.quantities import Price
from pitdesk_ui.ladder.grid import LadderGrid
from pitdesk_ui.ladder.painting import Column
from tests.failing_exchange_ground import Stage, stage_in
from tests.practice_fixture import PracticeExchange, running_exchange
from tests.window_ground import PATIENCE_S, fill_in_by_mouse, running_program, signed_in
from tools.tour.ladder_hand import RIGHT, LadderHand

RunAsync = Callable[..., Any]
Scene = Callable[["Ladder"], Coroutine[Any, Any, None]]
Play = Callable[[Scene], None]


class Ladder:
    """The ladder on the stage, and the rows that are some cents from the touch."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.hand = stage, stage.hand
        self.grid = stage.hand.find("ladder.grid", LadderGrid)
        self.mouse = LadderHand(self.grid)

    def has_touch(self) -> bool:
        picture = self.grid.picture
        return picture.fresh and picture.best_bid is not None and picture.best_ask is not None

    def below(self, cents: int) -> Price:
        """So far below the best bid, where a bid rests."""
        bid = self.grid.picture.best_bid
        assert bid is not None
        return bid - Price.from_cents(cents)

    def above(self, cents: int) -> Price:
        """So far above the best ask."""
        ask = self.grid.picture.best_ask
        assert ask is not None
        return ask + Price.from_cents(cents)

    @property
    def line(self) -> str:
        return self._whole("ladder.line")

    @property
    def more(self) -> str:
        return self._whole("ladder.more")

    def _whole(self, name: str) -> str:
        return str(getattr(self.hand.find(name, QWidget), "whole", ""))

    @property
    def said(self) -> str:
        assert self.stage.application.parts is not None
        return self.stage.application.parts.ladder.said

    @property
    def question(self) -> str:
        found = self.stage.application.window.findChild(QWidget, "ladder.confirm")
        return found.accessibleName() if found is not None and found.isVisible() else ""

    async def chip_at(self, price: Price) -> None:
        await self.hand.see(
            f"your order at {price}",
            lambda: (chips := self.grid.picture.own_at(price)) and chips[0].settled,
            PATIENCE_S,
        )

    async def rests(self, price: Price) -> dict[str, Any]:
        """A bid of ten placed by one click."""
        self.mouse.click(price, Column.BIDS)
        await self.chip_at(price)
        (order,) = await self.stage.resting()
        return order


@pytest.fixture
def play(tmp_path: Path, run_async: RunAsync) -> Play:
    def run(scene: Scene) -> None:
        async def whole() -> None:
            async with stage_in(tmp_path) as stage:
                ladder = Ladder(stage)
                await stage.hand.see("both sides of the book", ladder.has_touch, PATIENCE_S)
                await scene(ladder)

        run_async(whole(), timeout=240)

    return run


def told(order: dict[str, Any]) -> tuple[Price, str, str]:
    return Price.from_wire(order["price"]), order["side"], order["status"]


def test_one_click_places_what_the_line_says_and_another_order_than_the_tickets(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand = ladder.stage, ladder.hand
        assert hand.text("top.arm") == "Armed", "practice starts armed"
        hand.click("ticket.verb.buy_no")
        hand.type_into("ticket.contracts", "777")
        price = ladder.below(3)
        ladder.mouse.click(price, Column.BIDS)
        await hand.see("it filled the ticket", lambda: hand.text("ticket.price") == str(price.complement()))
        assert await stage.accepted() == [], "no size is chosen yet"
        hand.click("ladder.size_2")
        ladder.mouse.move(price, Column.BIDS)
        line = ladder.line
        assert line.startswith(f"Buy 10 Yes at {price}  ·  $")
        order = await ladder.rests(price)
        assert told(order) == (price, "bid", "resting")
        (row,) = hand.rows("working.table")
        assert (row["Side"], row["Price"], row["Contracts"], row["Source"]) == (
            "Buy Yes",
            str(price),
            "10",
            "Ladder",
        )
        assert hand.find("ticket.verb.buy_no", QPushButton).isChecked()
        assert hand.text("ticket.contracts") == "777"
        assert hand.text("ticket.price") == str(price.complement())
        ask = ladder.above(4)
        ladder.mouse.click(ask, Column.ASKS)
        await ladder.chip_at(ask)
        assert {told(order) for order in await stage.resting()} == {
            (price, "bid", "resting"),
            (ask, "ask", "resting"),
        }

    play(scene)


def test_a_double_click_and_more_on_a_slow_exchange_send_one_order(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        ladder.hand.click("ladder.size_2")
        await ladder.stage.arm("slow_answer", seconds=1.0)
        price = ladder.below(3)
        ladder.mouse.double_click(price, Column.BIDS)
        ladder.mouse.click(price, Column.BIDS)
        ladder.mouse.click(ladder.below(5), Column.BIDS)
        assert ladder.line.startswith("Sending: Buy 10 Yes")
        await ladder.chip_at(price)
        await ladder.hand.see("the answer", lambda: not ladder.line.startswith("Sending"))
        ladder.mouse.double_click(price, Column.BIDS)
        await ladder.hand.see("the slip is refused", lambda: "a moment ago" in ladder.said or ladder.question)
        assert len(await ladder.stage.accepted()) == 1

    play(scene)


def test_an_order_that_was_never_answered_holds_the_ladder_until_it_is_found(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand = ladder.stage, ladder.hand
        hand.click("ladder.size_2")
        await stage.arm("lost_message", times=20, match={"channel": "user_orders"})
        await stage.arm("accept_then_reset")
        price = ladder.below(3)
        ladder.mouse.click(price, Column.BIDS)
        await hand.see("not known yet", lambda: ladder.line == "Not confirmed yet – checking", PATIENCE_S)
        ladder.mouse.click(ladder.below(4), Column.BIDS)
        await ladder.chip_at(price)
        assert len(await stage.accepted()) == 1
        await hand.see("the ladder is free", lambda: not ladder.line.startswith("Not confirmed"), PATIENCE_S)

    play(scene)


def test_a_limit_asks_on_the_ladder_and_only_the_answer_sends(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand = ladder.stage, ladder.hand
        hand.click("ladder.size_2")
        ladder.mouse.move(ladder.above(6), Column.BIDS)
        assert ladder.more.startswith("Asks first: "), "said before the click"
        ladder.mouse.click(ladder.above(6), Column.BIDS)
        asked = await hand.see("the question", lambda: ladder.question)
        assert "worse than" in asked
        hand.click("ladder.confirm.back")
        assert await stage.accepted() == []
        price = ladder.above(6)
        ladder.mouse.click(price, Column.BIDS)
        await hand.see("the question", lambda: f"Buy 10 Yes at {price}" in ladder.question)
        hand.click("ladder.confirm.send")
        await hand.see("it trades", lambda: _position(ladder), PATIENCE_S)
        assert len(await stage.accepted()) == 1

    play(scene)


def test_right_click_cancels_when_safe_while_the_stream_is_gone_and_trading_is_paused(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand, view = ladder.stage, ladder.hand, ladder.stage.application.view
        assert view is not None
        hand.click("ladder.size_2")
        price = ladder.below(3)
        await ladder.rests(price)
        hand.click("top.arm")
        assert hand.text("top.arm") == "Safe"
        await stage.arm("trading_pause", seconds=60)
        await stage.arm("stall", seconds=60)
        await stage.arm("drop_streams")
        await hand.see("the gate is closed", lambda: not view.session.gate.open_for_risk, PATIENCE_S)
        ladder.mouse.click(price, Column.PRICE, RIGHT)
        await hand.see("no rows", lambda: not hand.rows("working.table"), PATIENCE_S)
        assert await stage.resting() == []
        assert not view.session.gate.open_for_risk

    play(scene)


def test_a_stale_book_refuses_clicks_and_drags_and_says_why(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand = ladder.stage, ladder.hand
        hand.click("ladder.size_2")
        price = ladder.below(3)
        await ladder.rests(price)
        await stage.arm("stall", seconds=60)
        await stage.arm("drop_streams")
        await hand.see("the book is stale", lambda: not ladder.grid.picture.fresh, PATIENCE_S)
        ladder.mouse.move(price, Column.BIDS)
        assert "old" in ladder.line
        ladder.mouse.click(ladder.below(1), Column.BIDS)
        assert "old" in ladder.said
        ladder.mouse.drag(price, ladder.below(5), Column.MY_BIDS)
        ladder.mouse.release(ladder.below(5), Column.MY_BIDS)
        assert "old" in ladder.said
        (order,) = await stage.accepted()
        assert told(order) == (price, "bid", "resting")

    play(scene)


def test_a_drag_moves_the_order_and_escape_leaves_it(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand = ladder.stage, ladder.hand
        hand.click("ladder.size_2")
        start = ladder.below(3)
        before = await ladder.rests(start)
        elsewhere = start - Price.from_cents(2)
        ladder.mouse.drag(start, elsewhere, Column.MY_BIDS)
        assert f"{start} → {elsewhere}" in ladder.line
        QTest.keyClick(ladder.grid, Qt.Key.Key_Escape)
        ladder.mouse.release(elsewhere, Column.MY_BIDS)
        assert hand.text("ticket.contracts") == "", "Esc was the drag's"
        ladder.mouse.drag(start, elsewhere, Column.MY_BIDS)
        ladder.mouse.release(elsewhere, Column.MY_BIDS)
        await ladder.chip_at(elsewhere)
        assert ladder.grid.picture.own_at(start) == ()
        (after,) = await stage.accepted()
        assert (after["order_id"], told(after)) == (before["order_id"], (elsewhere, "bid", "resting"))

    play(scene)


def test_a_market_chosen_anew_has_no_size_and_places_nothing(play: Play) -> None:
    async def scene(ladder: Ladder) -> None:
        stage, hand = ladder.stage, ladder.hand
        view = stage.application.view
        assert view is not None
        first = view.ticker
        hand.click("ladder.size_5")
        hand.type_into("finder.search", "hold")
        hand.key(Qt.Key.Key_Down, "finder.search")
        hand.key(Qt.Key.Key_Return, "finder.tree")
        await hand.see("the other book", lambda: view.ticker != first and ladder.has_touch())
        ladder.mouse.click(ladder.below(3), Column.BIDS)
        await hand.see("the ticket has it", lambda: hand.find("ticket.price", QLineEdit).text())
        assert await stage.accepted() == []

    play(scene)


def _position(ladder: Ladder) -> object:
    view = ladder.stage.application.view
    return view is not None and view.session.portfolio.positions


def test_an_account_with_a_key_is_safe_on_the_ladder_until_it_is_armed(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def scene(exchange: PracticeExchange) -> None:
        async with running_program(tmp_path / "person") as (application, hand):
            await fill_in_by_mouse(hand, exchange)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await signed_in(application, hand)
            grid = hand.find("ladder.grid", LadderGrid)
            await hand.see("the book", lambda: grid.picture.best_bid, PATIENCE_S)
            assert hand.text("top.arm") == "Safe"
            hand.click("ladder.size_1")
            price = grid.picture.best_bid
            assert price is not None
            LadderHand(grid).click(price, Column.BIDS)
            await hand.see("it filled the ticket", lambda: hand.text("ticket.price") == str(price))
            assert exchange.call("GET", "/portfolio/orders?limit=100").json["orders"] == []
            hand.click("top.arm")
            LadderHand(grid).click(price, Column.BIDS)
            await hand.see("your order", lambda: grid.picture.own_at(price), PATIENCE_S)
            assert len(exchange.call("GET", "/portfolio/orders?limit=100").json["orders"]) == 1

    with running_exchange(tmp_path / "second", "--quiet-market") as exchange:
        run_async(scene(exchange), timeout=240)


def test_the_column_of_results_is_there_again_after_a_restart(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            stage.hand.click("ladder.result")
            stage.hand.click("ladder.size_2")
        async with stage_in(tmp_path) as stage:
            assert stage.hand.find("ladder.result", QPushButton).isChecked()
            assert len(stage.hand.find("ladder.grid", LadderGrid).cells(0)) == 6
            assert not stage.hand.find("ladder.size_2", QPushButton).isChecked(), "a size is never kept"

    run_async(scene(), timeout=240)
