"""Reads that lag behind the engine, on demand: orders, fills and positions as they were a while ago.

The exchange's own reads lag so (FACTS §7); ``user_data_timestamp`` says how far. Nothing is kept while no lag
is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pitdesk.orders import OrderStatus
from pitdesk.practice.accounts import Account
from pitdesk.practice.facts import Fact, OrderChanged, PositionChanged
from pitdesk.practice.live import revived
from pitdesk.practice.queries import Queries
from pitdesk.practice.records import FillRecord, OrderRecord, Page, PositionRecord
from pitdesk.practice.trouble import Kind, Troubles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.practice.engine import Engine

_Order = tuple[int, OrderRecord]
_Position = tuple[int, PositionRecord]


class LaggedQueries(Queries):
    """:class:`Queries`, which while a ``read_lag`` stands answers for an account as it was then."""

    def __init__(self, engine: Engine, troubles: Troubles) -> None:
        super().__init__(engine)
        self._troubles = troubles
        self._since_ms: int | None = None
        self._orders: dict[str, list[_Order]] = {}
        self._positions: dict[tuple[str, str, int], list[_Position]] = {}

    def begin(self) -> None:
        """A lag was asked for: from now on remember how everything was."""
        now_ms = self._since_ms = self._engine.clock.wall_ms()
        people = [account for account in self._engine.accounts.values() if not account.simulated]
        self._orders = {
            order.order_id: [(now_ms, order.record())] for account in people for order in account.history
        }
        self._positions = {
            (account.user_id, *key): [(now_ms, holding.record(account.user_id))]
            for account in people
            for key, holding in account.holdings.items()
        }

    def end(self) -> None:
        """No lag any more."""
        self._since_ms = None
        self._orders, self._positions = {}, {}

    def hear(self, fact: Fact) -> None:
        """Connected to the engine's facts."""
        if self._since_ms is None:
            return
        now_ms = self._engine.clock.wall_ms()
        if isinstance(fact, OrderChanged):
            self._orders.setdefault(fact.order.order_id, []).append((now_ms, fact.order))
        elif isinstance(fact, PositionChanged):
            key = (fact.position.user_id, fact.position.ticker, fact.position.subaccount)
            self._positions.setdefault(key, []).append((now_ms, fact.position))

    def as_of_ms(self) -> int:
        """The instant that reads are of."""
        now_ms = self._engine.clock.wall_ms()
        if self._since_ms is None:
            return now_ms
        return max(now_ms - int(self._troubles.seconds_of(Kind.READ_LAG) * 1000), self._since_ms)

    def order(self, account: Account, order_id: str, subaccount: int | None = None) -> OrderRecord:
        """As :meth:`Queries.order`."""
        return super().order(self._then(account), order_id, subaccount)

    def orders(self, account: Account, **chosen: Any) -> Page[OrderRecord]:
        """As :meth:`Queries.orders`."""
        return super().orders(self._then(account), **chosen)

    def fills(self, account: Account, **chosen: Any) -> Page[FillRecord]:
        """As :meth:`Queries.fills`."""
        return super().fills(self._then(account), **chosen)

    def positions(
        self, account: Account, subaccount: int | None = None, **chosen: Any
    ) -> Sequence[PositionRecord]:
        """As :meth:`Queries.positions`."""
        return super().positions(self._then(account), subaccount, **chosen)

    def _then(self, account: Account) -> Account:
        """The account as it was, for reading only."""
        if self._since_ms is None:
            return account
        as_of_ms = self.as_of_ms()
        then = Account(account.user_id, account.cash)
        for known in self._orders.values():
            record = next((record for at_ms, record in reversed(known) if at_ms <= as_of_ms), None)
            if record is None or record.user_id != account.user_id:
                continue
            order = revived(then, record, record.exchange_index)
            then.orders[order.order_id] = order
            then.history.append(order)
            if order.status is OrderStatus.RESTING:
                then.live[order.order_id] = order
        then.history.sort(key=lambda order: order.seq)
        then.fills = [fill for fill in account.fills if fill.created_ms <= as_of_ms]
        for (user_id, _, _), rows in self._positions.items():
            row = next((row for at_ms, row in reversed(rows) if at_ms <= as_of_ms), None)
            if row is not None and user_id == account.user_id:
                _put_position(then, row)
        return then


def _put_position(account: Account, row: PositionRecord) -> None:
    holding = account.holding(row.ticker, row.exchange_index, row.subaccount)
    holding.position, holding.exposure = row.count.units, row.exposure.units
    holding.realized, holding.fees, holding.open_fees = (
        row.realized.units,
        row.fees.units,
        row.open_fees.units,
    )
    holding.total_traded, holding.volume = row.total_traded.units, row.volume.units
    holding.updated_ms = row.updated_ms
