"""The matching engine: resting, trading and ending orders, and saying each step as a fact.

An order is held by its account (``accounts``) from the moment it may trade until it ends; the book holds it
only while it rests. Nothing here checks a request: that is done before (``checks``, ``exchange``).
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from pitdesk.fees import OrderFees
from pitdesk.markets import PublicTrade
from pitdesk.orders import BookSide, OrderStatus, SelfTradePrevention
from pitdesk.practice.accounts import Account, Holding
from pitdesk.practice.cashier import Cashier
from pitdesk.practice.facts import Fact, GroupChanged, Traded
from pitdesk.practice.numbers import Numbers
from pitdesk.practice.records import FillRecord
from pitdesk.practice.telling import Teller
from pitdesk.practice.venue import Venue
from pitdesk.quantities import Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.clock import Clock
    from pitdesk.practice.groups import OrderGroup
    from pitdesk.practice.listings import Catalogue
    from pitdesk.practice.live import LiveOrder

HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be chosen at the start. ``cash_moves``: an order fetches the cash it misses from the account's
    other exchange indices. ``ids_are_spent``: a client order id is used up for good, else while its order is
    open. ``brokered``: cash moves in whole cents. ``maintenance``: trading pauses each Thursday."""

    cash_moves: bool = True
    ids_are_spent: bool = True
    brokered: bool = False
    maintenance: bool = False


STANDARD = Rules()


@dataclass(slots=True)
class Taken:
    """What an order took when it arrived: contracts, price times contracts, and fees."""

    count: int = 0
    cost: int = 0
    fees: int = 0
    met_own: bool = False
    group_full: bool = False


