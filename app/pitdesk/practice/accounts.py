"""Accounts: cash, positions that net, and what resting orders hold back.

Buying Yes costs its price, buying No one dollar less the Yes price; the other outcome nets, so that a
position is Yes or No, never both. A resting order holds back what its contracts would cost, except those
that close the position: the oldest orders of a side close it first. Raw whole numbers (see ``live``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.practice.live import ONE, LiveOrder
from pitdesk.practice.purses import Purse, Purses
from pitdesk.practice.records import FillRecord, PositionRecord
from pitdesk.practice.transfers import SettlementRecord, SubaccountRecord, TransferRecord
from pitdesk.quantities import Count, Dollars

if TYPE_CHECKING:
    from pitdesk.practice.groups import OrderGroup
    from pitdesk.practice.member_keys import GrantRecord, KeyRecord

DIRECT_STEP = Dollars(100)
BROKER_STEP = Dollars(10_000)


class Holding:
    """One subaccount in one market. ``position`` above zero is Yes, below No."""

    __slots__ = (
        "asks",
        "bids",
        "exchange_index",
        "exposure",
        "fees",
        "open_fees",
        "position",
        "purse",
        "realized",
        "subaccount",
        "ticker",
        "total_traded",
        "updated_ms",
        "volume",
    )

    def __init__(self, ticker: str, exchange_index: int, purse: Purse, subaccount: int) -> None:
        self.ticker = ticker
        self.exchange_index = exchange_index
        self.purse = purse
        self.subaccount = subaccount
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
            self.exchange_index,
            Count(self.position),
            Dollars(self.exposure),
            Dollars(self.realized),
            Dollars(self.fees),
            Dollars(self.open_fees),
            Dollars(self.total_traded),
            Count(self.volume),
            self.updated_ms,
            self.subaccount,
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A fill parted into what closes and what opens; ``outflow`` is the cash it costs before fees."""

    closing: int
    opening: int
    outflow: int


