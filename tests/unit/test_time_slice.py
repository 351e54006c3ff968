"""Long work gives everything else its turn once its slice of time is over, and not before."""

from __future__ import annotations

import asyncio

from pitdesk.time_slice import TimeSlice


def test_others_have_their_turn_once_a_slice_is_over() -> None:
    async def story() -> None:
        now, turns = [0.0], 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.ensure_future(other())
        time_slice = TimeSlice(0.006, lambda: now[0])
        for _ in range(5):
            now[0] += 0.001
            await time_slice.yield_if_over()
        assert not turns, "the slice lasts"
        now[0] += 0.001
        await time_slice.yield_if_over()
        assert turns == 1
        await time_slice.yield_if_over()
        assert turns == 1, "a new slice began"
        task.cancel()

    asyncio.run(story())
