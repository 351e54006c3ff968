"""Cash, positions and fills (FACTS §10)."""

from __future__ import annotations

from pitdesk.kalshi.wire.base import Wire


class ShardBalanceBody(Wire, frozen=True, kw_only=True):
    """openapi IndexedBalance."""

    exchange_index: int
    balance: str


class BalanceAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetBalanceResponse."""

    balance: int
    balance_dollars: str
    portfolio_value: int
    updated_ts: int
    balance_breakdown: tuple[ShardBalanceBody, ...] | None = None


class MarketPositionBody(Wire, frozen=True, kw_only=True):
    """openapi MarketPosition."""

    ticker: str
    exchange_index: int
    total_traded_dollars: str
    position_fp: str
    market_exposure_dollars: str
    realized_pnl_dollars: str
    fees_paid_dollars: str
    last_updated_ts: str


class EventPositionBody(Wire, frozen=True, kw_only=True):
    """openapi EventPosition."""

    event_ticker: str
    total_cost_dollars: str
    total_cost_shares_fp: str
    event_exposure_dollars: str
    realized_pnl_dollars: str
    fees_paid_dollars: str


class FillBody(Wire, frozen=True, kw_only=True):
    """openapi Fill."""

    fill_id: str
    exchange_index: int
    trade_id: str
    order_id: str
    ticker: str
    market_ticker: str
    outcome_side: str
    book_side: str
    count_fp: str
    yes_price_dollars: str
    no_price_dollars: str
    is_taker: bool
    fee_cost: str
    side: str | None = None
    action: str | None = None
    created_time: str | None = None
    subaccount_number: int | None = None
    ts: int | None = None


class PositionsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetPositionsResponse."""

    market_positions: tuple[MarketPositionBody, ...] | None
    event_positions: tuple[EventPositionBody, ...] | None
    cursor: str | None = None


class FillsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetFillsResponse."""

    fills: tuple[FillBody, ...] | None
    cursor: str | None = None


class SettlementBody(Wire, frozen=True, kw_only=True):
    """openapi Settlement. ``revenue`` is in cents."""

    ticker: str
    exchange_index: int
    event_ticker: str
    market_result: str
    yes_count_fp: str
    yes_total_cost_dollars: str
    no_count_fp: str
    no_total_cost_dollars: str
    revenue: int
    settled_time: str
    fee_cost: str
    value: int | None = None


class SettlementsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSettlementsResponse."""

    settlements: tuple[SettlementBody, ...] | None
    cursor: str | None = None
