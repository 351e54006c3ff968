"""What the engine says has happened, in the order the exchange would send it.

Facts about an account (orders, fills, positions, cash) are said only of accounts that are not simulated:
nobody listens to the participants of the living market.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.markets import FeeSchedule, MarketStatus, PublicTrade
    from pitdesk.orders import BookSide
    from pitdesk.practice.groups import GroupRecord
    from pitdesk.practice.listings import ListedMarket
    from pitdesk.practice.member_keys import GrantRecord, KeyRecord
    from pitdesk.practice.records import (
        ExchangeState,
        FeeChange,
        FillRecord,
        OrderRecord,
        PositionRecord,
        QuoteRecord,
    )
    from pitdesk.practice.transfers import SettlementRecord, SubaccountRecord, TransferRecord
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
    """The cash of one subaccount on one exchange index, before what its resting orders hold back."""

    user_id: str
    cash: Dollars
    subaccount: int = 0
    exchange_index: int = 0


@dataclass(frozen=True, slots=True)
class ClientOrderIdSpent:
    """A fill-or-kill order was killed: there is no order, yet its id is used up for good (FACTS §3)."""

    user_id: str
    client_order_id: str


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A step of an order group (asyncapi orderGroupUpdatesPayload). ``event_type`` is the wire's word:
    ``created``, ``triggered``, ``reset``, ``deleted`` or ``limit_updated``."""

    group: GroupRecord
    event_type: str
    ts_ms: int


@dataclass(frozen=True, slots=True)
class Transferred:
    """Money moved within an account, is under way, or has arrived."""

    transfer: TransferRecord


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A holding of a settled market was paid out."""

    settlement: SettlementRecord


@dataclass(frozen=True, slots=True)
class SubaccountChanged:
    """A subaccount was opened or its setting changed."""

    subaccount: SubaccountRecord


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """An API key was made or deleted."""

    key: KeyRecord


@dataclass(frozen=True, slots=True)
class GrantChanged:
    """A member was granted a usage level."""

    grant: GrantRecord


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
    subaccount: int = 0


@dataclass(frozen=True, slots=True)
class QuoteChanged:
    """The touch, the last price or a total moved (asyncapi tickerPayload). Said at most once per request
    and market."""

    quote: QuoteRecord


@dataclass(frozen=True, slots=True)
class MarketChanged:
    """A step of a market's life (asyncapi marketLifecycleV2Payload). ``event_type`` is the wire's word:
    ``activated``, ``deactivated``, ``close_date_updated``, ``determined``, ``settled``,
    ``price_level_structure_updated``; empty where the exchange sends nothing (opening and closing by time).
    ``value`` is what a Yes contract pays once that is known; ``listed`` is the listing as it is now."""

    ticker: str
    status: MarketStatus
    event_type: str
    close_ms: int
    result: str
    ts_ms: int
    value: Price | None = None
    listed: ListedMarket | None = None


@dataclass(frozen=True, slots=True)
class EventFeesChanged:
    """An event's fee override was set or cleared (asyncapi eventFeeUpdatePayload)."""

    event_ticker: str
    override: FeeSchedule | None
    ts_ms: int


@dataclass(frozen=True, slots=True)
class FeesPlanned:
    """A change of an event's fees was planned, for now or later."""

    change: FeeChange


@dataclass(frozen=True, slots=True)
class StateChanged:
    """An exchange index, or trading on it, was paused or resumed."""

    state: ExchangeState
    exchange_index: int = 0


Fact = (
    OrderChanged
    | Filled
    | PositionChanged
    | CashChanged
    | ClientOrderIdSpent
    | GroupChanged
    | Transferred
    | PaidOut
    | SubaccountChanged
    | KeyChanged
    | GrantChanged
    | AccountReset
    | Traded
    | BookChanged
    | QuoteChanged
    | MarketChanged
    | EventFeesChanged
    | FeesPlanned
    | StateChanged
)
