"""What an order would put at stake: read by the ticket, the batch and the sender, kept as running sums.

Positions and fills come from the portfolio, orders from the blotter; what the day settled is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pitdesk.desk.day_money import DayMoney, Holding
from pitdesk.desk.exchange_hours import exchange_day_start_ms
from pitdesk.desk.exposure import Ask, Costs, Exposure, Trial
from pitdesk.desk.open_sums import leg_of
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.limits import Growth, Risks
from pitdesk.orders import BookSide
from pitdesk.quantities import DOLLARS_ZERO, PRICE_ONE, Dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.clock import Clock
    from pitdesk.desk.blotter import Blotter, BlotterRow
    from pitdesk.desk.open_sums import SideSums
    from pitdesk.events import Listeners
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.markets import Position, Settlement
    from pitdesk.orders import Fill, OrderDraft


class DayReads(Protocol):
    """What is read of the day."""

    async def settlements(self, *, min_ts_s: int) -> CallOutcome[tuple[Settlement, ...]]:
        """Paid out since."""
        ...


class HoldingsView(Protocol):
    """The positions and fills of the account, as the portfolio tells them."""

    position_moved: Listeners[str]
    fill_kept: Listeners[Fill]

    @property
    def positions_known(self) -> bool:
        """Whether the exchange told of them."""
        ...

    def held(self, ticker: str) -> Position | None:
        """One of them."""
        ...

    async def read_fills_since(self, since_s: int) -> bool:
        """Read every fill since; False when it was not answered."""
        ...


class RiskBook:
    """Of one account. ``event_of``: a market's event, empty where it is not known."""

    def __init__(
        self,
        rest: DayReads,
        portfolio: HoldingsView,
        blotter: Blotter,
        event_of: Callable[[str], str],
        clock: Clock,
        subaccount: int | None = None,
    ) -> None:
        self._rest, self._portfolio, self._clock = rest, portfolio, clock
        self._own, self._due = subaccount or 0, blotter.due
        self._day_is_read = False
        self._last: dict[str, Holding] = {}
        self._unpaid: set[str] = set()
        self.exposure = Exposure(blotter.sums, portfolio.held, event_of)
        self._day = DayMoney(clock, self._holding, subaccount)
        self._ends = (
            portfolio.position_moved.connect(self._moved),
            portfolio.fill_kept.connect(self._day.take),
        )

    def close(self) -> None:
        """Listen no more."""
        self.exposure.close()
        for end in self._ends:
            end()

    @property
    def is_known(self) -> bool:
        """Whether positions, the day's fills and its settlements were read, so that anything may be added."""
        return self._portfolio.positions_known and self._day_is_read

    @property
    def awaits_results(self) -> bool:
        """Whether a position has left the list and how it was settled was not told yet."""
        return bool(self._unpaid)

    async def refresh(self) -> bool:
        """Read what the day settled, and the first time all its fills; False when it was not answered."""
        since_s = exchange_day_start_ms(self._clock.wall_ms()) // 1000
        if not self._day_is_read and not await self._portfolio.read_fills_since(since_s):
            return False
        answered = await self._rest.settlements(min_ts_s=since_s)
        if not isinstance(answered, Accepted):
            return False
        self.day_read(answered.value)
        return True

    def day_read(self, settlements: Iterable[Settlement]) -> None:
        """All fills of the day are known, and what it settled."""
        told = tuple(settlements)
        self._day.settled(told)
        self._unpaid.difference_update(one.ticker for one in told)
        self._day_is_read = True

    @property
    def loss(self) -> Dollars | None:
        """The most that today was down in realized money; None while it is not known."""
        return self.so_far()[1] if self.is_known else None

    def so_far(self) -> tuple[Dollars, Dollars]:
        """Spent today, and the most that today was down in realized money; for when all is known."""
        return self._day.spent, self._day.loss + self._loss_on_its_way()

    def _loss_on_its_way(self) -> Dollars:
        """What fills that were told of and have not come may have lost: they may close at their limit what
        is held against them, or what is on its way against them, at the dearest that it may have cost."""
        missing = self._due.missing()
        lost = 0
        for (ticker, side), sums in missing.items():
            count, dearest = self._against(ticker, side, missing.get((ticker, side.opposite)))
            for leg in sorted(sums.levels, reverse=True):
                closing = min(sums.levels[leg], count)
                lost += max(dearest - (PRICE_ONE.units - leg), 0) * closing
                count -= closing
        return Dollars(lost)

    def _against(self, ticker: str, side: BookSide, missing: SideSums | None) -> tuple[int, int]:
        """How much there may be for an order of ``side`` to close, and the dearest leg of it."""
        count, dearest = (0, 0) if missing is None else (missing.count, max(missing.levels))
        held = self._portfolio.held(ticker)
        if held is not None and held.count and (held.count.units > 0) is (side is BookSide.ASK):
            contracts = abs(held.count.units)
            count, dearest = count + contracts, max(dearest, -(-held.exposure.units // contracts))
        return count, dearest

    @property
    def moves(self) -> int:
        """How often positions or open orders changed."""
        return self.exposure.moves

    def trial(self) -> Trial | None:
        """For orders that are judged together; None while not everything is known."""
        return self.exposure.trial() if self.is_known else None

    def risks(self, draft: OrderDraft, fee: Dollars, changing: BlotterRow | None = None) -> Risks:
        """Of one order by itself, with ``fee`` at most; ``changing`` is the row whose place it takes."""
        trial = self.trial()
        if trial is None:
            return Risks()
        return self.of_costs(trial.costs(self.ask(draft, changing)), DOLLARS_ZERO, fee)

    def ask(self, draft: OrderDraft, changing: BlotterRow | None = None) -> Ask:
        """The draft as it is judged."""
        side, replaces = draft.book_side, None
        if changing is not None:
            replaces = (leg_of(side, changing.yes_price), changing.remaining.units)
        own = draft.subaccount is None or draft.subaccount == self._own
        leg = leg_of(side, draft.yes_price)
        return Ask(draft.ticker, side, leg, draft.count.units, replaces, own)

    def of_costs(self, costs: Costs, fees_before: Dollars, fee: Dollars) -> Risks:
        """What the limits look at. ``fees_before``: of orders that are judged together with this one."""
        spent = self._day.spent + fees_before
        before, after = (Dollars(units) for units in costs.opening)
        fee = fee if after > before else DOLLARS_ZERO
        return Risks(
            Growth(*(Dollars(units) for units in costs.market)),
            Growth(*(Dollars(units) for units in costs.event)),
            Growth(spent + before, spent + after + fee),
            self.loss,
        )

    def _moved(self, ticker: str) -> None:
        held = self._portfolio.held(ticker)
        if held is not None:
            self._last[ticker] = Holding(held.count, held.exposure)
            self._unpaid.discard(ticker)
        elif ticker in self._last and self._last[ticker].count:
            self._unpaid.add(ticker)
        self.exposure.moved(ticker)
        self._day.moved(ticker)

    def _holding(self, ticker: str) -> Holding:
        """What is held. A position that is listed no more was settled: until it is told how, it counts for
        the day as it last was, or what was paid for it would not have been spent."""
        held = self._portfolio.held(ticker)
        return self._last.get(ticker, Holding()) if held is None else Holding(held.count, held.exposure)
