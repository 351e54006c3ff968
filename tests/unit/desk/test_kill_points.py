"""Killed at any point, the desk knows at its next start what became of every order, and sends none twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pitdesk.desk.blotter import RowPhase
from pitdesk.journal import IntentState
from tests.unit.desk import killed_desk
from tests.unit.desk.small_exchange import SmallExchange
from tests.unit.desk.trading_floor import run, trading_floor, until

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("point", list(killed_desk.POINTS))
def test_a_kill_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.unit.desk.killed_desk", str(tmp_path), point],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "app")},
        check=False,
        timeout=240,
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    placed = killed_desk.accepted(tmp_path / "accepted")
    journaled = _journaled(tmp_path)
    assert {intent.client_order_id for intent, _ in placed} <= journaled
    assert len(journaled) == (1 if point == "before SUBMITTED" else 2)

    exchange = SmallExchange()
    for _, order in placed:
        exchange.held[order.order_id] = order

    async def restart() -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            unconfirmed = floor.blotter.keys_in(RowPhase.UNCONFIRMED)
            assert await floor.reconciler.reconcile("start")
            await until(lambda: not floor.blotter.count(RowPhase.UNCONFIRMED))
            floor.blotter.flush()
            assert set(floor.blotter.working()) == {intent.client_order_id for intent, _ in placed}
            for key in journaled:
                state = await floor.state(key)
                if key in floor.blotter.working():
                    assert state is IntentState.RESTING
                else:
                    proven = IntentState.NOT_PLACED if key in unconfirmed else state
                    assert state is proven
                    assert state in (IntentState.REJECTED, IntentState.NOT_SENT, IntentState.NOT_PLACED)
            assert "create" not in exchange.requests
            assert await floor.journal.first_break() is None

    run(restart())


def _journaled(folder: Path) -> set[str]:
    connection = sqlite3.connect(folder / "state" / "journal.sqlite")
    try:
        return {row[0] for row in connection.execute("SELECT client_order_id FROM intent")}
    finally:
        connection.close()
