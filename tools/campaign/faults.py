"""Every fault that the hand can ask for, and what it can be done to."""

from __future__ import annotations

import random
from typing import Any

CREATE, BATCH, CANCEL, CHANGE, ALL = "create", "batch", "cancel", "change", "cancel all"
_ORDERS = "/portfolio/events/orders"
MATCHES: dict[str, dict[str, str]] = {
    CREATE: {"method": "POST", "path": _ORDERS},
    BATCH: {"method": "POST", "path": f"{_ORDERS}/batched"},
    CANCEL: {"method": "DELETE", "path": f"{_ORDERS}/*"},
    ALL: {"method": "DELETE", "path": _ORDERS},
    CHANGE: {"method": "POST", "path": f"{_ORDERS}/*/*"},
}
RELAYED = frozenset(
    {"unreachable", "redirect", "huge", "garbage", "stale_answer", "slow_drip", "two_lengths"}
    | {"shuffled", "left_out", "cut_after"}
)
"""Done by the relay on the way; the others by the exchange itself."""
OF_REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accept_then_reset", {}),
    ("accept_then_500", {"status": 503}),
    ("accept_then_500", {}),
    ("accept_then_html", {}),
    ("accept_then_html", {"status": 502}),
    ("accept_then_hang", {"seconds": 3.0}),
    ("slow_answer", {"seconds": 0.3}),
    ("truncated_answer", {"where": "status_line"}),
    ("truncated_answer", {"where": "headers"}),
    ("truncated_answer", {"where": "body"}),
    ("wrong_echo", {}),
    ("refuse_then_reset", {}),
    ("html_page", {}),
    ("html_page", {"status": 200}),
    ("html_page", {"status": 403}),
    ("too_many_requests", {}),
    ("late_delivery", {"seconds": 0.3}),
    ("late_delivery", {"seconds": 1.0}),
    ("unreachable", {}),
    ("redirect", {}),
    ("huge", {}),
    ("garbage", {}),
    ("stale_answer", {}),
    ("slow_drip", {}),
    ("two_lengths", {}),
    ("cut_after", {}),
)
OF_BATCHES: tuple[tuple[str, dict[str, Any]], ...] = (("shuffled", {}), ("left_out", {}))
OF_THE_REST: tuple[tuple[str, dict[str, Any]], ...] = (
    ("lost_message", {"times": 3}),
    ("repeated_message", {"times": 3}),
    ("sequence_gap", {}),
    ("drop_streams", {}),
    ("stall", {"seconds": 0.5}),
    ("clock_shift", {"seconds": 0.5}),
    ("clock_shift", {"seconds": -0.5}),
    ("trading_pause", {"seconds": 0.4}),
    ("exchange_pause", {"seconds": 0.4}),
)


def pick(chance: random.Random, what: str) -> tuple[str, dict[str, Any]]:
    """A random fault for a request of kind ``what``, with all that the control call needs."""
    if chance.random() < 0.15:
        kind, more = chance.choice(OF_THE_REST)
        return kind, dict(more)
    kinds = OF_REQUESTS + OF_BATCHES * 4 if what == BATCH else OF_REQUESTS
    kind, more = chance.choice(kinds)
    return kind, {**more, "match": MATCHES[what]}
