"""The living market: who quotes and trades, and what happened before the person came."""

from __future__ import annotations

from pitdesk.markets import PublicTrade
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.history import HistoryCandle


class World:
    """Seeded participants acting through the exchange's own calls."""

    def __init__(self, exchange: Exchange, seed: int, speed: float = 1.0) -> None:
        """The same seed and the same steps give the same tape. ``speed`` 0 is a quiet market."""

    def build(self) -> None:
        """Open the participants' accounts and put their first quotes into every book."""
        raise NotImplementedError

    def step(self, now_ms: int) -> None:
        """Let the participants act up to ``now_ms``. Called about every 250 ms."""
        raise NotImplementedError

    def candles(
        self, ticker: str, start_s: int, end_s: int, period_minutes: int
    ) -> tuple[HistoryCandle, ...]:
        """Candles that end in ``start_s``…``end_s``, oldest first; period 1, 60 or 1440 minutes."""
        raise NotImplementedError

    def trades_before(self, ticker: str, limit: int) -> tuple[PublicTrade, ...]:
        """Trades from before the exchange started, newest first: they continue the tape backwards."""
        raise NotImplementedError
