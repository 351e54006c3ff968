"""Candles carried on by trades."""

from pitdesk.desk.candle_series import extended, period_end_s
from pitdesk.markets import Candle, PublicTrade
from pitdesk.orders import BookSide
from pitdesk.quantities import Count, Price


def trade(at_s: float, cents: int, contracts: int = 1) -> PublicTrade:
    return PublicTrade(
        f"t{at_s}", "M", Price.from_cents(cents), Count.of(contracts), BookSide.BID, int(at_s * 1000)
    )


def candle(end_s: int, cents: int | None, contracts: int = 5) -> Candle:
    price = Price.from_cents(cents) if cents is not None else None
    return Candle(end_s, price, price, price, price, Price(4_000), Price(4_200), Count.of(contracts))


def test_a_trade_of_the_last_period_moves_that_candle() -> None:
    (grown,) = extended((candle(120, 41),), (trade(61, 44, 2), trade(119, 40)), 1)
    assert (grown.open, grown.high, grown.low, grown.close) == tuple(map(Price.from_cents, (41, 44, 40, 40)))
    assert grown.volume == Count.of(8)


def test_a_trade_after_it_opens_the_next_and_keeps_the_touch() -> None:
    _, opened = extended((candle(120, 41),), (trade(120, 44),), 1)
    assert opened.end_s == 180
    assert opened.open == opened.close == Price.from_cents(44)
    assert opened.bid_close == Price(4_000)


def test_a_trade_of_an_earlier_period_is_the_exchanges_to_count() -> None:
    assert extended((candle(120, 41),), (trade(59, 99),), 1) == (candle(120, 41),)


def test_a_period_without_trades_takes_its_first() -> None:
    (grown,) = extended((candle(120, None, 0),), (trade(100, 30),), 1)
    assert grown.open == grown.low == Price.from_cents(30)


def test_candles_may_begin_with_a_trade() -> None:
    (first,) = extended((), (trade(10, 30),), 60)
    assert first.end_s == 3600


def test_a_trade_on_the_boundary_belongs_to_the_period_it_opens() -> None:
    assert period_end_s(60_000, 1) == 120
    assert period_end_s(59_999, 1) == 60
