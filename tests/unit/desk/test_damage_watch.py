"""A damaged journal closes the gate until the orders were read and the person has said that they know."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pitdesk.clock import Clock
from pitdesk.desk.activity import Activity
from pitdesk.desk.damage_watch import DamageWatch
from pitdesk.desk.gate import Gate
from pitdesk.desk.gatekeeper import SNAPSHOT, Gatekeeper
from pitdesk.journal import Journal, OpenReport
from pitdesk.notices import Notices
from pitdesk.orders import Intent, Source
from tests.unit.desk.trading_floor import draft, run


@dataclass
class Ground:
    journal: Journal
    gate: Gate
    keeper: Gatekeeper
    activity: Activity
    watch: DamageWatch
    opened: OpenReport


@asynccontextmanager
async def start(folder: Path, environment: str = "Practice") -> AsyncIterator[Ground]:
    """As a session starts: the account is still to be read."""
    journal, gate, activity = Journal(), Gate("Reading."), Activity()
    keeper = Gatekeeper(gate)
    opened = await journal.open(folder / "journal.sqlite")
    watch = DamageWatch(journal, environment, keeper, Notices(), activity, Clock())
    await watch.look()
    try:
        yield Ground(journal, gate, keeper, activity, watch, opened)
    finally:
        await journal.close()


async def write_something(folder: Path) -> None:
    async with start(folder) as ground:
        await ground.journal.write_intent(Intent("one", draft(), Source.TICKET, 1), b"body", "Practice")


def spoil(folder: Path) -> None:
    file = folder / "journal.sqlite"
    file.write_bytes(b"\x00" * 100 + file.read_bytes()[100:])


def test_a_sound_journal_asks_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        await write_something(tmp_path)
        async with start(tmp_path) as ground:
            ground.keeper.lift(SNAPSHOT)
            assert ground.gate.open_for_risk
            assert ground.watch.damages == ()

    run(scene())


def test_the_gate_opens_only_after_the_orders_were_read_and_the_person_has_answered(tmp_path: Path) -> None:
    async def scene() -> None:
        await write_something(tmp_path)
        spoil(tmp_path)
        async with start(tmp_path) as ground:
            (damage,) = ground.watch.damages
            assert damage.file == ground.opened.quarantined
            assert damage.file.read_bytes()[:100] == b"\x00" * 100, "it is kept as it was"
            assert "damaged" in ground.gate.reason
            assert not ground.watch.may_acknowledge
            assert "still being read" in await ground.watch.acknowledge()
            assert not ground.gate.open_for_risk
            ground.keeper.lift(SNAPSHOT)
            assert not ground.gate.open_for_risk, "reading alone does not open it"
            told: list[None] = []
            ground.watch.changed.connect(told.append)
            assert await ground.watch.acknowledge() == ""
            assert ground.gate.open_for_risk
            assert (ground.watch.damages, len(told)) == ((), 1)
            assert ground.activity.entries[-1].outcome == "Damage acknowledged"

    run(scene())


def test_a_kill_before_the_answer_asks_again_and_after_it_no_more(tmp_path: Path) -> None:
    async def scene() -> None:
        await write_something(tmp_path)
        spoil(tmp_path)
        for _ in range(2):
            async with start(tmp_path) as ground:
                assert len(ground.watch.damages) == 1
        async with start(tmp_path) as ground:
            ground.keeper.lift(SNAPSHOT)
            assert await ground.watch.acknowledge() == ""
        async with start(tmp_path) as ground:
            assert ground.watch.damages == ()
        async with start(tmp_path, "Live") as ground:
            assert len(ground.watch.damages) == 1, "another account's orders were in it as well"
        spoil(tmp_path)
        async with start(tmp_path) as ground:
            assert len(ground.watch.damages) == 2, "what was acknowledged was lost with the journal"

    run(scene())


def test_a_changed_line_is_asked_about_once(tmp_path: Path) -> None:
    async def scene() -> None:
        await write_something(tmp_path)
        connection = sqlite3.connect(tmp_path / "journal.sqlite")
        connection.execute("DROP TRIGGER event_is_not_edited")
        connection.execute("UPDATE event SET cause = 'another' WHERE seq = 2")
        connection.commit()
        connection.close()
        async with start(tmp_path) as ground:
            (damage,) = ground.watch.damages
            assert damage.name == f"line {ground.opened.tampered_at}"
            ground.keeper.lift(SNAPSHOT)
            assert await ground.watch.acknowledge() == ""
        async with start(tmp_path) as ground:
            assert ground.opened.tampered_at is not None
            assert ground.watch.damages == ()

    run(scene())


def test_what_cannot_be_written_down_is_not_acknowledged(tmp_path: Path) -> None:
    async def scene() -> None:
        await write_something(tmp_path)
        spoil(tmp_path)
        async with start(tmp_path) as ground:
            ground.keeper.lift(SNAPSHOT)
            other = sqlite3.connect(tmp_path / "journal.sqlite")
            other.execute("DROP TABLE event")
            other.commit()
            other.close()
            assert (await ground.watch.acknowledge()).startswith("Trading stays closed.")
            assert not ground.gate.open_for_risk
            assert len(ground.watch.damages) == 1

    run(scene())
