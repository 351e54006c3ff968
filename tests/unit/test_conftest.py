"""What every test stands on: a task that does not end is named, and is not waited for without end."""

import asyncio

import pytest

from tests import conftest


def test_a_task_left_behind_is_named(run_async):
    async def leave_one():
        asyncio.get_running_loop().create_task(asyncio.sleep(60), name="forgotten")

    with pytest.raises(AssertionError, match=r"tasks left behind: \['forgotten'\]"):
        run_async(leave_one())


def test_a_task_that_does_not_end_when_canceled_is_named(run_async, monkeypatch):
    monkeypatch.setattr(conftest, "_END_S", 0.05)
    released = asyncio.Event()

    async def stubborn():
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue

    async def scene():
        task = asyncio.get_running_loop().create_task(stubborn(), name="stubborn")
        await asyncio.sleep(0)
        with pytest.raises(AssertionError, match=r"do not end when canceled: \['stubborn'\]"):
            await conftest._end_all()
        released.set()
        await task

    run_async(scene())
