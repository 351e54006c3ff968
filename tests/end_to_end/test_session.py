"""A whole session against the practice exchange in its own process: start, trade, faults, start again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.practice_process import PracticeAddress, PracticeProcess
from pitdesk.desk.results import SubmitKind
from pitdesk.desk.session import Session
from pitdesk.dialect import Dialect
from pitdesk.kalshi import environment
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.signer import Signer
from pitdesk.notices import Notice, NoticeKind, Notices
from pitdesk.orders import Order, OrderDraft, Source, Verb
from pitdesk.paths import Folders
from pitdesk.quantities import Count, Dollars, Price
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner

PATIENCE_S = 60.0


class ShiftedClock(Clock):
    """The machine's clocks, moved by as much as a test says."""

    wall_shift_ms = 0
    monotonic_shift_s = 0.0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.wall_shift_ms

    def monotonic(self) -> float:
        return super().monotonic() + self.monotonic_shift_s


@dataclass
class Ground:
    """One person's folders, the practice exchange, and what failed."""

    folders: Folders
    owner: TaskOwner
    process: PracticeProcess
    address: PracticeAddress
    dialect: Dialect = Dialect.CURRENT
    notices: Notices = field(default_factory=Notices)
    failed: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def session(self, clock: Clock | None = None) -> AsyncIterator[Session]:
        """A session begun and, at the end, closed without anything late."""
        settings = Settings(self.folders.settings_file)
        session = Session(
            replace(
                environment.practice(self.address.rest_url, self.address.stream_url), dialect=self.dialect
            ),
            Signer.from_pem(self.address.key_id, self.address.private_key_file.read_bytes(), clock=clock),
            folders=self.folders,
            settings=settings,
            notices=self.notices,
            report=lambda name, error: self.failed.append(f"{name}: {error!r}"),
            clock=clock,
        )
        await session.start()
        try:
            yield session
        finally:
            late = await session.close()
            settings.close()
        assert late == []


Play = Callable[..., None]


@pytest.fixture(params=list(Dialect), ids=lambda dialect: dialect.value)
def play(tmp_path: Path, request: pytest.FixtureRequest) -> Play:
    """``play(scene, *words)``: run a scene against an exchange started with these words, in each dialect."""
    dialect: Dialect = request.param

    def run(scene: Callable[[Ground], Awaitable[None]], *words: str) -> None:
        async def whole() -> None:
            folders = Folders.under(tmp_path)
            failed: list[str] = []
            owner = TaskOwner(lambda name, error: failed.append(f"{name}: {error!r}"))
            process = PracticeProcess(folders.practice, owner, ("--dialect", dialect.value, *words))
            address = await process.start()
            ground = Ground(folders, owner, process, address, dialect, failed=failed)
            try:
                async with asyncio.timeout(240):
                    await scene(ground)
            finally:
                await process.stop()
                assert await owner.close() == []
            assert failed == []

        asyncio.run(whole())

    return run


async def until(condition: Callable[[], object], what: Callable[[], str] | str = "") -> None:
    """Let the loop run until ``condition`` holds."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    except TimeoutError:
        told = what() if callable(what) else what
        raise AssertionError(f"never came: {told or condition}") from None


async def ready(session: Session) -> None:
    """Until the gate is open and the markets are listed."""
    await until(
        lambda: session.gate.open_for_risk and not session.finder.is_loading,
        lambda: f"an open gate; {session.status}",
    )


def some_ticker(session: Session) -> str:
    return next(event.markets[0].ticker for event in session.finder.events() if event.markets)


def cheap(ticker: str, cents: int = 1, contracts: int = 10) -> OrderDraft:
    """A bid that rests below everything."""
    return OrderDraft(ticker, Verb.BUY_YES, Count.of(contracts), Price.from_cents(cents))


async def place(session: Session, draft: OrderDraft) -> str:
    """The row key of an order that now rests."""
    result = await session.order_desk.submit(draft, Source.TICKET, confirmed=True)
    assert result.kind is SubmitKind.PLACED, result.sentence
    assert result.row_key is not None
    return result.row_key


async def resting(session: Session) -> tuple[Order, ...]:
    """What rests, in the exchange's own words."""
    outcome = await session.rest.orders(status="resting")
    assert isinstance(outcome, Accepted)
    return outcome.value


