"""What the practice exchange has answered survives a restart and a kill."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from pitdesk.markets import FeeSchedule
from pitdesk.orders import OrderStatus
from pitdesk.practice.accounts import Account
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.store import Store
from pitdesk.quantities import Count, Dollars
from tests.unit.practice.floor import CENT, NOW_MS, TENTH, Floor
from tests.unit.practice.floor_whole import COIN, COINS, WholeFloor

ROOT = Path(__file__).resolve().parents[3]


def opened(path: Path, floor: Floor) -> tuple[Store, Account]:
    """The person ``you`` on ``floor``, as the file at ``path`` has them."""
    store = Store(path)
    account = store.restore(floor.exchange, "you")
    floor.exchange.facts.connect(store.append)
    return store, account


def save(store: Store) -> None:
    batch = store.take(everything=True)
    if batch is not None:
        store.commit(batch)


def picture(exchange: Exchange, account: Account) -> tuple[object, ...]:
    read = exchange.read
    return (
        read.orders(account).items,
        read.fills(account).items,
        read.positions(account),
        read.balance(account).cash,
        read.balance(account).reserved,
        account.client_order_ids,
    )


def test_a_person_starts_with_ten_thousand_dollars(tmp_path: Path) -> None:
    store, you = opened(tmp_path / "practice.sqlite3", Floor())
    assert you.cash - you.reserved == Dollars.of(10_000).units
    store.close()


def test_everything_is_as_it_was_after_a_restart(tmp_path: Path) -> None:
    floor = Floor()
    store, you = opened(tmp_path / "practice.sqlite3", floor)
    floor.send(floor.bob, "ask", "100", "0.40")
    floor.send(you, "bid", "150", "0.40", client_order_id="a")
    floor.send(you, "ask", "60", "0.70", client_order_id="b", cancel_order_on_pause=True)
    gone = floor.send(you, "bid", "10", "0.10", client_order_id="c", expiration_time=NOW_MS // 1000 + 9)
    floor.exchange.cancel(you, gone.order_id)
    with pytest.raises(ExchangeRefusal):
        floor.send(you, "bid", "10", "0.10", time_in_force="fill_or_kill", client_order_id="killed")
    renamed = floor.send(you, "bid", "5", "0.20", client_order_id="old")
    floor.amend(you, renamed.order_id, "bid", "5", "0.21", updated_client_order_id="new")
    save(store)
    store.close()
    before = picture(floor.exchange, you)

    again = Floor()
    store, you = opened(tmp_path / "practice.sqlite3", again)
    assert picture(again.exchange, you) == before
    assert you.client_order_ids == {"a", "b", "c", "killed", "old", "new"}
    assert again.touch() == ("40¢ x 50", "70¢ x 60")
    assert again.exchange.read.market(CENT).quote.last == before[1][0].yes_price  # type: ignore[index]
    total = again.total()
    again.send(again.bob, "ask", "50", "0.40")
    again.exchange.settle_market(CENT, "yes")
    assert again.total() == total
    newer = again.send(you, "bid", "1", "0.30", ticker=TENTH)
    assert again.exchange.read.orders(you).items[0].order_id == newer.order_id
    store.close()


def test_planned_fee_changes_outlast_a_restart(tmp_path: Path) -> None:
    free, dear = FeeSchedule("quadratic", Fraction(0)), FeeSchedule("quadratic", Fraction(3, 2))
    floor = WholeFloor()
    store, _ = opened(tmp_path / "practice.sqlite3", floor)
    fees, now_ms = floor.exchange.fees, floor.clock.now_ms
    for override, at_ms in ((dear, now_ms), (free, now_ms + 5_000), (None, now_ms + 60_000)):
        fees.plan(COINS, override, at_ms)
    before = list(fees.changes)
    save(store)
    store.close()

    again = WholeFloor()
    again.clock.now_ms = now_ms + 9_000
    store, _ = opened(tmp_path / "practice.sqlite3", again)
    assert again.exchange.fees.changes == before
    event = again.exchange.catalogue.events_by_ticker[COINS]
    assert again.exchange.fees.current(event).fee_override == free, "it was due while nobody was there"
    again.clock.now_ms = now_ms + 60_000
    again.exchange.tick(again.clock.now_ms)
    assert again.exchange.fees.current(event).fee_override is None
    newer = again.exchange.fees.plan(COINS, free, again.clock.now_ms)
    assert newer.change_id not in {change.change_id for change in before}
    store.close()


def test_a_reset_is_kept_too(tmp_path: Path) -> None:
    floor = Floor()
    store, you = opened(tmp_path / "practice.sqlite3", floor)
    floor.send(you, "bid", "100", "0.40", client_order_id="a")
    save(store)
    floor.send(you, "bid", "100", "0.41", client_order_id="b")
    floor.exchange.reset_account(you)
    floor.send(you, "bid", "100", "0.42", client_order_id="c")
    save(store)
    store.close()
    again = Floor()
    store, you = opened(tmp_path / "practice.sqlite3", again)
    assert [order.client_order_id for order in again.exchange.read.orders(you).items] == ["c"]
    assert you.client_order_ids == {"a", "b", "c"}
    assert again.exchange.read.balance(you).cash == Dollars.of(9_958)
    store.close()


def test_a_market_that_is_gone_cancels_and_pays_out(tmp_path: Path) -> None:
    floor = Floor()
    store, you = opened(tmp_path / "practice.sqlite3", floor)
    floor.send(floor.bob, "ask", "100", "0.60")
    floor.send(you, "bid", "100", "0.60")
    floor.send(you, "bid", "100", "0.20")
    cash = you.cash
    save(store)
    store.close()
    again = Floor()
    del again.exchange.engine.venues[CENT]
    store, you = opened(tmp_path / "practice.sqlite3", again)
    assert you.cash == cash + Dollars.of(100).units
    assert again.exchange.read.orders(you).items[0].status is OrderStatus.CANCELED
    assert again.exchange.read.positions(you) == []
    store.close()
    store, you = opened(tmp_path / "practice.sqlite3", Floor())
    assert you.cash == cash + Dollars.of(100).units
    assert store.take() is None
    store.close()


def test_prices_alone_are_written_only_now_and_then(tmp_path: Path) -> None:
    floor = Floor()
    store, _ = opened(tmp_path / "practice.sqlite3", floor)
    sim = floor.exchange.open_account("sim", simulated=True)
    floor.send(sim, "bid", "5", "0.40")
    assert store.take() is not None
    floor.send(sim, "bid", "5", "0.41")
    assert store.take() is None
    assert store.take(everything=True) is not None
    floor.clock.now_ms += 20_000
    floor.send(sim, "bid", "5", "0.42")
    assert store.take() is not None
    store.close()


def test_two_at_once_are_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.sqlite3")
    with pytest.raises(OSError, match="cannot be used"):
        Store(tmp_path / "practice.sqlite3")
    store.close()


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "practice.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(OSError, match="cannot be used"):
        Store(tmp_path / "practice.sqlite3")


CHILD = """
import sys
from pathlib import Path
from tests.unit.practice.floor import Floor
from pitdesk.practice.store import Store

