"""One signed-in environment: its start, its health, its gate, and its orderly end."""

from __future__ import annotations

from dataclasses import dataclass

from pitdesk.events import Listeners
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


class Session:
    """Attributes for presenters: rest, stream, pacer, notices, activity, blotter, order_desk, reconciler,
    market_data, portfolio, finder, gate."""

    status_changed: Listeners[SessionStatus]

    @property
    def status(self) -> SessionStatus:
        """The state as last said."""
        raise NotImplementedError

    async def start(self) -> None:
        """Begin; returns at once after the tasks are started, the status tells the rest."""
        raise NotImplementedError

    async def close(self, deadline: float = 3.0) -> list[str]:
        """End in order: commands in flight, tasks, stream, pools. Returns the names of what was late."""
        raise NotImplementedError
