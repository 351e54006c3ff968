"""How the ticket stands: what is said at which field, and why the button is inert. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.markets import Market, MarketStatus
from pitdesk_ui.ticket.entry import Entry, Field, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.cost import OrderCost
    from pitdesk.limits import Issue
    from pitdesk.orders import OrderDraft, Verb

_FIELDS: dict[str | None, Field] = {place.value: place for place in Field}
_NOT_TRADING = {
    MarketStatus.INITIALIZED: "This market has not opened yet.",
    MarketStatus.INACTIVE: "Trading in this market is paused. What you typed is kept.",
    MarketStatus.UNKNOWN: "The exchange does not say that this market takes orders.",
}
_MARKED = "Change what is marked above, then send."
_CLOSED = "This market has closed: it takes no more orders."


@dataclass(frozen=True, slots=True)
class Standing:
    """The order as it stands, in the market ``ticker``.

    ``missing``: only empty fields stand in the way of a draft. ``closed``: why no order at all can go.
    ``refused``: why this one cannot, told after the last one's result. Both are plain sentences, empty when
    nothing is in the way.
    """

    ticker: str | None
    verb: Verb
    draft: OrderDraft | None
    cost: OrderCost | None
    missing: bool
    closed: str
    refused: str


def shown_problems(reading: Reading, entry: Entry, issues: Sequence[Issue]) -> dict[Field, str]:
    """The sentence at each field. An empty field is not yet a mistake: the button says what is missing."""
    problems = {place: text for place, text in reading.problems.items() if not _is_empty(place, entry)}
    for issue in issues:
        place = _FIELDS.get(issue.field)
        if issue.is_hard and place is not None:
            problems.setdefault(place, issue.sentence)
    return problems


def market_refusal(market: Market | None, ticker: str | None, now_ms: int) -> str:
    """Why no order can go to the market at ``now_ms``; empty when one can."""
    if market is None:
        return "Choose a market first." if ticker is None else "This market is not known yet."
    if market.status.takes_orders:
        return _CLOSED if market.close_ms <= now_ms else ""
    return _NOT_TRADING.get(market.status, _CLOSED)


def draft_refusal(reading: Reading, issues: Sequence[Issue]) -> str:
    """Why this order cannot go; empty when it can, and while fields are merely empty."""
    if reading.draft is None:
        return "" if reading.missing else _MARKED
    hard = next((issue for issue in issues if issue.is_hard), None)
    if hard is None:
        return ""
    return _MARKED if hard.field in _FIELDS else hard.sentence


def _is_empty(place: Field, entry: Entry) -> bool:
    if place is Field.COUNT:
        return not entry.count_text.strip(" ")
    return place is Field.PRICE and not entry.price_text.strip(" ")
