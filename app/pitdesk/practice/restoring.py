"""Putting the person's account back after a restart.

Simulated participants start anew each time; what the person holds against them is held by the house, so
that every contract keeps its other side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pitdesk.markets import MarketStatus
from pitdesk.orders import OrderStatus
from pitdesk.practice.facts import CashChanged, Fact, OrderChanged, PositionChanged
from pitdesk.practice.groups import WINDOW_MS, OrderGroup
from pitdesk.practice.listings import Grid
from pitdesk.practice.live import ONE, revived
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.kept import Kept
    from pitdesk.practice.records import FillRecord, OrderRecord, PositionRecord


@dataclass(frozen=True, slots=True)
class Saved:
    """What the disk holds of one account, oldest first. ``purses`` are subaccount, exchange index and cash;
    none at all: there is no account yet. ``markets`` are ticker, last price, volume and dollar volume."""

    purses: list[tuple[int, int, int]]
    orders: list[OrderRecord]
    fills: list[FillRecord]
    positions: list[PositionRecord]
    spent: list[str]
    markets: list[tuple[str, int | None, int, int]]
    kept: Kept


def restore(exchange: Exchange, user_id: str, saved: Saved, keep: Callable[[Fact], None]) -> Account:
    """The account as it was. ``keep`` is told what had to change: orders and positions of markets that are
    listed no more, or that closed meanwhile."""
    engine = exchange.engine
    _restore_prices(exchange, saved)
    _restore_markets(exchange, saved.kept)
    account = exchange.open_account(user_id)
    if saved.purses:
        account.purses.at(0, 0).cash = 0
        for subaccount, exchange_index, cash in saved.purses:
            account.purses.at(subaccount, exchange_index).cash = cash
    else:
        keep(CashChanged(user_id, Dollars(account.cash)))
    account.client_order_ids.update(saved.spent)
    account.fills.extend(saved.fills)
    account.settlements.extend(saved.kept.settlements)
    times = [order.updated_ms for order in saved.orders] + [row.updated_ms for row in saved.positions]
    account.updated_ms = max(times, default=0)
    engine.numbers.start_above(max(_numbers(saved), default=0))
    _restore_money(exchange, account, saved.kept)
    for position in saved.positions:
        _restore_position(exchange, account, position, dict(_lasts(saved)), keep)
    for record in saved.orders:
        _restore_order(exchange, account, record, keep)
    _restore_matches(account, saved.fills, exchange.clock.wall_ms())
    _cover(exchange, account, keep)
    return account


def _cover(exchange: Exchange, account: Account, keep: Callable[[Fact], None]) -> None:
    """Fetch cash where a market is listed on another exchange index than when its orders were placed."""
    forget = exchange.facts.connect(keep)
    for purse in account.purses.all():
        if purse.available < 0 and exchange.cashier.can_gather(account, purse, -purse.available):
            exchange.cashier.gather(account, purse, -purse.available)
    forget()


def _numbers(saved: Saved) -> Iterator[int]:
    """Every number that was given out."""
    kept = saved.kept
    seqs = (saved.orders, saved.fills, kept.groups, kept.transfers, kept.settlements, kept.planned_fees)
    for rows in seqs:
        for row in rows:
            yield row.seq


def _restore_markets(exchange: Exchange, kept: Kept) -> None:
    """What happened to markets otherwise than by time."""
    for state in kept.markets:
        venue = exchange.engine.venues.get(state.ticker)
        if venue is None:
            continue
        venue.set_listed(replace(venue.listed, grid=Grid(state.grid)))
        venue.close_ms = min(venue.close_ms, state.close_ms)
        venue.result, venue.value, venue.settled_ms = state.result, state.value, state.settled_ms
        if state.status is not MarketStatus.ACTIVE and venue.status is not MarketStatus.INITIALIZED:
            venue.status = state.status
    for fees in kept.event_fees:
        if fees.event_ticker in exchange.catalogue.events_by_ticker:
            exchange.fees.apply(fees.event_ticker, fees.override)
    exchange.fees.resume((planned.change for planned in kept.planned_fees), exchange.clock.wall_ms())


def _restore_money(exchange: Exchange, account: Account, kept: Kept) -> None:
    """Subaccounts, transfers (what was under way arrives in time) and groups."""
    for subaccount in kept.subaccounts:
        account.subaccounts[subaccount.number] = subaccount
    account.keys = {key.key_id: key for key in kept.keys}
    account.grants = list(kept.grants)
    for transfer in kept.transfers:
        account.transfers.append(transfer)
        if not transfer.done:
            exchange.cashier.resume(account, transfer)
    for found in kept.groups:
        where = (found.subaccount, found.exchange_index)
        group = OrderGroup(found.group_id, found.user_id, found.seq, *where, found.limit.units)
        group.triggered, group.counts_from_ms = found.triggered, found.counts_from_ms
        account.groups[found.group_id] = group


def _restore_order(
    exchange: Exchange, account: Account, record: OrderRecord, keep: Callable[[Fact], None]
) -> None:
    engine, now_ms = exchange.engine, exchange.clock.wall_ms()
    venue = engine.venues.get(record.ticker)
    shard = record.exchange_index if venue is None else venue.listed.exchange_index
    order = revived(account, record, shard)
    account.remember(order)
    if order.status is not OrderStatus.RESTING:
        return
    if venue is None or venue.status not in (MarketStatus.ACTIVE, MarketStatus.INACTIVE):
        order.end(OrderStatus.CANCELED, "CloseCancel", now_ms)
        keep(OrderChanged(order.record()))
        return
    order.group = account.groups.get(record.order_group_id or "")
    account.hold(order)
    engine.rest(order, venue, now_ms)


def _restore_matches(account: Account, fills: list[FillRecord], now_ms: int) -> None:
    """What the groups matched within the last 15 seconds."""
    if not account.groups:
        return
    for fill in fills:
        order = account.orders.get(fill.order_id)
        group = account.groups.get(order.asked.order_group_id or "") if order is not None else None
        if group is not None and fill.created_ms > max(now_ms - WINDOW_MS, group.counts_from_ms):
            group.note(fill.count.units, fill.created_ms)


def _lasts(saved: Saved) -> list[tuple[str, int]]:
    return [(ticker, last) for ticker, last, _, _ in saved.markets if last is not None]


def _restore_prices(exchange: Exchange, saved: Saved) -> None:
    for ticker, last, volume, dollar_volume in saved.markets:
        venue = exchange.engine.venues.get(ticker)
        if venue is not None:
            venue.last, venue.volume, venue.dollar_volume = last, volume, dollar_volume


def _restore_position(
    exchange: Exchange,
    account: Account,
    record: PositionRecord,
    lasts: dict[str, int],
    keep: Callable[[Fact], None],
) -> None:
    venue = exchange.engine.venues.get(record.ticker)
    if venue is None:
        _settle_unlisted(account, record, lasts.get(record.ticker, ONE // 2), keep)
        return
    shard = venue.listed.exchange_index
    holding = account.holding(record.ticker, shard, record.subaccount)
    holding.position, holding.exposure = record.count.units, record.exposure.units
    holding.realized, holding.fees = record.realized.units, record.fees.units
    holding.open_fees, holding.total_traded = record.open_fees.units, record.total_traded.units
    holding.volume, holding.updated_ms = record.volume.units, record.updated_ms
    if holding.position:
        house = exchange.engine.house().holding(record.ticker, shard)
        before = max(house.position, 0)
        house.position -= holding.position
        venue.open_interest += max(holding.position, 0) + max(house.position, 0) - before


def _settle_unlisted(
    account: Account, record: PositionRecord, last: int, keep: Callable[[Fact], None]
) -> None:
    """A market that is gone pays out to the side that was likelier at its last price."""
    if not record.count:
        return
    won = record.count.units if last * 2 >= ONE else -record.count.units
    payout = ONE * max(won, 0)
    purse = account.purses.at(record.subaccount, record.exchange_index)
    purse.cash += payout
    keep(CashChanged(account.user_id, Dollars(purse.cash), purse.subaccount, purse.shard))
    keep(
        PositionChanged(
            replace(
                record,
                count=COUNT_ZERO,
                exposure=DOLLARS_ZERO,
                open_fees=DOLLARS_ZERO,
                realized=record.realized + Dollars(payout) - record.exposure,
            )
        )
    )
