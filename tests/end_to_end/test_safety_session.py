"""Two desktops on one account, cancels from an empty bucket, and a sleep, on the practice exchange."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.results import SubmitKind, SubmitResult
from pitdesk.desk.session import Session
from pitdesk.kalshi import environment
from pitdesk.kalshi.signer import Signer
from pitdesk.limits.figures import LOOSEST
from pitdesk.notices import Notices
from pitdesk.orders import OrderDraft, Source, Verb
from pitdesk.paths import Folders
from pitdesk.quantities import Count, Price
from pitdesk.safety import Safety
from pitdesk.settings import Settings
from tests.practice_fixture import PracticeExchange, running_exchange

PATIENCE_S = 60.0


class ShiftedClock(Clock):
    """The machine's clock, on which a test may let a sleep pass."""

    slept_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.slept_s


@dataclass
class Desk:
    """One desktop: a session with files of its own."""

    session: Session
    settings: Settings
    clock: ShiftedClock

    async def submit(self, cents: int, contracts: int = 10) -> SubmitResult:
        ticker = next(event.markets[0].ticker for event in self.session.finder.events() if event.markets)
        draft = OrderDraft(ticker, Verb.BUY_YES, Count.of(contracts), Price.from_cents(cents))
        return await self.session.order_desk.submit(draft, Source.TICKET, confirmed=True)

    async def place(self, cents: int, contracts: int = 10) -> str:
        result = await self.submit(cents, contracts)
        assert result.kind is SubmitKind.PLACED, result.sentence
        return result.row_key or ""

    def working(self) -> list[str]:
        return [row.key for row in self.session.blotter.working().values() if not row.phase.is_final]


@asynccontextmanager
async def desk(exchange: PracticeExchange, folder: Path, *, read: bool = True) -> AsyncIterator[Desk]:
    """``read``: wait until the account was read."""
    failed: list[str] = []
    folders, clock = Folders.under(folder), ShiftedClock()
    settings = Settings(folders.settings_file)
    session = Session(
        environment.practice(exchange.rest, exchange.ws),
        Signer.from_pem(exchange.key_id, exchange.private_key_file.read_bytes(), clock=Clock()),
        folders=folders,
        settings=settings,
        notices=Notices(),
        report=lambda name, error: failed.append(f"{name}: {error!r}"),
        clock=clock,
        limits=lambda: LOOSEST,  # orders are placed here quicker than a hand can
    )
    await session.start()
    try:
        if read:
            await until(lambda: session.gate.open_for_risk and not session.finder.is_loading)
        yield Desk(session, settings, clock)
    finally:
        assert await session.close() == []
        settings.close()
    assert failed == []


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


