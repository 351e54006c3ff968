"""Reading the practice exchange: accounts, markets, books and tape. Nothing here changes anything."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from heapq import merge
from typing import TYPE_CHECKING, Protocol, TypeVar

from pitdesk.markets import Book, MarketStatus, PublicTrade
from pitdesk.orders import OrderStatus
from pitdesk.practice import refusals
from pitdesk.practice.live import ONE, LiveOrder
from pitdesk.practice.records import (
    Balance,
    FillRecord,
    MarketRecord,
    OrderRecord,
    Page,
    PositionRecord,
    QuoteRecord,
)
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pitdesk.practice.accounts import Account, Holding
    from pitdesk.practice.engine import Engine
    from pitdesk.practice.venue import Venue


class _Numbered(Protocol):
    @property
    def seq(self) -> int: ...


_Row = TypeVar("_Row", bound=_Numbered)


@dataclass(frozen=True, slots=True)
class Window:
    """Which side of the cut between live and archived data is wanted (FACTS §7): what was touched at or after
    ``since_ms``, or before ``until_ms``. What still rests is always live."""

    since_ms: int | None = None
    until_ms: int | None = None

    def holds(self, at_ms: int, *, lasting: bool = False) -> bool:
        """Whether something touched at ``at_ms`` is wanted."""
        if lasting:
            return self.until_ms is None
        after = self.since_ms is None or at_ms >= self.since_ms
        return after and (self.until_ms is None or at_ms < self.until_ms)


ALWAYS = Window()


class Queries:
    """``after`` is the number a page gave to continue it; tickers that are not listed match nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def as_of_ms(self) -> int:
        """The instant that an account's orders, fills and positions are read as of."""
        return self._engine.clock.wall_ms()

    def order(self, account: Account, order_id: str, subaccount: int | None = None) -> OrderRecord:
        """One order of the account; ExchangeRefusal 404 when it is not there."""
        found = account.orders.get(order_id)
        if found is None or subaccount not in (None, found.subaccount):
            raise ExchangeRefusal(refusals.NOT_FOUND, "order not found")
        return found.record()

    def orders(  # noqa: PLR0913 (its filters)
        self,
        account: Account,
        *,
        tickers: Collection[str] | None = None,
        subaccount: int | None = None,
        touched: Window = ALWAYS,
        status: OrderStatus | None = None,
        min_ts_s: int | None = None,
        max_ts_s: int | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> Page[OrderRecord]:
        """Newest first. ``tickers`` are markets (an event's caller names all of its markets); ``subaccount``
        None is all of them. ``touched`` leaves the finished orders last changed within it."""

        def wanted(order: LiveOrder) -> bool:
            return (
                (tickers is None or order.ticker in tickers)
                and subaccount in (None, order.subaccount)
                and touched.holds(order.updated_ms, lasting=order.status is OrderStatus.RESTING)
                and (status is None or order.status is status)
                and _within(order.created_ms, min_ts_s, max_ts_s)
            )

        rows = self._newest_first(account, status, after)
        found, last = _page((row for row in rows if wanted(row)), after, limit)
        return Page(tuple(row.record() for row in found), last)

    @staticmethod
    def _newest_first(account: Account, status: OrderStatus | None, after: int | None) -> Iterator[LiveOrder]:
        if status is OrderStatus.RESTING and after is None:
            return reversed(account.live.values())
        return _before(account.history, after)

    def queue_position(self, account: Account, order_id: str, subaccount: int | None = None) -> Count:
        """Contracts ahead of a resting order at its price or better; 404 when it does not rest."""
        order = account.live.get(order_id)
        if order is None or subaccount not in (None, order.subaccount):
            raise ExchangeRefusal(refusals.NOT_FOUND, "order not found")
        return self._ahead(order)

    def queue_positions(
        self, account: Account, tickers: Collection[str] | None = None, subaccount: int | None = None
    ) -> Sequence[tuple[OrderRecord, Count]]:
        """Every resting order with the contracts ahead of it, oldest first."""
        orders = [
            order
            for order in account.live.values()
            if (tickers is None or order.ticker in tickers) and subaccount in (None, order.subaccount)
        ]
        ahead: dict[int, int] = {}
        for ticker, is_bid in {(order.ticker, order.is_bid) for order in orders}:
            ahead.update(self._engine.venues[ticker].book.side(is_bid).ahead_of_all(account))
        return [(order.record(), Count(ahead[order.seq])) for order in orders]

    def fills(  # noqa: PLR0913 (its filters)
        self,
        account: Account,
        *,
        tickers: Collection[str] | None = None,
        subaccount: int | None = None,
        touched: Window = ALWAYS,
        order_id: str | None = None,
        min_ts_s: int | None = None,
        max_ts_s: int | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> Page[FillRecord]:
        """Newest first."""

        def wanted(fill: FillRecord) -> bool:
            return (
                (tickers is None or fill.ticker in tickers)
                and subaccount in (None, fill.subaccount)
                and touched.holds(fill.created_ms)
                and order_id in (None, fill.order_id)
                and _within(fill.created_ms, min_ts_s, max_ts_s)
            )

        rows = _before(account.fills, after)
        found, last = _page((fill for fill in rows if wanted(fill)), after, limit)
        return Page(tuple(found), last)

    def positions(
        self, account: Account, subaccount: int | None = None, *, settled: bool | None = False
    ) -> Sequence[PositionRecord]:
        """Every market the account ever traded, flat ones too, by ticker; those that are not settled, those
        that are, or with None both."""
        found = []
        for (ticker, number), holding in sorted(account.holdings.items()):
            is_settled = self._engine.venues[ticker].status is MarketStatus.FINALIZED
            if holding.volume and subaccount in (None, number) and settled in (None, is_settled):
                found.append(holding.record(account.user_id))
        return found

    def balance(
        self, account: Account, subaccount: int | None = None, exchange_index: int | None = None
    ) -> Balance:
        """Available cash and worth, of one subaccount or of one exchange index where they are named."""
        purses = [purse for purse in account.purses.all(subaccount) if exchange_index in (None, purse.shard)]
        worth = sum(
            self._worth(holding)
            for holding in account.holdings.values()
            if holding.position
            and subaccount in (None, holding.subaccount)
            and exchange_index in (None, holding.exchange_index)
        )
        return Balance(
            Dollars(sum(purse.available for purse in purses)),
            Dollars(sum(purse.reserved for purse in purses)),
            Dollars(worth),
            account.updated_ms,
        )

    def market(self, ticker: str) -> MarketRecord:
        """One market now; ExchangeRefusal 404 when it is not listed."""
        return self._venue(ticker).record(self._engine.clock.wall_ms())

    def quote(self, ticker: str) -> QuoteRecord:
        """One market's touch and totals; 404 as above."""
        return self._venue(ticker).quote(self._engine.clock.wall_ms())

    def book(self, ticker: str) -> Book:
        """The whole Yes book; 404 as above."""
        venue = self._venue(ticker)
        return Book(ticker, venue.levels(venue.book.bids), venue.levels(venue.book.asks))

    def book_clock(self, ticker: str) -> int:
        """How many changes the market's book has seen: the ``clock`` of the last BookChanged."""
        return self._venue(ticker).clock

    def trades(
        self,
        ticker: str | None = None,
        *,
        min_ts_s: int | None = None,
        max_ts_s: int | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> Page[PublicTrade]:
        """The tape since the exchange started, newest first; of all markets where ``ticker`` is None."""
        if ticker is not None:
            rows: Iterator[tuple[int, PublicTrade]] = reversed(self._venue(ticker).tape)
        else:
            tapes = [reversed(venue.tape) for venue in self._engine.venues.values()]
            rows = merge(*tapes, key=_number, reverse=True)
        found: list[tuple[int, PublicTrade]] = []
        for number, trade in rows:
            if (after is None or number < after) and _within(trade.created_ms, min_ts_s, max_ts_s):
                found.append((number, trade))
                if len(found) > limit:
                    break
        more = len(found) > limit
        found = found[:limit]
        return Page(tuple(trade for _, trade in found), found[-1][0] if more and found else None)

    def _venue(self, ticker: str) -> Venue:
        venue = self._engine.venues.get(ticker)
        if venue is None:
            raise ExchangeRefusal(refusals.NOT_FOUND, "market not found")
        return venue

    def _ahead(self, order: LiveOrder) -> Count:
        return Count(self._engine.venues[order.ticker].book.side(order.is_bid).ahead_of(order))

    def _worth(self, holding: Holding) -> int:
        """At the last price; at what it cost where nothing traded yet."""
        last = self._engine.venues[holding.ticker].last
        if last is None:
            return holding.exposure
        return holding.position * last if holding.position > 0 else -holding.position * (ONE - last)


def _before(rows: Sequence[_Row], after: int | None) -> Iterator[_Row]:
    """The rows numbered below ``after``, newest first; ``rows`` rise by number."""
    end = len(rows) if after is None else bisect_left(rows, after, key=_seq)
    return (rows[index] for index in range(end - 1, -1, -1))


def _seq(row: _Numbered) -> int:
    return row.seq


def _number(row: tuple[int, PublicTrade]) -> int:
    return row[0]


def _within(at_ms: int, min_ts_s: int | None, max_ts_s: int | None) -> bool:
    return (min_ts_s is None or at_ms >= min_ts_s * 1000) and (
        max_ts_s is None or at_ms < (max_ts_s + 1) * 1000
    )


def _page(rows: Iterator[_Row], after: int | None, limit: int) -> tuple[list[_Row], int | None]:
    found: list[_Row] = []
    for row in rows:
        if after is None or row.seq < after:
            found.append(row)
            if len(found) > limit:
                return found[:limit], found[limit - 1].seq if limit else None
    return found, None
