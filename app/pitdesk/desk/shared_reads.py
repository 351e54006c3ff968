"""One scan for everybody who asks at once: a batch of which nothing is known is looked up market by market.

Who asks while a scan is under way waits for the next one: a scan begins after each of its askers has asked,
as the proof of an absence demands. What was sent long ago may have ended long ago, and is looked for in the
archive too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.kalshi.outcomes import Accepted

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.orders import Order

BEFORE_S = 60
"""How far before its sending an order is searched for: more than clocks may differ while orders leave."""
_ARCHIVED_AFTER_S = 24 * 3_600
"""From this age on the archive is asked as well: it begins two weeks back (FACTS §7), well after."""


class SharedScans:
    """Orders of one market since an instant; the earliest instant of all who ask together counts."""

    def __init__(self, rest: ReadCalls, clock: Clock) -> None:
        self._rest, self._clock = rest, clock
        self._lines: dict[str, asyncio.Lock] = {}
        self._next: dict[str, _Scan] = {}

    async def orders(self, ticker: str, min_ts_s: int) -> CallOutcome[tuple[Order, ...]]:
        """As the exchange's own list, of every status; it may hold older orders too."""
        scan = self._next.get(ticker)
        if scan is None:
            scan = self._next[ticker] = _Scan(min_ts_s)
        scan.since_s = min(scan.since_s, min_ts_s)
        async with self._lines.setdefault(ticker, asyncio.Lock()):
            if scan.outcome is None:
                # From here on newcomers ask for the next one.
                if self._next.get(ticker) is scan:
                    del self._next[ticker]
                scan.outcome = await self._scan(ticker, scan.since_s)
        return scan.outcome

    async def _scan(self, ticker: str, since_s: int) -> CallOutcome[tuple[Order, ...]]:
        listed = await self._rest.orders(ticker=ticker, min_ts_s=since_s)
        if not isinstance(listed, Accepted):
            return listed
        archived = await self.archived(ticker, since_s)
        if not isinstance(archived, Accepted):
            return archived
        return Accepted((*listed.value, *archived.value), listed.elapsed_ms + archived.elapsed_ms)

    async def archived(self, ticker: str, since_s: int) -> CallOutcome[tuple[Order, ...]]:
        """What the archive holds of a market since an instant: nothing, unasked, where that is no day ago."""
        if self._clock.wall_ms() // 1_000 - since_s < _ARCHIVED_AFTER_S:
            return Accepted(())
        return await self._rest.archived_orders(ticker, since_s)


class _Scan:
    """A scan to come, or done."""

    __slots__ = ("outcome", "since_s")

    def __init__(self, since_s: int) -> None:
        self.since_s = since_s
        self.outcome: CallOutcome[tuple[Order, ...]] | None = None
