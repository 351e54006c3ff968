"""Accounts: cash, positions that net, and what resting orders hold back.

Buying Yes costs its price, buying No one dollar less the Yes price; the other outcome nets, so that a
position is Yes or No, never both. A resting order holds back what its contracts would cost, except those
that close the position: the oldest orders of a side close it first. Raw whole numbers (see ``live``).
"""

from __future__ import annotations

from dataclasses import dataclass

from pitdesk.practice.live import ONE, LiveOrder
from pitdesk.practice.records import FillRecord, PositionRecord
from pitdesk.quantities import Count, Dollars


class Holding:
    """One account in one market. ``position`` above zero is Yes, below No."""

    __slots__ = (
        "asks",
        "bids",
        "exposure",
        "fees",
        "open_fees",
        "position",
        "realized",
        "ticker",
        "total_traded",
        "updated_ms",
        "volume",
    )

    def __init__(self, ticker: str) -> None:
        self.ticker = ticker
        self.position = self.exposure = self.realized = 0
        self.fees = self.open_fees = self.total_traded = self.volume = self.updated_ms = 0
        self.bids: dict[int, LiveOrder] = {}
        self.asks: dict[int, LiveOrder] = {}

    def resting(self, is_bid: bool) -> dict[int, LiveOrder]:
        """The account's own resting orders of a side by number, oldest first."""
        return self.bids if is_bid else self.asks

    def closable(self, is_bid: bool) -> int:
        """Contracts that an order of the side would close before it opens any."""
        return max(-self.position if is_bid else self.position, 0)

    def unclaimed(self, is_bid: bool) -> int:
        """What of :meth:`closable` no resting order closes yet."""
        left = self.closable(is_bid)
        if left:
            for order in self.resting(is_bid).values():
                left -= order.closing
                if left <= 0 or not order.closing:
                    break
        return max(left, 0)

    def record(self, user_id: str) -> PositionRecord:
        """What is said of it."""
        return PositionRecord(
            user_id,
            self.ticker,
            0,
            Count(self.position),
            Dollars(self.exposure),
            Dollars(self.realized),
            Dollars(self.fees),
            Dollars(self.open_fees),
            Dollars(self.total_traded),
            Count(self.volume),
            self.updated_ms,
            0,
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A fill parted into what closes and what opens; ``outflow`` is the cash it costs before fees."""

    closing: int
    opening: int
    outflow: int


class Account:
    """One member. ``simulated`` marks the participants of the living market: nothing is said of them and
    their history is not kept. ``cash`` is before what resting orders hold back."""

    __slots__ = (
        "cash",
        "client_order_ids",
        "deposited",
        "fills",
        "history",
        "holdings",
        "live",
        "orders",
        "reserved",
        "simulated",
        "updated_ms",
        "user_id",
    )

    def __init__(self, user_id: str, cash: int, *, simulated: bool = False) -> None:
        self.user_id = user_id
        self.simulated = simulated
        self.client_order_ids: set[str] = set()
        self.start_again(cash)

    def start_again(self, cash: int) -> None:
        """As if just opened; client order ids that were used stay used."""
        self.cash = self.deposited = cash
        self.reserved = 0
        self.updated_ms = 0
        self.holdings: dict[str, Holding] = {}
        self.live: dict[str, LiveOrder] = {}
        self.orders: dict[str, LiveOrder] = {}
        self.history: list[LiveOrder] = []
        self.fills: list[FillRecord] = []

    @property
    def available(self) -> int:
        """Cash that a new order may use."""
        return self.cash - self.reserved

    def holding(self, ticker: str) -> Holding:
        """The account's holding in a market, made when it is first asked for."""
        found = self.holdings.get(ticker)
        if found is None:
            found = self.holdings[ticker] = Holding(ticker)
        return found

    def remember(self, order: LiveOrder) -> None:
        """Keep an order for the account's own lists."""
        if not self.simulated:
            self.orders[order.order_id] = order
            self.history.append(order)
            if order.client_order_id:
                self.client_order_ids.add(order.client_order_id)

    def hold(self, order: LiveOrder) -> None:
        """An order that may rest begins to hold back cash, also while it still takes."""
        self.live[order.order_id] = order
        holding = self.holding(order.ticker)
        order.closing = min(order.remaining, holding.unclaimed(order.is_bid))
        holding.resting(order.is_bid)[order.seq] = order
        self._rehold(order)

    def release(self, order: LiveOrder) -> None:
        """An order that rests no more gives back what it held."""
        del self.live[order.order_id]
        holding = self.holdings[order.ticker]
        del holding.resting(order.is_bid)[order.seq]
        self.reserved -= order.held
        order.held = order.closing = 0
        self.reallot(holding, order.is_bid)

    def resized(self, order: LiveOrder) -> None:
        """A resting order's price or remaining count changed."""
        order.closing = min(order.closing, order.remaining)
        self._rehold(order)
        self.reallot(self.holdings[order.ticker], order.is_bid)

    def _rehold(self, order: LiveOrder) -> None:
        held = order.unit_cost * (order.remaining - order.closing)
        self.reserved += held - order.held
        order.held = held

    def reallot(self, holding: Holding, is_bid: bool) -> None:
        """Let the oldest resting orders of a side close the position. Touches no more orders than close it
        before or after."""
        left = holding.closable(is_bid)
        for order in holding.resting(is_bid).values():
            closing = min(order.remaining, left)
            left -= closing
            if closing != order.closing:
                order.closing = closing
                self._rehold(order)
            elif not left and not closing:
                break

    def split(self, order: LiveOrder, price: int, count: int) -> Split:
        """What a fill at the Yes price ``price`` would do to the position and the cash."""
        closing = min(count, self.holding(order.ticker).closable(order.is_bid))
        opening = count - closing
        unit = price if order.is_bid else ONE - price
        return Split(closing, opening, unit * opening - (ONE - unit) * closing)

    def book_fill(self, order: LiveOrder, parts: Split, price: int, fee: int, now_ms: int) -> Holding:
        """Move position and cash by a fill of an order that is held; :meth:`settle_fill` must follow."""
        holding = self.holding(order.ticker)
        count = parts.closing + parts.opening
        unit = price if order.is_bid else ONE - price
        self.cash -= parts.outflow + fee
        if parts.closing:
            held = abs(holding.position)
            cost = holding.exposure * parts.closing // held
            holding.exposure -= cost
            holding.open_fees -= holding.open_fees * parts.closing // held
            holding.realized += (ONE - unit) * parts.closing - cost
        if parts.opening:
            holding.exposure += unit * parts.opening
            holding.total_traded += unit * parts.opening
            holding.open_fees += fee
        holding.position += count if order.is_bid else -count
        holding.fees += fee
        holding.volume += count
        holding.updated_ms = self.updated_ms = now_ms
        return holding

    def settle_fill(self, order: LiveOrder) -> None:
        """After a fill shrank ``order``: what still rests, and what closes the changed position, is held."""
        if order.remaining:
            order.closing = min(order.closing, order.remaining)
            self._rehold(order)
        else:
            self.release(order)
        holding = self.holdings[order.ticker]
        self.reallot(holding, True)
        self.reallot(holding, False)

    def pay_out(self, holding: Holding, result_is_yes: bool, now_ms: int) -> None:
        """Settle a holding at a dollar for each contract of the result."""
        won = holding.position if result_is_yes else -holding.position
        payout = ONE * max(won, 0)
        self.cash += payout
        holding.realized += payout - holding.exposure
        holding.exposure = holding.position = holding.open_fees = 0
        holding.updated_ms = self.updated_ms = now_ms

    def inherit(self, other: Account) -> None:
        """Take over everything another account owns; its orders must be gone already. Opposite positions
        make whole dollars."""
        self.cash += other.cash
        for ticker, theirs in other.holdings.items():
            mine = self.holding(ticker)
            if mine.position * theirs.position < 0:
                self.cash += ONE * min(abs(mine.position), abs(theirs.position))
            mine.position += theirs.position
