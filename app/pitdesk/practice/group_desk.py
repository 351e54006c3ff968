"""What members do with order groups: create, reset, trigger, limit, delete (FACTS §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.practice import refusals
from pitdesk.practice.facts import GroupChanged
from pitdesk.practice.groups import HIGHEST_LIMIT, MOST_GROUPS, OrderGroup
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account
    from pitdesk.practice.engine import Engine
    from pitdesk.practice.records import NewOrder
    from pitdesk.practice.venue import Venue


class GroupDesk:
    """Every call names the group's subaccount and exchange index; another one is 404 (FACTS §9)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, account: Account, limit: int, subaccount: int, exchange_index: int) -> OrderGroup:
        """A new group that allows ``limit`` hundredths of contracts within 15 seconds."""
        check_limit(limit)
        if subaccount not in account.subaccounts:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "subaccount does not exist")
        if len(account.groups) >= MOST_GROUPS:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, f"at most {MOST_GROUPS} order groups")
        number = self._engine.numbers.next()
        group_id = self._engine.numbers.id_of(number)
        group = OrderGroup(group_id, account.user_id, number, subaccount, exchange_index, limit)
        account.groups[group_id] = group
        self._say(group, "created")
        return group

    def find(
        self, account: Account, group_id: str, subaccount: int | None, exchange_index: int | None = None
    ) -> OrderGroup:
        """The group; ExchangeRefusal 404 where it is not there. None matches any."""
        group = account.groups.get(group_id)
        if (
            group is None
            or subaccount not in (None, group.subaccount)
            or exchange_index not in (None, group.exchange_index)
        ):
            raise ExchangeRefusal(refusals.NOT_FOUND, "order group not found")
        return group

    def reset(self, group: OrderGroup) -> None:
        """Count from nothing and take orders again."""
        group.forget_matches(self._engine.clock.wall_ms())
        self._say(group, "reset")

    def trigger(self, group: OrderGroup) -> None:
        """Cancel its orders and take no more until it is reset."""
        self._engine.trigger(group, self._engine.clock.wall_ms())

    def set_limit(self, group: OrderGroup, limit: int) -> None:
        """Another limit; one that is reached already triggers the group."""
        check_limit(limit)
        group.limit = limit
        now_ms = self._engine.clock.wall_ms()
        self._say(group, "limit_updated")
        if group.is_full(now_ms) and not group.triggered:
            self._engine.trigger(group, now_ms)

    def delete(self, account: Account, group: OrderGroup) -> None:
        """Cancel its orders and forget it."""
        now_ms = self._engine.clock.wall_ms()
        self._engine.cancel_group(group, now_ms)
        del account.groups[group.group_id]
        self._engine.say(GroupChanged(group.record(deleted=True), "deleted", now_ms))

    def _say(self, group: OrderGroup, event_type: str) -> None:
        self._engine.say(GroupChanged(group.record(), event_type, self._engine.clock.wall_ms()))


def check_limit(limit: int) -> None:
    """One contract to a million."""
    if not 100 <= limit <= HIGHEST_LIMIT:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "contracts_limit must be from 1 to 1000000")


def group_for(account: Account, order: NewOrder, venue: Venue) -> OrderGroup | None:
    """The group that a new order names; it must be of the order's subaccount and exchange index."""
    if order.order_group_id is None:
        return None
    group = account.groups.get(order.order_group_id)
    if (
        group is None
        or group.subaccount != order.subaccount
        or group.exchange_index != venue.listed.exchange_index
    ):
        raise ExchangeRefusal(refusals.ORDER_GROUP_NOT_FOUND)
    if group.triggered:
        raise ExchangeRefusal(refusals.ORDER_GROUP_FULL)
    return group
