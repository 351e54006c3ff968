"""The living market: who quotes and trades, and what happened before the person came."""

from __future__ import annotations

from math import log
from random import Random
from typing import TYPE_CHECKING

from pitdesk.markets import MarketStatus, PublicTrade
from pitdesk.practice.bars import LiveBars
from pitdesk.practice.history import HistoryCandle, MarketHistory
from pitdesk.practice.ladder import USUAL, Mood, style_of
from pitdesk.practice.opinions import Opinions, chance, key_of
from pitdesk.practice.participants import Maker, Seeker, Taker
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.listings import ListedEvent, ListedMarket

_DEEP_POCKETS = Dollars.of(1_000_000_000)
_MAKERS, _TAKERS = 3, 4
_DAY_S = 86_400
_BEFORE_CLOSE = (MarketStatus.INITIALIZED, MarketStatus.ACTIVE, MarketStatus.INACTIVE)
_SETTLES_AFTER_MS = 60_000
_SETTLE_EVERY_MS = 5_000
_LONGEST_STEP_S = 5.0
_MAKERS_LATE_S = 0.9
_RUSH_MS, _RUSH = 900_000, 4.0


class _Pit:
    """One market and those who act in it. Times are seconds of the participants' own clock."""

    def __init__(
        self, maker: Maker, taker: Taker, market: ListedMarket, random: Random, now_s: float
    ) -> None:
        self.maker = maker
        self.taker = taker
        self.market = market
        self._style = maker.style
        self._random = random
        self.plan(now_s)

    def plan(self, now_s: float) -> None:
        """Decide anew when to act next: at first, and when the clock was set back."""
        self._look_s = now_s + self._random.random() * self._style.every_s
        self._trade_s = now_s + self._wait(self._style.trades)
        self._change_s = now_s + self._wait(self._style.changes)

    def _wait(self, rate: float) -> float:
        return -log(1.0 - self._random.random()) / rate if rate else float("inf")

    def act(self, now_s: float, opinions: Opinions, rush: float) -> None:
        """Do what is due. ``rush`` is how many times livelier than usual takers are."""
        if now_s >= self._look_s:
            self._look_s = now_s + self._style.every_s * self._random.uniform(0.7, 1.3)
            self.taker.read_news(opinions.fair(self.market.ticker, now_s))
            self.maker.quote(opinions.fair(self.market.ticker, now_s - _MAKERS_LATE_S))
        if now_s >= self._trade_s:
            self._trade_s = now_s + self._wait(self._style.trades * rush)
            self.taker.trade(opinions.fair(self.market.ticker, now_s))
        if now_s >= self._change_s:
            self._change_s = now_s + self._wait(self._style.changes)
            self.maker.change_one()