def test_a_session_opens_sees_a_living_market_and_trades(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        async with ground.session() as session:
            await ready(session)
            assert sum(len(event.markets) for event in session.finder.events()) >= 40
            assert len(session.finder.categories()) >= 6
            assert session.portfolio.cash == Dollars.of(10_000)
            assert session.status.exchange == "Open"
            assert session.status.write_level[1] == 100
            ticker = some_ticker(session)
            moved: set[str] = set()
            session.market_data.quotes_changed.connect(moved.update)
            session.market_data.watch(ticker)
            await until(lambda: len(moved) > 1, "quotes that move")
            await until(lambda: session.market_data.book(ticker).fresh, "a fresh book")
            assert await session.market_data.candles(ticker, 60, 24)

            key = await place(session, cheap(ticker))
            assert [order.client_order_id for order in await resting(session)] == [key]
            await until(lambda: session.blotter.committed() == Dollars.from_cents(10))
            await until(lambda: session.portfolio.cash == Dollars.from_cents(1_000_000 - 10))

            canceled = await session.order_desk.cancel([key])
            assert canceled.canceled == (key,)
            await until(lambda: not session.blotter.working(), "an empty blotter")
            assert await resting(session) == ()
        assert ground.failed == []

    play(scene)


def test_taking_liquidity_shows_fill_position_and_cash(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        async with ground.session() as session:
            await ready(session)
            ticker = next(
                market.ticker
                for event in session.finder.events()
                for market in event.markets
                if (ask := session.market_data.quote(market.ticker).ask) is not None and ask < Price(6_000)
            )
            ask = session.market_data.quote(ticker).ask
            assert ask is not None
            await place(session, OrderDraft(ticker, Verb.BUY_YES, Count.of(5), ask))
            await until(lambda: session.portfolio.position(ticker), "a position")
            await until(lambda: session.portfolio.fills, "a fill")
            assert session.portfolio.fills[0].ticker == ticker
            await until(lambda: session.portfolio.today is not None)
            await session.read_again()
            await ready(session)
            outcome = await session.rest.balance()
            assert isinstance(outcome, Accepted)
            assert session.portfolio.cash == outcome.value.cash
            assert outcome.value.cash < Dollars.of(10_000)

    play(scene)


def test_orders_of_the_last_session_are_there_at_the_next(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        async with ground.session() as session:
            await ready(session)
            key = await place(session, cheap(some_ticker(session)))
        async with ground.session() as session:
            await ready(session)
            row = session.blotter.row(key)
            assert row is not None
            assert row.source is Source.TICKET
            assert row.verb is Verb.BUY_YES
            assert list(session.blotter.working()) == [key]

    play(scene, "--quiet-market")


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_killed_exchange_is_said_and_comes_back_with_every_order(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        async with ground.session() as session:
            await ready(session)
            keys = {await place(session, cheap(some_ticker(session), contracts=one)) for one in (1, 2, 3)}
            heard: list[str] = []
            back: list[PracticeAddress] = []
            said: list[Notice] = []
            ground.notices.said.connect(said.append)
            ground.process.died.connect(heard.append)
            ground.process.returned.connect(back.append)
            pid = ground.process.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await until(lambda: not session.gate.open_for_risk, "a closed gate")
            assert "exchange lost" in session.gate.reason
            await until(lambda: heard, "a word about the death")
            assert "stopped unexpectedly" in heard[0]
            denied = await session.order_desk.submit(
                cheap(some_ticker(session)), Source.TICKET, confirmed=True
            )
            assert denied.kind is SubmitKind.DENIED
            await until(lambda: back, "its return")
            assert back == [ground.address]
            await ready(session)
            assert set(session.blotter.working()) == keys
            assert {order.client_order_id for order in await resting(session)} == keys
            await place(session, cheap(some_ticker(session), contracts=4))
            assert [notice for notice in ground.notices.current() if notice.key == "stream"] == []
            connection = [notice.headline for notice in said if notice.kind is NoticeKind.CONNECTION]
            assert "exchange lost" in connection[0]
            assert connection[-1] == "The connection to the exchange is back."

    play(scene, "--quiet-market")


def test_a_session_begun_before_its_exchange_says_so_and_signs_in_when_it_is_there(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        await ground.process.stop()
        async with ground.session() as session:
            await until(lambda: any(notice.key == "sign in" for notice in ground.notices.current()))
            assert session.status.exchange == "Unknown"
            assert not session.gate.open_for_risk
            assert await ground.process.start() == ground.address
            await ready(session)
            assert all(notice.key != "sign in" for notice in ground.notices.current())

    play(scene, "--quiet-market")


def test_a_key_that_the_exchange_does_not_know_is_said(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.address = replace(ground.address, key_id="00000000-0000-4000-8000-000000000000")
        async with ground.session() as session:
            await until(lambda: any(notice.key == "sign in" for notice in ground.notices.current()))
            (said,) = (notice for notice in ground.notices.current() if notice.key == "sign in")
            assert "key" in said.advice
            assert not session.gate.open_for_risk
            assert ground.address.key_id not in said.advice + said.headline + said.detail

    play(scene, "--quiet-market")


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_the_exchange_ends_when_the_application_is_killed(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from pathlib import Path
from pitdesk.desk.practice_process import PracticeProcess
from pitdesk.tasks import TaskOwner

async def main():
    process = PracticeProcess(Path(sys.argv[1]), TaskOwner(print))
    await process.start()
    print(process.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    command = [sys.executable, "-c", program, str(tmp_path / "practice")]
    environment_now = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment_now) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()

    def is_gone() -> bool:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{child}/stat").exists() and " Z " in Path(f"/proc/{child}/stat").read_text()

    asyncio.run(until(is_gone, "the end of the exchange"))


def test_after_a_sleep_nothing_is_trusted_until_it_was_read_again(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        clock = ShiftedClock()
        async with ground.session(clock) as session:
            await ready(session)
            reasons: list[str] = []
            session.gate.changed.connect(lambda _: reasons.append(session.gate.reason))
            clock.monotonic_shift_s = 3_600
            await until(lambda: reasons, "a closed gate")
            assert "asleep" in reasons[0]
            await ready(session)
            assert session.status.stream.phase == "live"
            assert any(entry.what == "Sleep" for entry in session.activity.entries)
            await place(session, cheap(some_ticker(session)))

    play(scene, "--quiet-market")


def test_a_clock_that_is_off_holds_orders_back_and_is_named(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        clock = ShiftedClock()
        clock.wall_shift_ms = -90_000
        async with ground.session(clock) as session:
            await until(
                lambda: "clock is" in session.gate.reason, lambda: f"the clock named; {session.status}"
            )
            await until(lambda: session.status.stream.phase == "live", "a stream in spite of it")
            assert not session.gate.open_for_risk
            assert "Set it" in session.gate.reason

    play(scene, "--quiet-market")
