"""Group commit: an answer waits for its own batch, batches share a transaction, a failure is never hidden."""

import asyncio
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pitdesk.practice.durability import Durability
from pitdesk.practice.facts import CashChanged
from pitdesk.practice.store import Batch, Store
from pitdesk.quantities import Dollars


class SlowDisk(Store):
    """A store whose disk answers when the test lets it, or refuses."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.groups: list[int] = []
        self.begun = threading.Event()
        self.release = threading.Event()
        self.refuses = False

    def commit(self, *batches: Batch) -> None:
        if not self.release.is_set():
            self.begun.set()
            assert self.release.wait(60)
        if self.refuses:
            raise OSError("The disk is full.")
        self.groups.append(len(batches))
        super().commit(*batches)


def say(disk: SlowDisk, dollars: int) -> None:
    disk.append(CashChanged("person", Dollars.of(dollars)))


def cash(path: Path) -> int:
    import sqlite3

    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT cash FROM purses").fetchone()[0])


def test_what_arrives_while_the_disk_works_shares_the_next_transaction(tmp_path: Path) -> None:
    disk = SlowDisk(tmp_path / "store")

    async def scenario() -> None:
        durability = Durability(disk, pytest.fail)
        say(disk, 1)
        first = asyncio.create_task(durability.settled())
        await asyncio.to_thread(disk.begun.wait, 5)
        others = []
        for dollars in range(2, 7):
            say(disk, dollars)
            others.append(asyncio.create_task(durability.settled()))
            await asyncio.sleep(0)
        assert not any(task.done() for task in (first, *others))
        disk.release.set()
        await asyncio.gather(first, *others)
        assert durability.is_settled
        await durability.close()

    asyncio.run(scenario())
    assert disk.groups == [1, 5]
    assert cash(tmp_path / "store") == Dollars.of(6).units


def test_nothing_said_is_nothing_to_wait_for(tmp_path: Path) -> None:
    disk = SlowDisk(tmp_path / "store")

    async def scenario() -> None:
        durability = Durability(disk, pytest.fail)
        await durability.settled()
        await durability.close()

    asyncio.run(scenario())
    assert disk.groups == []


def test_a_disk_that_refuses_fails_every_answer_from_then_on(tmp_path: Path) -> None:
    disk = SlowDisk(tmp_path / "store")
    told: list[BaseException] = []

    async def scenario() -> None:
        durability = Durability(disk, told.append)
        disk.refuses = True
        say(disk, 1)
        first = asyncio.create_task(durability.settled())
        await asyncio.to_thread(disk.begun.wait, 5)
        say(disk, 2)
        second = asyncio.create_task(durability.settled())
        await asyncio.sleep(0)
        disk.release.set()
        for task in (first, second):
            with pytest.raises(OSError, match="full"):
                await task
        disk.refuses = False
        say(disk, 3)
        with pytest.raises(OSError, match="full"):
            await durability.settled()
        await durability.close()

    asyncio.run(scenario())
    assert len(told) == 1
