"""What the engine says has happened, in the order the exchange would send it.

Facts about an account (orders, fills, positions, cash) are said only of accounts that are not simulated:
nobody listens to the participants of the living market.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.markets import MarketStatus, PublicTrade
    from pitdesk.orders import BookSide
    from pitdesk.practice.records import ExchangeState, FillRecord, OrderRecord, PositionRecord, QuoteRecord
    from pitdesk.quantities import Count, Dollars, Price


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order was placed, filled, amended, decreased or ended (asyncapi userOrderPayload)."""

    order: OrderRecord


@dataclass(frozen=True, slots=True)
class Filled:
    """One side of a trade (asyncapi fillPayload)."""

    fill: FillRecord


@dataclass(frozen=True, slots=True)
class PositionChanged:
    """A position after a fill or a settlement (asyncapi marketPositionPayload)."""

    position: PositionRecord


@dataclass(frozen=True, slots=True)
class CashChanged:
    """An account's cash before what its resting orders hold back."""

    user_id: str
    cash: Dollars


@dataclass(frozen=True, slots=True)
class ClientOrderIdSpent:
    """A fill-or-kill order was killed: there is no order, yet its id is used up for good (FACTS §3)."""

    user_id: str
    client_order_id: str


@dataclass(frozen=True, slots=True)
class AccountReset:
    """Everything the account had is forgotten; it starts again with ``cash``."""

    user_id: str
    cash: Dollars


@dataclass(frozen=True, slots=True)
class Traded:
    """A public trade (asyncapi tradePayload)."""

    trade: PublicTrade


@dataclass(frozen=True, slots=True)
class BookChanged:
    """Contracts added to (or taken from) one level of the Yes book (asyncapi orderbookDeltaPayload).

    ``price`` is of Yes on both sides. ``clock`` counts the market's changes. ``user_id`` and
    ``client_order_id`` name who caused it, for the copy that goes to the account itself; both are empty for
    simulated participants.
    """

    ticker: str
    side: BookSide
    price: Price
    delta: Count
    clock: int
    ts_ms: int
    user_id: str = ""
    client_order_id: str = ""


@dataclass(frozen=True, slots=True)
class QuoteChanged:
    """The touch, the last price or a total moved (asyncapi tickerPayload). Said at most once per request
    and market."""

    quote: QuoteRecord


@dataclass(frozen=True, slots=True)
class MarketChanged:
    """A step of a market's life (asyncapi marketLifecycleV2Payload). ``event_type`` is the wire's word:
    ``activated``, ``deactivated``, ``close_date_updated``, ``determined``, ``settled``; empty where the
    exchange sends nothing (opening and closing by time)."""

    ticker: str
    status: MarketStatus
    event_type: str
    close_ms: int
    result: str
    ts_ms: int


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The exchange or its trading was paused or resumed."""

    state: ExchangeState


Fact = (
    OrderChanged
    | Filled
    | PositionChanged
    | CashChanged
    | ClientOrderIdSpent
    | AccountReset
    | Traded
    | BookChanged
    | QuoteChanged
    | MarketChanged
    | StateChanged
)