class Account:
    """One member and all of his subaccounts. ``simulated`` marks the participants of the living market:
    nothing is said of them and their history is not kept. ``fee_step`` is what cash moves in: a hundredth of
    a cent, or a cent through a broker (FACTS §13)."""

    __slots__ = (
        "client_order_ids",
        "fee_step",
        "fills",
        "grants",
        "groups",
        "history",
        "holdings",
        "keys",
        "live",
        "open_ids",
        "orders",
        "purses",
        "settlements",
        "simulated",
        "subaccounts",
        "transfers",
        "updated_ms",
        "user_id",
    )

    def __init__(
        self, user_id: str, cash: int, *, simulated: bool = False, fee_step: Dollars = DIRECT_STEP
    ) -> None:
        self.user_id = user_id
        self.simulated = simulated
        self.fee_step = fee_step
        self.client_order_ids: set[str] = set()
        self.keys: dict[str, KeyRecord] = {}
        self.grants: list[GrantRecord] = []
        self.start_again(cash)

    def start_again(self, cash: int) -> None:
        """As if just opened; client order ids that were used stay used, keys and grants stay."""
        self.purses = Purses(cash, shared=self.simulated)
        self.updated_ms = 0
        self.subaccounts = {0: SubaccountRecord(self.user_id, 0, True, 0)}
        self.groups: dict[str, OrderGroup] = {}
        self.transfers: list[TransferRecord] = []
        self.settlements: list[SettlementRecord] = []
        self.holdings: dict[tuple[str, int], Holding] = {}
        self.live: dict[str, LiveOrder] = {}
        self.open_ids: set[str] = set()
        self.orders: dict[str, LiveOrder] = {}
        self.history: list[LiveOrder] = []
        self.fills: list[FillRecord] = []

    @property
    def cash(self) -> int:
        """All cash, before what resting orders hold back."""
        return self.purses.cash

    @property
    def reserved(self) -> int:
        """What resting orders hold back."""
        return self.purses.reserved

    def holding(self, ticker: str, exchange_index: int = 0, subaccount: int = 0) -> Holding:
        """The holding of a subaccount in a market, made when it is first asked for; ``exchange_index`` is
        the market's."""
        found = self.holdings.get((ticker, subaccount))
        if found is None:
            purse = self.purses.at(subaccount, exchange_index)
            found = self.holdings[ticker, subaccount] = Holding(ticker, exchange_index, purse, subaccount)
        return found

    def holding_of(self, order: LiveOrder) -> Holding:
        """The holding that an order works on."""
        return self.holding(order.ticker, order.exchange_index, order.subaccount)

    def remember(self, order: LiveOrder) -> None:
        """Keep an order for the account's own lists."""
        if not self.simulated:
            self.orders[order.order_id] = order
            self.history.append(order)
            if order.client_order_id:
                self.client_order_ids.add(order.client_order_id)

    def renamed(self, order: LiveOrder, client_order_id: str) -> None:
        """A resting order has another client order id; the old one stays used."""
        self.open_ids.discard(order.client_order_id)
        order.client_order_id = client_order_id
        self.client_order_ids.add(client_order_id)
        self.open_ids.add(client_order_id)

    def hold(self, order: LiveOrder) -> None:
        """An order that may rest begins to hold back cash, also while it still takes."""
        self.live[order.order_id] = order
        self.open_ids.add(order.client_order_id)
        order.holding = holding = self.holding_of(order)
        if order.group is not None:
            order.group.orders[order.order_id] = order
        order.closing = min(order.remaining, holding.unclaimed(order.is_bid))
        holding.resting(order.is_bid)[order.seq] = order
        self._rehold(order)

    def release(self, order: LiveOrder) -> None:
        """An order that rests no more gives back what it held."""
        del self.live[order.order_id]
        self.open_ids.discard(order.client_order_id)
        if order.group is not None:
            del order.group.orders[order.order_id]
        holding = order.holding
        del holding.resting(order.is_bid)[order.seq]
        holding.purse.reserved -= order.held
        order.held = order.closing = 0
        self.reallot(holding, order.is_bid)

    def resized(self, order: LiveOrder) -> None:
        """A resting order's price or remaining count changed."""
        order.closing = min(order.closing, order.remaining)
        self._rehold(order)
        self.reallot(order.holding, order.is_bid)

    def _rehold(self, order: LiveOrder) -> None:
        held = order.unit_cost * (order.remaining - order.closing)
        order.holding.purse.reserved += held - order.held
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
        closing = min(count, order.holding.closable(order.is_bid))
        opening = count - closing
        unit = price if order.is_bid else ONE - price
        return Split(closing, opening, unit * opening - (ONE - unit) * closing)

    def book_fill(self, order: LiveOrder, parts: Split, price: int, fee: int, now_ms: int) -> Holding:
        """Move position and cash by a fill of an order that is held; :meth:`settle_fill` must follow."""
        holding = order.holding
        count = parts.closing + parts.opening
        unit = price if order.is_bid else ONE - price
        holding.purse.cash -= parts.outflow + fee
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
        self.reallot(order.holding, True)
        self.reallot(order.holding, False)

    def pay_out(self, holding: Holding, value: int, now_ms: int) -> int:
        """Settle a holding at ``value`` for each Yes contract and the rest of a dollar for each No; what it
        brought, rounded down to what cash moves in."""
        each = value if holding.position > 0 else ONE - value
        payout = each * abs(holding.position)
        payout -= payout % self.fee_step.units
        holding.purse.cash += payout
        holding.realized += payout - holding.exposure
        holding.exposure = holding.position = holding.open_fees = 0
        holding.updated_ms = self.updated_ms = now_ms
        return payout

    def inherit(self, other: Account) -> None:
        """Take over everything another account owns; its orders must be gone already. Opposite positions
        make whole dollars."""
        first = self.purses.at(0, 0)
        first.cash += other.cash
        for (ticker, _), theirs in other.holdings.items():
            mine = self.holding(ticker, theirs.exchange_index)
            if mine.position * theirs.position < 0:
                first.cash += ONE * min(abs(mine.position), abs(theirs.position))
            mine.position += theirs.position
