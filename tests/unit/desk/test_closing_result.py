"""What closing a position at a price brings: Yes and No, taking and resting, against the desk's own fills."""

from fractions import Fraction

import pytest

from pitdesk.desk.closing_result import Closing
from pitdesk.desk.positions import after_fill, gain
from pitdesk.fees import trade_fee
from pitdesk.markets import FeeSchedule, Position
from pitdesk.orders import BookSide, Fill
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price

FEES = FeeSchedule("quadratic", Fraction(1))
MAKER_TOO = FeeSchedule("quadratic_with_maker_fees", Fraction(1))


def cents(value: int) -> Price:
    return Price.from_cents(value)


def position(contracts: int, exposure: str, realized: str = "0", fees: str = "0") -> Position:
    money = [Dollars.from_wire(text) for text in (exposure, realized, fees)]
    return Position("KX-1", Count.of(contracts), *money, DOLLARS_ZERO)


@pytest.mark.parametrize(
    "contracts, at, expected",
    [(100, 50, "10.00"), (100, 40, "0"), (100, 99, "59.00"), (-100, 30, "30.00"), (-100, 60, "0")],
)
def test_beyond_the_touch_it_rests_and_costs_no_fee(contracts: int, at: int, expected: str) -> None:
    """100 Yes bought at 40¢, or 100 No bought at 40¢ (asks of Yes at 60¢)."""
    closing = Closing(position(contracts, "40.00"), FEES, bid=cents(10), ask=cents(95))
    assert closing.result_at(cents(at)) == Dollars.from_wire(expected)


@pytest.mark.parametrize("contracts, bid, ask, at", [(100, 41, 43, 41), (100, 41, 43, 5), (-100, 41, 43, 43)])
def test_up_to_the_touch_it_takes_and_is_charged(contracts: int, bid: int, ask: int, at: int) -> None:
    closing = Closing(position(contracts, "40.00"), FEES, cents(bid), cents(ask))
    leg = cents(at) if contracts > 0 else cents(at).complement()
    fee = trade_fee(FEES, cents(at), Count.of(100), is_taker=True)
    assert fee > DOLLARS_ZERO
    assert closing.result_at(cents(at)) == leg * Count.of(100) - Dollars.of(40) - fee


def test_a_row_beyond_the_touch_is_charged_what_makers_are() -> None:
    held = position(100, "40.00")
    fee = trade_fee(MAKER_TOO, cents(50), Count.of(100), is_taker=False)
    assert Closing(held, MAKER_TOO, cents(41), cents(43)).result_at(cents(50)) == Dollars.of(10) - fee


@pytest.mark.parametrize("known, bid", [(False, 10), (True, 60)])
def test_a_book_that_cannot_be_trusted_is_charged_as_taking(known: bool, bid: int) -> None:
    held = position(100, "40.00")
    taken = trade_fee(FEES, cents(50), Count.of(100), is_taker=True)
    closing = Closing(held, FEES, cents(bid), None, touch_known=known)
    assert closing.result_at(cents(50)) == Dollars.of(10) - taken


def test_what_was_realized_and_charged_before_counts() -> None:
    held = position(100, "40.00", realized="3.50", fees="1.25")
    closing = Closing(held, FEES, bid=None, ask=None)
    assert closing.result_at(cents(50)) == Dollars.from_wire("12.25")


@pytest.mark.parametrize("contracts", [100, -100, 7, -250])
@pytest.mark.parametrize("at", [3, 41, 43, 88])
def test_it_is_what_the_desk_books_when_the_position_is_closed_there(contracts: int, at: int) -> None:
    held = position(contracts, "21.37", realized="-2.10", fees="0.77")
    closing = Closing(held, FEES, cents(41), cents(43))
    takes = at <= 41 if contracts > 0 else at >= 43
    side = BookSide.ASK if contracts > 0 else BookSide.BID
    fee = trade_fee(FEES, cents(at), abs(held.count), is_taker=takes)
    fill = Fill("t", "o", "KX-1", side, cents(at), abs(held.count), fee, takes, 1)
    after, _cash = after_fill(held, fill)
    assert after.count == COUNT_ZERO
    assert closing.result_at(cents(at)) == gain(after, DOLLARS_ZERO)