floor = Floor()
store = Store(Path(sys.argv[1]))
you = store.restore(floor.exchange, "you")
floor.exchange.facts.connect(store.append)
number = 0
while True:
    number += 1
    if number % 3 == 0:
        floor.send(floor.bob, "ask", "1", "0.40")
    floor.send(you, "bid", "1", "0.40", client_order_id=f"n{number}")
    store.commit(store.take())
    print(f"n{number}", floor.exchange.read.balance(you).cash.to_wire(), len(you.fills), flush=True)
"""


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "practice.sqlite3"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "app"), str(ROOT)))}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout is not None
    answered = [child.stdout.readline() for _ in range(60)]
    child.kill()
    answered += child.stdout.read().splitlines(keepends=True)
    child.wait()
    child.stdout.close()
    whole = [line for line in answered if line.endswith("\n")]
    name, cash, fills = whole[-1].split()

    floor = Floor()
    store, you = opened(path, floor)
    orders = floor.exchange.read.orders(you, limit=100_000).items
    assert len(orders) - int(name[1:]) in (0, 1)
    assert len(you.fills) >= int(fills)
    if len(orders) == int(name[1:]):
        assert floor.exchange.read.balance(you).cash == Dollars.from_wire(cash)
    filled = sum((order.fill_count for order in orders), Count(0))
    assert you.holding(CENT).position == filled.units == 100 * len(you.fills)
    spent = sum(order.taker_fees.units + order.maker_fees.units for order in orders)
    assert you.cash == Dollars.of(10_000).units - 4_000 * filled.units - spent
    store.close()


_TO_1 = """
CREATE TABLE accounts (user_id TEXT PRIMARY KEY, cash INTEGER NOT NULL);
CREATE TABLE positions (user_id TEXT NOT NULL, ticker TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (user_id, ticker));
INSERT INTO accounts SELECT user_id, SUM(cash) FROM purses GROUP BY user_id;
INSERT INTO positions SELECT user_id, ticker, body FROM holdings;
DROP TABLE purses; DROP TABLE holdings; DROP TABLE kept; PRAGMA user_version=1;
"""


def test_a_file_of_the_time_before_exchange_indices_is_taken_over(tmp_path: Path) -> None:
    """All cash lay in one place then: what orders on another index hold back is fetched there."""
    path = tmp_path / "practice.sqlite3"
    floor = WholeFloor()
    store = Store(path)
    you = store.restore(floor.exchange, "you")
    floor.exchange.facts.connect(store.append)
    floor.send(floor.bob, "ask", "10", "0.50", ticker=COIN)
    floor.send(you, "bid", "10", "0.50", ticker=COIN)
    floor.send(you, "bid", "10", "0.40", ticker=COIN)
    batch = store.take()
    assert batch is not None
    store.commit(batch)
    store.close()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_TO_1)
    cash = you.cash
    again = WholeFloor()
    store = Store(path)
    mine = store.restore(again.exchange, "you")
    store.close()
    assert (mine.cash, mine.reserved) == (cash, Dollars.of(4).units)
    assert mine.purses.at(0, 2).available == 0
    assert [str(row.count) for row in again.exchange.read.positions(mine)] == ["10"]