Scene = Callable[[PracticeExchange, list[Desk]], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """``play(scene, desks)``: so many desktops on one account."""

    def run(scene: Scene, desks: int = 1) -> None:
        async def whole(exchange: PracticeExchange) -> None:
            async with asyncio.timeout(240), AsyncExitStack() as stack:
                made = [
                    await stack.enter_async_context(desk(exchange, tmp_path / f"desk-{number}"))
                    for number in range(desks)
                ]
                await scene(exchange, made)

        with running_exchange(tmp_path / "practice", "--quiet-market") as exchange:
            asyncio.run(whole(exchange))

    return run


def resting(exchange: PracticeExchange) -> list[str]:
    orders = exchange.call("GET", "/portfolio/orders?status=resting&limit=1000").json["orders"]
    return [order["client_order_id"] for order in orders]


def test_what_another_desktop_places_is_shown_as_elsewhere_and_can_be_canceled(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here, there = desks
        mine, theirs = await here.place(3), await there.place(4)
        blotter = here.session.blotter
        await until(lambda: len(here.working()) == len(there.working()) == 2)
        sources = {
            row.order.client_order_id: row.source_text for row in blotter.working().values() if row.order
        }
        assert sources == {mine: "Ticket", theirs: "Elsewhere"}
        row = next(row for row in blotter.working().values() if row.source is Source.ELSEWHERE)
        assert (row.key, row.verb, str(row.price)) == (row.order_id, Verb.BUY_YES, "4¢")
        result = await here.session.order_desk.cancel([row.key])
        assert result.canceled == (row.key,)
        await until(lambda: len(there.working()) == 1)
        assert resting(exchange) == [mine]

    play(scene, desks=2)


def test_cancel_all_takes_what_another_desktop_placed_and_both_see_it(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here, there = desks
        await here.place(3)
        await there.place(4)
        await until(lambda: len(here.working()) == len(there.working()) == 2)
        result = await there.session.order_desk.cancel_all()
        assert len(result.canceled) == 2
        assert (result.left, result.verified) == ((), True)
        assert resting(exchange) == []
        await until(lambda: here.working() == [] == there.working())

    play(scene, desks=2)


def test_cancel_all_proves_by_lists_what_the_stream_never_told(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ended_lists", "cancel_all"):
        monkeypatch.setattr(f"pitdesk.desk.{module}.FEW", 2)
    monkeypatch.setattr("pitdesk.desk.cancel_all._LOOKS", 0)

    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here = desks[0]
        keys = [await here.place(cents) for cents in range(1, 7)]
        await until(lambda: len(resting(exchange)) == 6)
        await here.session.stream.close()
        result = await here.session.order_desk.cancel_all()
        assert (set(result.canceled), result.left, result.verified) == (set(keys), (), True)
        assert here.working() == [] == resting(exchange)

    play(scene)


def test_cancels_get_through_while_the_bucket_is_drained_by_others(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here = desks[0]
        single = await here.place(2)
        keys = [await here.place(3 + number % 5, 1 + number) for number in range(12)]
        draining = True

        def drain() -> int:
            refused = 0
            while draining:  # the same account from elsewhere: its tokens are those of all
                answer = exchange.call("POST", "/portfolio/events/orders", {"ticker": "NONE"})
                refused += answer.status == 429
            return refused

        work = [asyncio.create_task(asyncio.to_thread(drain)) for _ in range(2)]
        try:
            assert (await here.session.order_desk.cancel([single])).canceled == (single,)
            result = await here.session.order_desk.cancel(keys)
            assert set(result.canceled) == set(keys), result.sentence
            last = await here.session.order_desk.cancel_all()
            assert (last.left, last.verified) == ((), True)
        finally:
            draining = False
            refused = sum(await asyncio.gather(*work))
        assert refused, "the bucket was never empty"
        assert resting(exchange) == []

    play(scene)


def test_a_burst_of_our_own_orders_never_holds_up_a_cancel(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here = desks[0]
        first = await here.place(2)
        burst = [asyncio.create_task(here.place(3 + number % 5, 1 + number)) for number in range(25)]
        await until(lambda: here.session.blotter.count(RowPhase.SENDING) >= 10)
        result = await here.session.order_desk.cancel([first])
        assert result.canceled == (first,)
        waiting = sum(not task.done() for task in burst)
        assert waiting, "the burst was over before the cancel"
        await asyncio.gather(*burst)
        log = exchange.control("GET", "/log").json["requests"]
        assert not [entry for entry in log if entry.get("status") == 429]

    play(scene)


def test_after_a_sleep_everything_is_canceled_before_anything_new_may_be_sent(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here = desks[0]
        here.settings.safety = Safety(cancel_on_sleep=True)
        for cents in (3, 4, 5):
            await here.place(cents)
        gate, seen = here.session.gate, []
        gate.changed.connect(lambda _: seen.append((gate.reason, len(here.working()))))
        here.clock.slept_s = 3_600
        await until(lambda: seen and gate.open_for_risk)
        assert ("Your orders are being canceled because the computer was asleep.", 3) in seen
        assert seen[-1] == ("", 0), "the gate opens once nothing works any more"
        assert resting(exchange) == []
        said = [notice.headline for notice in here.session.notices.current()]
        assert any("The computer was asleep: Canceled 3 orders." in headline for headline in said)

    play(scene)


def test_without_the_choice_a_sleep_leaves_the_orders(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        here = desks[0]
        key = await here.place(3)
        reasons: list[str] = []
        here.session.gate.changed.connect(lambda _: reasons.append(here.session.gate.reason))
        here.clock.slept_s = 3_600
        await until(lambda: reasons and here.session.gate.open_for_risk)
        assert resting(exchange) == [key]

    play(scene)


def test_who_leaves_before_the_orders_were_read_leaves_none_behind(play: Play, tmp_path: Path) -> None:
    """As after a crash: what rests from before is not known yet, and not known to be nothing."""

    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        await desks[0].place(3)
        async with desk(exchange, tmp_path / "hasty", read=False) as hasty:
            assert hasty.working() == []
            assert await hasty.session.dead_man.leave() is None, "it was not chosen"
            hasty.settings.safety = Safety(cancel_on_quit=True)
            result = await hasty.session.dead_man.leave()
            assert result is not None
            assert result.verified, result.sentence
        assert resting(exchange) == []
        desks[0].settings.safety = Safety(cancel_on_quit=True)
        await until(lambda: not desks[0].session.blotter.working())
        assert await desks[0].session.dead_man.leave() is None, "known to have nothing"

    play(scene)


def test_a_disk_that_does_not_answer_holds_orders_back_and_no_cancel(play: Play) -> None:
    async def scene(exchange: PracticeExchange, desks: list[Desk]) -> None:
        (here,) = desks
        first = await here.place(1)
        disk_answers = Event()
        here.session.journal._pool.submit(disk_answers.wait)
        try:
            held = [asyncio.ensure_future(here.submit(2 + cents)) for cents in range(6)]
            await until(lambda: here.session.blotter.count(RowPhase.SENDING) == len(held))
            result = await here.session.order_desk.cancel([first])
            assert result.canceled == (first,), result.sentence
            assert resting(exchange) == []
        finally:
            disk_answers.set()
        ends = {result.row_key: result.kind for result in await asyncio.gather(*held)}
        assert {key for key, kind in ends.items() if kind is SubmitKind.PLACED} == set(resting(exchange))
        assert set(ends.values()) <= {SubmitKind.PLACED, SubmitKind.NOT_SENT}

    play(scene)
