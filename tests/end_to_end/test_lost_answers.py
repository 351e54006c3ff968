"""Answers cut off on the wire between the desk and the practice exchange: nothing lost, nothing doubled."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.results import SubmitKind
from pitdesk.desk.session import Session
from pitdesk.kalshi import environment
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.signer import Signer
from pitdesk.notices import Notices
from pitdesk.orders import Order, OrderDraft, Source, Verb
from pitdesk.paths import Folders
from pitdesk.quantities import Count, Price
from pitdesk.settings import Settings
from tests.practice_fixture import PracticeExchange, running_exchange

CREATE = b"POST /trade-api/v2/portfolio/events/orders "
CANCEL = b"DELETE /trade-api/v2/portfolio/events/orders"
AMEND = b"POST /trade-api/v2/portfolio/events/orders/"


@dataclass
class CuttingProxy:
    """Passes bytes on, but cuts the answer to the next request that starts with an armed line.

    ``cuts`` holds (start of the request, how many bytes of the answer pass before the cut).
    """

    host: str
    port: int
    cuts: list[tuple[bytes, int]] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(self.host, self.port)
        left: list[int | None] = [None]
        both = [
            asyncio.ensure_future(self._up(reader, upstream_writer, left)),
            asyncio.ensure_future(_down(upstream_reader, writer, left)),
        ]
        self._tasks.update(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        self._tasks.difference_update(both)
        writer.transport.abort()
        upstream_writer.close()

    async def _up(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int | None]
    ) -> None:
        while data := await reader.read(65_536):
            self.seen.append(data.split(b"\r\n", 1)[0])
            for cut in self.cuts:
                if data.startswith(cut[0]):
                    self.cuts.remove(cut)
                    left[0] = cut[1]
                    break
            writer.write(data)
            await writer.drain()


async def _down(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int | None]) -> None:
    while data := await reader.read(65_536):
        if left[0] is not None:
            writer.write(data[: left[0]])
            await writer.drain()
            return
        writer.write(data)
        await writer.drain()


@dataclass
class Scene:
    session: Session
    proxy: CuttingProxy
    ticker: str

    def draft(self, contracts: int = 10) -> OrderDraft:
        return OrderDraft(self.ticker, Verb.BUY_YES, Count.of(contracts), Price.from_cents(1))

    async def resting(self) -> tuple[Order, ...]:
        outcome = await self.session.rest.orders(status="resting")
        assert isinstance(outcome, Accepted)
        return outcome.value

    def sent(self, start: bytes) -> int:
        return sum(line.startswith(start) for line in self.proxy.seen)


@asynccontextmanager
async def scene_of(exchange: PracticeExchange, folder: Path) -> AsyncIterator[Scene]:
    parts = urlsplit(exchange.rest)
    proxy = CuttingProxy(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    folders, failed = Folders.under(folder), []
    settings = Settings(folders.settings_file)
    session = Session(
        environment.practice(f"http://127.0.0.1:{port}{parts.path}", exchange.ws),
        Signer.from_pem(exchange.key_id, exchange.private_key_file.read_bytes()),
        folders=folders,
        settings=settings,
        notices=Notices(),
        report=lambda name, error: failed.append((name, error)),
    )
    await session.start()
    try:
        await until(lambda: session.gate.open_for_risk and not session.finder.is_loading)
        yield Scene(session, proxy, session.finder.events()[0].markets[0].ticker)
    finally:
        await session.close()
        settings.close()
        server.close()
        await server.wait_closed()
    assert failed == []


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 (the scene's deadline bounds it)
        await asyncio.sleep(0.01)


Play = Callable[[Callable[[Scene], Awaitable[None]]], None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Run a scene behind a cutting proxy."""

    def run(act: Callable[[Scene], Awaitable[None]]) -> None:
        async def whole(exchange: PracticeExchange) -> None:
            async with asyncio.timeout(240), scene_of(exchange, tmp_path / "person") as scene:
                await act(scene)

        with running_exchange(tmp_path / "practice", "--quiet-market") as exchange:
            asyncio.run(whole(exchange))

    return run


@pytest.mark.parametrize("passed", [0, 9, 60])
def test_a_create_whose_answer_is_cut_is_unconfirmed_then_found_and_sent_once(
    play: Play, passed: int
) -> None:
    async def act(scene: Scene) -> None:
        desk, blotter = scene.session.order_desk, scene.session.blotter
        scene.proxy.cuts.append((CREATE, passed))
        result = await desk.submit(scene.draft(), Source.TICKET, confirmed=True)
        key = result.row_key or ""
        assert result.kind in (SubmitKind.UNCONFIRMED, SubmitKind.PLACED)  # the stream may be first
        assert not scene.proxy.cuts
        await until(lambda: (row := blotter.row(key)) is not None and row.phase is RowPhase.WORKING)
        assert [order.client_order_id for order in await scene.resting()] == [key]
        assert scene.sent(CREATE) == 1
        await until(lambda: not scene.session.notices.current())
        held = await scene.session.journal.intents_of([key])
        assert held[key].state.value == "RESTING"

    play(act)


def test_a_cancel_whose_answer_is_cut_is_repeated_and_told_as_canceled(play: Play) -> None:
    async def act(scene: Scene) -> None:
        result = await scene.session.order_desk.submit(scene.draft(), Source.TICKET, confirmed=True)
        scene.proxy.cuts.append((CANCEL, 0))
        canceled = await scene.session.order_desk.cancel([result.row_key or ""])
        assert canceled.canceled == (result.row_key,)
        assert not scene.proxy.cuts
        assert await scene.resting() == ()

    play(act)


def test_cancel_all_whose_answer_is_cut_leaves_nothing_working(play: Play) -> None:
    async def act(scene: Scene) -> None:
        desk = scene.session.order_desk
        keys = []
        for contracts in (1, 2, 3):
            result = await desk.submit(scene.draft(contracts), Source.TICKET, confirmed=True)
            keys.append(result.row_key)
        scene.proxy.cuts.append((CANCEL, 0))
        result = await desk.cancel_all()
        assert set(result.canceled) == set(keys)
        assert result.failed == ()
        assert await scene.resting() == ()
        await until(lambda: not scene.session.blotter.working())

    play(act)


def test_an_amend_whose_answer_is_cut_is_looked_up_and_sent_once(play: Play) -> None:
    async def act(scene: Scene) -> None:
        desk, blotter = scene.session.order_desk, scene.session.blotter
        key = (await desk.submit(scene.draft(), Source.TICKET, confirmed=True)).row_key or ""
        scene.proxy.cuts.append((AMEND, 0))
        changed = await desk.amend(key, Price.from_cents(2), Count.of(7), confirmed=True)
        assert changed.kind is SubmitKind.UNCONFIRMED
        await until(lambda: (row := blotter.row(key)) is not None and row.phase is RowPhase.WORKING)
        row = blotter.row(key)
        assert row is not None
        assert (row.price, row.remaining) == (Price.from_cents(2), Count.of(7))
        assert scene.sent(AMEND) == 1
        (order,) = await scene.resting()
        assert (order.yes_price, order.remaining_count) == (Price.from_cents(2), Count.of(7))

    play(act)
