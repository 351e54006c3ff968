"""The line of the top bar: exchange, stream, round trip, budget; told at most once a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.kalshi.server_clock import BLOCK_MS, off_by

if TYPE_CHECKING:
    from pitdesk.kalshi.stream import StreamState


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """What the top bar shows. Times in Unix milliseconds, round trips in milliseconds.

    ``exchange``: "Open", "Trading paused", "Paused" or "Unknown". ``reason``: why new orders wait, empty when
    they do not. ``write_level``: tokens left and the bucket's capacity.
    """

    exchange: str
    next_pause_ms: int | None
    stream: StreamState
    last_round_trip_ms: float | None
    write_level: tuple[int, int]
    unconfirmed: int
    trading_open: bool
    reason: str


def stream_reason(state: StreamState) -> str:
    """Why new orders wait because of the stream; empty when they do not."""
    return _STREAM_REASONS.get(state.phase, "")


_STREAM_REASONS = {
    "connecting": "Connecting to the exchange.",
    "stale": "Nothing heard from the exchange for a while. Cancels are still sent.",
    "down": "Connection to the exchange lost. Reconnecting… Cancels are still sent.",
}


def clock_reason(offset_ms: int | None) -> str:
    """Why new orders wait because of this computer's clock; empty when they do not."""
    if offset_ms is None or abs(offset_ms) <= BLOCK_MS:
        return ""
    return f"{off_by(offset_ms)} Set it: an order would expire at the wrong time. Cancels are still sent."
