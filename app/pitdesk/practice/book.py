"""One market's Yes book: price levels, each a queue by time. Raw whole numbers inside (see ``live``)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.live import LiveOrder


class Level:
    """The queue at one price: oldest first."""

    __slots__ = ("orders", "price", "total")

    def __init__(self, price: int) -> None:
        self.price = price
        self.total = 0
        self.orders: OrderedDict[int, LiveOrder] = OrderedDict()

    def first(self) -> LiveOrder:
        """Who trades next."""
        return next(iter(self.orders.values()))


class Side:
    """The bids or the asks. ``_ranks`` rises to the best level, so that the best is the last of the list."""

    __slots__ = ("_levels", "_ranks", "_sign")

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._levels: dict[int, Level] = {}
        self._ranks: list[int] = []

    def best(self) -> Level | None:
        """The level that trades next, or None when the side is empty."""
        return self._levels[self._ranks[-1] * self._sign] if self._ranks else None

    def levels(self) -> Iterator[Level]:
        """Best first."""
        for rank in reversed(self._ranks):
            yield self._levels[rank * self._sign]

    def reaches(self, price: int, limit: int) -> bool:
        """Whether a resting ``price`` is good enough for an order against it with ``limit``."""
        return (price - limit) * self._sign >= 0

    def add(self, order: LiveOrder) -> None:
        """To the back of its level's queue."""
        level = self._levels.get(order.price)
        if level is None:
            level = self._levels[order.price] = Level(order.price)
            insort(self._ranks, order.price * self._sign)
        level.orders[order.seq] = order
        level.total += order.remaining

    def shrink(self, order: LiveOrder, count: int) -> None:
        """Take ``count`` off a resting order, which keeps its place; at nothing it leaves."""
        level = self._levels[order.price]
        level.total -= count
        order.remaining -= count
        if order.remaining == 0:
            self._leave(level, order)

    def remove(self, order: LiveOrder) -> None:
        """Off the book with all that remains."""
        level = self._levels[order.price]
        level.total -= order.remaining
        self._leave(level, order)

    def _leave(self, level: Level, order: LiveOrder) -> None:
        del level.orders[order.seq]
        if not level.orders:
            del self._levels[level.price]
            rank = level.price * self._sign
            del self._ranks[bisect_left(self._ranks, rank)]

    def send_back(self, order: LiveOrder) -> None:
        """To the back of its level's queue, size unchanged."""
        self._levels[order.price].orders.move_to_end(order.seq)

    def volume_within(self, limit: int, enough: int) -> int:
        """Contracts that an order against this side could take at ``limit``, counted up to ``enough``."""
        found = 0
        for level in self.levels():
            if found >= enough or not self.reaches(level.price, limit):
                break
            found += level.total
        return found

    def ahead_of(self, order: LiveOrder) -> int:
        """Contracts that trade before ``order``: at better prices, and earlier at its own (FACTS §7)."""
        ahead = 0
        for level in self.levels():
            if level.price == order.price:
                break
            ahead += level.total
        for other in self._levels[order.price].orders.values():
            if other is order:
                break
            ahead += other.remaining
        return ahead

    def ahead_of_all(self, account: Account) -> dict[int, int]:
        """:meth:`ahead_of` for every order of an account, by number, in one pass."""
        found: dict[int, int] = {}
        ahead = 0
        for level in self.levels():
            for order in level.orders.values():
                if order.account is account:
                    found[order.seq] = ahead
                ahead += order.remaining
        return found


class OrderBook:
    """Both sides, never crossed."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids = Side(1)
        self.asks = Side(-1)

    def side(self, is_bid: bool) -> Side:
        """The side an order rests on."""
        return self.bids if is_bid else self.asks

    def crosses(self, is_bid: bool, price: int) -> bool:
        """Whether an order would trade at once."""
        against = self.side(not is_bid)
        best = against.best()
        return best is not None and against.reaches(best.price, price)
