"""The person's account on disk: an answered request is never lost.

The loop's thread appends facts as they are said and, between requests, takes them as one whole batch; a
writer thread commits the batch before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pitdesk.practice.accounts import Account
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.facts import Fact


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts that belong together."""

    facts: tuple[Fact, ...]


class Store:
    """One SQLite file. Use: ``exchange.facts.connect(store.append)``; after each request (and after each
    step of the world) ``batch = store.take()`` on the loop's thread, then ``store.commit(batch)`` on the
    writer thread, then answer. Batches are committed in the order they were taken."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file; raises OSError with a plain sentence when it cannot."""

    def append(self, fact: Fact) -> None:
        """Remember a fact for the next batch; facts that need no disk are dropped."""
        raise NotImplementedError

    def take(self) -> Batch | None:
        """Everything appended since, or None when nothing was."""
        raise NotImplementedError

    def commit(self, *batches: Batch) -> None:
        """Make them durable in one transaction. Call from one thread."""
        raise NotImplementedError

    def restore(self, exchange: Exchange, user_id: str) -> Account:
        """The person's account as it was, its resting orders back in their books; a new one with the start
        money where there is none. Call after the exchange is made and before the world is built."""
        raise NotImplementedError

    def last_prices(self) -> Iterable[tuple[str, int]]:
        """Market tickers with the Yes price (units of $0.0001) each last traded at."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        raise NotImplementedError
