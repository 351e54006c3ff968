"""The simulated participants: makers who quote around a belief, and takers who trade.

Makers see news a moment late and shy away from it; those who read news at once take what they left standing.
All act only through the exchange's own calls, from accounts of their own, and change few orders: a maker
moves the levels next to the touch and leaves the others where they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING

from pitdesk.orders import BookSide, SelfTradePrevention, TimeInForce
from pitdesk.practice.ladder import Style, step_at, steps_of, touch_around
from pitdesk.practice.records import NewOrder
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Count, Price

if TYPE_CHECKING:
    from random import Random

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.listings import ListedMarket

_FAR_EVERY = 5
_NEAR = 5
_SPARE_LEVELS = 4
_MOST_TAKEN = 2_500
# In steps of the grid: how far a maker's own view wanders at each look, and what startles it.
_MOODY, _STARTLED_BY, _WIDEST, _CALMING = 0.07, 2.5, 3.0, 0.985


class Maker:
    """Quotes one market on both sides, one order a level."""

    def __init__(
        self, exchange: Exchange, account: Account, market: ListedMarket, random: Random, style: Style
    ) -> None:
        self._exchange = exchange
        self._account = account
        self._ticker = market.ticker
        self._random = random
        self.style = style
        self._mood = 0.0
        self._alarm = 0.0
        self._last_fair: float | None = None
        self._steps = steps_of(market.grid)
        self._fine = len(self._steps) > 99
        self._orders: dict[BookSide, dict[int, str]] = {BookSide.BID: {}, BookSide.ASK: {}}

    def quote(self, fair: float) -> None:
        """Show levels around a belief: step back where the touch was passed, fill in what is missing."""
        touch = touch_around(self._steps, *self._judge(fair))
        for side, best in zip((BookSide.BID, BookSide.ASK), touch, strict=True):
            self._step_back(side, best)
        for side, best in zip((BookSide.BID, BookSide.ASK), touch, strict=True):
            self._fill_in(side, best)

    def _judge(self, fair: float) -> tuple[float, Style]:
        """The belief as this maker has it now, and the width that it dares: wide after a jump."""
        step = step_at(self._steps, fair)
        self._mood = 0.96 * self._mood + self._random.uniform(-_MOODY, _MOODY)
        jump = 0.0 if self._last_fair is None else abs(fair - self._last_fair) / step
        self._last_fair = fair
        self._alarm = max(self._alarm * _CALMING, jump - _STARTLED_BY, 0.0)
        if self._alarm < 0.5:
            return fair + self._mood * step, self.style
        wider = replace(self.style, half_spread=self.style.half_spread + min(self._alarm, _WIDEST))
        return fair + self._mood * step, wider

    def change_one(self) -> None:
        """Take one level behind the touch away and show it anew with another size."""
        side = self._random.choice((BookSide.BID, BookSide.ASK))
        held = self._orders[side]
        if len(held) > 1:
            index = self._random.choice(list(held)[1:])
            self._cancel(side, index)
            self._place(side, index)

    def _step_back(self, side: BookSide, best: int) -> None:
        held = self._orders[side]
        passed = [index for index in held if (index > best if side is BookSide.BID else index < best)]
        for index in passed:
            self._cancel(side, index)

    def _fill_in(self, side: BookSide, best: int) -> None:
        held = self._orders[side]
        live = self._account.live
        for index in [index for index, order_id in held.items() if order_id not in live]:
            del held[index]
        wanted = self._wanted(side, best)
        for index in wanted:
            if index not in held:
                self._place(side, index)
        if len(held) > len(wanted) + _SPARE_LEVELS:
            for index in [index for index in held if index not in wanted]:
                self._cancel(side, index)

    def _wanted(self, side: BookSide, best: int) -> list[int]:
        """Level indices from the touch outward; on a fine grid only every fifth step beyond the nearest."""
        sign = -1 if side is BookSide.BID else 1
        levels = self.style.levels
        near = min(levels, _NEAR) if self._fine else levels
        found = [best + sign * place for place in range(near)]
        place = best + sign * near
        while len(found) < levels:
            place += sign
            if place % _FAR_EVERY == 0:
                found.append(place)
        return [index for index in found if 0 <= index < len(self._steps)]

    def _place(self, side: BookSide, index: int) -> None:
        style = self.style
        size = int(self._random.triangular(style.smallest, style.largest, style.smallest * 1.6))
        order = NewOrder(
            self._ticker,
            side,
            Price(self._steps[index]),
            Count.of(size),
            self_trade_prevention=SelfTradePrevention.MAKER,
        )
        try:
            placed = self._exchange.place(self._account, order)
        except ExchangeRefusal:
            return
        if placed.remaining_count:
            self._orders[side][index] = placed.order_id

    def _cancel(self, side: BookSide, index: int) -> None:
        order_id = self._orders[side].pop(index)
        if order_id in self._account.live:
            self._exchange.cancel(self._account, order_id)


class Taker:
    """Takes from one market: at the touch now and then, more often towards the belief; and when news passes
    what is quoted, all of it up to the belief."""

    def __init__(
        self,
        exchange: Exchange,
        accounts: tuple[Account, ...],
        market: ListedMarket,
        random: Random,
        style: Style,
    ) -> None:
        self._exchange = exchange
        self._accounts = accounts
        self._ticker = market.ticker
        self._random = random
        self._style = style
        self._steps = steps_of(market.grid)

    def trade(self, fair: float) -> None:
        """Send one order that takes or goes."""
        book = self._exchange.engine.venues[self._ticker].book
        bid, ask = book.bids.best(), book.asks.best()
        if bid is None or ask is None:
            return
        middle, width = (bid.price + ask.price) / 2, ask.price - bid.price
        lean = min(max((fair - middle) / width * 1.3, -0.45), 0.45)
        buys = self._random.random() < 0.5 + lean
        size = self._random.lognormvariate(log(self._style.typical_trade), 1.0)
        if self._random.random() < 0.05:
            size *= 12
        price = ask.price if buys else bid.price
        self.take(BookSide.BID if buys else BookSide.ASK, price, max(int(size), 1) * 100)

    def read_news(self, fair: float) -> None:
        """Take what is quoted worse than the belief by more than two steps."""
        book = self._exchange.engine.venues[self._ticker].book
        bid, ask = book.bids.best(), book.asks.best()
        edge = 2.0 * step_at(self._steps, fair)
        size = int(self._random.lognormvariate(log(self._style.typical_trade * 6), 0.7)) * 100 + 100
        if ask is not None and fair > ask.price + edge:
            self.take(BookSide.BID, self._steps[bisect_right(self._steps, fair - edge / 2) - 1], size)
        elif bid is not None and fair < bid.price - edge:
            self.take(BookSide.ASK, self._steps[bisect_left(self._steps, fair + edge / 2)], size)

    def take(self, side: BookSide, price: int, units: int) -> None:
        """Take up to ``units`` hundredths of a contract at ``price`` or better."""
        order = NewOrder(
            self._ticker,
            side,
            Price(price),
            Count(min(units, _MOST_TAKEN * 100)),
            TimeInForce.IMMEDIATE_OR_CANCEL,
        )
        try:
            self._exchange.place(self._random.choice(self._accounts), order)
        except ExchangeRefusal:
            return


class Seeker:
    """Finds people's orders at the touch, so that someone who waits is traded with within about a minute."""

    def __init__(self, exchange: Exchange, random: Random, mean_wait_s: float = 22.0) -> None:
        self._exchange = exchange
        self._random = random
        self._mean_wait_s = mean_wait_s

    def look(self, takers: dict[str, Taker], seconds: float, most: int = 200) -> None:
        """Let ``seconds`` pass; each order of a person at the best price may be traded with."""
        engine = self._exchange.engine
        for account in list(engine.accounts.values()):
            if account.simulated or not account.live:
                continue
            orders = list(account.live.values())
            first = self._random.randrange(max(len(orders) - most, 0) + 1)
            for order in orders[first : first + most]:
                side = engine.venues[order.ticker].book.side(order.is_bid)
                best = side.best()
                if best is None or best.price != order.price or order.order_id not in account.live:
                    continue
                if self._random.random() < seconds / self._mean_wait_s:
                    units = side.ahead_of(order) + int(order.remaining * self._random.uniform(0.4, 1.6))
                    against = BookSide.ASK if order.is_bid else BookSide.BID
                    takers[order.ticker].take(against, order.price, max(units // 100, 1) * 100)
