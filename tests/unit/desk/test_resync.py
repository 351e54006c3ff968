"""Reading the account anew: never twice at once, again when asked meanwhile, until it is answered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pitdesk.clock import Clock
from pitdesk.desk import resync as module
from pitdesk.desk.periodic import Periodic
from pitdesk.desk.resync import Resync
from pitdesk.tasks import TaskOwner


class Reading:
    """Answers as told by ``plan``; ``during`` runs while a reading is out."""

    def __init__(self, plan: list[bool]) -> None:
        self.plan, self.reasons, self.out, self.most_out = plan, [], 0, 0
        self.during: Callable[[], None] = lambda: None
        self.done = asyncio.Event()

    async def __call__(self, reason: str) -> bool:
        self.reasons.append(reason)
        self.out += 1
        self.most_out = max(self.most_out, self.out)
        await asyncio.sleep(0)
        during, self.during = self.during, lambda: None
        during()
        self.out -= 1
        return self.plan.pop(0)


def play(scene: Callable[[TaskOwner], Awaitable[None]]) -> None:
    async def whole() -> None:
        owner = TaskOwner(lambda *_: None)
        async with asyncio.timeout(60):
            await scene(owner)
        assert await owner.close() == []

    asyncio.run(whole())


def test_asking_twice_reads_once() -> None:
    async def scene(owner: TaskOwner) -> None:
        reading = Reading([True])
        resync = Resync(owner, reading, reading.done.set)
        resync.ask("one")
        resync.ask("two")
        await reading.done.wait()
        assert len(reading.reasons) == 1
        assert not resync.is_running

    play(scene)


def test_asking_while_it_reads_makes_it_read_again_before_it_is_done() -> None:
    async def scene(owner: TaskOwner) -> None:
        reading = Reading([True, True])
        resync = Resync(owner, reading, reading.done.set)
        reading.during = lambda: resync.ask("again")
        resync.ask("one")
        await reading.done.wait()
        assert len(reading.reasons) == 2
        assert reading.most_out == 1

    play(scene)


def test_what_was_not_answered_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_WAIT_S", 0.001)

    async def scene(owner: TaskOwner) -> None:
        reading = Reading([False, False, True])
        resync = Resync(owner, reading, reading.done.set)
        resync.ask("one")
        await reading.done.wait()
        assert len(reading.reasons) == 3

    play(scene)


def test_it_is_never_done_when_the_owner_closes_meanwhile() -> None:
    async def scene(owner: TaskOwner) -> None:
        reading: Any = Reading([False] * 100)
        resync = Resync(owner, reading, reading.done.set)
        resync.ask("one")
        await asyncio.sleep(0)
        assert await owner.close() == []
        assert not reading.done.is_set()
        resync.ask("too late")
        assert not resync.is_running

    play(scene)


class SetClock(Clock):
    now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


def test_work_is_done_when_due_or_asked_for_and_never_twice_at_once() -> None:
    async def scene(owner: TaskOwner) -> None:
        clock, begun, go_on = SetClock(), [], asyncio.Event()

        async def work() -> None:
            begun.append(clock.now_s)
            await go_on.wait()

        periodic = Periodic("work", work, owner, clock)

        async def look_at(now_s: float) -> int:
            clock.now_s = now_s
            periodic.look(10)
            for _ in range(3):
                await asyncio.sleep(0)
            return len(begun)

        assert await look_at(9.9) == 0
        assert await look_at(10) == 1
        periodic.ask()
        assert await look_at(30) == 1
        go_on.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await look_at(31) == 2
        assert await look_at(40.9) == 2
        assert await look_at(41) == 3

    play(scene)
