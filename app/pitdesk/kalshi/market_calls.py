"""The calls that read the exchange and its markets: state, events, books, trades, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.kalshi import convert
from pitdesk.kalshi.calls import Calls, Query, bare_template
from pitdesk.kalshi.classify import CallKind, classify
from pitdesk.kalshi.outcomes import Accepted, CallOutcome
from pitdesk.kalshi.records import AccountLimits, BucketLimit, EndpointCosts, ExchangeState, Pause, Schedule
from pitdesk.kalshi.wire import account, markets
from pitdesk.kalshi.wire.base import decode

if TYPE_CHECKING:
    from pitdesk.kalshi.reply import Reply
    from pitdesk.markets import Book, Candle, Event, Market, PublicTrade, Series

_EVENTS_A_PAGE = 200  # the most (openapi GetEvents)


class MarketCalls(Calls):
    """Reads that are the same for every account, and the account's own limits."""

    async def exchange_status(self) -> CallOutcome[ExchangeState]:
        """Whether the exchange and trading are on. Told with status 503 or 504 too (FACTS §3)."""
        await self._pacer.read(self._cost("GET", "/exchange/status"))
        said = await self._transport.query("/exchange/status")
        return classify(said, CallKind.READ, (200, 503, 504), _state)

    async def schedule(self) -> CallOutcome[Schedule]:
        """Planned maintenance."""
        return await self._read("/exchange/schedule", _schedule)

    async def limits(self) -> CallOutcome[AccountLimits]:
        """The account's token buckets, which the pacing takes over at once."""
        outcome = await self._read("/account/limits", _limits)
        if isinstance(outcome, Accepted):
            self._pacer.adopt(outcome.value)
        return outcome

    async def endpoint_costs(self) -> CallOutcome[EndpointCosts]:
        """What each call costs in tokens, which later calls are charged by."""
        outcome = await self._read("/account/endpoint_costs", _costs)
        if isinstance(outcome, Accepted):
            self._costs = outcome.value
        return outcome

    async def events_page(self, cursor: str) -> CallOutcome[tuple[tuple[Event, ...], str]]:
        """One page of open events, each with its markets, and the cursor of the next: empty on the last.

        ``cursor`` is empty for the first page. An event or market that cannot be read is left out and logged.
        """
        query: Query = {
            "cursor": cursor or None,
            "status": "open",
            "with_nested_markets": True,
            "limit": _EVENTS_A_PAGE,
        }
        return await self._read("/events", _events, query=query, large=True)

    async def series_list(self) -> CallOutcome[tuple[Series, ...]]:
        """Every series. There are no pages."""
        return await self._read("/series", _series_list, large=True)

    async def market(self, ticker: str) -> CallOutcome[Market]:
        """One market. A market just created may not be known yet (FACTS §14)."""
        return await self._read("/markets/{}", _market, ticker)

    async def book(self, ticker: str) -> CallOutcome[Book]:
        """The whole book of one market, in Yes prices."""

        def parse(reply: Reply) -> Book:
            return convert.parse_book(ticker, decode(reply.body, markets.OrderBookAnswer).orderbook_fp)

        return await self._read("/markets/{}/orderbook", parse, ticker)

    async def trades(self, ticker: str, limit: int = 100) -> CallOutcome[tuple[PublicTrade, ...]]:
        """The latest public trades of one market, newest first; ``limit`` at most 1000."""
        query: Query = {"ticker": ticker, "limit": limit}
        return await self._read("/markets/trades", _trades, query=query)

    async def candles(
        self, series_ticker: str, ticker: str, start_s: int, end_s: int, period_minutes: int
    ) -> CallOutcome[tuple[Candle, ...]]:
        """History by periods of 1, 60 or 1440 minutes, oldest first; times are Unix seconds."""
        query = {"start_ts": start_s, "end_ts": end_s, "period_interval": period_minutes}
        template = "/series/{}/markets/{}/candlesticks"
        return await self._read(template, _candles, series_ticker, ticker, query=query, large=True)


def _state(reply: Reply) -> ExchangeState:
    body = decode(reply.body, account.ExchangeStatusAnswer)
    resume = convert.parse_optional_time_ms(body.exchange_estimated_resume_time)
    return ExchangeState(body.exchange_active, body.trading_active, resume)


def _schedule(reply: Reply) -> Schedule:
    windows = decode(reply.body, account.ExchangeScheduleAnswer).schedule.maintenance_windows
    pauses = (
        Pause(convert.parse_time_ms(window.start_datetime), convert.parse_time_ms(window.end_datetime))
        for window in windows
    )
    return Schedule(tuple(sorted(pauses, key=lambda pause: pause.start_ms)))


def _limits(reply: Reply) -> AccountLimits:
    body = decode(reply.body, account.AccountLimitsAnswer)
    return AccountLimits(_bucket(body.read), _bucket(body.write))


def _bucket(body: account.BucketLimitBody) -> BucketLimit:
    if body.refill_rate <= 0 or body.bucket_capacity <= 0:
        raise ValueError("a bucket that never fills")
    return BucketLimit(body.refill_rate, body.bucket_capacity)


def _costs(reply: Reply) -> EndpointCosts:
    body = decode(reply.body, account.EndpointCostsAnswer)
    costs = {(cost.method.upper(), bare_template(cost.path)): cost.cost for cost in body.endpoint_costs}
    return EndpointCosts(body.default_cost, costs)


def _events(reply: Reply) -> tuple[tuple[Event, ...], str]:
    body = decode(reply.body, markets.EventsAnswer)
    return convert.parse_each(body.events, convert.parse_event), body.cursor or ""


def _series_list(reply: Reply) -> tuple[Series, ...]:
    return convert.parse_each(decode(reply.body, markets.SeriesListAnswer).series, convert.parse_series)


def _market(reply: Reply) -> Market:
    return convert.parse_market(decode(reply.body, markets.MarketAnswer).market)


def _trades(reply: Reply) -> tuple[PublicTrade, ...]:
    return convert.parse_each(decode(reply.body, markets.TradesAnswer).trades, convert.parse_trade)


def _candles(reply: Reply) -> tuple[Candle, ...]:
    return convert.parse_each(
        decode(reply.body, markets.CandlesticksAnswer).candlesticks, convert.parse_candle
    )
