"""Builds a ladder of orders over a range of prices, every rung on the market's grid.

Nothing collapses silently: rungs that fall on one price become one rung with the contracts of all of them,
and the ladder says how many. What was asked in total is given out to the last hundredth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import MOST_ROWS, Field, Texts, with_cells
from pitdesk.quantities import Count, Price, PriceRanges, QuantityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.orders import Verb


class Shape(Enum):
    """How the contracts are spread from the first price to the last. The value is what is shown."""

    FLAT = "Flat"
    LINEAR = "Linear"
    FRONT = "Front-weighted"
    BACK = "Back-weighted"

    def weights(self, rungs: int) -> list[int]:
        """What each rung weighs: all the same; 1, 2, 3 …; their squares with the heaviest first, or last."""
        rising = range(1, rungs + 1)
        if self is Shape.FLAT:
            return [1] * rungs
        if self is Shape.LINEAR:
            return list(rising)
        squares = [each * each for each in rising]
        return squares[::-1] if self is Shape.FRONT else squares


@dataclass(frozen=True, slots=True)
class LadderPlan:
    """What the person asks. Prices are of the outcome that ``verb`` names.

    Exactly one of ``steps`` (how many orders) and ``tick`` (the distance between two) is given, and exactly
    one of ``total`` and ``each`` (contracts of the ladder, or of a step on average).
    """

    verb: Verb
    from_price: Price
    to_price: Price
    steps: int | None = None
    tick: Price | None = None
    total: Count | None = None
    each: Count | None = None
    shape: Shape = Shape.FLAT


@dataclass(frozen=True, slots=True)
class Rung:
    """One order of the ladder."""

    price: Price
    count: Count


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs from the first price to the last. ``notes`` tell what is otherwise than asked."""

    rungs: tuple[Rung, ...]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Count:
        """Contracts of all rungs."""
        return Count(sum(rung.count.units for rung in self.rungs))


def build_ladder(plan: LadderPlan, grid: PriceRanges) -> Ladder:
    """The ladder of ``plan`` on ``grid``, the grid of the verb's outcome.

    A price between two ticks goes to the one that is better for the person: down for a buy, up for a sell
    (FACTS §4.3). Raises :class:`QuantityError` with a plain sentence where the plan makes no ladder.
    """
    _demand_ends(plan, grid)
    wished = _wished_prices(plan)
    snapped = [_snap(plan, grid, price) for price in wished]
    counts = _spread(_total(plan, len(snapped)), plan.shape.weights(len(snapped)))
    by_price: dict[Price, int] = {}
    for price, count in zip(snapped, counts, strict=True):
        by_price[price] = by_price.get(price, 0) + count
    rungs = tuple(Rung(price, Count(count)) for price, count in by_price.items())
    return Ladder(rungs, _notes(wished, snapped, len(rungs)))


def ladder_rows(ladder: Ladder, ticker: str, verb: Verb, template: Texts) -> list[Texts]:
    """The rows of a ladder; ``template`` gives the other cells, such as time in force and expiry."""
    return [
        with_cells(
            template,
            {
                Field.MARKET: ticker,
                Field.VERB: verb.value,
                Field.PRICE: price_text(rung.price),
                Field.COUNT: count_text(rung.count),
            },
        )
        for rung in ladder.rungs
    ]


def price_text(price: Price) -> str:
    """A price as a cell takes it, in cents: ``42``, ``3.25``."""
    return str(price).removesuffix("¢")


def count_text(count: Count) -> str:
    """Contracts as a cell takes them: ``1240``, ``2.5``."""
    return str(count).replace(",", "")


def _demand_ends(plan: LadderPlan, grid: PriceRanges) -> None:
    if (plan.steps is None) == (plan.tick is None):
        raise QuantityError("Give either the number of orders or the distance between them.")
    if (plan.total is None) == (plan.each is None):
        raise QuantityError("Give either the contracts in total or those of each order.")
    if plan.steps is not None and not 1 <= plan.steps <= MOST_ROWS:
        raise QuantityError(f"A ladder has from 1 to {MOST_ROWS:,} orders.")
    if plan.tick is not None and plan.tick.units <= 0:
        raise QuantityError("The distance between two orders must be above zero.")
    for price in (plan.from_price, plan.to_price):
        if not grid.holds(price):
            near = [it for it in (grid.nearest_below(price), grid.nearest_above(price)) if it is not None]
            choices = " or ".join(str(it) for it in near)
            raise QuantityError(f"{price} is not a price of this market. Nearest: {choices}.")


def _wished_prices(plan: LadderPlan) -> list[Fraction]:
    """The prices in units of $0.0001, before they are put on the grid, from the first to the last."""
    first, last = plan.from_price.units, plan.to_price.units
    if plan.steps is not None:
        if plan.steps == 1:
            return [Fraction(first)]
        return [first + Fraction((last - first) * step, plan.steps - 1) for step in range(plan.steps)]
    tick = plan.tick.units if plan.tick is not None else 1
    reach = abs(last - first) // tick
    if reach >= MOST_ROWS:
        raise QuantityError(
            f"That would be {reach + 1:,} orders; a batch holds {MOST_ROWS:,}. Take a larger distance."
        )
    sign = 1 if last >= first else -1
    return [Fraction(first + sign * tick * step) for step in range(reach + 1)]


def _snap(plan: LadderPlan, grid: PriceRanges, wished: Fraction) -> Price:
    down = Price(wished.numerator // wished.denominator)
    up = Price(-(-wished.numerator // wished.denominator))
    below, above = grid.nearest_below(down), grid.nearest_above(up)
    found = (below or above) if plan.verb.is_buy else (above or below)
    if found is None:
        raise QuantityError("This market has no price there.")
    return found


def _total(plan: LadderPlan, rungs: int) -> int:
    """Hundredths of contracts to give out."""
    total = plan.total.units if plan.total is not None else (plan.each or Count(0)).units * rungs
    if total < rungs:
        raise QuantityError(
            f"{Count(total)} contracts cannot be split over {rungs} orders: each needs at least 0.01."
        )
    return total


def _spread(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` hundredths by ``weights``, as whole contracts where that is possible; it adds up exactly."""
    rungs = len(weights)
    unit = 100 if total % 100 == 0 and total // 100 >= rungs else 1
    parts = total // unit - rungs
    shares = [Fraction(parts * weight, sum(weights)) for weight in weights]
    given = [share.numerator // share.denominator for share in shares]
    left = parts - sum(given)
    # Who was rounded down most comes first; at a tie, the earlier rung.
    order = sorted(range(rungs), key=lambda place: (given[place] - shares[place], place))
    for place in order[:left]:
        given[place] += 1
    return [(each + 1) * unit for each in given]


def _notes(wished: Sequence[Fraction], snapped: Sequence[Price], rungs: int) -> tuple[str, ...]:
    notes = []
    moved = sum(price.units != wish for wish, price in zip(wished, snapped, strict=True))
    if moved:
        notes.append(f"{_orders(moved)} moved to the market's grid.")
    merged = len(snapped) - rungs
    if merged:
        notes.append(
            f"{len(snapped)} orders were asked; the grid has {rungs} prices for them, "
            f"so {merged} share a price with another and are added to it."
        )
    return tuple(notes)


def _orders(count: int) -> str:
    return "1 order is" if count == 1 else f"{count} orders are"
