"""What happens to orders without the person doing it: fills, refusals, and cancels by the exchange.

All of a moment are told in one notice of their kind: a sweep of the book, or a market that closes, is one
piece of news. What happened before Pitdesk was started is none.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.blotter_row import BlotterRow, RowPhase
from pitdesk.notices import Notice, NoticeKind, Severity
from pitdesk.orders import BookSide, OrderStatus, Verb
from pitdesk.quantities import COUNT_ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.clock import Clock
    from pitdesk.desk.blotter import Blotter
    from pitdesk.events import Listeners
    from pitdesk.notices import Notices
    from pitdesk.orders import Fill

_COLLECT_S = 0.4
"""How long what belongs together is waited for, once something happened."""
_APART_IN_COLLECTS = 5
"""How long a notice stands before the next one of news, in such moments."""
_CLOCKS_APART_MS = 2_000
_REASONS = {
    "ExpiryCancel": "it expired",
    "CloseCancel": "the market closed",
    "HaltCancel": "trading was paused",
    "SelfTradeCancel": "it would have traded with your own order",
    "PostOnlyCrossCancel": "post only, and it would have traded at once",
    "ReduceOnlyCancel": "reduce only, and nothing was left to reduce",
    "MarginCancel": "the cash behind it is gone",
    "SettlementBoundsCancel": "its price is beyond what the market may settle at",
}
"""The exchange's own reasons for what nobody asked to cancel (FACTS §8), in words."""


class OrderNews:
    """Of one session. Needs the running loop once something happens."""

    def __init__(
        self,
        fills: Listeners[Fill],
        blotter: Blotter,
        notices: Notices,
        label: Callable[[str], str],
        clock: Clock,
        offset_ms: Callable[[], int],
        subaccount: int | None,
        collect_s: float = _COLLECT_S,
    ) -> None:
        """``offset_ms``: how far the exchange's clock is ahead; ``subaccount``: whose fills count.
        ``collect_s``: how long a moment is."""
        self._blotter, self._notices, self._label = blotter, notices, label
        self._clock, self._offset_ms, self._subaccount = clock, offset_ms, subaccount
        self._collect_s, self._apart_s = collect_s, _APART_IN_COLLECTS * collect_s
        self._began_ms = clock.wall_ms()
        self._fills: list[Fill] = []
        self._refused: list[BlotterRow] = []
        self._canceled: list[BlotterRow] = []
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = float("-inf")
        self._ends = (fills.connect(self._filled), blotter.ended.connect(self._ended))

    def close(self) -> None:
        """Say nothing more."""
        for end in self._ends:
            end()
        if self._timer is not None:
            self._timer.cancel()

    def _filled(self, fill: Fill) -> None:
        is_new = fill.created_ms >= self._began_ms + self._offset_ms() - _CLOCKS_APART_MS
        if is_new and fill.subaccount in (None, self._subaccount or 0):
            self._fills.append(fill)
            self._tell_soon()

    def _ended(self, rows: tuple[BlotterRow, ...]) -> None:
        refused = [row for row in rows if row.phase is RowPhase.REFUSED]
        canceled = [row for row in rows if _why_canceled(row)]
        self._refused += refused
        self._canceled += canceled
        if refused or canceled:
            self._tell_soon()

    def _tell_soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            at = max(loop.time() + self._collect_s, self._told_at + self._apart_s)
            self._timer = loop.call_at(at, self._tell)

    def _tell(self) -> None:
        self._timer = None
        self._told_at = asyncio.get_running_loop().time()
        fills, refused, canceled = self._fills, self._refused, self._canceled
        self._fills, self._refused, self._canceled = [], [], []
        if fills:
            self._notices.say(self._of_fills(fills))
        for kind, rows in ((NoticeKind.CANCELED, canceled), (NoticeKind.REFUSED, refused)):
            if rows:
                self._notices.say(self._of_orders(kind, rows))

    def _of_fills(self, fills: Sequence[Fill]) -> Notice:
        if len(fills) == 1:
            return Notice(f"Filled: {self._sentence(fills[0])}.", kind=NoticeKind.FILL)
        count = sum((fill.count for fill in fills), COUNT_ZERO)
        where = self._where([fill.ticker for fill in fills])
        detail = "\n".join(dict.fromkeys(self._sentence(fill) for fill in fills[:20]))
        return Notice(
            f"{len(fills):,} fills in {where}.", f"{count} contracts.", detail, kind=NoticeKind.FILL
        )

    def _of_orders(self, kind: NoticeKind, rows: Sequence[BlotterRow]) -> Notice:
        was = "Refused" if kind is NoticeKind.REFUSED else "Canceled by the exchange"
        reasons = dict.fromkeys(filter(None, (row.note or _why_canceled(row) for row in rows)))
        why = next(iter(reasons)) if len(reasons) == 1 else ""
        if len(rows) == 1:
            headline = f"{was}: {rows[0].sentence()} in {self._label(rows[0].ticker)}."
        else:
            headline = f"{was}: {len(rows):,} orders in {self._where([row.ticker for row in rows])}."
        return Notice(headline, _as_sentence(why), "\n".join(reasons), Severity.WARNING, kind=kind)

    def _sentence(self, fill: Fill) -> str:
        row = self._blotter.by_order_id(fill.order_id)
        bought = Verb.BUY_YES if fill.book_side is BookSide.BID else Verb.SELL_YES
        verb = row.verb if row is not None and row.book_side is fill.book_side else bought
        price = verb.outcome.restate(fill.yes_price)
        action, outcome = verb.value.split(" ")
        return f"{action} {fill.count} {outcome} at {price} in {self._label(fill.ticker)}"

    def _where(self, tickers: Sequence[str]) -> str:
        apart = dict.fromkeys(tickers)
        return self._label(next(iter(apart))) if len(apart) == 1 else f"{len(apart):,} markets"


def _why_canceled(row: BlotterRow) -> str:
    """The exchange's reason in words; empty for an order that is not canceled, or that somebody canceled."""
    order = row.order
    if order is None or order.status is not OrderStatus.CANCELED:
        return ""
    said = order.last_update_reason or ""
    return _REASONS.get(said) or (said if said.endswith("Cancel") else "")


def _as_sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}." if words else ""
