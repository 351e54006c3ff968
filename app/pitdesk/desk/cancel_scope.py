"""Which orders a cancel means: one side of a market, a market, an event, one side of everything, everything.

A side is of the one Yes book: bids are Buy Yes and Sell No, asks are Buy No and Sell Yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.orders import BookSide

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.desk.blotter import Blotter, BlotterRow
    from pitdesk.desk.finder import Finder

_SIDES = ((BookSide.BID, "bids", "Buy Yes, Sell No"), (BookSide.ASK, "asks", "Buy No, Sell Yes"))


@dataclass(frozen=True, slots=True)
class CancelScope:
    """``name`` goes into a control's name, ``words`` are what is shown; ``keys`` the rows meant, now."""

    name: str
    words: str
    keys: tuple[str, ...]

    @property
    def told(self) -> str:
        """``Cancel the bids of Cut 25 bp (Buy Yes, Sell No) · 3``."""
        return f"{self.words}  ·  {len(self.keys):,}" if self.keys else self.words


def market_scopes(blotter: Blotter, finder: Finder, ticker: str) -> tuple[CancelScope, ...]:
    """Both sides of the market, the market, and its event."""
    rows, label = blotter.own_orders(ticker), finder.label(ticker)
    scopes = [
        CancelScope(f"market.{name}", f"Cancel the {name} of {label} ({verbs})", _of(rows, side))
        for side, name, verbs in _SIDES
    ]
    scopes.append(CancelScope("market", f"Cancel every order of {label}", _keys(rows)))
    return (*scopes, *event_scope(blotter, finder, ticker))


def event_scope(blotter: Blotter, finder: Finder, ticker: str) -> tuple[CancelScope, ...]:
    """The event of a market, where it has more markets than this one."""
    event = finder.event_of(ticker)
    if event is None or len(event.markets) < 2:
        return ()
    rows = [row for market in event.markets for row in blotter.own_orders(market.ticker)]
    words = f"Cancel every order of the event {finder.event_label(event)}"
    return (CancelScope("event", words, _keys(rows)),)


def account_scopes(blotter: Blotter) -> tuple[CancelScope, ...]:
    """Both sides of every market. Everything at once is the exchange's own call: Cancel all."""
    rows = [row for row in blotter.working().values() if not row.phase.is_final]
    return tuple(
        CancelScope(f"all.{name}", f"Cancel the {name} of every market ({verbs})", _of(rows, side))
        for side, name, verbs in _SIDES
    )


def _of(rows: Iterable[BlotterRow], side: BookSide) -> tuple[str, ...]:
    return _keys(row for row in rows if row.book_side is side)


def _keys(rows: Iterable[BlotterRow]) -> tuple[str, ...]:
    return tuple(row.key for row in rows if row.can_cancel)
