"""Dead-man's help: each part only where it is chosen, once, until the exchange has answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.dead_man import DeadMan
from pitdesk.desk.gatekeeper import SNAPSHOT, Gatekeeper
from pitdesk.orders import Source
from pitdesk.quantities import Price
from pitdesk.safety import Safety
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner
from tests.unit.desk.trading_floor import QUICK, Floor, draft, run, trading_floor, until


class TurnedClock(Clock):
    """The monotonic clock, turned on by a test."""

    turned_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.turned_s


@dataclass
class Watched:
    floor: Floor
    man: DeadMan
    clock: TurnedClock
    settings: Settings
    keeper: Gatekeeper
    reasons: list[str] = field(default_factory=list)

    async def place(self, count: int = 1) -> list[str]:
        keys = []
        for number in range(count):
            result = await self.floor.desk.submit(
                draft(price=Price.from_cents(1 + number)), Source.TICKET, confirmed=True
            )
            keys.append(result.row_key or "")
        return keys

    def minutes_pass(self, minutes: float) -> None:
        self.clock.turned_s += minutes * 60
        self.man.look()

    @property
    def cancels(self) -> int:
        return self.floor.exchange.requests.count("cancel all")

    def said(self) -> str:
        return " ".join(notice.headline for notice in self.floor.notices.current())


@asynccontextmanager
async def watched(folder: Path, safety: Safety) -> AsyncIterator[Watched]:
    failed: list[BaseException] = []
    owner = TaskOwner(lambda _name, error: failed.append(error))
    settings, clock = Settings(folder / "settings.json"), TurnedClock()
    settings.safety = safety
    async with trading_floor(folder, stream=False, pace=QUICK) as floor:
        keeper = Gatekeeper(floor.gate)
        man = DeadMan(
            floor.desk,
            lambda: len(floor.blotter.working_keys),
            settings,
            floor.notices,
            owner,
            clock,
            keeper,
            retry_s=(0.01, 0.02),
        )
        yield Watched(floor, man, clock, settings, keeper)
        await owner.close()
    settings.close()
    assert not failed


Story = Callable[[Watched], object]
AWAY = Safety(cancel_when_away=True, away_minutes=10)


def play(folder: Path, safety: Safety, story: Story) -> None:
    async def whole() -> None:
        async with watched(folder, safety) as stage:
            await story(stage)  # type: ignore[misc]

    run(whole())


def test_an_absent_person_is_warned_and_then_everything_is_canceled_once(tmp_path: Path) -> None:
    async def story(stage: Watched) -> None:
        await stage.place(3)
        stage.minutes_pass(8.9)
        assert stage.said() == ""
        stage.minutes_pass(0.5)
        assert stage.said().startswith("Nobody is there: in ")
        assert stage.cancels == 0
        stage.minutes_pass(0.6)
        await until(lambda: not stage.floor.exchange.resting())
        await until(lambda: "No key or mouse for 10 minutes: Canceled 3 orders." in stage.said())
        await stage.place()
        stage.minutes_pass(30)
        assert stage.cancels == 1

    play(tmp_path, AWAY, story)


def test_a_key_or_the_mouse_stops_it(tmp_path: Path) -> None:
    async def story(stage: Watched) -> None:
        await stage.place()
        stage.minutes_pass(9.5)
        assert stage.said()
        stage.man.person_acted()
        assert stage.said() == ""
        stage.minutes_pass(9.5)
        stage.minutes_pass(-9.5)
        assert stage.cancels == 0
        stage.man.person_acted()
        stage.minutes_pass(10.5)
        await until(lambda: stage.cancels == 1)

    play(tmp_path, AWAY, story)


@pytest.mark.parametrize("safety", [Safety(), Safety(cancel_on_quit=True, cancel_on_sleep=True)])
def test_nothing_happens_to_the_absent_where_that_is_not_chosen(tmp_path: Path, safety: Safety) -> None:
    async def story(stage: Watched) -> None:
        await stage.place()
        stage.minutes_pass(1_000)
        assert (stage.said(), stage.cancels) == ("", 0)

    play(tmp_path, safety, story)


def test_without_orders_the_absent_person_is_left_alone(tmp_path: Path) -> None:
    async def story(stage: Watched) -> None:
        stage.minutes_pass(1_000)
        assert (stage.said(), stage.cancels) == ("", 0)

    play(tmp_path, AWAY, story)


def test_after_a_sleep_the_gate_stays_closed_until_all_is_canceled(tmp_path: Path) -> None:
    async def story(stage: Watched) -> None:
        await stage.place(2)
        stage.keeper.lift(SNAPSHOT)
        stage.floor.exchange.faults.cancel_all.extend(["not sent"] * 6)
        stage.floor.exchange.faults.reads.extend(["no answer"] * 6)
        stage.man.woke()
        assert "because the computer was asleep" in stage.floor.gate.reason
        await until(lambda: stage.cancels > 3)
        assert "because the computer was asleep" in stage.floor.gate.reason
        await until(lambda: stage.floor.gate.open_for_risk)
        assert not stage.floor.exchange.resting()
        assert "The computer was asleep: Canceled 2 orders." in stage.said()

    play(tmp_path, Safety(cancel_on_sleep=True), story)


def test_what_is_left_is_canceled_as_soon_as_it_can_be_and_nothing_else(tmp_path: Path) -> None:
    async def story(stage: Watched) -> None:
        await stage.place()
        stage.floor.exchange.faults.cancel_all.append("leaves the first")
        stage.floor.exchange.faults.cancel.extend(["refuse"] * 3)
        stage.man.woke()
        await until(lambda: stage.floor.gate.open_for_risk)
        assert "The market is closed." in stage.said()
        later = (await stage.floor.desk.submit(draft(), Source.TICKET, confirmed=True)).row_key
        await until(lambda: len(stage.floor.exchange.resting()) == 1)
        await until(lambda: "Canceled: Buy 100 Yes at 1¢." in stage.said())
        assert stage.floor.exchange.resting()[0].client_order_id == later

    play(tmp_path, Safety(cancel_on_sleep=True), story)


def test_leaving_cancels_where_that_is_chosen_and_tells_what_is_left(tmp_path: Path) -> None:
    async def story(stage: Watched) -> None:
        stage.settings.safety = Safety()
        keys = await stage.place(2)
        assert await stage.man.leave() is None
        stage.settings.safety = Safety(cancel_on_quit=True)
        stage.floor.exchange.faults.cancel_all.append("leaves the first")
        stage.floor.exchange.faults.cancel.append("refuse")
        result = await stage.man.leave()
        assert result is not None
        assert result.left == (keys[0],)
        result = await stage.man.leave()
        assert result is not None
        assert result.left == ()
        stage.floor.blotter.flush()
        assert await stage.man.leave() is None

    play(tmp_path, Safety(), story)
