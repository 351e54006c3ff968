"""The running sums of a desk over plain holdings, for tests that need no exchange."""

from __future__ import annotations

from collections.abc import Callable

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.positions import after_fill
from pitdesk.desk.risk import RiskBook
from pitdesk.events import Listeners
from pitdesk.kalshi.outcomes import Accepted, CallOutcome
from pitdesk.markets import Position, Settlement
from pitdesk.orders import Fill
from pitdesk.quantities import DOLLARS_ZERO, Count, Dollars


class Holdings:
    """What a portfolio would tell: positions and fills, as the test has them."""

    def __init__(self) -> None:
        self.position_moved: Listeners[str] = Listeners()
        self.fill_kept: Listeners[Fill] = Listeners()
        self.positions: dict[str, Position] = {}
        self.positions_known = True

    def held(self, ticker: str) -> Position | None:
        return self.positions.get(ticker)

    def hold(self, ticker: str, count: Count, cost: Dollars) -> None:
        self.positions[ticker] = Position(ticker, count, cost, DOLLARS_ZERO, DOLLARS_ZERO, cost)
        self.position_moved.emit(ticker)

    def fill(self, fill: Fill) -> None:
        """An execution that moves the position, as the portfolio takes it in."""
        self.fill_kept.emit(fill)
        self.positions[fill.ticker], _ = after_fill(self.positions.get(fill.ticker), fill)
        self.position_moved.emit(fill.ticker)

    async def read_fills_since(self, since_s: int) -> bool:
        del since_s
        return True


class Reads:
    """What is read of the day: nothing was settled."""

    async def settlements(self, *, min_ts_s: int) -> CallOutcome[tuple[Settlement, ...]]:
        del min_ts_s
        return Accepted(())


def event_of(ticker: str) -> str:
    """Tickers of these tests name their event before the dash; those without one are not listed."""
    return ticker.rpartition("-")[0]


def risk_book(
    blotter: Blotter,
    holdings: Holdings | None = None,
    clock: Clock | None = None,
    event: Callable[[str], str] = event_of,
    *,
    known: bool = True,
) -> RiskBook:
    """The sums of ``blotter``, the day read unless it is not to be ``known``."""
    book = RiskBook(Reads(), holdings or Holdings(), blotter, event, clock or Clock())
    if known:
        book.day_read(())
    return book
