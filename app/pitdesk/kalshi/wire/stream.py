"""Commands and messages of the WebSocket (FACTS §15; asyncapi payloads of the same names).

A message is read in two steps: :class:`Envelope` for its type and numbering, then its ``msg`` as the struct
of that type. Fields that the specification demands but that were seen missing are optional here.
"""

from __future__ import annotations

import msgspec

from pitdesk.kalshi.wire.base import Wire
from pitdesk.kalshi.wire.markets import PriceRangeBody


class CommandParams(Wire, frozen=True, kw_only=True):
    """asyncapi subscribe, unsubscribe and update_subscription parameters that an order desk uses."""

    channels: tuple[str, ...] | None = None
    market_ticker: str | None = None
    market_tickers: tuple[str, ...] | None = None
    sid: int | None = None
    sids: tuple[int, ...] | None = None
    action: str | None = None
    send_initial_snapshot: bool | None = None
    skip_ticker_ack: bool | None = None
    use_yes_price: bool | None = None


class Command(Wire, frozen=True, kw_only=True):
    """What a client sends. ``id`` zero asks for no number in the answer."""

    id: int
    cmd: str
    params: CommandParams | None = None


NOTHING = msgspec.Raw(b"null")


class Envelope(Wire, frozen=True, kw_only=True):
    """The outside of every message: ``msg`` is read once ``type`` is known, and is ``null`` where it is left
    out. (Raw cannot be one of several types.)"""

    type: str
    id: int | None = None
    sid: int | None = None
    seq: int | None = None
    msg: msgspec.Raw = NOTHING
    sending_ts_ms: int | None = None


class SubscribedMessage(Wire, frozen=True, kw_only=True):
    """asyncapi subscribedResponsePayload: one for each channel asked for."""

    channel: str
    sid: int


class MarketsMessage(Wire, frozen=True, kw_only=True):
    """asyncapi okResponsePayload: the markets a subscription now follows."""

    market_tickers: tuple[str, ...] | None = None


class StreamErrorMessage(Wire, frozen=True, kw_only=True):
    """asyncapi errorResponsePayload."""

    code: int
    msg: str
    market_ticker: str | None = None
    market_tickers: tuple[str, ...] | None = None


class BookSnapshotMessage(Wire, frozen=True, kw_only=True):
    """asyncapi orderbookSnapshotPayload: levels as (price, count); a side's key is missing when empty."""

    market_ticker: str
    market_id: str
    clock: int | None = None
    yes_dollars_fp: tuple[tuple[str, str], ...] | None = None
    no_dollars_fp: tuple[tuple[str, str], ...] | None = None


class BookDeltaMessage(Wire, frozen=True, kw_only=True):
    """asyncapi orderbookDeltaPayload: ``delta_fp`` is signed and adds to the level."""

    market_ticker: str
    market_id: str
    price_dollars: str
    delta_fp: str
    side: str
    clock: int | None = None
    client_order_id: str | None = None
    subaccount: int | None = None
    ts: str | None = None
    ts_ms: int | None = None


class TickerMessage(Wire, frozen=True, kw_only=True):
    """asyncapi tickerPayload."""

    market_ticker: str
    market_id: str
    price_dollars: str
    yes_bid_dollars: str
    yes_ask_dollars: str
    volume_fp: str
    open_interest_fp: str
    dollar_volume: int
    dollar_open_interest: int
    yes_bid_size_fp: str
    yes_ask_size_fp: str
    last_trade_size_fp: str
    ts: int | None = None
    ts_ms: int | None = None
    time: str | None = None


class TradeMessage(Wire, frozen=True, kw_only=True):
    """asyncapi tradePayload."""

    trade_id: str
    market_ticker: str
    yes_price_dollars: str
    no_price_dollars: str
    count_fp: str
    taker_outcome_side: str
    taker_book_side: str
    is_block_trade: bool
    taker_side: str | None = None
    ts: int | None = None
    ts_ms: int | None = None


class FillMessage(Wire, frozen=True, kw_only=True):
    """asyncapi fillPayload: one of our executions; carries no No price."""

    trade_id: str
    order_id: str
    market_ticker: str
    exchange_index: int
    is_taker: bool
    yes_price_dollars: str
    count_fp: str
    fee_cost: str
    post_position_fp: str
    outcome_side: str
    book_side: str
    client_order_id: str | None = None
    side: str | None = None
    action: str | None = None
    purchased_side: str | None = None
    subaccount: int | None = None
    ts: int | None = None
    ts_ms: int | None = None


class UserOrderMessage(Wire, frozen=True, kw_only=True):
    """asyncapi userOrderPayload: note ``ticker``, not ``market_ticker``."""

    order_id: str
    user_id: str
    ticker: str
    exchange_index: int
    status: str
    outcome_side: str
    book_side: str
    yes_price_dollars: str
    fill_count_fp: str
    remaining_count_fp: str
    initial_count_fp: str
    taker_fill_cost_dollars: str
    maker_fill_cost_dollars: str
    taker_fees_dollars: str
    maker_fees_dollars: str
    client_order_id: str
    side: str | None = None
    is_yes: bool | None = None
    order_group_id: str | None = None
    self_trade_prevention_type: str | None = None
    created_time: str | None = None
    last_update_time: str | None = None
    expiration_time: str | None = None
    created_ts_ms: int | None = None
    last_updated_ts_ms: int | None = None
    expiration_ts_ms: int | None = None
    last_update_reason: str | None = None
    subaccount_number: int | None = None


class MarketPositionMessage(Wire, frozen=True, kw_only=True):
    """asyncapi marketPositionPayload: carries no time, so it may be older than a fill (FACTS §17.10)."""

    user_id: str
    market_ticker: str
    position_fp: str
    position_cost_dollars: str
    realized_pnl_dollars: str
    fees_paid_dollars: str
    position_fee_cost_dollars: str
    volume_fp: str
    subaccount: int | None = None


class MarketLifecycleMessage(Wire, frozen=True, kw_only=True):
    """asyncapi marketLifecycleV2Payload: a market opens, pauses, changes its grid, closes or settles."""

    event_type: str
    market_ticker: str
    exchange_index: int | None = None
    open_ts: int | None = None
    close_ts: int | None = None
    determination_ts: int | None = None
    settled_ts: int | None = None
    result: str | None = None
    settlement_value: str | None = None
    is_deactivated: bool | None = None
    price_level_structure: str | None = None
    price_ranges: tuple[PriceRangeBody, ...] | None = None
