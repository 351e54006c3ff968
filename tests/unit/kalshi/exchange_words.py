"""Answers as the exchange gives them, whole, for tests to bend."""

import json
import socket
from typing import Any

from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import Count, Price
from tests.unit.kalshi.ground import Answer, http_reply

OURS = "0b9f2a44-6a0e-4a35-9a66-5a4d7b1f0c01"


def order_body(**changes: Any) -> dict[str, Any]:
    """One order of ``GET /portfolio/orders``."""
    return {
        "order_id": "o1",
        "user_id": "u1",
        "client_order_id": OURS,
        "ticker": "KXFED-26DEC-C25",
        "outcome_side": "yes",
        "book_side": "bid",
        "type": "limit",
        "status": "resting",
        "yes_price_dollars": "0.4200",
        "no_price_dollars": "0.5800",
        "fill_count_fp": "25.00",
        "remaining_count_fp": "75.00",
        "initial_count_fp": "100.00",
        "taker_fill_cost_dollars": "10.500000",
        "maker_fill_cost_dollars": "0.000000",
        "taker_fees_dollars": "0.430000",
        "maker_fees_dollars": "0.000000",
        "created_time": "2026-11-21T14:03:07.123456Z",
        "last_update_time": "2026-11-21T14:03:08.5Z",
        "exchange_index": 0,
        **changes,
    }


def fill_body(**changes: Any) -> dict[str, Any]:
    """One fill of ``GET /portfolio/fills``."""
    return {
        "fill_id": "t1",
        "trade_id": "t1",
        "order_id": "o1",
        "exchange_index": 0,
        "ticker": "KXFED-26DEC-C25",
        "market_ticker": "KXFED-26DEC-C25",
        "outcome_side": "yes",
        "book_side": "bid",
        "count_fp": "25.00",
        "yes_price_dollars": "0.4200",
        "no_price_dollars": "0.5800",
        "is_taker": True,
        "fee_cost": "0.430000",
        "created_time": "2026-11-21T14:03:08Z",
        **changes,
    }


def market_body(**changes: Any) -> dict[str, Any]:
    """One market of ``GET /markets``."""
    texts = [
        "yes_bid_dollars",
        "yes_bid_size_fp",
        "yes_ask_dollars",
        "yes_ask_size_fp",
        "no_bid_dollars",
        "no_ask_dollars",
        "last_price_dollars",
        "volume_fp",
        "volume_24h_fp",
        "open_interest_fp",
        "previous_yes_bid_dollars",
        "previous_yes_ask_dollars",
        "previous_price_dollars",
    ]
    return {
        **dict.fromkeys(texts, "0.0000"),
        **dict.fromkeys(("result", "settlement_bounds_type", "expiration_value", "rules_secondary"), ""),
        **dict.fromkeys(
            ("created_time", "updated_time", "open_time", "close_time", "latest_expiration_time"),
            "2026-12-09T19:00:00Z",
        ),
        "ticker": "KXFED-26DEC-C25",
        "event_ticker": "KXFED-26DEC",
        "market_type": "binary",
        "yes_sub_title": "Cut 25 bp",
        "no_sub_title": "Cut 25 bp",
        "settlement_timer_seconds": 60,
        "status": "active",
        "can_close_early": True,
        "notional_value_dollars": "1.0000",
        "rules_primary": "If the target falls by 25 basis points.",
        "price_level_structure": "linear_cent",
        "price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.0100"}],
        "yes_bid_dollars": "0.4100",
        "yes_bid_size_fp": "120.00",
        "yes_ask_dollars": "0.4300",
        "yes_ask_size_fp": "80.00",
        "last_price_dollars": "0.4200",
        **changes,
    }


def event_body(*markets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One event with its markets."""
    return {
        "event_ticker": "KXFED-26DEC",
        "series_ticker": "KXFED",
        "sub_title": "Dec 2026",
        "title": "Fed decision",
        "collateral_return_type": "MECNET",
        "mutually_exclusive": True,
        "category": "Economics",
        "markets": list(markets),
        **changes,
    }


def created_body(**changes: Any) -> dict[str, Any]:
    """The answer to a create."""
    return {
        "order_id": "o1",
        "client_order_id": OURS,
        "fill_count": "0.00",
        "remaining_count": "100.00",
        "ts_ms": 1_795_219_200_123,
        **changes,
    }


def answers(*bodies: Any, status: str = "200 OK") -> Answer:
    """Each body in turn as a whole JSON answer; the last again and again."""
    left = list(bodies)

    def answer(connection: socket.socket) -> None:
        body = left.pop(0) if len(left) > 1 else left[0]
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.sendall(http_reply(status, data))

    return answer


def an_intent(**changes: Any) -> Intent:
    """Buy 100 Yes at 42 cents, as the ticket would send it."""
    settings = {
        "ticker": "KXFED-26DEC-C25",
        "verb": Verb.BUY_YES,
        "count": Count.of(100),
        "price": Price.from_cents(42),
        **changes,
    }
    return Intent(OURS, OrderDraft(**settings), Source.TICKET, 1_795_219_200_000)


def an_order(**changes: Any) -> Order:
    """A resting order of ours."""
    settings = {
        "order_id": "o1",
        "client_order_id": OURS,
        "ticker": "KXFED-26DEC-C25",
        "book_side": BookSide.BID,
        "yes_price": Price.from_cents(42),
        "initial_count": Count.of(100),
        "fill_count": Count.of(25),
        "remaining_count": Count.of(75),
        "status": OrderStatus.RESTING,
        **changes,
    }
    return Order(**settings)