class World:
    """Seeded participants acting through the exchange's own calls."""

    def __init__(self, exchange: Exchange, seed: int, speed: float = 1.0, mood: Mood = USUAL) -> None:
        """The same seed and the same steps give the same tape. ``speed`` 0 is a quiet market; ``mood`` is a
        scenario's."""
        self._exchange = exchange
        self._seed = seed
        self._speed = speed
        self._mood = mood
        self._opinions = Opinions(exchange.catalogue, seed, mood.restless)
        self._live = LiveBars()
        self._pits: list[_Pit] = []
        self._takers: dict[str, Taker] = {}
        self._seeker = Seeker(exchange, Random(f"{seed}:seeker"))
        self._start_ms = self._last_ms = exchange.clock.wall_ms()
        self._settle_ms = 0
        start_s = self._start_ms // 1000
        self._histories = {
            ticker: MarketHistory(market, self._opinions, self._live, seed, start_s, mood)
            for ticker, market in exchange.catalogue.markets.items()
        }
        exchange.facts.connect(self._live.hear)

    def build(self) -> None:
        """Open the participants' accounts and put their first quotes into every book."""
        makers = self._accounts("maker", _MAKERS)
        takers = self._accounts("taker", _TAKERS)
        now_s = self._start_ms / 1000
        for number, market in enumerate(self._exchange.catalogue.markets.values()):
            self._prime(market)
            random = Random(f"{self._seed}:{market.ticker}")
            style = style_of(market.liveliness, self._mood)
            maker = Maker(self._exchange, makers[number % _MAKERS], market, random, style)
            taker = self._takers[market.ticker] = Taker(self._exchange, takers, market, random, style)
            self._pits.append(_Pit(maker, taker, market, random, now_s))
            if self._status(market) is MarketStatus.ACTIVE:
                maker.quote(self._opinions.fair(market.ticker, now_s))
        self._exchange.engine.people_to_the_back()

    def _accounts(self, name: str, count: int) -> tuple[Account, ...]:
        return tuple(
            self._exchange.open_account(f"{name}-{number}", _DEEP_POCKETS, simulated=True)
            for number in range(count)
        )

    def _prime(self, market: ListedMarket) -> None:
        """Give a market the totals that its past left behind."""
        history, start_s = self._histories[market.ticker], self._start_ms // 1000
        opened_s = market.open_ms // 1000
        bid, ask = history.touch_at(start_s)
        last = bid if chance(key_of(market.ticker), start_s // 60) < 0.5 else ask
        before = history.touch_at(start_s - _DAY_S) if start_s - _DAY_S > opened_s else None
        minutes = max(start_s - opened_s, 0) // 60
        self._exchange.engine.venues[market.ticker].prime(
            last,
            history.usual_volume(minutes),
            history.usual_volume(min(minutes, 1440)),
            before,
            self._start_ms,
        )

    def step(self, now_ms: int) -> None:
        """Let the participants act up to ``now_ms``. Called about every 250 ms."""
        if now_ms >= self._settle_ms:
            self._settle_ms = now_ms + _SETTLE_EVERY_MS
            self._settle(now_ms)
        if now_ms < self._last_ms:
            for pit in self._pits:
                pit.plan(self._belief_s(now_ms))
        passed_s = min(max(now_ms - self._last_ms, 0) / 1000 * self._speed, _LONGEST_STEP_S)
        self._last_ms = now_ms
        if not self._speed:
            return
        now_s = self._belief_s(now_ms)
        for pit in self._pits:
            if self._trades(pit.market):
                left_ms = self._exchange.engine.venues[pit.market.ticker].close_ms - now_ms
                pit.act(now_s, self._opinions, _RUSH if left_ms < _RUSH_MS else 1.0)
        self._seeker.look(self._takers, passed_s)

    def news(self, ticker: str, worth: float) -> None:
        """From now on a market is believed to be worth ``worth`` dollars (above 0, below 1), and the other
        outcomes of its event follow. ValueError for any other worth, KeyError for a market not listed."""
        if not 0.0 < worth < 1.0:
            raise ValueError(f"A market cannot be worth {worth} dollars.")
        self._opinions.tell(ticker, worth, self._belief_s(self._exchange.clock.wall_ms()))

    def _belief_s(self, now_ms: int) -> float:
        return (self._start_ms + (now_ms - self._start_ms) * self._speed) / 1000

    def _status(self, market: ListedMarket) -> MarketStatus:
        return self._exchange.engine.venues[market.ticker].status

    def _trades(self, market: ListedMarket) -> bool:
        """Whether a market and its exchange index take orders."""
        state = self._exchange.lifecycle.state_of(market.exchange_index)
        return state.exchange_active and state.trading_active and self._status(market) is MarketStatus.ACTIVE

    def _settle(self, now_ms: int) -> None:
        """Draw the outcome of each event that closed a minute ago, by what was believed of it. What was
        decided otherwise stands."""
        for event in self._exchange.catalogue.events:
            venues = [self._exchange.engine.venues[market.ticker] for market in event.markets]
            closed = [venue for venue in venues if venue.status is MarketStatus.CLOSED]
            if not closed or any(venue.status in _BEFORE_CLOSE for venue in venues):
                continue
            if all(now_ms >= venue.close_ms + _SETTLES_AFTER_MS for venue in closed):
                is_decided = event.mutually_exclusive and any(venue.result == "yes" for venue in venues)
                results = self._results(event, closed[0].close_ms)
                for venue in closed:
                    ticker = venue.listed.ticker
                    self._exchange.settle_market(ticker, "no" if is_decided else results[ticker])

    def _results(self, event: ListedEvent, close_ms: int) -> dict[str, str]:
        draw = chance(key_of(f"{self._seed}:{event.ticker}:outcome"), 0) * 10_000
        time_s = self._belief_s(close_ms)
        results: dict[str, str] = {}
        passed = 0.0
        for market in event.markets:
            fair = self._opinions.fair(market.ticker, time_s)
            if event.mutually_exclusive:
                results[market.ticker] = "yes" if passed <= draw < passed + fair else "no"
                passed += fair
            else:
                results[market.ticker] = "yes" if draw < fair else "no"
        return results

    def candles(
        self, ticker: str, start_s: int, end_s: int, period_minutes: int
    ) -> tuple[HistoryCandle, ...]:
        """Candles that end in ``start_s``…``end_s``, oldest first; period 1, 60 or 1440 minutes. The last
        may be of a period that is still running."""
        now_s = self._exchange.clock.wall_ms() // 1000
        return tuple(self._histories[ticker].candles(start_s, end_s, period_minutes, now_s))

    def trades_before(self, ticker: str, limit: int) -> tuple[PublicTrade, ...]:
        """Trades from before the exchange started, newest first: they continue the tape backwards."""
        return self._histories[ticker].trades_before(limit)
