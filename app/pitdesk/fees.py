"""What the exchange charges for a fill, to the last $0.0001 (FACTS §13).

The trade fee of a fill is ``rate × multiplier × contracts × P × (1 − P)``, rounded up to $0.0001. Fees fall
on fills only. :class:`OrderFees` carries one order's rounding from fill to fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pitdesk.markets import FeeSchedule
from pitdesk.quantities import DOLLARS_ZERO, PRICE_ONE, Count, Dollars, Price

TAKER_RATE = Fraction(7, 100)
_MAKER_SHARE = {
    "quadratic": Fraction(0),
    "quadratic_with_maker_fees": Fraction(1, 4),
    "quadratic_with_combo_maker_fees": Fraction(1, 2),
}
_CENTICENT = 100
_CENT = 10_000
STANDARD_FEES = FeeSchedule("quadratic", Fraction(1))


def trade_fee(schedule: FeeSchedule, yes_price: Price, count: Count, *, is_taker: bool) -> Dollars:
    """The fee of one fill, a multiple of $0.0001. The same for Yes and No: P(1−P) is symmetric.

    A schedule that is not known is charged as a taker of the standard one would be: the cautious guess.
    """
    share = Fraction(1) if is_taker else _MAKER_SHARE.get(schedule.fee_type, Fraction(1))
    rate = TAKER_RATE * schedule.multiplier * share
    product = count.units * yes_price.units * (PRICE_ONE.units - yes_price.units)
    centicents = -(-(rate.numerator * product) // (rate.denominator * 1_000_000))
    return Dollars(centicents * _CENTICENT)


@dataclass(frozen=True, slots=True)
class FeeRange:
    """The fee of an order at best (every contract rests first) and at most (every contract takes)."""

    least: Dollars
    most: Dollars


def fee_range(
    schedule: FeeSchedule,
    yes_price: Price,
    count: Count,
    *,
    best_against: Price | None,
    post_only: bool = False,
    takes_only: bool = False,
) -> FeeRange:
    """What the fee of an order can come to if all of it fills.

    ``best_against`` is the touch it could take from (Yes price), None where that side is empty. The dearest
    fee lies at the price between limit and touch that is nearest 50¢. ``takes_only``: it never rests.
    """
    maker = trade_fee(schedule, yes_price, count, is_taker=False)
    dearest = _nearest_to_half(yes_price, best_against if best_against is not None else yes_price)
    taker = trade_fee(schedule, dearest, count, is_taker=True)
    if post_only:
        return FeeRange(maker, maker)
    if takes_only:
        return FeeRange(DOLLARS_ZERO, max(taker, maker))
    return FeeRange(min(maker, taker), max(taker, maker))


def _nearest_to_half(one: Price, other: Price) -> Price:
    low, high = min(one, other), max(one, other)
    return min(max(Price(5_000), low), high)


@dataclass(frozen=True, slots=True)
class FillCharge:
    """What one fill costs in fees: the trade fee, what rounding adds, and the whole cents given back."""

    trade_fee: Dollars
    rounding_fee: Dollars
    rebate: Dollars

    @property
    def total(self) -> Dollars:
        """What leaves the account besides the contracts' price."""
        return self.trade_fee + self.rounding_fee - self.rebate


@dataclass(slots=True)
class OrderFees:
    """The fee accumulator of one order, over its taker and maker fills (FACTS §13).

    ``step`` is what the account's cash moves in: $0.0001 for a direct member, $0.01 through a broker.
    """

    step: Dollars = Dollars(_CENTICENT)  # noqa: RUF009 (immutable)
    overpaid: Dollars = DOLLARS_ZERO

    def charge(
        self, schedule: FeeSchedule, yes_price: Price, count: Count, cost: Dollars, *, is_taker: bool
    ) -> FillCharge:
        """Charge a fill whose contracts cost ``cost`` (below zero when they bring money in).

        The change of cash is floored to ``step``; what that overcharges is kept, and given back in whole
        cents once it is more than one.
        """
        fee = trade_fee(schedule, yes_price, count, is_taker=is_taker)
        outflow = cost.units + fee.units
        rounded = -(-outflow // self.step.units) * self.step.units
        rounding = Dollars(rounded - outflow)
        self.overpaid = self.overpaid + rounding
        rebate = DOLLARS_ZERO
        if self.overpaid.units > _CENT:
            rebate = Dollars(self.overpaid.units // _CENT * _CENT)
            self.overpaid = self.overpaid - rebate
        return FillCharge(fee, rounding, rebate)
