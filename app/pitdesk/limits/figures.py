"""Every figure of the limits as a person sees and sets it: its words, how it is typed, what is too much."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from pitdesk.limits.in_force import names
from pitdesk.limits.model import LimitValues
from pitdesk.quantities import Count, Dollars, Price, QuantityError
from pitdesk.typed_text import parse_count, parse_dollars

_WHOLE = re.compile(r"[0-9]{1,7}\Z")
_CENTS = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?\Z")


class FigureKind(Enum):
    """What is counted. The value is what stands after it."""

    CONTRACTS = "contracts"
    DOLLARS = ""
    CENTS = "¢"
    ORDERS = "orders"
    SECONDS = "seconds"


_LARGEST: dict[FigureKind, Any] = {
    FigureKind.CONTRACTS: Count.of(9_999_999),
    FigureKind.DOLLARS: Dollars.of(9_999_999),
    FigureKind.CENTS: Price.from_cents(99),
    FigureKind.ORDERS: 200_000,
    FigureKind.SECONDS: 3_600.0,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """One line of the settings: ``asks`` and ``refuses`` name the figures of both, None where there is none.

    ``told`` says what is counted. ``within``: both hold for less than the figure, not for more.
    """

    words: str
    kind: FigureKind
    asks: str | None
    refuses: str | None
    told: str = ""
    within: bool = False

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of its figures."""
        return tuple(name for name in (self.asks, self.refuses) if name is not None)


_OPEN = "What is held, open and unconfirmed, if all of it fills."
BOUNDS = (
    Bound("Contracts in one order", FigureKind.CONTRACTS, "contracts_confirm", "contracts_hard"),
    Bound("Cost of one order", FigureKind.DOLLARS, "cost_confirm", "cost_hard", "With its fee at most."),
    Bound(
        "Cost of one batch",
        FigureKind.DOLLARS,
        "batch_cost_confirm",
        "batch_cost_hard",
        "If all of its rows fill.",
    ),
    Bound("In one market", FigureKind.DOLLARS, "market_cost_confirm", "market_cost_hard", _OPEN),
    Bound("In one event", FigureKind.DOLLARS, "event_cost_confirm", "event_cost_hard", _OPEN),
    Bound(
        "Spent in one day",
        FigureKind.DOLLARS,
        "day_spend_confirm",
        "day_spend_hard",
        "Since midnight in New York, with fees and open orders.",
    ),
    Bound(
        "Lost in one day",
        FigureKind.DOLLARS,
        "day_loss_confirm",
        "day_loss_hard",
        "Of money realized. At the limit only orders that make positions smaller are sent, until midnight.",
    ),
    Bound(
        "Worse than the best price",
        FigureKind.CENTS,
        "through_confirm",
        "through_hard",
        "Buying above the ask, selling below the bid.",
    ),
    Bound("Gap between bid and ask", FigureKind.CENTS, "spread_confirm", None),
    Bound("Open orders in one market", FigureKind.ORDERS, "open_in_market_confirm", None),
    Bound("Open orders in all", FigureKind.ORDERS, None, "open_orders_hard"),
    Bound(
        "Orders within a second",
        FigureKind.ORDERS,
        None,
        "presses_a_second_hard",
        "Each sent by a press of its own; the rows of a batch do not count.",
    ),
    Bound("Orders within a minute", FigureKind.ORDERS, None, "presses_a_minute_hard"),
    Bound(
        "The same order again within",
        FigureKind.SECONDS,
        "repeat_confirm_s",
        "repeat_hard_s",
        within=True,
    ),
)
_KINDS = {name: bound.kind for bound in BOUNDS for name in bound.figures}
LOOSEST = replace(
    LimitValues(),
    **{name: _LARGEST[_KINDS[name]] for name in names() if not name.startswith("repeat")},
    repeat_hard_s=0.0,
    repeat_confirm_s=0.0,
)
"""Nothing looser can be set."""


def bound_of(name: str) -> Bound:
    """The line that a figure stands in."""
    return next(bound for bound in BOUNDS if name in bound.figures)


def tell(name: str, value: Any) -> str:
    """A figure as it is shown and typed: ``$2,500.00`` is typed ``2500``, three cents ``3``."""
    kind = _KINDS[name]
    if kind is FigureKind.DOLLARS:
        whole, rest = divmod(value.units, 1_000_000)
        return f"{whole}.{rest:06d}"[:-4] if rest else str(whole)
    if kind is FigureKind.SECONDS:
        return f"{value:g}"
    return str(value).replace(",", "").removesuffix("¢")


def told(name: str, value: Any) -> str:
    """A figure with what it counts: ``$2,500.00``, ``3¢``, ``1,000 contracts``."""
    kind = _KINDS[name]
    if kind is FigureKind.SECONDS:
        return f"{value:g} {kind.value}"
    if kind is FigureKind.ORDERS:
        return f"{value:,} {kind.value}"
    return f"{value} {kind.value}" if kind is FigureKind.CONTRACTS else str(value)


def read(name: str, text: str) -> Any:
    """The figure that was typed; raises :class:`QuantityError` with what would be accepted."""
    kind, body = _KINDS[name], text.strip(" ")
    if kind is FigureKind.CONTRACTS:
        value: Any = parse_count(body)
    elif kind is FigureKind.DOLLARS:
        value = parse_dollars(body)
        if value != value.cents_up():
            raise QuantityError("Enter dollars and whole cents, like 250 or 43.71.")
    elif kind is FigureKind.CENTS:
        value = _cents(body.removesuffix("¢").strip(" "))
    else:
        value = _whole(body)
        value = float(value) if kind is FigureKind.SECONDS else value
    if value > _LARGEST[kind]:
        raise QuantityError(f"The most that can be set here is {told(name, _LARGEST[kind])}.")
    return value


def fault_of(values: LimitValues) -> tuple[str, str] | None:
    """A figure that asks later than the one beside it refuses, and the sentence for it; None of none."""
    for bound in BOUNDS:
        if bound.asks is None or bound.refuses is None:
            continue
        asks, refuses = getattr(values, bound.asks), getattr(values, bound.refuses)
        if (asks < refuses) if bound.within else (asks > refuses):
            least = "more" if bound.within else "less"
            return bound.asks, f"Asks must be {least} than refuses, or the same."
    return None


def _cents(body: str) -> Price:
    if not _CENTS.match(body) or not Price(_hundredths(body)):
        raise QuantityError("Enter cents, like 3 or 2.5.")
    return Price(_hundredths(body))


def _hundredths(body: str) -> int:
    whole, _, rest = body.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def _whole(body: str) -> int:
    if not _WHOLE.match(body) or not int(body):
        raise QuantityError("Enter a whole number from 1.")
    return int(body)
