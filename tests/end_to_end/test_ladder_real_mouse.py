"""The ladder under a real mouse on a real screen: double clicks, drags, the right button and the wheel."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pitdesk.quantities import Price
from pitdesk_ui.ladder.painting import ROW_HEIGHT, Column, column_rects
from tests.real_screen import NEEDS_SCREEN, Program, Screen, let_the_market_stand_still, program, until

pytestmark = NEEDS_SCREEN
_BAR = 10  # the width of the scroll bar
_LOW_ROW = 10  # beneath the touch, which is in the middle of a dozen rows


@pytest.fixture
def desk(real_screen: Screen, tmp_path: Path) -> Iterator[Program]:
    """The program on a practice exchange whose market stands still, armed with a size of ten."""
    let_the_market_stand_still(tmp_path)
    with program(real_screen, tmp_path) as started:
        started.control("push button", "Buy Yes: enter contracts")
        started.screen.click(started.control("check box", "One click places 10 contracts"))
        started.control("label", "Armed: Bids buys")
        yield started


class Mouse:
    """Points at the ladder's rows by number, from the uppermost in sight."""

    def __init__(self, desk: Program) -> None:
        self._desk = desk
        self._place = desk.control("list", "Price ladder")["place"]

    def spot(self, row: int, column: Column) -> tuple[str, str]:
        x, y, width, _ = self._place
        cell = column_rects(width - _BAR, row * ROW_HEIGHT, ROW_HEIGHT)[column].center()
        return str(x + cell.x()), str(y + cell.y())

    def do(self, row: int, column: Column, *words: str) -> None:
        """Go there, and then what ``words`` say."""
        self._desk.screen.run("xdotool", "mousemove", *self.spot(row, column), *words)

    def told(self, row: int, column: Column, begins: str) -> Price:
        """The price in the line that is shown for the cell."""
        self.do(row, column)
        line = self._desk.control("label", begins)["name"]
        return Price.from_cents(int(line.removeprefix(begins).split("¢")[0]))


def orders(desk: Program) -> list[dict[str, Any]]:
    return list(desk.exchange_log()["orders"])


def test_a_double_click_is_one_order_and_it_is_dragged_and_canceled_by_the_mouse(desk: Program) -> None:
    mouse = Mouse(desk)
    price = mouse.told(_LOW_ROW, Column.BIDS, "Buy 10 Yes at ")
    mouse.do(_LOW_ROW, Column.BIDS, "click", "--repeat", "2", "--delay", "40", "1")
    (order,) = until("the order", lambda: orders(desk))
    assert (order["side"], Price.from_wire(order["price"]), order["initial_count"]) == ("bid", price, "10.00")

    mouse.do(_LOW_ROW, Column.MY_BIDS)
    desk.control("label", f"Your bid: 10 contracts at {price}")
    mouse.do(_LOW_ROW, Column.MY_BIDS, "mousedown", "1")
    mouse.do(_LOW_ROW - 1, Column.MY_BIDS)
    mouse.do(_LOW_ROW - 2, Column.MY_BIDS)
    higher = price + Price.from_cents(2)
    desk.control("label", f"Your bid of 10: {price} → {higher}")
    assert desk.focus_on("Price ladder")
    desk.screen.run("xdotool", "key", "Escape")  # the button is still held
    desk.control("label", f"Fill {higher} Yes into the ticket")
    mouse.do(_LOW_ROW - 2, Column.MY_BIDS, "mouseup", "1")
    mouse.do(_LOW_ROW, Column.MY_BIDS)
    desk.control("label", f"Your bid: 10 contracts at {price}")
    assert Price.from_wire(orders(desk)[0]["price"]) == price, "Esc left it where it was"

    mouse.do(_LOW_ROW, Column.MY_BIDS, "mousedown", "1")
    mouse.do(_LOW_ROW - 1, Column.MY_BIDS)
    mouse.do(_LOW_ROW - 2, Column.MY_BIDS)
    desk.control("label", f"Your bid of 10: {price} → {higher}")
    mouse.do(_LOW_ROW - 2, Column.MY_BIDS, "mouseup", "1")
    until("it was moved", lambda: Price.from_wire(orders(desk)[0]["price"]) == higher)

    mouse.do(_LOW_ROW - 2, Column.MY_BIDS)
    desk.control("label", f"Your bid: 10 contracts at {higher}")  # the window hears of it after the exchange
    mouse.do(_LOW_ROW - 2, Column.PRICE, "click", "3")
    until("it is canceled", lambda: orders(desk)[0]["status"] == "canceled")
    assert len(orders(desk)) == 1, "one double click, one order, whatever was done to it"


def test_the_wheel_scrolls_and_the_line_follows_what_is_under_the_pointer(desk: Program) -> None:
    mouse = Mouse(desk)
    before = mouse.told(_LOW_ROW, Column.BIDS, "Buy 10 Yes at ")
    mouse.do(_LOW_ROW, Column.BIDS, "click", "5")
    after = until(
        "other prices",
        lambda: (now := mouse.told(_LOW_ROW, Column.BIDS, "Buy 10 Yes at ")) != before and now,
    )
    assert after < before
    assert orders(desk) == []
