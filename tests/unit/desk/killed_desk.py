"""An order desk in a process of its own that kills itself at a named point: what a power cut leaves.

Run as ``python -m tests.unit.desk.killed_desk FOLDER POINT`` with the app on the path. The exchange's side of
the story is kept in a file of its own.
"""

from __future__ import annotations

import asyncio
import base64
import os
import pickle
import signal
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from pitdesk.journal import ActionStep, IntentState, Journal, Statement
from pitdesk.kalshi.outcomes import CallOutcome
from pitdesk.kalshi.records import CreatedOrder
from pitdesk.orders import Intent, Order, Source
from tests.unit.desk.small_exchange import SmallExchange
from tests.unit.desk.trading_floor import draft, trading_floor, until

# Each point, and what the exchange is made to do with the second order on the way there.
POINTS = {
    "before SUBMITTED": "",
    "after SUBMITTED": "",
    "before the request": "",
    "after acceptance": "",
    "before ACKED": "",
    "after ACKED": "",
    "before REJECTED": "refuse",
    "after REJECTED": "refuse",
    "before NOT_SENT": "not sent",
    "after NOT_SENT": "not sent",
    "before UNKNOWN": "accept, answer lost",
    "after UNKNOWN": "accept, answer lost",
    "before NOT_PLACED": "lost on the way",
    "after NOT_PLACED": "lost on the way",
}


class Trap:
    """Kills the process when the armed point is reached."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.armed = False

    def reach(self, point: str) -> None:
        if self.armed and point == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


class KilledJournal(Journal):
    """The journal, with a trap before and after each state."""

    def __init__(self, trap: Trap) -> None:
        super().__init__()
        self._trap = trap

    def begin_intent(self, *asked: Any, **more: Any) -> Future[None]:
        self._trap.reach("before SUBMITTED")
        written = super().begin_intent(*asked, **more)
        written.add_done_callback(lambda _: self._trap.reach("after SUBMITTED"))
        return written

    async def record(self, client_order_id: str, state: IntentState, cause: str, **more: Any) -> None:
        self._trap.reach(f"before {state.value}")
        await super().record(client_order_id, state, cause, **more)
        self._trap.reach(f"after {state.value}")

    def note(self, said: Statement | ActionStep) -> None:
        self._trap.reach(f"before {said.state.value}")
        super().note(said)
        self._trap.reach(f"after {said.state.value}")


class LoggedExchange(SmallExchange):
    """Writes down every order it accepts before anybody is answered."""

    def __init__(self, log: Path, trap: Trap) -> None:
        super().__init__()
        self._log, self._trap = log, trap

    async def _create(self, intent: Intent) -> CallOutcome[CreatedOrder]:
        self._trap.reach("before the request")
        return await super()._create(intent)

    def accept(self, intent: Intent) -> Order:
        order = super().accept(intent)
        with self._log.open("ab") as file:
            file.write(base64.b64encode(pickle.dumps((intent, order))) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._trap.reach("after acceptance")
        return order


def accepted(log: Path) -> list[tuple[Intent, Order]]:
    """What the exchange accepted, read back."""
    lines = log.read_bytes().splitlines() if log.exists() else []
    return [pickle.loads(base64.b64decode(line)) for line in lines]


async def trade(folder: Path, point: str) -> None:
    trap = Trap(point)
    exchange = LoggedExchange(folder / "accepted", trap)
    async with trading_floor(folder, exchange, stream=False, journal=KilledJournal(trap)) as floor:
        await floor.desk.submit(draft(), Source.TICKET)
        trap.armed = True
        if POINTS[point]:
            exchange.faults.create.append(POINTS[point])
        result = await floor.desk.submit(draft(), Source.TICKET)
        await until(lambda: floor.row(result.row_key).phase.is_final)


if __name__ == "__main__":
    asyncio.run(trade(Path(sys.argv[1]), sys.argv[2]))
