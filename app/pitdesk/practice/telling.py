"""What the engine tells of its orders, fills, books and cash, in facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk.practice.facts import (
    BookChanged,
    CashChanged,
    Fact,
    Filled,
    OrderChanged,
    PositionChanged,
    QuoteChanged,
)
from pitdesk.quantities import Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.accounts import Account, Holding
    from pitdesk.practice.live import LiveOrder
    from pitdesk.practice.purses import Purse
    from pitdesk.practice.records import FillRecord
    from pitdesk.practice.venue import Venue


class Teller:
    """Puts what happened into facts and gives them to ``say``."""

    def __init__(self, say: Callable[[Fact], None]) -> None:
        self._say = say

    def order(self, order: LiveOrder) -> None:
        """An order's new state, to those who may hear it."""
        if not order.account.simulated:
            order.account.updated_ms = order.updated_ms
            self._say(OrderChanged(order.record()))

    def fill(self, fill: FillRecord, account: Account, holding: Holding) -> None:
        """A fill, with the position and the cash that it leaves."""
        self._say(Filled(fill))
        self._say(PositionChanged(holding.record(account.user_id)))
        self.cash(account, holding.purse)

    def cash(self, account: Account, purse: Purse) -> None:
        """What lies in a purse now."""
        self._say(CashChanged(account.user_id, Dollars(purse.cash), purse.subaccount, purse.shard))

    def level(self, venue: Venue, order: LiveOrder, delta: int, now_ms: int, cause: Account) -> None:
        """A level of the book changed. ``cause`` hears that it was its own doing."""
        venue.clock += 1
        own = cause is order.account and not cause.simulated
        self._say(
            BookChanged(
                order.ticker,
                BookSide.BID if order.is_bid else BookSide.ASK,
                Price(order.price),
                Count(delta),
                venue.clock,
                now_ms,
                cause.user_id if own else "",
                order.client_order_id if own else "",
                order.subaccount if own else 0,
            )
        )

    def quote(self, venue: Venue, now_ms: int) -> None:
        """The quote, where it differs from what was told last."""
        touch = venue.touch()
        if touch != venue.told:
            venue.told = touch
            self._say(QuoteChanged(venue.quote(now_ms)))
