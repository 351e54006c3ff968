"""Public trades of the markets looked at, and the candles that grow with them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.candle_series import extended
from pitdesk.desk.frames import Frame
from pitdesk.events import Listeners
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.notices import Notice, Notices, Severity

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.kalshi.rest import Rest
    from pitdesk.markets import Candle, PublicTrade

TRADES_KEPT = 500
_FIRST_TRADES = 100
_CANDLES_GOOD_FOR_S = 60.0
_MOST_CANDLES_KEPT = 64


@dataclass(slots=True)
class _History:
    candles: tuple[Candle, ...]
    read_at: float
    newest_ms: int


class Tape:
    """Trades newest first for each market followed, and the histories read for them."""

    def __init__(self, rest: Rest, notices: Notices, clock: Clock) -> None:
        self.trades_changed: Listeners[str] = Listeners()
        self._rest = rest
        self._notices = notices
        self._clock = clock
        self._trades: dict[str, deque[PublicTrade]] = {}
        self._ids: dict[str, set[str]] = {}
        self._histories: dict[tuple[str, int, int], _History] = {}
        self._moved: set[str] = set()
        self._frame = Frame(self._flush)

    def trades(self, ticker: str) -> deque[PublicTrade]:
        """Newest first; empty for a market not followed."""
        return self._trades.get(ticker) or deque()

    def follow(self, ticker: str) -> None:
        """Keep the trades of ``ticker`` from now on."""
        self._trades.setdefault(ticker, deque(maxlen=TRADES_KEPT))
        self._ids.setdefault(ticker, set())

    def forget(self, ticker: str) -> None:
        """Nobody looks any more: what would go stale is dropped."""
        self._trades.pop(ticker, None)
        self._ids.pop(ticker, None)
        for key in [key for key in self._histories if key[0] == ticker]:
            del self._histories[key]

    def forget_histories(self) -> None:
        """After a gap the candles must be read again."""
        self._histories.clear()

    async def read(self, ticker: str) -> None:
        """Take in the last trades that the exchange knows."""
        outcome = await self._rest.trades(ticker, _FIRST_TRADES)
        if isinstance(outcome, Accepted):
            for trade in sorted(outcome.value, key=lambda one: one.created_ms):
                self.take(trade)

    def take(self, trade: PublicTrade) -> None:
        """A trade of a market followed; each trade id counts once, and the newest stays in front."""
        ticker = trade.ticker
        held, ids = self._trades.get(ticker), self._ids.get(ticker)
        if held is None or ids is None or trade.trade_id in ids:
            return
        if len(held) == TRADES_KEPT:
            if trade.created_ms < held[-1].created_ms:
                return
            ids.discard(held.pop().trade_id)
        ids.add(trade.trade_id)
        place = 0
        while place < len(held) and held[place].created_ms > trade.created_ms:
            place += 1
        held.insert(place, trade)
        self._grow(trade)
        self._moved.add(ticker)
        self._frame.request()

    async def candles(
        self, series_ticker: str, ticker: str, period_minutes: int, hours: int
    ) -> tuple[Candle, ...]:
        """Oldest first. Read from the exchange at most once a minute, in between grown from trades."""
        key = (ticker, period_minutes, hours)
        held = self._histories.get(key)
        if held is not None and self._clock.monotonic() - held.read_at < _CANDLES_GOOD_FOR_S:
            return held.candles
        asked_ms = self._clock.wall_ms()
        end_s = asked_ms // 1000
        outcome = await self._rest.candles(series_ticker, ticker, end_s - hours * 3600, end_s, period_minutes)
        if not isinstance(outcome, Accepted):
            self._say_missing(outcome.sentence)
            return held.candles if held is not None else ()
        self._notices.clear("candles")
        return self._hold(key, outcome.value, asked_ms)

    def close(self) -> None:
        """Say nothing more."""
        self._frame.close()

    def _hold(
        self, key: tuple[str, int, int], candles: tuple[Candle, ...], asked_ms: int
    ) -> tuple[Candle, ...]:
        """Keep an answer, with what was traded while it was on its way."""
        since = [trade for trade in reversed(self.trades(key[0])) if trade.created_ms >= asked_ms]
        grown = extended(candles, since, key[1])
        newest = since[-1].created_ms if since else asked_ms
        if len(self._histories) >= _MOST_CANDLES_KEPT:
            self._histories.pop(next(iter(self._histories)))
        self._histories[key] = _History(grown, self._clock.monotonic(), newest)
        return grown

    def _grow(self, trade: PublicTrade) -> None:
        for (ticker, period, _), history in self._histories.items():
            if ticker == trade.ticker and trade.created_ms >= history.newest_ms:
                history.candles = extended(history.candles, (trade,), period)
                history.newest_ms = trade.created_ms

    def _say_missing(self, sentence: str) -> None:
        self._notices.say(
            Notice(
                "The chart's history could not be read.",
                advice="Quotes and orders are not touched by this. Choose the period again to try again.",
                detail=sentence,
                severity=Severity.WARNING,
                key="candles",
            )
        )

    def _flush(self) -> None:
        moved, self._moved = self._moved, set()
        for ticker in moved:
            self.trades_changed.emit(ticker)
