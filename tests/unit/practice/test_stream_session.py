"""A socket whose other side does not read: what waits is bounded, said to be lost, and at last cut off."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import WSMsgType

from pitdesk.clock import Clock
from pitdesk.kalshi.wire.stream import MarketsMessage
from pitdesk.practice import stream_session
from pitdesk.practice.stream_session import StreamSession


class Wire:
    """The socket's place: takes frames only while the reader reads."""

    def __init__(self) -> None:
        self.closed = False
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.pings: list[bytes] = []
        self.reading = asyncio.Event()

    async def send_frame(self, data: bytes, kind: WSMsgType) -> None:
        assert kind is WSMsgType.TEXT
        await self.reading.wait()
        self.sent.put_nowait(json.loads(data))

    async def ping(self, data: bytes) -> None:
        self.pings.append(data)


class Disk:
    """Durable or not, as the test says."""

    def __init__(self) -> None:
        self.safe = asyncio.Event()
        self.safe.set()

    @property
    def is_settled(self) -> bool:
        return self.safe.is_set()

    async def settled(self) -> None:
        await self.safe.wait()


class Scene:
    """A session on a wire and a disk of its own."""

    def __init__(self) -> None:
        self.wire, self.disk = Wire(), Disk()
        self.cut = asyncio.Event()
        self.session = StreamSession(self.wire, self.cut.set, "person", Clock(), self.disk)  # type: ignore[arg-type]

    async def sent(self, count: int) -> list[dict[str, Any]]:
        """The next ``count`` frames that were sent."""
        async with asyncio.timeout(60):
            return [await self.wire.sent.get() for _ in range(count)]


def test_a_reader_that_falls_far_behind_loses_its_subscriptions_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream_session, "MOST_QUEUED_FRAMES", 10)

    async def scenario() -> None:
        scene = Scene()
        books = scene.session.new_subscription("orderbook_delta", None)
        scene.session.new_subscription("ticker", None)
        for _ in range(11):
            scene.session.say("orderbook_delta", MarketsMessage(), books)
        assert scene.session.subscriptions == {}
        scene.wire.reading.set()
        writer = asyncio.create_task(scene.session.run_writer())
        told = await scene.sent(2)
        writer.cancel()
        assert [(frame["type"], frame["sid"], frame["msg"]["code"]) for frame in told] == [
            ("error", 1, 25),
            ("error", 2, 25),
        ]

    asyncio.run(scenario())


def test_a_reader_that_reads_nothing_at_all_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_session, "SEND_WITHIN_S", 0.01)

    async def scenario() -> None:
        scene = Scene()
        scene.session.say("ok", MarketsMessage())
        async with asyncio.timeout(60):
            await scene.session.run_writer()
        assert scene.cut.is_set()

    asyncio.run(scenario())


def test_nothing_is_told_before_it_is_on_disk() -> None:
    async def scenario() -> None:
        scene = Scene()
        scene.wire.reading.set()
        scene.disk.safe.clear()
        writer = asyncio.create_task(scene.session.run_writer())
        scene.session.say("ok", MarketsMessage(), command_id=7)
        for _ in range(20):
            await asyncio.sleep(0)
        assert scene.wire.sent.empty()
        scene.disk.safe.set()
        told = await scene.sent(1)
        writer.cancel()
        assert told[0]["id"] == 7

    asyncio.run(scenario())


def test_the_heart_beats_as_documented_and_a_silent_socket_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream_session, "PING_EVERY_S", 0.001)
    monkeypatch.setattr(stream_session, "SILENT_FOR_S", 0.05)

    async def scenario() -> None:
        scene = Scene()
        async with asyncio.timeout(60):
            await scene.session.run_heartbeat()
        assert scene.cut.is_set()
        assert set(scene.wire.pings) == {b"heartbeat"}

    asyncio.run(scenario())
