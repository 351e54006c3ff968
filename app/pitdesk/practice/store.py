"""The person's account on disk: an answered request is never lost.

The loop's thread appends facts as they are said and, between requests, takes them as one whole batch; a
writer thread commits the batch before the answer leaves. Only accounts that are not simulated are kept, and
each market's last price.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk.practice.facts import (
    AccountReset,
    BookChanged,
    CashChanged,
    ClientOrderIdSpent,
    Fact,
    Filled,
    OrderChanged,
    PositionChanged,
    QuoteChanged,
    Traded,
)
from pitdesk.practice.kept import LASTING, Key, Row, read_rows, row_of
from pitdesk.practice.ledger_rows import from_text, to_text
from pitdesk.practice.records import FillRecord, OrderRecord, PositionRecord, QuoteRecord
from pitdesk.practice.restoring import Saved, restore

if TYPE_CHECKING:
    from pathlib import Path

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange

_SCHEMA = 2
_PRICES_EVERY_MS = 10_000
_TABLES = """
CREATE TABLE IF NOT EXISTS purses (
    user_id TEXT NOT NULL, subaccount INTEGER NOT NULL, exchange_index INTEGER NOT NULL,
    cash INTEGER NOT NULL, PRIMARY KEY (user_id, subaccount, exchange_index));
