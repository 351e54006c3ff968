"""An order inside the engine: raw whole numbers, changed in place, never handed out.

Prices are in $0.0001 of Yes, counts in 0.01 contracts, money in $0.000001, as in ``pitdesk.quantities``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.fees import OrderFees
from pitdesk.orders import BookSide, OrderStatus
from pitdesk.practice.records import NewOrder, OrderRecord
from pitdesk.quantities import DOLLARS_ZERO, Count, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account, Holding
    from pitdesk.practice.groups import OrderGroup

ONE = 10_000


class LiveOrder:
    """One order's state. ``closing`` is the part of ``remaining`` that closes a position and so holds back
    no cash; ``held`` is the cash that the rest holds back."""

    __slots__ = (
        "account",
        "asked",
        "client_order_id",
        "closing",
        "created_ms",
        "exchange_index",
        "expiration_ms",
        "fees",
        "filled",
        "group",
        "held",
        "holding",
        "initial",
        "is_bid",
        "maker_cost",
        "maker_fees",
        "order_id",
        "price",
        "reason",
        "remaining",
        "seq",
        "status",
        "subaccount",
        "taker_cost",
        "taker_fees",
        "ticker",
        "updated_ms",
    )

    def __init__(self, account: Account, asked: NewOrder, seq: int, order_id: str, now_ms: int) -> None:
        self.account = account
        self.asked = asked
        self.seq = seq
        self.order_id = order_id
        self.client_order_id = asked.client_order_id
        self.ticker = asked.ticker
        self.exchange_index = asked.exchange_index or 0
        self.subaccount = asked.subaccount
        self.group: OrderGroup | None = None
        self.holding: Holding
        self.is_bid = asked.side is BookSide.BID
        self.price = asked.price.units
        self.initial = self.remaining = asked.count.units
        self.filled = 0
        self.closing = 0
        self.held = 0
        self.status = OrderStatus.RESTING
        self.reason: str | None = None
        self.taker_cost = self.maker_cost = self.taker_fees = self.maker_fees = 0
        self.fees: OrderFees | None = None
        self.created_ms = self.updated_ms = now_ms
        self.expiration_ms = None if asked.expiration_s is None else asked.expiration_s * 1000

    @property
    def unit_cost(self) -> int:
        """What one contract costs when it opens: the Yes price of a bid, the No price of an ask."""
        return self.price if self.is_bid else ONE - self.price

    def end(self, status: OrderStatus, reason: str | None, now_ms: int) -> None:
        """Leave the market: nothing remains."""
        self.status = status
        self.reason = reason
        self.remaining = 0
        self.updated_ms = now_ms

    def record(self) -> OrderRecord:
        """What is said of it."""
        asked = self.asked
        expiration_ms = self.expiration_ms
        return OrderRecord(
            self.seq,
            self.order_id,
            self.account.user_id,
            self.client_order_id,
            self.ticker,
            self.exchange_index,
            asked.side,
            Price(self.price),
            Count(self.initial),
            Count(self.filled),
            Count(self.remaining),
            self.status,
            Dollars(self.taker_cost),
            Dollars(self.maker_cost),
            Dollars(self.taker_fees),
            Dollars(self.maker_fees),
            asked.time_in_force,
            asked.self_trade_prevention,
            self.created_ms,
            self.updated_ms,
            None if expiration_ms is None else expiration_ms // 1000,
            asked.order_group_id,
            asked.cancel_order_on_pause,
            asked.post_only,
            asked.reduce_only,
            asked.subaccount,
            self.reason,
            self.fees.overpaid if self.fees is not None else DOLLARS_ZERO,
            asked.asked_no,
        )


def revived(account: Account, record: OrderRecord, exchange_index: int) -> LiveOrder:
    """The order that ``record`` told of, as it was; ``exchange_index`` is where its market is listed now."""
    asked = NewOrder(
        record.ticker,
        record.side,
        record.yes_price,
        record.initial_count,
        record.time_in_force,
        record.self_trade_prevention,
        record.client_order_id,
        record.expiration_s,
        record.post_only,
        record.reduce_only,
        record.cancel_order_on_pause,
        record.order_group_id,
        record.subaccount,
        exchange_index,
        record.asked_no,
    )
    order = LiveOrder(account, asked, record.seq, record.order_id, record.created_ms)
    order.filled = record.fill_count.units
    order.remaining = record.remaining_count.units
    order.status = record.status
    order.reason = record.last_update_reason
    order.taker_cost, order.maker_cost = record.taker_fill_cost.units, record.maker_fill_cost.units
    order.taker_fees, order.maker_fees = record.taker_fees.units, record.maker_fees.units
    order.updated_ms = record.updated_ms
    order.fees = OrderFees(account.fee_step, record.fee_overpaid)
    return order
