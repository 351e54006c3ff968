"""What the person has: cash, positions, fills, and what the day brought."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pitdesk.desk.day_gain import DayGain
from pitdesk.desk.fills_due import READ_LAG_S
from pitdesk.desk.frames import Frame
from pitdesk.desk.positions import after_fill, mark, settled
from pitdesk.events import Listeners
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pitdesk.clock import Clock
    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.market_data import MarketData
    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.rest import Rest
    from pitdesk.kalshi.stream import FillNews
    from pitdesk.markets import Position
    from pitdesk.orders import Fill
    from pitdesk.settings import Settings

_MOST_FILLS = 5_000
_FIRST_FILLS = 1_000
_FILLS_OVERLAP_S = 120


class Portfolio:
    """Cash, positions and fills of one account. Everything is exact; None where it is not known yet."""

    def __init__(
        self,
        rest: Rest,
        market_data: MarketData,
        blotter: Blotter,
        settings: Settings,
        environment: Environment,
        clock: Clock,
    ) -> None:
        """``environment`` names the day's first figures in the settings, and says whose cash and positions
        ``rest`` reads and whether the exchange brings cash to where an order needs it."""
        self.changed: Listeners[None] = Listeners()
        self.fills_changed: Listeners[None] = Listeners()
        self.position_moved: Listeners[str] = Listeners()
        """Told a ticker at once, in the same call, each time what is held there changed."""
        self.fill_kept: Listeners[Fill] = Listeners()
        """Told each fill that was not known before, at once."""
        self._rest = rest
        self._clock = clock
        self._subaccount = environment.subaccount
        self._moves_cash = environment.moves_cash
        self._market_data = market_data
        self._blotter = blotter
        self._day = DayGain(settings, environment.key, clock, self._worth)
        self._cash: Dollars | None = None
        self._committed_then = DOLLARS_ZERO
        self._elsewhere: dict[int, Dollars] = {}
        self._positions: dict[str, Position] = {}
        self._positions_known = False
        self._fills: dict[str, Fill] = {}
        self._newest_first: tuple[Fill, ...] | None = ()
        self._fills_read_to_ms: int | None = None
        self._filled_at: dict[str, float] = {}
        self._new_fills = False
        self._one_reader = asyncio.Lock()
        self._frame = Frame(self._flush)
        self._ends = (
            market_data.quotes_changed.connect(self._on_quotes),
            blotter.changed.connect(lambda _: self._frame.request()),
        )

    @property
    def cash(self) -> Dollars | None:
        """Free cash, None before the first balance. Between two answers of the exchange it is carried on by
        our own fills and by what our orders newly hold back."""
        if self._cash is None:
            return None
        return self._cash - (self._blotter.committed() - self._committed_then)

    def cash_on(self, shard: int) -> Dollars | None:
        """Free cash on one exchange index, which is all that an order there can draw on (FACTS §11).

        All of it where the exchange does not break it down, or brings it there by itself. What orders newly
        hold back counts in full.
        """
        cash = self.cash
        if cash is None or self._moves_cash or not self._elsewhere:
            return cash
        return cash - self._elsewhere.get(shard, cash)

    @property
    def positions(self) -> Mapping[str, Position]:
        """Positions by ticker, those that are flat left out."""
        return MappingProxyType({ticker: held for ticker, held in self._positions.items() if held.count})

    @property
    def positions_value(self) -> Dollars:
        """What all positions would bring: at the bid of what is held, by the result if there is one, else at
        cost."""
        return sum((self._worth(held) for held in self._positions.values()), DOLLARS_ZERO)

    @property
    def today(self) -> Dollars | None:
        """What the exchange's day brought so far, net of fees (:mod:`pitdesk.desk.day_gain`); None until the
        account and its markets are known."""
        return self._day.today(self._positions, self._market_data.market) if self._is_known() else None

    @property
    def fills(self) -> tuple[Fill, ...]:
        """Executions, newest first, each trade id once; the last 5,000."""
        if self._newest_first is None:
            ordered = sorted(self._fills.values(), key=lambda fill: fill.created_ms, reverse=True)
            self._newest_first = tuple(ordered[:_MOST_FILLS])
        return self._newest_first

    @property
    def positions_known(self) -> bool:
        """Whether the exchange told of the positions, since the program was started."""
        return self._positions_known

    def held(self, ticker: str) -> Position | None:
        """The position in one market, a flat one included; None where there never was one."""
        return self._positions.get(ticker)

    def position(self, ticker: str) -> Count:
        """Contracts held: above zero Yes, below zero No."""
        held = self._positions.get(ticker)
        return held.count if held is not None else COUNT_ZERO

    def value_of(self, ticker: str) -> Dollars | None:
        """What the position would bring at the bid of what is held; None where nobody bids, or when flat."""
        held = self._positions.get(ticker)
        if held is None or not held.count:
            return None
        return mark(held, self._market_data.quote(ticker))

    def fill_said(self, fill: Fill) -> bool:
        """Take in an execution of the stream; False when it was known already."""
        if fill.trade_id in self._fills:
            return False
        if not self._is_ours(fill.subaccount):
            self._keep_fills((fill,))
            return True  # another subaccount's cash and positions are not shown here
        self._keep_fills((fill,))
        self._positions[fill.ticker], cash_change = after_fill(self._positions.get(fill.ticker), fill)
        self._filled(fill.ticker)
        if self._cash is not None:
            self._cash = self._cash + cash_change
        self._frame.request()
        return True

    def _is_ours(self, subaccount: int | None) -> bool:
        """None is the primary, or is not told."""
        return subaccount in (None, self._subaccount or 0)

    def holding_said(self, said: FillNews) -> None:
        """Take in the exchange's own count after a fill, which may be later than our last answer
        (FACTS §17.10); what it cost follows with the next answer."""
        whose, ticker, count = said.fill.subaccount, said.fill.ticker, said.position_after
        if not self._is_ours(whose) or (whose is None and self._subaccount):
            return  # it does not say whose, or another's; the next answer tells of ours
        held = self._positions.get(ticker)
        if held is not None and held.count != count:
            self._positions[ticker] = replace(held, count=count)
            self._filled(ticker)
            self._frame.request()

    async def refresh(self) -> bool:
        """Read positions and cash again; False when the exchange did not answer both.

        A position filled while the answer was on its way, or so shortly before that the answer may not know
        of it yet (FACTS §7), keeps the stream's count until the next answer.
        """
        async with self._one_reader:
            return all(await asyncio.gather(self._refresh_positions(), self._refresh_cash()))

    async def refresh_fills(self) -> bool:
        """Read the fills since the newest of the last such answer; False when the exchange did not answer.

        What the stream told since is no measure: it may have lost others before.
        """
        if self._fills_read_to_ms is None:
            answered = await self._rest.fills(limit=_FIRST_FILLS)
        else:
            answered = await self._rest.fills(min_ts_s=self._fills_read_to_ms // 1000 - _FILLS_OVERLAP_S)
        if not isinstance(answered, Accepted):
            return False
        newest = [fill.created_ms for fill in answered.value]
        self._fills_read_to_ms = max([*newest, self._fills_read_to_ms or 0]) or None
        self._keep_fills(answered.value)
        return True

    async def read_fills_since(self, since_s: int) -> bool:
        """Read every fill since ``since_s``, Unix seconds; False when the exchange did not answer."""
        answered = await self._rest.fills(min_ts_s=since_s)
        if isinstance(answered, Accepted):
            self._keep_fills(answered.value)
        return isinstance(answered, Accepted)

    def close(self) -> None:
        """Say nothing more."""
        self._frame.close()
        for end in self._ends:
            end()

    async def _refresh_positions(self) -> bool:
        asked_at = self._clock.monotonic()
        answered = await self._rest.positions()
        if not isinstance(answered, Accepted):
            return False
        self._take_positions(answered.value, asked_at)
        return True

    async def _refresh_cash(self) -> bool:
        fills_then = len(self._fills)
        answered = await self._rest.balance()
        if not isinstance(answered, Accepted):
            return False
        if len(self._fills) == fills_then or self._cash is None:
            self._cash = answered.value.cash
            parts = answered.value.by_shard or {}
            self._elsewhere = {shard: self._cash - held for shard, held in parts.items()}
            self._committed_then = self._blotter.committed()
        self._begin_day()
        self._frame.request()
        return True

    def _filled(self, ticker: str) -> None:
        self._filled_at[ticker] = self._clock.monotonic()
        self._moved(ticker)

    def _moved(self, ticker: str) -> None:
        self._blotter.holds(ticker, self.position(ticker))
        self.position_moved.emit(ticker)

    def _take_positions(self, said: Iterable[Position], asked_at: float) -> None:
        lately = asked_at - READ_LAG_S
        self._filled_at = {ticker: at for ticker, at in self._filled_at.items() if at > lately}
        kept = {ticker: self._positions[ticker] for ticker in self._filled_at if ticker in self._positions}
        before, now = self._positions, {one.ticker: one for one in said} | kept
        self._day.left(before, now)
        self._positions = now
        self._positions_known = True
        self._blotter.due.positions_read(asked_at)
        for ticker in before.keys() | now.keys():
            if before.get(ticker) != now.get(ticker):
                self._moved(ticker)
        self._market_data.ask_about(ticker for ticker, held in self._positions.items() if held.count)
        self._frame.request()

    def _keep_fills(self, fills: Iterable[Fill]) -> None:
        before = len(self._fills)
        for fill in fills:
            if fill.trade_id in self._fills:
                continue
            self._fills[fill.trade_id] = fill
            self._blotter.due.fill_seen(fill)
            self.fill_kept.emit(fill)
        if len(self._fills) != before:
            self._newest_first = None
            self._new_fills = True
            self._frame.request()

    def _worth(self, held: Position) -> Dollars:
        """At the bid; by the result if there is one. An empty book of a market that trades says that nobody
        pays anything; once it has closed that says nothing, and what it cost stands until the result."""
        market = self._market_data.market(held.ticker)
        if market is None:
            return held.exposure
        brought = settled(held, market.result)
        if brought is not None:
            return brought
        trades = market.status.takes_orders and market.close_ms > self._clock.wall_ms()
        marked = mark(held, self._market_data.quote(held.ticker))
        return marked if marked is not None else DOLLARS_ZERO if trades else held.exposure

    def _is_known(self) -> bool:
        """Whether cash, positions and the markets of what is held have all been told."""
        if self._cash is None or not self._positions_known:
            return False
        held = self._positions.values()
        return all(self._market_data.market(one.ticker) is not None for one in held if one.count)

    def _begin_day(self) -> None:
        if self._is_known():
            self._day.begin(self._positions)

    def _on_quotes(self, tickers: frozenset[str]) -> None:
        if not tickers.isdisjoint(self._positions):
            self._frame.request()

    def _flush(self) -> None:
        self._begin_day()
        self._day.keep_settled(self._market_data.market)
        if self._new_fills:
            self._new_fills = False
            self.fills_changed.emit(None)
        self.changed.emit(None)
