"""The column that says what closing the position at each price brings, and the words that fit into it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from pitdesk.fees import trade_fee
from pitdesk.quantities import Count, Dollars
from pitdesk_ui.ladder.painting import Column
from pitdesk_ui.ladder.rows import short_count, short_money
from pitdesk_ui.theme import DARK
from tests.ui.desk_ground import TICKER, book, cents
from tests.ui.ladder_ground import LadderGround


@pytest.fixture
def ground(qtbot) -> Iterator[LadderGround]:
    made = LadderGround(qtbot)
    yield made
    made.close()


def colors(ground: LadderGround, price: int, column: Column) -> set[str]:
    """The colours in one cell as painted."""
    grid = ground.panel.grid
    cell: QRect = grid.cells(grid.row_rect(cents(price)).top())[column]
    image = grid.viewport().grab(cell.adjusted(0, 1, 0, -2)).toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def is_painted(found: set[str], token: str) -> bool:
    """Whether some pixel is near the token's colour: letters are smoothed at their edges."""
    wanted = DARK.color(token)
    return any(
        abs(color.red() - wanted.red()) + abs(color.green() - wanted.green()) < 40
        for color in map(QColor, found)
    )


def test_the_column_comes_and_goes_with_its_button(ground):
    ground.portfolio.hold(40)
    grid, button = ground.panel.grid, ground.panel.findChild(QPushButton, "ladder.result")
    assert len(grid.cells(0)) == 5
    button.click()
    assert len(grid.cells(0)) == 6
    assert "less the fee of closing" in button.toolTip()
    ground.panel.tools.toggle_result()
    assert (len(grid.cells(0)), button.isChecked()) == (5, False)


def test_gains_are_green_losses_red_and_without_a_position_the_column_is_empty(ground):
    ground.panel.tools.toggle_result()
    blank = colors(ground, 45, Column.RESULT)
    ground.portfolio.hold(40, "15.80")  # 40 Yes at 39.5¢
    assert is_painted(colors(ground, 45, Column.RESULT), "yes")
    assert is_painted(colors(ground, 36, Column.RESULT), "no")
    assert not is_painted(blank, "yes") and not is_painted(blank, "no")
    ground.portfolio.positions.clear()
    ground.portfolio.changed.emit(None)
    assert colors(ground, 45, Column.RESULT) == blank


def test_the_figures_follow_the_touch_and_the_position(ground):
    ground.portfolio.hold(40, "15.80")
    closing = ground.panel.grid.picture.closing
    assert closing.result_at(cents(42)) == Dollars.from_wire("1.00"), "rests between bid and ask: no fee"
    fees = closing.fees
    taken = trade_fee(fees, cents(41), Count.of(40), is_taker=True)
    assert closing.result_at(cents(41)) == Dollars.from_wire("0.60") - taken
    ground.data.set_book(book({42: 5}, {44: 5}))
    moved = ground.panel.grid.picture.closing.result_at(cents(42))
    assert moved == Dollars.from_wire("1.00") - trade_fee(fees, cents(42), Count.of(40), is_taker=True)
    ground.portfolio.hold(-40, "24.00")  # 40 No at 60¢
    assert ground.panel.grid.picture.closing.result_at(cents(30)) == Dollars.of(4)


def test_the_column_never_takes_a_click(ground):
    ground.panel.tools.toggle_result()
    prices: list[object] = []
    ground.panel.price_picked.connect(lambda price, side: prices.append((price, side)))
    ground.hand.click(cents(40), Column.RESULT)
    assert (ground.sent, prices) == ([], [(cents(40), None)])
    assert ground.data.watched == [TICKER]


@pytest.mark.parametrize("width", [266, 300, 360, 500])
@pytest.mark.parametrize("shown", [False, True])
def test_the_columns_fill_the_width_whatever_it_is(ground, width, shown):
    ground.panel.resize(width, 500)
    ground.panel.show_result(shown)
    cells = ground.panel.grid.cells(0)
    assert cells[0].left() == 0
    assert cells[-1].right() == ground.panel.grid.viewport().width() - 1
    assert all(left.right() + 1 == right.left() for left, right in itertools.pairwise(cells))
    narrowest = min(cell.width() for cell in cells)
    assert narrowest >= 33, "a chip of three figures fits"


@pytest.mark.parametrize(
    "contracts, text",
    [("7", "7"), ("2.5", "2.5"), ("999", "999"), ("1240", "1.2k"), ("12345", "12k"), ("3400000", "3.4M")],
)
def test_counts_that_have_little_room(contracts: str, text: str) -> None:
    assert short_count(Count.from_wire(contracts)) == text


@pytest.mark.parametrize(
    "amount, text",
    [("0.4", "+$0.40"), ("-9.99", "−$9.99"), ("56.29", "+$56"), ("-1203.5", "−$1,204"), ("0", "$0.00")],
)
def test_money_that_has_little_room(amount: str, text: str) -> None:
    assert short_money(Dollars.from_wire(amount)) == text
