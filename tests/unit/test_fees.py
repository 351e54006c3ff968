"""Fees to the last $0.0001, and what rounding gives back (FACTS §13)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.fees import STANDARD_FEES, OrderFees, fee_range, trade_fee
from pitdesk.markets import FeeSchedule
from pitdesk.quantities import DOLLARS_ZERO, Count, Dollars, Price

MAKERS_PAY = FeeSchedule("quadratic_with_maker_fees", Fraction(1))
COMBO = FeeSchedule("quadratic_with_combo_maker_fees", Fraction(1))
HALF = FeeSchedule("quadratic", Fraction(1, 2))


@pytest.mark.parametrize(
    "schedule, count, price, taker, fee",
    [
        (STANDARD_FEES, "1", "0.52", True, "0.0175"),
        (STANDARD_FEES, "100", "0.42", True, "1.7052"),
        (STANDARD_FEES, "100", "0.50", True, "1.75"),
        (STANDARD_FEES, "100", "0.42", False, "0"),
        (MAKERS_PAY, "100", "0.42", False, "0.4263"),
        (COMBO, "100", "0.42", False, "0.8526"),
        (HALF, "100", "0.42", True, "0.8526"),
        (STANDARD_FEES, "0.01", "0.01", True, "0.0001"),
        (FeeSchedule("flat", Fraction(1)), "100", "0.42", False, "1.7052"),
    ],
)
def test_the_fee_of_a_fill(schedule: FeeSchedule, count: str, price: str, taker: bool, fee: str) -> None:
    charged = trade_fee(schedule, Price.from_wire(price), Count.from_wire(count), is_taker=taker)
    assert charged == Dollars.from_wire(fee)


@given(st.integers(1, 9_999), st.integers(1, 10**7))
def test_the_fee_is_never_short_and_less_than_a_step_over(price: int, count: int) -> None:
    exact = (
        Fraction(7, 100) * Fraction(count, 100) * Fraction(price, 10_000) * Fraction(10_000 - price, 10_000)
    )
    fee = trade_fee(STANDARD_FEES, Price(price), Count(count), is_taker=True)
    over = Fraction(fee.units, 10**6) - exact
    assert 0 <= over < Fraction(1, 10**4)
    assert fee.units % 100 == 0
    assert fee == trade_fee(STANDARD_FEES, Price(price).complement(), Count(count), is_taker=True)


def test_the_range_runs_from_resting_to_taking_at_the_dearest_price() -> None:
    price, count = Price.from_cents(60), Count.of(100)
    against = Price.from_cents(45)
    spread = fee_range(STANDARD_FEES, price, count, best_against=against)
    assert spread.least == DOLLARS_ZERO
    assert spread.most == Dollars.from_wire("1.75")
    resting = fee_range(STANDARD_FEES, price, count, best_against=None, post_only=True)
    assert (resting.least, resting.most) == (DOLLARS_ZERO, DOLLARS_ZERO)
    taking = fee_range(MAKERS_PAY, price, count, best_against=None, takes_only=True)
    assert (taking.least, taking.most) == (DOLLARS_ZERO, Dollars.from_wire("1.68"))


@given(st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 100_000), st.booleans()), max_size=30))
def test_an_order_is_never_overcharged_by_more_than_a_cent(fills: list[tuple[int, int, bool]]) -> None:
    fees = OrderFees(step=Dollars.from_cents(1))
    charged = exact = Dollars(0)
    for price, count, taker in fills:
        cost = Price(price) * Count(count)
        charge = fees.charge(STANDARD_FEES, Price(price), Count(count), cost, is_taker=taker)
        assert (cost + charge.total).units % 10_000 == 0
        charged, exact = charged + charge.total, exact + charge.trade_fee
        assert DOLLARS_ZERO <= charged - exact <= Dollars.from_cents(1)
        assert fees.overpaid == charged - exact
