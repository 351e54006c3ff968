"""Batches against the real practice exchange: partial failures, its bucket, a kill, and canceling as one."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pitdesk.desk.batch.results import BatchEnd, RowEnd
from pitdesk.desk.batch.rows import Field
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.session import Session
from pitdesk.kalshi.outcomes import Accepted, Refused
from pitdesk.kalshi.records import AccountLimits, BucketLimit
from pitdesk.orders import Order
from tests.end_to_end.batch_ground import row, session_at, until
from tests.practice_fixture import ROOT, PracticeExchange, running_exchange

Scene = Callable[[Session], Awaitable[None]]


def play(exchange: PracticeExchange, folder: Path, scene: Scene) -> None:
    async def whole() -> None:
        async with session_at(
            exchange.rest, exchange.ws, exchange.key_id, exchange.private_key_file, folder
        ) as session:
            await scene(session)

    asyncio.run(whole())


async def resting(session: Session) -> tuple[Order, ...]:
    outcome = await session.rest.orders(status="resting")
    assert isinstance(outcome, Accepted)
    return outcome.value


def test_partial_failures_are_told_row_by_row(practice_exchange: PracticeExchange, tmp_path: Path) -> None:
    """A bid that crosses while post only, and one beyond the cash: the exchange refuses these alone."""

    async def scene(session: Session) -> None:
        batch = session.batch
        batch.draft.append([row(session, 10), row(session, 11, "99", post_only="yes"), row(session, 12)])
        batch.judge.judge_all()
        ids = [each.row_id for each in batch.draft.rows]
        said = [remark.sentence for remark in batch.judge.verdict(ids[1]).remarks]
        assert any(each.startswith("Post only at 99¢ meets") for each in said), said
        outcome = await batch.sender.send(confirmed=True)
        assert outcome.sentence == "Batch 1: 2 placed, 1 refused."
        result = batch.sender.result(ids[1])
        assert result is not None
        assert result.end is RowEnd.REFUSED
        assert "post only" in result.text
        assert len(await resting(session)) == 2
        batch.draft.edit({(ids[1], Field.PRICE): "2"})
        again = await batch.sender.send(batch.sender.sendable_again(), confirmed=True)
        assert again.sentence == "Batch 2: 1 placed."
        assert len(await resting(session)) == 3

    play(practice_exchange, tmp_path / "desk", scene)


def test_sixty_orders_meet_no_empty_bucket_and_are_canceled_as_one(
    practice_exchange: PracticeExchange, tmp_path: Path
) -> None:
    async def scene(session: Session) -> None:
        refused: list[Refused] = []
        session.rest.refused.connect(refused.append)
        session.batch.draft.append([row(session, count) for count in range(1, 61)])
        outcome = await session.batch.sender.send(confirmed=True)
        assert outcome.sentence == "Batch 1: 60 placed."
        assert len(await resting(session)) == 60
        result = await session.batch.sender.cancel()
        assert result.sentence == "Canceled 60 orders of batch 1."
        assert await resting(session) == ()
        assert refused == []

    play(practice_exchange, tmp_path / "desk", scene)


def test_a_bucket_smaller_than_believed_loses_nothing(
    practice_exchange: PracticeExchange, tmp_path: Path
) -> None:
    async def scene(session: Session) -> None:
        large = BucketLimit(1_000, 3_000)
        session.pacer.adopt(AccountLimits(BucketLimit(200, 400), large))
        await asyncio.sleep(0.1)
        session.batch.draft.append([row(session, count) for count in range(1, 41)])
        outcome = await session.batch.sender.send(confirmed=True)
        assert outcome.end is BatchEnd.STOPPED
        assert "Too many requests" in outcome.sentence
        assert len(await resting(session)) == len(outcome.placed)
        assert session.rest.write_budget().capacity == 100
        again = await session.batch.sender.send(session.batch.sender.sendable_again(), confirmed=True)
        assert len(again.placed) == 40 - len(outcome.placed)
        assert len(await resting(session)) == 40

    play(practice_exchange, tmp_path / "desk", scene)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_killed_between_two_requests_it_finds_what_was_placed(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "practice", "--quiet-market") as exchange:
        folder = tmp_path / "desk"
        words = (exchange.rest, exchange.ws, exchange.key_id, str(exchange.private_key_file), str(folder))
        path = os.pathsep.join(str(ROOT / part) for part in ("app", "ui", ""))
        child = subprocess.run(
            [sys.executable, "-m", "tests.end_to_end.batch_ground", *words],
            env={**os.environ, "PYTHONPATH": path},
            cwd=ROOT,
            check=False,
            timeout=240,
        )
        assert child.returncode == -signal.SIGKILL

        async def scene(session: Session) -> None:
            batch: Any = session.batch
            assert len(batch.draft) == 20
            ids = [each.row_id for each in batch.draft.rows]
            await until(lambda: session.blotter.count(RowPhase.WORKING) == 8)
            ends = [batch.sender.result(row_id).end for row_id in ids]
            assert ends == [RowEnd.PLACED] * 8 + [RowEnd.UNCONFIRMED] * 12
            denied = await batch.sender.send(confirmed=True)
            assert denied.end is BatchEnd.DENIED
            assert len(await resting(session)) == 8
            assert batch.sender.last_batch == 1
            canceled = await batch.sender.cancel(1)
            assert len(canceled.canceled) == 8
            assert await resting(session) == ()

        play(exchange, folder, scene)
