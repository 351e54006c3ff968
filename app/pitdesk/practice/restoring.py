"""Putting the person's account back after a restart.

Simulated participants start anew each time; what the person holds against them is held by the house, so
that every contract keeps its other side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pitdesk.orders import OrderStatus
from pitdesk.practice.facts import CashChanged, Fact, OrderChanged, PositionChanged
from pitdesk.practice.live import ONE, revived
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Dollars

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.records import FillRecord, OrderRecord, PositionRecord


@dataclass(frozen=True, slots=True)
class Saved:
    """What the disk holds of one account, oldest first. ``cash`` None: there is no account yet.
    ``markets`` are ticker, last price, volume and dollar volume."""

    cash: int | None
    orders: list[OrderRecord]
    fills: list[FillRecord]
    positions: list[PositionRecord]
    spent: list[str]
    markets: list[tuple[str, int | None, int, int]]


def restore(exchange: Exchange, user_id: str, saved: Saved, keep: Callable[[Fact], None]) -> Account:
    """The account as it was. ``keep`` is told what had to change: orders and positions of markets that are
    listed no more, or that closed meanwhile."""
    engine = exchange.engine
    _restore_prices(exchange, saved)
    if saved.cash is None:
        account = exchange.open_account(user_id)
        keep(CashChanged(user_id, Dollars(account.cash)))
    else:
        account = exchange.open_account(user_id, Dollars(saved.cash))
    account.client_order_ids.update(saved.spent)
    account.fills.extend(saved.fills)
    times = [order.updated_ms for order in saved.orders] + [row.updated_ms for row in saved.positions]
    account.updated_ms = max(times, default=0)
    numbers = [order.seq for order in saved.orders] + [fill.seq for fill in saved.fills]
    engine.numbers_from(max(numbers, default=0))
    for position in saved.positions:
        _restore_position(exchange, account, position, dict(_lasts(saved)), keep)
    now_ms = exchange.clock.wall_ms()
    for record in saved.orders:
        order = revived(account, record)
        account.remember(order)
        if order.status is OrderStatus.RESTING:
            venue = engine.venues.get(order.ticker)
            if venue is None or not venue.status.takes_orders:
                order.end(OrderStatus.CANCELED, "CloseCancel", now_ms)
                keep(OrderChanged(order.record()))
            else:
                account.hold(order)
                engine.rest(order, venue, now_ms)
    return account


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
    holding = account.holding(record.ticker)
    holding.position, holding.exposure = record.count.units, record.exposure.units
    holding.realized, holding.fees = record.realized.units, record.fees.units
    holding.open_fees, holding.total_traded = record.open_fees.units, record.total_traded.units
    holding.volume, holding.updated_ms = record.volume.units, record.updated_ms
    if holding.position:
        exchange.engine.house().holding(record.ticker).position -= holding.position
        venue.open_interest += abs(holding.position)


def _settle_unlisted(
    account: Account, record: PositionRecord, last: int, keep: Callable[[Fact], None]
) -> None:
    """A market that is gone pays out to the side that was likelier at its last price."""
    if not record.count:
        return
    won = record.count.units if last * 2 >= ONE else -record.count.units
    payout = ONE * max(won, 0)
    account.cash += payout
    keep(CashChanged(account.user_id, Dollars(account.cash)))
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
