"""Work that is due again and again: when it begins, and how long it rests after it took long."""

from __future__ import annotations

import asyncio

from pitdesk.clock import Clock
from pitdesk.desk.periodic import Periodic
from pitdesk.tasks import TaskOwner


class HandClock(Clock):
    """Moved by hand, seconds."""

    at = 0.0

    def monotonic(self) -> float:
        return self.at


def test_after_long_work_it_rests_for_longer_unless_somebody_asks() -> None:
    async def story() -> None:
        clock, begun = HandClock(), []
        takes_s = 0.0

        async def work() -> None:
            begun.append(clock.at)
            clock.at += takes_s

        owner = TaskOwner(lambda name, error: None)
        periodic = Periodic("work", work, owner, clock)

        async def look_at(at: float) -> None:
            clock.at = at
            periodic.look(15.0)
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        await look_at(14.0)
        assert not begun
        takes_s = 30.0
        await look_at(15.0)
        assert begun == [15.0]
        await look_at(100.0)
        assert begun == [15.0], "it took half a minute and ended at 45"
        await look_at(165.0)
        assert begun == [15.0, 165.0]
        periodic.ask()
        await look_at(200.0)
        assert begun == [15.0, 165.0, 200.0]
        await owner.close()

    asyncio.run(story())
