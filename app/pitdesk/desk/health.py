"""The line of the top bar: exchange, stream, round trip, budget; told at most once a frame."""

from __future__ import annotations

from dataclasses import dataclass

from pitdesk.kalshi.stream import StreamState


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """What the top bar shows. Times in Unix milliseconds, round trips in milliseconds.

    ``exchange``: "Open", "Trading paused", "Paused" or "Unknown". ``reason``: why new orders wait, empty when
    they do not. ``write_level``: tokens left and the bucket's capacity.
    """

    environment_name: str
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
    "stale": "Nothing was heard from the exchange for a while. New orders wait; cancels are still sent.",
    "down": "The connection to the exchange is lost and is being made again. New orders wait; "
    "cancels are still sent.",
}


def clock_reason(offset_ms: int | None) -> str:
    """Why new orders wait because of the clock; empty when they do not."""
    if offset_ms is None or abs(offset_ms) <= CLOCK_BLOCKS_MS:
        return ""
    return (
        f"This computer's clock is {_apart(offset_ms)} the exchange's. Set the clock; "
        "new orders wait until then, because their expiry would be wrong. Cancels are still sent."
    )


def clock_warning(offset_ms: int | None) -> str:
    """What to say of a clock that is off but not enough to hold orders back; empty when it is well."""
    if offset_ms is None or not CLOCK_WARNS_MS < abs(offset_ms) <= CLOCK_BLOCKS_MS:
        return ""
    return f"This computer's clock is {_apart(offset_ms)} the exchange's."


CLOCK_WARNS_MS = 2_000
CLOCK_BLOCKS_MS = 10_000


def _apart(offset_ms: int) -> str:
    return f"{abs(offset_ms) / 1000:.0f} s {'behind' if offset_ms > 0 else 'ahead of'}"
