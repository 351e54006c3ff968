"""Gathers what the limits need to know and applies them, for the ticket's preview and the sender alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pitdesk.cost import order_cost
from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.limits import Issue, LimitContext, LimitValues, RecentOrder, RestingOrder, check
from pitdesk.quantities import DOLLARS_ZERO, Count, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.clock import Clock
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


class PreTrade:
    """Says whether a draft may leave: the ticket shows what it says, the order desk obeys."""

    def __init__(
        self,
        markets: MarketView,
        account: AccountView,
        fees: FeeView,
        blotter: Blotter,
        clock: Clock,
        values: LimitValues | None = None,
    ) -> None:
        self._markets, self._account, self._fees = markets, account, fees
        self._blotter, self._clock = blotter, clock
        self._values = values or LimitValues()

    def check(self, draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
        """Every issue of ``draft`` as things are now, the hard ones first; empty when it may leave.

        ``changing``: the key of the row whose place the draft is to take.
        """
        return check(draft, self._context(draft, changing))

    def _context(self, draft: OrderDraft, changing: str | None) -> LimitContext:
        now_ms = self._clock.wall_ms()
        view = self._markets.book(draft.ticker)
        position = self._account.position(draft.ticker)
        others = [row for row in self._blotter.own_orders(draft.ticker) if row.key != changing]
        bid, ask = self._touch(draft.ticker, view.book)
        return LimitContext(
            now_ms=now_ms,
            market=self._markets.market(draft.ticker),
            cost=order_cost(draft, self._fees.fees(draft.ticker), position=position, book=view.book),
            bid=bid,
            ask=ask,
            fresh=view.fresh or view.book is None,
            book_age_s=view.age_s,
            cash=self._cash(changing),
            position=position,
            recent=self._recent(draft, now_ms),
            own=tuple(RestingOrder(row.book_side, row.yes_price) for row in others),
            unconfirmed_in_market=sum(row.phase is RowPhase.UNCONFIRMED for row in others),
            open_orders=len(self._blotter.working_keys),
            is_change=changing is not None,
            values=self._values,
        )

    def _touch(self, ticker: str, book: Book | None) -> tuple[Price | None, Price | None]:
        if book is None:
            quote = self._markets.quote(ticker)
            return quote.bid, quote.ask
        bid, ask = book.best_bid, book.best_ask
        return (bid.price if bid else None), (ask.price if ask else None)

    def _cash(self, changing: str | None) -> Dollars | None:
        """Free cash, with what the order to be replaced sets free."""
        cash, row = self._account.cash, self._blotter.row(changing) if changing else None
        if cash is None:
            return None
        return cash + (row.committed if row is not None else DOLLARS_ZERO)

    def _recent(self, draft: OrderDraft, now_ms: int) -> tuple[RecentOrder, ...]:
        since = now_ms - int(self._values.repeat_confirm_s * 1_000)
        return tuple(
            RecentOrder(row.intent.draft, (now_ms - row.created_ms) / 1_000)
            for row in self._blotter.asked_since(since)
            if row.intent is not None
            and row.intent.draft.ticker == draft.ticker
            and row.intent.draft.count == draft.count
            and not _failed(row)
        )


def _failed(row: BlotterRow) -> bool:
    return row.phase in (RowPhase.REFUSED, RowPhase.NOT_SENT)
