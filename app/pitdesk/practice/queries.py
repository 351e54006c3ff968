"""Reading the practice exchange: accounts, markets, books and tape. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pitdesk.markets import Book, PublicTrade
from pitdesk.orders import OrderStatus
from pitdesk.practice.accounts import Account
from pitdesk.practice.records import Balance, FillRecord, MarketRecord, OrderRecord, Page, PositionRecord
from pitdesk.quantities import Count


class Queries:
    """``after`` is the number a page gave to continue it; tickers that are not listed match nothing."""

    def order(self, account: Account, order_id: str) -> OrderRecord:
        """One order of the account; ExchangeRefusal 404 when it is not there."""
        raise NotImplementedError

    def orders(
        self,
        account: Account,
        *,
        tickers: Collection[str] | None = None,
        status: OrderStatus | None = None,
        min_ts_s: int | None = None,
        max_ts_s: int | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> Page[OrderRecord]:
        """Newest first. ``tickers`` are markets (an event's caller names all of its markets)."""
        raise NotImplementedError

    def queue_position(self, account: Account, order_id: str) -> Count:
        """Contracts ahead of a resting order at its price or better; 404 when it does not rest."""
        raise NotImplementedError

    def queue_positions(
        self, account: Account, tickers: Collection[str] | None = None
    ) -> Sequence[tuple[OrderRecord, Count]]:
        """Every resting order with the contracts ahead of it."""
        raise NotImplementedError

    def fills(
        self,
        account: Account,
        *,
        tickers: Collection[str] | None = None,
        order_id: str | None = None,
        min_ts_s: int | None = None,
        max_ts_s: int | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> Page[FillRecord]:
        """Newest first."""
        raise NotImplementedError

    def positions(self, account: Account) -> Sequence[PositionRecord]:
        """Every market the account ever traded and that is not settled, flat ones too, by ticker."""
        raise NotImplementedError

    def balance(self, account: Account) -> Balance:
        """Available cash and worth."""
        raise NotImplementedError

    def market(self, ticker: str) -> MarketRecord:
        """One market now; ExchangeRefusal 404 when it is not listed."""
        raise NotImplementedError

    def book(self, ticker: str) -> Book:
        """The whole Yes book; 404 as above."""
        raise NotImplementedError

    def book_clock(self, ticker: str) -> int:
        """How many changes the market's book has seen: the ``clock`` of the last BookChanged."""
        raise NotImplementedError

    def trades(
        self,
        ticker: str | None = None,
        *,
        min_ts_s: int | None = None,
        max_ts_s: int | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> Page[PublicTrade]:
        """The tape, newest first; of all markets where ``ticker`` is None."""
        raise NotImplementedError
