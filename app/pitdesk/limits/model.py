"""What a rule says, what it knows, and the figures it goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from pitdesk.quantities import COUNT_ZERO, Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pitdesk.cost import OrderCost
    from pitdesk.markets import Market
    from pitdesk.orders import BookSide, OrderDraft


class IssueKind(Enum):
    """HARD cannot be overridden at the ticket; CONFIRM asks once more."""

    HARD = "hard"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a rule says of a draft: a plain sentence, and the draft's field it is about, if one."""

    kind: IssueKind
    sentence: str
    field: str | None = None
    rule: str = ""

    @property
    def is_hard(self) -> bool:
        """Whether it cannot be overridden."""
        return self.kind is IssueKind.HARD


@dataclass(frozen=True, slots=True)
class LimitValues:
    """The figures, as proposed for an account of $10,000. Distances are of Yes prices, times in seconds."""

    contracts_confirm: Count = Count.of(1_000)
    contracts_hard: Count = Count.of(10_000)
    cost_confirm: Dollars = Dollars.of(500)
    cost_hard: Dollars = Dollars.of(2_500)
    through_confirm: Price = Price.from_cents(3)
    through_hard: Price = Price.from_cents(10)
    spread_confirm: Price = Price.from_cents(20)
    repeat_hard_s: float = 2.0
    repeat_confirm_s: float = 60.0
    open_orders_hard: int = 500
    batch_cost_confirm: Dollars = Dollars.of(500)
    batch_cost_hard: Dollars = Dollars.of(2_500)
    open_in_market_confirm: int = 100
    market_cost_confirm: Dollars = Dollars.of(2_500)
    market_cost_hard: Dollars = Dollars.of(5_000)
    event_cost_confirm: Dollars = Dollars.of(5_000)
    event_cost_hard: Dollars = Dollars.of(10_000)
    day_spend_confirm: Dollars = Dollars.of(5_000)
    day_spend_hard: Dollars = Dollars.of(10_000)
    day_loss_confirm: Dollars = Dollars.of(1_250)
    day_loss_hard: Dollars = Dollars.of(2_500)
    presses_a_second_hard: int = 5
    presses_a_minute_hard: int = 60


@dataclass(frozen=True, slots=True)
class Growth:
    """A sum before and after an order, each at its worst: everything open, unconfirmed and just filled
    counts in full."""

    before: Dollars
    after: Dollars

    @property
    def grows(self) -> bool:
        """Whether the order can make it more."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class Risks:
    """What an order adds to; None where it is not known, so that nothing may be added.

    ``market``: dollars at cost on the order's side of its market; ``event``: in all markets of its event;
    ``day``: spent since midnight in New York, with what may still be. ``loss``: the most that was down
    in realized money at any moment of the day.
    """

    market: Growth | None = None
    event: Growth | None = None
    day: Growth | None = None
    loss: Dollars | None = None


@dataclass(frozen=True, slots=True)
class RecentOrder:
    """An order sent a while ago and not known to have failed."""

    draft: OrderDraft
    age_s: float


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """One of the account's own resting orders in the draft's market."""

    book_side: BookSide
    yes_price: Price


@dataclass(frozen=True, slots=True)
class LimitContext:
    """What the rules know besides the draft.

    ``cost`` is the draft's own. ``bid`` and ``ask`` are the touch, None where nobody quotes; ``fresh``: it is
    as new as promised, ``book_age_s`` how old. ``own`` are the nearest of one's own orders on each side.
    ``open_orders``, ``open_in_market`` and ``own`` leave out an order that the draft is to take the place of;
    ``is_change`` says that there is one. ``presses``: orders sent one by one within the last second and the
    last minute.
    """

    now_ms: int
    market: Market | None
    cost: OrderCost
    bid: Price | None = None
    ask: Price | None = None
    fresh: bool = True
    book_age_s: float = 0.0
    cash: Dollars | None = None
    position: Count = COUNT_ZERO
    recent: tuple[RecentOrder, ...] = ()
    own: tuple[RestingOrder, ...] = ()
    unconfirmed_in_market: int = 0
    open_orders: int = 0
    open_in_market: int = 0
    presses: tuple[int, int] = (0, 0)
    risks: Risks = field(default_factory=Risks)
    is_change: bool = False
    values: LimitValues = field(default_factory=LimitValues)


class Rule(Protocol):
    """One rule: yields what it has against a draft."""

    @property
    def name(self) -> str:
        """How settings and the journal call it."""
        ...

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Nothing when it has nothing against the draft."""
        ...


def hard(sentence: str, field_name: str | None = None) -> Issue:
    """An issue that cannot be overridden."""
    return Issue(IssueKind.HARD, sentence, field_name)


def confirm(sentence: str, field_name: str | None = None) -> Issue:
    """An issue that asks first."""
    return Issue(IssueKind.CONFIRM, sentence, field_name)


def shrinks(draft: OrderDraft, context: LimitContext) -> bool:
    """Whether the order can only make the position smaller, whatever else fills: such orders always pass."""
    market = context.risks.market
    return draft.reduce_only or (market is not None and not market.grows)
