"""Gathers what the limits need to know and applies them, for the ticket's preview and the sender alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pitdesk.cost import order_cost
from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.desk.open_sums import leg_of
from pitdesk.desk.presses import Presses
from pitdesk.limits import Issue, LimitContext, LimitValues, RecentOrder, RestingOrder, Risks, check
from pitdesk.orders import BookSide
from pitdesk.quantities import DOLLARS_ZERO, PRICE_ONE, Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.clock import Clock
    from pitdesk.desk.open_sums import MarketSums
    from pitdesk.markets import Book, FeeSchedule, Market, Quote
    from pitdesk.orders import OrderDraft


class BookNow(Protocol):
    """A book and how far it may be trusted."""

    @property
    def book(self) -> Book | None:
        """None where it is not followed."""
        ...

    @property
    def fresh(self) -> bool:
        """Whether it is as new as promised."""
        ...

    @property
    def age_s(self) -> float:
        """Seconds since it was last proved."""
        ...


class MarketView(Protocol):
    """What is known of markets."""

    def market(self, ticker: str) -> Market | None:
        """The market as it is now."""
        ...

    def book(self, ticker: str) -> BookNow:
        """Its book, if it is followed."""
        ...

    def quote(self, ticker: str) -> Quote:
        """Its touch."""
        ...


class AccountView(Protocol):
    """What the person has."""

    @property
    def cash(self) -> Dollars | None:
        """Free cash, None while not known."""
        ...

    def position(self, ticker: str) -> Count:
        """Contracts held: above zero Yes, below zero No."""
        ...


class FeeView(Protocol):
    """What markets charge."""

    def fees(self, ticker: str) -> FeeSchedule:
        """The schedule a market charges by."""
        ...


class RiskView(Protocol):
    """What an order would put at stake."""

    def risks(self, draft: OrderDraft, fee: Dollars, changing: BlotterRow | None = None) -> Risks:
        """Of one order by itself; ``changing`` is the row whose place it takes."""
        ...


class PreTrade:
    """Says whether a draft may leave: the ticket shows what it says, the order desk obeys."""

    def __init__(
        self,
        markets: MarketView,
        account: AccountView,
        fees: FeeView,
        blotter: Blotter,
        clock: Clock,
        risk: RiskView,
        values: Callable[[], LimitValues] = LimitValues,
    ) -> None:
        """``values``: the figures in force at the moment that they are asked for."""
        self._markets, self._account, self._fees = markets, account, fees
        self._blotter, self._clock, self._risk = blotter, clock, risk
        self._values = values
        self._presses = Presses(clock, blotter.asked)

    def close(self) -> None:
        """Count no more presses."""
        self._presses.close()

    def check(self, draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
        """Every issue of ``draft`` as things are now, the hard ones first; empty when it may leave.

        ``changing``: the key of the row whose place the draft is to take.
        """
        return check(draft, self._context(draft, changing))

    def _context(self, draft: OrderDraft, changing: str | None) -> LimitContext:
        now_ms = self._clock.wall_ms()
        view = self._markets.book(draft.ticker)
        position = self._account.position(draft.ticker)
        sums, row = self._blotter.sums.of(draft.ticker), self._row(changing)
        bid, ask = self._touch(draft.ticker, view.book)
        cost = order_cost(draft, self._fees.fees(draft.ticker), position=position, book=view.book)
        return LimitContext(
            now_ms=now_ms,
            market=self._markets.market(draft.ticker),
            cost=cost,
            bid=bid,
            ask=ask,
            fresh=view.fresh or view.book is None,
            book_age_s=view.age_s,
            cash=self._cash(row),
            position=position,
            recent=self._recent(draft),
            own=nearest(sums, without=row),
            unconfirmed_in_market=sums.unconfirmed - int(row is not None and _is_unconfirmed(row)),
            open_orders=self._blotter.sums.rows,
            open_in_market=sums.rows - int(row is not None),
            presses=self._presses.lately(),
            risks=self._risk.risks(draft, cost.fee.most, row),
            is_change=changing is not None,
            values=self._values(),
        )

    def _row(self, changing: str | None) -> BlotterRow | None:
        """The row to be replaced, while it lives."""
        row = self._blotter.row(changing) if changing is not None else None
        return None if row is None or row.phase.is_final else row

    def _touch(self, ticker: str, book: Book | None) -> tuple[Price | None, Price | None]:
        if book is None:
            quote = self._markets.quote(ticker)
            return quote.bid, quote.ask
        bid, ask = book.best_bid, book.best_ask
        return (bid.price if bid else None), (ask.price if ask else None)

    def _cash(self, row: BlotterRow | None) -> Dollars | None:
        """Free cash, with what the order to be replaced sets free."""
        cash = self._account.cash
        if cash is None:
            return None
        return cash + (row.committed if row is not None else DOLLARS_ZERO)

    def _recent(self, draft: OrderDraft) -> tuple[RecentOrder, ...]:
        return tuple(
            RecentOrder(row.intent.draft, age_s)
            for row, age_s in self._blotter.asked_within(self._values().repeat_confirm_s)
            if row.intent is not None
            and row.intent.draft.ticker == draft.ticker
            and row.intent.draft.count == draft.count
            and not row.phase.came_to_nothing
        )


def nearest(sums: MarketSums, without: BlotterRow | None = None) -> tuple[RestingOrder, ...]:
    """Of one's own orders, the highest bid and the lowest ask: whoever meets any meets these.

    ``without``: a row that is left out.
    """
    found = []
    for side, resting in sums.resting.items():
        left_out = (0, 0)
        if without is not None and without.book_side is side:
            left_out = (leg_of(side, without.yes_price), without.remaining.units)
        legs = [
            leg for leg, count in resting.levels.items() if count > (left_out[1] if leg == left_out[0] else 0)
        ]
        if legs:
            leg = Price(max(legs))
            found.append(RestingOrder(side, leg if side is BookSide.BID else PRICE_ONE - leg))
    return tuple(found)


def _is_unconfirmed(row: BlotterRow) -> bool:
    return row.phase is RowPhase.UNCONFIRMED
