"""What the ladder shows, as plain values: its rows, its own-order chips and its words. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO, Count, Dollars, Price, PriceRanges

if TYPE_CHECKING:
    from pitdesk.desk.closing_result import Closing
    from pitdesk.markets import Book, Market, Quote


@dataclass(frozen=True, slots=True)
class OwnChip:
    """The person's own orders at one price of one side, drawn as one chip.

    ``keys`` are the blotter's. ``queue_ahead`` is the shortest known queue before any of them, None where
    the exchange has not said. ``settled`` is False while one of them is being sent, amended or canceled.
    """

    side: BookSide
    price: Price
    count: Count
    keys: tuple[str, ...]
    queue_ahead: Count | None = None
    settled: bool = True

    def words(self) -> str:
        """As a tooltip: ``Your bid: 100 contracts at 40¢, 1,240 ahead in the queue``."""
        what = "bid" if self.side is BookSide.BID else "ask"
        orders = f" in {len(self.keys)} orders" if len(self.keys) > 1 else ""
        unit = "contract" if self.count == Count.of(1) else "contracts"
        queue = "" if self.queue_ahead is None else f", {self.queue_ahead} ahead in the queue"
        waiting = "" if self.settled else ", waiting for the exchange"
        return f"Your {what}: {self.count} {unit} at {self.price}{orders}{queue}{waiting}"


Chips = Mapping[tuple[BookSide, Price], OwnChip]


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """One working order of the person's, as the ladder needs it; ``price`` is of Yes."""

    key: str
    side: BookSide
    price: Price
    remaining: Count
    queue_ahead: Count | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True)
class LadderPicture:
    """Everything the ladder draws for one market at one moment.

    ``prices`` fall from top to bottom. ``age_s`` is how long ago the book was last confirmed, and matters
    only when ``fresh`` is False. ``closing`` knows what closing the position brings, None without one.
    ``waiting`` says why there is no book at all.
    """

    ticker: str = ""
    prices: tuple[Price, ...] = ()
    grid: PriceRanges | None = None
    off_grid: frozenset[Price] = frozenset()
    book: Book | None = None
    fresh: bool = False
    age_s: float = 0.0
    last: Price | None = None
    chips: Chips = field(default_factory=dict)
    tradable: bool = True
    closing: Closing | None = None
    waiting: str = "Choose a market in the finder."

    def price_text(self, price: Price) -> str:
        """The price with the decimals of its tick, so that 4.0¢ stands under 4.1¢."""
        step = self.grid.step_at(price).units if self.grid is not None else 100
        if price.units % step:
            return str(price)
        decimals = 0 if step % 100 == 0 else 1 if step % 10 == 0 else 2
        whole, part = divmod(price.units, 100)
        return f"{whole}.{part:02d}"[: len(str(whole)) + (decimals + 1 if decimals else 0)] + "¢"

    def own_at(self, price: Price) -> tuple[OwnChip, ...]:
        """The person's own orders at ``price``, of either side."""
        found = (self.chips.get((side, price)) for side in BookSide)
        return tuple(chip for chip in found if chip is not None)

    @property
    def best_bid(self) -> Price | None:
        """The touch on the bid side, None without one."""
        return max(self.book.bids, default=None) if self.book else None

    @property
    def best_ask(self) -> Price | None:
        """The touch on the ask side, None without one."""
        return min(self.book.asks, default=None) if self.book else None


def ladder_prices(market: Market, others: Iterable[Price] = ()) -> tuple[tuple[Price, ...], frozenset[Price]]:
    """Every legal Yes price of ``market``, falling, and those of ``others`` that are off its grid.

    A level or an own order stays in sight when the exchange changes the grid under it (its row cannot be
    picked, only seen and canceled).
    """
    legal = _legal_falling(market.price_ranges)
    stray = frozenset(price for price in others if not market.price_ranges.holds(price))
    rows = tuple(sorted({*legal, *stray}, reverse=True)) if stray else legal
    return rows, stray


@lru_cache(maxsize=8)
def _legal_falling(grid: PriceRanges) -> tuple[Price, ...]:
    """Kept, because a grid may have thousands of prices and the book changes many times a second."""
    return tuple(grid.prices())[::-1]


def chips_of(orders: Iterable[OwnOrder]) -> dict[tuple[BookSide, Price], OwnChip]:
    """Own orders gathered by side and price."""
    gathered: dict[tuple[BookSide, Price], list[OwnOrder]] = {}
    for order in orders:
        if order.remaining > COUNT_ZERO:
            gathered.setdefault((order.side, order.price), []).append(order)
    return {place: _chip(place, found) for place, found in gathered.items()}