class Engine:
    """All markets and accounts. ``say`` is told every fact, ``tell`` makes them of orders, books and cash."""

    def __init__(
        self, clock: Clock, catalogue: Catalogue, say: Callable[[Fact], None], rules: Rules = STANDARD
    ) -> None:
        self.clock = clock
        self.say = say
        self.rules = rules
        self.cashier = Cashier(self, moves_by_itself=rules.cash_moves)
        self.venues = {
            market.ticker: Venue(market, event.fees) for event in catalogue.events for market in event.markets
        }
        self.accounts: dict[str, Account] = {}
        self.fees_collected = 0
        self.expiries: list[tuple[int, int, LiveOrder]] = []
        self._full_groups: list[OrderGroup] = []
        self.numbers = Numbers(clock.wall_ms())
        self.tell = Teller(say)

    def take(self, order: LiveOrder, venue: Venue, now_ms: int) -> Taken:
        """Let a held order trade as far as its limit reaches, in price-time priority (FACTS §4.5)."""
        taken = Taken()
        against = venue.book.side(not order.is_bid)
        while order.remaining:
            level = against.best()
            if level is None or not against.reaches(level.price, order.price):
                break
            resting = level.first()
            if resting.account is not order.account:
                self._trade(order, resting, venue, taken, now_ms)
                if self._full_groups and self._end_full_groups(order, now_ms):
                    taken.group_full = True
                    break
            elif order.asked.self_trade_prevention is SelfTradePrevention.MAKER:
                self.cancel_resting(resting, venue, "SelfTradeCancel", now_ms)
            else:
                taken.met_own = True
                break
        return taken

    def rest(self, order: LiveOrder, venue: Venue, now_ms: int) -> None:
        """Put a held order at the back of its level."""
        venue.book.side(order.is_bid).add(order)
        if order.expiration_ms is not None:
            heappush(self.expiries, (order.expiration_ms, order.seq, order))
        self.tell.level(venue, order, order.remaining, now_ms, order.account)

    def unrest(self, order: LiveOrder, venue: Venue, now_ms: int) -> None:
        """Take an order off the book; its account still holds it."""
        self.tell.level(venue, order, -order.remaining, now_ms, order.account)
        venue.book.side(order.is_bid).remove(order)

    def end(self, order: LiveOrder, status: OrderStatus, reason: str | None, now_ms: int) -> None:
        """End an order that is not on the book."""
        order.end(status, reason, now_ms)
        if order.order_id in order.account.live:
            order.account.release(order)

    def cancel_resting(self, order: LiveOrder, venue: Venue, reason: str | None, now_ms: int) -> None:
        """Take a resting order off the book for good, and say so."""
        self.unrest(order, venue, now_ms)
        self.end(order, OrderStatus.CANCELED, reason, now_ms)
        self.tell.order(order)

    def shrink_resting(self, order: LiveOrder, venue: Venue, count: int, reason: str, now_ms: int) -> None:
        """Make a resting order smaller by ``count`` (zero too: then only its terms changed), and say so."""
        if count:
            venue.book.side(order.is_bid).shrink(order, count)
            order.initial -= count
            self.tell.level(venue, order, -count, now_ms, order.account)
            order.account.resized(order)
        if order.expiration_ms is not None:
            heappush(self.expiries, (order.expiration_ms, order.seq, order))
        order.reason = reason
        order.updated_ms = now_ms
        self.tell.order(order)

    def house(self) -> Account:
        """Who holds the other side of contracts whose holder is gone."""
        return self.accounts.setdefault(HOUSE, Account(HOUSE, 0, simulated=True))

    def people_to_the_back(self) -> None:
        """Put the resting orders of everyone who is not simulated behind the others at their prices."""
        for account in self.accounts.values():
            if not account.simulated:
                for order in account.live.values():
                    self.venues[order.ticker].book.side(order.is_bid).send_back(order)

    def bequeath(self, account: Account) -> None:
        """Give all that an account owns to the house, so that no contract loses its other side."""
        house = self.house()
        tickers = {ticker for ticker, _ in account.holdings}
        before = {ticker: self._held_yes(ticker, house, account) for ticker in tickers}
        house.inherit(account)
        for ticker, held in before.items():
            self.venues[ticker].open_interest += self._held_yes(ticker, house) - held

    @staticmethod
    def _held_yes(ticker: str, *accounts: Account) -> int:
        holdings = (holding for account in accounts for holding in account.holdings.values())
        return sum(max(holding.position, 0) for holding in holdings if holding.ticker == ticker)

    def pop_expired(self, now_ms: int) -> LiveOrder | None:
        """The next resting order whose time is over."""
        while self.expiries and self.expiries[0][0] <= now_ms:
            due_ms, _, order = heappop(self.expiries)
            if order.status is OrderStatus.RESTING and order.expiration_ms == due_ms:
                return order
        return None

    def _trade(self, taker: LiveOrder, maker: LiveOrder, venue: Venue, taken: Taken, now_ms: int) -> None:
        price, count = maker.price, min(taker.remaining, maker.remaining)
        number = self.numbers.next()
        side = BookSide.BID if taker.is_bid else BookSide.ASK
        trade = PublicTrade(
            self.numbers.id_of(number), venue.listed.ticker, Price(price), Count(count), side, now_ms
        )
        venue.note_trade(trade, number)
        self.say(Traded(trade))
        venue.book.side(maker.is_bid).shrink(maker, count)
        self.tell.level(venue, maker, -count, now_ms, taker.account)
        self._fill(maker, venue, trade, now_ms, is_taker=False)
        if not maker.remaining:
            maker.end(OrderStatus.EXECUTED, "Trade", now_ms)
        self.tell.order(maker)
        taker.remaining -= count
        taken.fees += self._fill(taker, venue, trade, now_ms, is_taker=True)
        taken.count += count
        taken.cost += price * count

    def _fill(
        self, order: LiveOrder, venue: Venue, trade: PublicTrade, now_ms: int, *, is_taker: bool
    ) -> int:
        account, price, count = order.account, trade.yes_price.units, trade.count.units
        parts = account.split(order, price, count)
        if order.fees is None:
            order.fees = OrderFees(account.fee_step)
        charge = order.fees.charge(
            venue.fees, trade.yes_price, trade.count, Dollars(parts.outflow), is_taker=is_taker
        )
        fee = charge.total.units
        before = order.holding.position
        holding = account.book_fill(order, parts, price, fee, now_ms)
        venue.open_interest += max(holding.position, 0) - max(before, 0)
        self.fees_collected += fee
        order.filled += count
        order.updated_ms = now_ms
        order.reason = "Trade"
        if is_taker:
            order.taker_cost += price * count
            order.taker_fees += fee
        else:
            order.maker_cost += price * count
            order.maker_fees += fee
        account.settle_fill(order)
        if order.group is not None and order.group.note(count, now_ms):
            self._full_groups.append(order.group)
        if not account.simulated:
            self._keep_fill(order, holding, trade, fee, is_taker=is_taker)
        return fee

    def _keep_fill(
        self, order: LiveOrder, holding: Holding, trade: PublicTrade, fee: int, *, is_taker: bool
    ) -> None:
        account = order.account
        fill = FillRecord(
            self.numbers.next(),
            trade.trade_id,
            order.order_id,
            order.client_order_id,
            account.user_id,
            order.ticker,
            order.exchange_index,
            BookSide.BID if order.is_bid else BookSide.ASK,
            trade.yes_price,
            trade.count,
            is_taker,
            Dollars(fee),
            Count(holding.position),
            trade.created_ms,
            order.subaccount,
        )
        account.fills.append(fill)
        self.tell.fill(fill, account, holding)

    def _end_full_groups(self, taker: LiveOrder, now_ms: int) -> bool:
        """Trigger the groups that a trade filled; whether the taker's own is one of them."""
        full, self._full_groups = self._full_groups, []
        for group in full:
            self.trigger(group, now_ms, but=taker)
        return taker.group in full

    def trigger(self, group: OrderGroup, now_ms: int, but: LiveOrder | None = None) -> None:
        """Block a group and cancel its resting orders; ``but`` is one that takes and is not on the book."""
        group.triggered = True
        self.cancel_group(group, now_ms, but)
        self.say(GroupChanged(group.record(), "triggered", now_ms))

    def cancel_group(self, group: OrderGroup, now_ms: int, but: LiveOrder | None = None) -> None:
        """Cancel the resting orders of a group."""
        self.cancel_many([order for order in group.orders.values() if order is not but], now_ms)

    def cancel_many(self, orders: list[LiveOrder], now_ms: int, reason: str = "Decrease") -> None:
        """Cancel resting orders, and say each market's quote once."""
        touched = {order.ticker: self.venues[order.ticker] for order in orders}
        for order in orders:
            self.cancel_resting(order, touched[order.ticker], reason, now_ms)
        for venue in touched.values():
            self.tell.quote(venue, now_ms)
