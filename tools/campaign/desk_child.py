"""One life of a desk: a real session on the stock event loop, what it says, and the hand that trades."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pitdesk.desk import rooms, sleep_watch
from pitdesk.desk.blotter import BlotterChanges, BlotterRow, RowPhase
from pitdesk.desk.order_tools import OrderTerms
from pitdesk.desk.session import Session
from pitdesk.kalshi import environment
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from pitdesk.limits.figures import LOOSEST
from pitdesk.notices import Notices
from pitdesk.paths import Folders
from pitdesk.quantities import Count
from pitdesk.settings import Settings
from tools.campaign import terms, traps, variants
from tools.campaign.hand import Hand
from tools.campaign.said import Said
from tools.campaign.scaled import PACE, SCRIPT_PACE, SCRIPT_TIMING, TIMING
from tools.campaign.terms import LifeSpec

_PENDING = (RowPhase.UNCONFIRMED, RowPhase.SENDING, RowPhase.AMENDING, RowPhase.CANCELING)
_STILL_UNKNOWN = "still unknown"
_READY_S, _SETTLE_S = 90.0, 90.0


def live(spec: LifeSpec) -> None:
    """The whole life. Raises what goes wrong; a kill needs no saying."""
    trap = traps.Trap(spec.point, spec.nth)
    traps.lay(trap)
    pace, timing = (SCRIPT_PACE, SCRIPT_TIMING) if spec.script else (PACE, TIMING)
    rooms.OrderTerms = functools.partial(OrderTerms, pace=pace)  # type: ignore[attr-defined,misc,assignment]
    rooms.Transport = functools.partial(Transport, timing=timing)  # type: ignore[attr-defined,misc,assignment]
    if not spec.script:  # in a script nobody sleeps, and a busy machine must not look as if it had
        sleep_watch._JUMP_S = terms.SLEEP_NOTICED_S
    variants.apply(spec.variant)
    asyncio.run(_Life(spec, trap).run())


class Door:
    """Asks the campaign for a fault, and waits until it is in force."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def arm(self, kind: str, **more: Any) -> None:
        """Put one fault in force. Raises RuntimeError where the campaign could not."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(json.dumps({"kind": kind, **more}).encode() + b"\n")
        answer = await reader.readline()
        writer.close()
        if answer.strip() != b"ok":
            raise RuntimeError(f"{kind} was not armed: {answer!r}")


class _Life:
    def __init__(self, spec: LifeSpec, trap: traps.Trap) -> None:
        self._spec, self._trap = spec, trap
        folder = Path(spec.folder)
        folders = Folders.under(folder / "person")
        self._settings = Settings(folders.settings_file)
        self._said = Said(folder / "said.jsonl", spec.life, trap.reach)
        limits = replace(LOOSEST, contracts_hard=Count.of(terms.MOST_CONTRACTS))
        self.session = Session(
            environment.practice(spec.rest, spec.ws),
            Signer.from_pem(spec.key_id, Path(spec.key_file).read_bytes()),
            folders=folders,
            settings=self._settings,
            notices=Notices(),
            report=self._failed,
            limits=lambda: limits,
        )
        self.session.blotter.changed.connect(self._rows_shown)

    async def run(self) -> None:
        """Start, act or settle, and end in order."""
        self._said.tell("born")
        await self.session.start()
        await self._until(self._is_ready, _READY_S, "the gate did not open")
        self._said.tell("ready", unconfirmed=self.session.blotter.count(RowPhase.UNCONFIRMED))
        self._trap.is_armed = True
        if self._spec.settle:
            await self._settle()
        else:
            await Hand(self.session, self._said, self._spec, Door(self._spec.door_port)).play()
        late = await self.session.close()
        self._settings.close()
        self._said.tell("closed", late=late)

    def _is_ready(self) -> bool:
        session = self.session
        return session.gate.open_for_risk and not session.finder.is_loading and bool(session.finder.events())

    async def _settle(self) -> None:
        """The network is well: wait until nothing is in doubt, read everything once more, and say it all."""
        blotter, asked = self.session.blotter, asyncio.get_running_loop().time()
        with contextlib.suppress(TimeoutError):  # the checker counts what is still unknown
            await self._until(
                lambda: not any(blotter.count(phase) for phase in _PENDING), _SETTLE_S, _STILL_UNKNOWN
            )
        settled = asyncio.get_running_loop().time()
        await asyncio.sleep(terms.READ_LAG_BELIEVED_S + max(terms.READ_LAGS_S))
        answered = await self.session.reconciler.reconcile("campaign")
        blotter.flush()
        rows = [_told(row) for row in blotter.working().values()]
        self._said.tell("settled", answered=answered, took_s=settled - asked, rows=rows)

    async def _until(self, condition: Callable[[], bool], seconds: float, why: str) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not condition():  # noqa: ASYNC110 (several parts of the desk are looked at together)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            if why == _STILL_UNKNOWN:
                raise
            raise RuntimeError(f"{why}: {self.session.gate.reason}") from None

    def _rows_shown(self, changes: BlotterChanges) -> None:
        """What the window would show from this frame on."""
        blotter = self.session.blotter
        keys = dict.fromkeys((*changes.added, *changes.updated, *changes.removed))
        rows = [row for key in keys if (row := blotter.row(key)) is not None]
        if rows:
            self._said.tell_all([{"what": "row", **_told(row)} for row in rows])

    def _failed(self, name: str, error: BaseException) -> None:
        self._said.tell("task failed", name=name, error=repr(error))


def _told(row: BlotterRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "phase": row.phase.name,
        "status": row.status_text,
        "note": row.note,
        "order_id": row.order_id,
        "ours": row.intent is not None,
        "price": row.yes_price.to_wire(),
        "filled": row.filled.to_wire(),
        "remaining": row.remaining.to_wire(),
    }
