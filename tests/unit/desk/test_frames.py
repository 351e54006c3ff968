"""When a frame's flush comes: what cannot wait moves it forward, and it never comes twice in a frame."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from pitdesk.desk.blotter import Blotter
from pitdesk.desk.frames import Frame
from tests.unit.desk.test_blotter import intent, order
from tests.unit.desk.trading_floor import run

NEVER_S = 3_600.0
TURNS = 20


async def some_turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def framed(story: Callable[[Frame, list[str], asyncio.Event], Awaitable[None]], seconds: float) -> list[str]:
    flushes: list[str] = []

    async def play() -> None:
        heard = asyncio.Event()

        def flush() -> None:
            flushes.append("flushed")
            heard.set()

        frame = Frame(flush, seconds)
        async with asyncio.timeout(10):
            await story(frame, flushes, heard)
        frame.close()

    run(play())
    return flushes


def test_a_request_that_cannot_wait_moves_the_flush_forward() -> None:
    async def story(frame: Frame, flushes: list[str], heard: asyncio.Event) -> None:
        frame.request(NEVER_S)
        await some_turns()
        assert not flushes
        frame.request(0.0)
        await heard.wait()

    assert framed(story, seconds=0.0) == ["flushed"]


def test_a_request_that_can_wait_does_not_put_it_off() -> None:
    async def story(frame: Frame, _flushes: list[str], heard: asyncio.Event) -> None:
        frame.request(0.0)
        frame.request(NEVER_S)
        await heard.wait()

    assert framed(story, seconds=0.0) == ["flushed"]


def test_nothing_comes_before_the_frame_has_ended() -> None:
    async def story(frame: Frame, flushes: list[str], heard: asyncio.Event) -> None:
        frame.request(0.0)
        await heard.wait()
        frame.request(0.0)
        await some_turns()
        assert flushes == ["flushed"]

    assert framed(story, seconds=NEVER_S) == ["flushed"]


def test_what_the_exchange_says_of_an_order_does_not_wait_for_its_head_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pitdesk.desk.blotter.ORDER_HEAD_START_S", NEVER_S)

    async def story() -> list[tuple[str, ...]]:
        blotter, told, heard = Blotter(), [], asyncio.Event()
        blotter.changed.connect(lambda changes: (told.append(changes.added), heard.set()))
        blotter.add_intent(intent())
        await some_turns()
        assert told == []
        blotter.apply_order(order(client_order_id="ours"))
        async with asyncio.timeout(10):
            await heard.wait()
        blotter.close()
        return told

    assert run(story()) == [("ours",)]