def _chip(place: tuple[BookSide, Price], orders: list[OwnOrder]) -> OwnChip:
    queues = [order.queue_ahead for order in orders if order.queue_ahead is not None]
    return OwnChip(
        side=place[0],
        price=place[1],
        count=Count(sum(order.remaining.units for order in orders)),
        keys=tuple(order.key for order in orders),
        queue_ahead=min(queues, default=None),
        settled=all(order.settled for order in orders),
    )


def marked_price(picture: LadderPicture) -> Price | None:
    """The row to highlight: the last trade's, else the middle of the touch where that is a row."""
    if picture.last is not None and picture.last.units:
        return picture.last
    bid, ask = picture.best_bid, picture.best_ask
    if bid is None or ask is None:
        return None
    return Price((bid.units + ask.units) // 2)


def center_row(picture: LadderPicture) -> int | None:
    """The row to put in the middle: between the touch, else at its only side, else at the last trade."""
    if not picture.prices:
        return None
    bid, ask = picture.best_bid, picture.best_ask
    if bid is not None and ask is not None:
        wanted = Price((bid.units + ask.units) // 2)
    else:
        wanted = bid or ask or picture.last or picture.prices[len(picture.prices) // 2]
    return nearest_row(picture.prices, wanted)


def nearest_row(prices: tuple[Price, ...], wanted: Price) -> int:
    """The index in falling ``prices`` closest to ``wanted``."""
    low, high = 0, len(prices) - 1
    while low < high:
        middle = (low + high) // 2
        if prices[middle] > wanted:
            low = middle + 1
        else:
            high = middle
    if low and abs(prices[low - 1] - wanted) < abs(prices[low] - wanted):
        return low - 1
    return low


def headline(quote: Quote | None, picture: LadderPicture) -> str:
    """The line beside the title: ``Spread 2¢ · last 42¢``."""
    bid, ask = picture.best_bid, picture.best_ask
    parts = []
    if bid is not None and ask is not None:
        parts.append(f"Spread {ask - bid}")
    elif picture.book is not None:
        parts.append("No bids" if bid is None and ask is not None else "No asks" if bid else "Empty book")
    last = picture.last or (quote.last if quote else None)
    if last:
        parts.append(f"last {last}")
    return "  ·  ".join(parts)


def short_count(count: Count) -> str:
    """A count in four figures or fewer: ``940``, ``1.2k``, ``12k``, ``3.4M``."""
    whole = count.units // 100
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if whole >= unit:
            tenths = whole * 10 // unit
            return f"{tenths // 10}.{tenths % 10}{letter}" if tenths < 100 else f"{tenths // 10}{letter}"
    return str(count)


def short_money(amount: Dollars) -> str:
    """A gain or loss in whole dollars: ``+$56``, ``−$1,203``; below ten dollars with its cents."""
    if abs(amount) < Dollars.of(10):
        return amount.signed()
    whole = (abs(amount).units + 500_000) // 1_000_000
    return f"{'+' if amount.units > 0 else '−'}${whole:,}"


def age_words(seconds: float) -> str:
    """How old something is: ``8 s``, ``3 min``, ``2 h``."""
    if seconds < 90:
        return f"{max(int(seconds), 0)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


def refusal(picture: LadderPicture, price: Price) -> str:
    """Why ``price`` cannot be picked now, or an empty text where it can."""
    if not picture.tradable:
        return "This market takes no orders now."
    if picture.book is None:
        return "There is no book yet. Prices can be picked once it has arrived."
    if not picture.fresh:
        return f"The book is {age_words(picture.age_s)} old. Prices can be picked once it is live again."
    if price in picture.off_grid:
        return f"{price} is no longer a price of this market."
    return ""


def touch_words(picture: LadderPicture) -> str:
    """The touch in a sentence, for assistive technology."""
    if picture.book is None:
        return picture.waiting
    bid, ask = picture.book.best_bid, picture.book.best_ask
    bids = f"Best bid {bid.price} for {bid.count}" if bid else "No bids"
    asks = f"best ask {ask.price} for {ask.count}" if ask else "no asks"
    stale = "" if picture.fresh else f" The book is {age_words(picture.age_s)} old."
    return f"{bids}, {asks}.{stale}"


def row_words(picture: LadderPicture, price: Price) -> str:
    """One row in a sentence, for assistive technology and tooltips."""
    parts = [f"Yes at {price}"]
    if picture.book is not None:
        for side, word in ((BookSide.BID, "bid"), (BookSide.ASK, "ask")):
            count = picture.book.count_at(side, price)
            if count:
                parts.append(f"{count} {word}")
            chip = picture.chips.get((side, price))
            if chip is not None:
                parts.append(f"your {word} {chip.count}")
    return ", ".join(parts)