CREATE TABLE IF NOT EXISTS orders (
    order_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, seq INTEGER NOT NULL, client_order_id TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fills (seq INTEGER PRIMARY KEY, user_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS holdings (
    user_id TEXT NOT NULL, ticker TEXT NOT NULL, subaccount INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (user_id, ticker, subaccount));
CREATE TABLE IF NOT EXISTS kept (
    kind TEXT NOT NULL, user_id TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, user_id, key));
CREATE TABLE IF NOT EXISTS spent (
    user_id TEXT NOT NULL, client_order_id TEXT NOT NULL, PRIMARY KEY (user_id, client_order_id));
CREATE TABLE IF NOT EXISTS markets (
    ticker TEXT PRIMARY KEY, last INTEGER, volume INTEGER NOT NULL, dollar_volume INTEGER NOT NULL);
"""
# From the time before subaccounts and exchange indices: all cash lay in one place.
_FROM_1 = """
INSERT INTO purses SELECT user_id, 0, 0, cash FROM accounts;
INSERT INTO holdings SELECT user_id, ticker, 0, body FROM positions;
DROP TABLE accounts;
DROP TABLE positions;
"""
_OF_AN_ACCOUNT = ("orders", "fills", "holdings", "purses")


@dataclass(slots=True)
class Batch:
    """The newest state of everything that changed. ``resets`` come before all the rest."""

    resets: list[str] = field(default_factory=list)
    cash: dict[tuple[str, int, int], int] = field(default_factory=dict)
    orders: dict[str, OrderRecord] = field(default_factory=dict)
    fills: list[FillRecord] = field(default_factory=list)
    positions: dict[tuple[str, str, int], PositionRecord] = field(default_factory=dict)
    kept: dict[Key, Row] = field(default_factory=dict)
    spent: set[tuple[str, str]] = field(default_factory=set)
    quotes: dict[str, QuoteRecord] = field(default_factory=dict)

    @property
    def has_account_news(self) -> bool:
        """Whether anything but market prices is in it."""
        news = (self.resets, self.cash, self.orders, self.fills, self.positions, self.spent, self.kept)
        return any(news)

    def forget(self, user_id: str) -> None:
        """Drop what is said of an account that starts again; its used ids stay used."""
        mine = [order for order in self.orders.values() if order.user_id == user_id]
        self.spent.update((user_id, order.client_order_id) for order in mine if order.client_order_id)
        for order in mine:
            del self.orders[order.order_id]
        self.fills = [fill for fill in self.fills if fill.user_id != user_id]
        self.positions = {key: row for key, row in self.positions.items() if key[0] != user_id}
        self.cash = {key: cash for key, cash in self.cash.items() if key[0] != user_id}
        self.kept = {key: row for key, row in self.kept.items() if key[1] != user_id or key[0] in LASTING}
        self.resets.append(user_id)


class Store:
    """One SQLite file. Use: ``exchange.facts.connect(store.append)``; after each request (and after each
    step of the world) ``batch = store.take()`` on the loop's thread, then ``store.commit(batch)`` on the
    writer thread, then answer. Batches are committed in the order they were taken."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file; raises OSError with a plain sentence when it cannot."""
        self._path = path
        self._pending = Batch()
        self._prices_ms = 0
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=2.0, check_same_thread=False, isolation_level=None)
            try:
                self._prepare()
            except sqlite3.Error:
                self._database.close()
                raise
        except sqlite3.Error as error:
            raise OSError(f"The practice account's file {path} cannot be used: {error}.") from None

    def _prepare(self) -> None:
        database = self._database
        # One process at a time: a second one is told, instead of both writing one account.
        database.execute("PRAGMA locking_mode=EXCLUSIVE")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, 1, _SCHEMA):
            raise sqlite3.DatabaseError("it was written by another version of the practice exchange")
        moved = _FROM_1 if version == 1 else ""
        database.executescript(f"BEGIN IMMEDIATE; {_TABLES} {moved} PRAGMA user_version={_SCHEMA}; COMMIT;")

    def append(self, fact: Fact) -> None:
        """Remember a fact for the next batch; facts that need no disk are dropped."""
        pending = self._pending
        match fact:
            case QuoteChanged(quote):
                pending.quotes[quote.ticker] = quote
            case OrderChanged(order):
                pending.orders[order.order_id] = order
            case Filled(fill):
                pending.fills.append(fill)
            case PositionChanged(position):
                pending.positions[position.user_id, position.ticker, position.subaccount] = position
            case CashChanged(user_id, cash, subaccount, exchange_index):
                pending.cash[user_id, subaccount, exchange_index] = cash.units
            case ClientOrderIdSpent(user_id, client_order_id):
                pending.spent.add((user_id, client_order_id))
            case AccountReset(user_id, cash):
                pending.forget(user_id)
                pending.cash[user_id, 0, 0] = cash.units
            case BookChanged() | Traded():
                pass
            case _:
                row = row_of(fact)
                if row is not None:
                    pending.kept[row.key] = row

    def take(self, *, everything: bool = False) -> Batch | None:
        """What was appended since, or None when no account changed. Prices alone are worth a write only
        every few seconds, and when ``everything`` is wanted at the end."""
        pending = self._pending
        if not pending.has_account_news and not (pending.quotes and (everything or self._prices_are_old())):
            return None
        self._pending = Batch()
        for quote in pending.quotes.values():
            self._prices_ms = max(self._prices_ms, quote.ts_ms)
        return pending

    def _prices_are_old(self) -> bool:
        newest_ms = next(reversed(self._pending.quotes.values())).ts_ms
        return newest_ms - self._prices_ms >= _PRICES_EVERY_MS

    def commit(self, *batches: Batch) -> None:
        """Make them durable in one transaction. Call from one thread; raises OSError when the disk refuses,
        and then nothing of it is kept."""
        database = self._database
        try:
            database.execute("BEGIN IMMEDIATE")
            for batch in batches:
                _write(database, batch)
            database.execute("COMMIT")
        except sqlite3.Error as error:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise OSError(f"The practice account's file {self._path} cannot be written: {error}.") from None

    def restore(self, exchange: Exchange, user_id: str) -> Account:
        """The person's account as it was, its resting orders back in their books; a new one with the start
        money where there is none. Call after the exchange is made and before the world is built."""
        account = restore(exchange, user_id, self._load(user_id), self.append)
        self.commit(self.take() or Batch())
        return account

    def _load(self, user_id: str) -> Saved:
        purses = self._database.execute(
            "SELECT subaccount, exchange_index, cash FROM purses WHERE user_id=?", (user_id,)
        )
        kept = self._database.execute(
            "SELECT kind, body FROM kept WHERE user_id IN (?, '') ORDER BY kind, seq, key", (user_id,)
        )
        spent = self._database.execute("SELECT client_order_id FROM spent WHERE user_id=?", (user_id,))
        return Saved(
            list(purses),
            [from_text(body, OrderRecord) for body in self._bodies("orders", user_id)],
            [from_text(body, FillRecord) for body in self._bodies("fills", user_id)],
            [from_text(body, PositionRecord) for body in self._bodies("holdings", user_id)],
            [client_order_id for (client_order_id,) in spent],
            list(self._database.execute("SELECT ticker, last, volume, dollar_volume FROM markets")),
            read_rows(kept),
        )

    def _bodies(self, table: str, user_id: str) -> list[str]:
        order = "ticker" if table == "holdings" else "seq"
        query = f"SELECT body FROM {table} WHERE user_id=? ORDER BY {order}"  # noqa: S608 (our own names)
        return [body for (body,) in self._database.execute(query, (user_id,))]

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _write(database: sqlite3.Connection, batch: Batch) -> None:
    for user_id in batch.resets:
        database.execute(
            "INSERT OR IGNORE INTO spent SELECT user_id, client_order_id FROM orders"
            " WHERE user_id=? AND client_order_id<>''",
            (user_id,),
        )
        for table in _OF_AN_ACCOUNT:
            database.execute(f"DELETE FROM {table} WHERE user_id=?", (user_id,))  # noqa: S608 (our own names)
        database.execute("DELETE FROM kept WHERE user_id=? AND kind NOT IN (?,?)", (user_id, *LASTING))
    put = database.executemany
    put("INSERT OR REPLACE INTO purses VALUES (?,?,?,?)", [(*key, cash) for key, cash in batch.cash.items()])
    put(
        "INSERT OR REPLACE INTO orders VALUES (?,?,?,?,?)",
        [
            (row.order_id, row.user_id, row.seq, row.client_order_id, to_text(row))
            for row in batch.orders.values()
        ],
    )
    put(
        "INSERT OR REPLACE INTO fills VALUES (?,?,?)",
        [(row.seq, row.user_id, to_text(row)) for row in batch.fills],
    )
    put(
        "INSERT OR REPLACE INTO holdings VALUES (?,?,?,?)",
        [(*key, to_text(row)) for key, row in batch.positions.items()],
    )
    for row in batch.kept.values():
        if row.body is None:
            database.execute("DELETE FROM kept WHERE kind=? AND user_id=? AND key=?", row.key)
        else:
            database.execute("INSERT OR REPLACE INTO kept VALUES (?,?,?,?,?)", (*row.key, row.seq, row.body))
    put("INSERT OR IGNORE INTO spent VALUES (?,?)", batch.spent)
    put(
        "INSERT OR REPLACE INTO markets VALUES (?,?,?,?)",
        [
            (row.ticker, row.last.units if row.last else None, row.volume.units, row.dollar_volume)
            for row in batch.quotes.values()
        ],
    )
