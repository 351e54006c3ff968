"""One signed-in environment: its start, its health, its gate, and its orderly end.

The order of a start: what the journal knows is shown; limits and the exchange's state are asked; the stream
connects; when it follows everything, orders, fills, positions and cash are read while the stream is merged;
then the gate opens. After a gap, a silence or a sleep the gate closes and the same begins again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.clock import Clock
from pitdesk.desk.batch.building import batch_room
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.caretaker import Caretaker
from pitdesk.desk.damage_watch import NOTICE
from pitdesk.desk.frames import Frame
from pitdesk.desk.health import SessionStatus
from pitdesk.desk.order_history import OrderHistory
from pitdesk.desk.placed_verbs import PlacedVerbs
from pitdesk.desk.rooms import Report, Rooms
from pitdesk.events import Listeners
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.stream import LIFECYCLE
from pitdesk.limits import LimitValues
from pitdesk.notices import Notice, Notices, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.signer import Signer
    from pitdesk.paths import Folders
    from pitdesk.settings import Settings

__all__ = ["Session", "SessionStatus", "preload"]

_CHANNELS = ("user_orders", "fill", "market_positions", "ticker", LIFECYCLE)
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 15.0
_TICK_S = 1.0
_IN_FLIGHT = (RowPhase.SENDING, RowPhase.CANCELING, RowPhase.AMENDING)


def preload() -> None:
    """Import what signing in needs and nothing before it does: for a thread, while an exchange starts."""
    import pitdesk.kalshi.stream.door
    import pitdesk.kalshi.transport.lane  # noqa: F401


class Session:
    """Attributes for presenters: rest, stream, pacer, notices, activity, blotter, order_desk, reconciler,
    market_data, portfolio, finder, risk, pre_trade, gate, dead_man, damage, journal, batch."""

    def __init__(
        self,
        environment: Environment,
        signer: Signer,
        *,
        folders: Folders,
        settings: Settings,
        notices: Notices,
        report: Report,
        clock: Clock | None = None,
        limits: Callable[[], LimitValues] = LimitValues,
    ) -> None:
        """``report`` is told the name and error of each task that fails; ``limits`` gives the figures in
        force at the moment that it is asked."""
        self.status_changed: Listeners[SessionStatus] = Listeners()
        rooms = Rooms(environment, signer, settings, notices, report, clock or Clock(), limits)
        self._rooms = rooms
        self._folders = folders
        self.rest, self.stream, self.pacer = rooms.rest, rooms.stream, rooms.pacer
        self.notices, self.activity, self.gate = notices, rooms.activity, rooms.gate
        self.journal, self.blotter, self.order_desk = rooms.journal, rooms.blotter, rooms.order_desk
        self.reconciler, self.pre_trade, self.risk = rooms.reconciler, rooms.pre_trade, rooms.risk
        self.market_data, self.portfolio, self.finder = rooms.market_data, rooms.portfolio, rooms.finder
        self._caretaker = Caretaker(rooms)
        self.dead_man, self.damage = self._caretaker.dead_man, self._caretaker.damage
        self.history = OrderHistory(rooms.rest, rooms.journal, rooms.blotter, environment.key)
        self.placed_verbs = PlacedVerbs(rooms.journal, rooms.blotter, rooms.owner, environment.key)
        self.batch = batch_room(rooms, lambda: self._caretaker.exchange.next_pause_ms, limits)
        if signer.is_read_only:
            self._caretaker.hold_read_only()
        self._frame = Frame(self._tell)
        self._ends = (
            rooms.gate.changed.connect(self._ask_frame),
            rooms.stream.state_changed.connect(self._ask_frame),
            rooms.blotter.changed.connect(self._ask_frame),
        )

    @property
    def status(self) -> SessionStatus:
        """The state as it is now."""
        rooms, exchange = self._rooms, self._caretaker.exchange
        return SessionStatus(
            exchange=exchange.word,
            next_pause_ms=exchange.next_pause_ms,
            stream=rooms.stream.state,
            last_round_trip_ms=rooms.transport.last_round_trip_ms,
            write_level=rooms.pacer.write_level(),
            unconfirmed=rooms.blotter.count(RowPhase.UNCONFIRMED),
            trading_open=rooms.gate.open_for_risk,
            reason=rooms.gate.reason,
        )

    async def start(self) -> None:
        """Open the journal, show what it holds, and begin; returns before the exchange has answered."""
        rooms = self._rooms
        opened = await rooms.journal.open(self._folders.journal_file)
        if opened.sentence:
            severity = Severity.WARNING if opened.usable else Severity.ERROR
            rooms.notices.say(Notice(opened.sentence, severity=severity, key=NOTICE))
        if opened.usable:
            await self.damage.look()
            await rooms.reconciler.recover()
            await self.batch.start(self._folders.batches(rooms.environment.key))
        rooms.owner.spawn("sign in", self._sign_in())
        rooms.owner.spawn("status tick", self._tick())

    def hold_read_only(self) -> None:
        """No new orders from now on; cancels work. A read-only account's session begins so."""
        self._caretaker.hold_read_only()

    async def read_again(self) -> None:
        """Read orders, fills, positions and cash anew, because the person asks."""
        self._caretaker.read_again("asked by the person")

    async def close(self, deadline: float = 3.0) -> list[str]:
        """End in order: commands in flight, tasks, stream, connections, journal. The names of what was late.

        A command that is late stays unconfirmed in the journal and is looked up at the next start.
        """
        rooms = self._rooms
        self._caretaker.close()
        self.history.close()
        self.placed_verbs.close()
        self.batch.sender.stop("Pitdesk was closed before this order was sent.")
        late = await self._commands_end(deadline)
        late += await rooms.commands.drain(deadline)
        for end in self._ends:
            end()
        await self.batch.close()
        stores = (rooms.market_data, rooms.portfolio, rooms.risk, rooms.pre_trade, rooms.order_desk)
        for store in (self._frame, *stores, rooms.blotter):
            store.close()
        await rooms.stream.close()
        late += await rooms.owner.close(deadline)
        await rooms.transport.close()
        late += await rooms.commands.close(deadline)
        await rooms.journal.close()
        return late

    async def _commands_end(self, deadline: float) -> list[str]:
        """Wait for the requests that are out. The name of what did not end."""
        blotter, ended = self._rooms.blotter, asyncio.Event()

        def look(_: object) -> None:
            if not any(blotter.count(phase) for phase in _IN_FLIGHT):
                ended.set()

        disconnect = blotter.changed.connect(look)
        look(None)
        try:
            async with asyncio.timeout(deadline):
                await ended.wait()
        except TimeoutError:
            return ["orders in flight"]
        finally:
            disconnect()
        return []

    async def _sign_in(self) -> None:
        """Limits, costs and state first; what fails is said and tried again. Then the stream."""
        rooms, wait = self._rooms, _FIRST_WAIT_S
        rooms.owner.spawn("warm the connections", rooms.transport.warm())
        while not await self._ask_account():
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT_S)
        rooms.notices.clear("sign in")
        rooms.stream.follow(*_CHANNELS)
        rooms.stream.start()
        self._caretaker.begin()
        await self._caretaker.exchange.ask_schedule()
        await rooms.transport.keep_warm()

    async def _ask_account(self) -> bool:
        rest = self._rooms.rest
        limits, _, _ = await asyncio.gather(
            rest.limits(), rest.endpoint_costs(), self._caretaker.exchange.ask()
        )
        if isinstance(limits, Accepted):
            return True
        self._rooms.notices.say(
            Notice(
                f"Not signed in to {self._rooms.environment.name} yet.",
                advice=f"{limits.sentence} It is tried again by itself.",
                severity=Severity.WARNING,
                key="sign in",
            )
        )
        return False

    async def _tick(self) -> None:
        while True:
            self._frame.request()
            await asyncio.sleep(_TICK_S)

    def _ask_frame(self, _: object) -> None:
        self._frame.request()

    def _tell(self) -> None:
        self.status_changed.emit(self.status)
