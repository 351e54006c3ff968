"""What a fill makes of a position and of the cash, and what a position is worth."""

from hypothesis import given
from hypothesis import strategies as st

from pitdesk.desk.positions import after_fill, gain, mark
from pitdesk.markets import Position, Quote
from pitdesk.orders import BookSide, Fill
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, PRICE_ONE, Count, Dollars, Price


def fill(side: BookSide, cents: int, contracts: int, fee_cents: int = 0, trade_id: str = "t") -> Fill:
    return Fill(
        trade_id,
        "o",
        "M",
        side,
        Price.from_cents(cents),
        Count.of(contracts),
        Dollars.from_cents(fee_cents),
        True,
        1,
    )


def position(contracts: int, cost_cents: int) -> Position:
    cost = Dollars.from_cents(cost_cents)
    return Position("M", Count.of(contracts), cost, DOLLARS_ZERO, DOLLARS_ZERO, cost)


def test_buying_yes_opens_at_its_price_plus_fee() -> None:
    held, cash = after_fill(None, fill(BookSide.BID, 42, 100, 171))
    assert held.count == Count.of(100)
    assert held.exposure == Dollars.of(42)
    assert held.fees == Dollars.from_cents(171)
    assert cash == Dollars.from_cents(-4371)


def test_asking_without_a_position_opens_no_at_the_other_price() -> None:
    held, cash = after_fill(None, fill(BookSide.ASK, 60, 10))
    assert held.count == Count.of(-10)
    assert held.exposure == Dollars.of(4)
    assert cash == Dollars.of(-4)


def test_selling_what_is_held_brings_money_and_realizes() -> None:
    held, cash = after_fill(position(100, 4000), fill(BookSide.ASK, 50, 40, 10))
    assert held.count == Count.of(60)
    assert held.exposure == Dollars.of(24)
    assert held.realized == Dollars.of(4)
    assert held.total_traded == Dollars.of(40), "what was spent; to close spends nothing"
    assert cash == Dollars.from_cents(2000 - 10)


def test_a_fill_through_zero_closes_and_opens() -> None:
    held, cash = after_fill(position(10, 400), fill(BookSide.ASK, 50, 15))
    assert held.count == Count.of(-5)
    assert held.exposure == Dollars.from_cents(250)
    assert held.realized == Dollars.of(1)
    assert cash == Dollars.from_cents(500 - 250)


def test_a_position_is_worth_what_is_bid_for_the_outcome_held() -> None:
    quote = Quote(bid=Price.from_cents(41), ask=Price.from_cents(43))
    assert mark(position(100, 4000), quote) == Dollars.of(41)
    assert mark(position(-100, 4000), quote) == Dollars.of(57)
    assert mark(position(100, 4000), Quote()) is None


FILLS = st.lists(
    st.tuples(
        st.sampled_from(BookSide), st.integers(1, 9_999), st.integers(1, 500_000), st.integers(0, 90_000)
    ),
    min_size=1,
    max_size=30,
)


@given(FILLS, st.integers(0, 1))
def test_gain_and_cash_agree_whatever_the_fills(
    fills: list[tuple[BookSide, int, int, int]], result: int
) -> None:
    """At resolution the cash paid in and out, with the settlement, is the gain that was shown."""
    held, cash = None, DOLLARS_ZERO
    for side, price, count, fee in fills:
        one = Fill("t", "o", "M", side, Price(price), Count(count), Dollars(fee * 100), True, 1)
        held, change = after_fill(held, one)
        cash = cash + change
    assert held is not None
    worth = PRICE_ONE if (held.count > COUNT_ZERO) == bool(result) else Price(0)
    settled = worth * abs(held.count)
    assert cash + settled == gain(held, settled)
