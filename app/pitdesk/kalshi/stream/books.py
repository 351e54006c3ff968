"""Order books put together from snapshots and changes; a book that may be wrong is dropped, not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.markets import Book
from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO, Count, Price

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.kalshi.wire.stream import BookDeltaMessage, BookSnapshotMessage

_SIDES = {"yes": BookSide.BID, "no": BookSide.ASK}
Levels = dict[Price, Count]


class BookError(ValueError):
    """A change that does not fit the book it is for: the book is dropped."""


class BookKeeper:
    """The books of the markets that are watched. All prices are of Yes: subscriptions ask for that scale."""

    def __init__(self) -> None:
        self._books: dict[str, tuple[Levels, Levels]] = {}

    def __contains__(self, ticker: str) -> bool:
        return ticker in self._books

    def book(self, ticker: str) -> Book | None:
        """The book as it is now, None while there is none that can be trusted. A copy: about 200 levels."""
        held = self._books.get(ticker)
        return Book(ticker, dict(held[0]), dict(held[1])) if held is not None else None

    def replace(self, said: BookSnapshotMessage) -> None:
        """Take a whole book. Raises ValueError where it is none, and then holds none."""
        self._books.pop(said.market_ticker, None)
        self._books[said.market_ticker] = (_levels(said.yes_dollars_fp), _levels(said.no_dollars_fp))

    def change(self, said: BookDeltaMessage) -> bool:
        """Add to one level. False where no book is held: the change is for one that is on its way.

        Raises :class:`BookError` where the level would fall below zero, and drops the book.
        """
        held = self._books.get(said.market_ticker)
        if held is None:
            return False
        side = _SIDES.get(said.side)
        if side is None:
            raise BookError(f"a side named {said.side[:20]!r}")
        levels = held[0] if side is BookSide.BID else held[1]
        price = Price.from_wire(said.price_dollars)
        count = levels.get(price, COUNT_ZERO) + Count.from_wire(said.delta_fp)
        if count < COUNT_ZERO:
            self.drop([said.market_ticker])
            raise BookError(f"{said.market_ticker} would hold {count} at {price}")
        if count:
            levels[price] = count
        else:
            levels.pop(price, None)
        return True

    def drop(self, tickers: Iterable[str]) -> list[str]:
        """Forget the books of ``tickers``; those that were held."""
        return [ticker for ticker in tuple(tickers) if self._books.pop(ticker, None) is not None]

    def drop_all(self) -> list[str]:
        """Forget every book; the tickers of those that were held."""
        return self.drop(self._books)


def _levels(pairs: Iterable[tuple[str, str]] | None) -> Levels:
    levels = {Price.from_wire(price): Count.from_wire(count) for price, count in pairs or ()}
    return {price: count for price, count in levels.items() if count > COUNT_ZERO}
