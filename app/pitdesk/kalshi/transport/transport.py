"""The two pools of workers: commands and queries never wait for each other."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pitdesk.clock import Clock
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.server_clock import ServerClock
from pitdesk.kalshi.transport.attempt import Attempt
from pitdesk.kalshi.transport.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.signer import Signer
    from pitdesk.kalshi.transport.lane import Lane

_LOG = logging.getLogger(__name__)
_MIB = 1024 * 1024
_CLOSED = Fault(
    sent=False, detail="the transport is closed", sentence="Pitdesk is closing. Nothing was sent."
)
_PING_PATH = "/exchange/status"
_KEPT_WARM = 2


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``connect`` and ``read`` bound one wait each; the others bound a whole call."""

    connect: float = 3.0
    read: float = 8.0
    command: float = 8.0
    query: float = 15.0
    warm_after: float = 10.0


class Transport:
    """Sends requests to one environment and tells what became of each: a reply or a fault, never a raise.

    Nothing that waits on a command stops it: once it may have left, only its own deadline ends it.
    """

    def __init__(
        self,
        environment: Environment,
        signer: Signer | None,
        *,
        timing: Timing | None = None,
        clock: Clock | None = None,
        proxy: str = "",
    ) -> None:
        """``proxy``: ``http://host:port`` from the settings, empty for none."""
        self._environment = environment
        self._signer = signer
        self._timing = timing or Timing()
        self._clock = clock or Clock()
        self._server_clock = ServerClock(self._clock)
        self._commands = _Pool("commands", 4, self._clock, self._server_clock, proxy)
        self._queries = _Pool("queries", 2, self._clock, self._server_clock, proxy)
        self._round_trip_ms: float | None = None

    async def command(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        before: Callable[[], str] | None = None,
    ) -> Reply | Fault:
        """Send one write, once. Signed in the worker, right before it goes out.

        ``before`` is called in that worker when all is ready to go: it may wait, and a sentence from it says
        why nothing may be sent.
        """
        return await self._run(self._commands, self._call(method, path, query, body, 2 * _MIB, before))

    async def query(
        self, path: str, query: Mapping[str, str] | None = None, *, large: bool = False
    ) -> Reply | Fault:
        """Read once; once more where the connection broke. ``large`` allows 8 MiB instead of 2 MiB."""
        call = self._call("GET", path, query, None, (8 if large else 2) * _MIB)
        started = self._clock.monotonic()
        said = await self._run(self._queries, call)
        if isinstance(said, Fault) and said.sent and self._clock.monotonic() - started < 1.0:
            return await self._run(self._queries, call)
        return said

    async def warm(self) -> None:
        """Make or refresh the connections that the next commands will use."""
        lanes = await self._commands.take_cold(_KEPT_WARM, self._timing.warm_after)
        await asyncio.gather(*(self._ping(lane) for lane in lanes))

    async def keep_warm(self) -> None:
        """Keep connections warm until canceled: the first order after a quiet hour is as quick as any."""
        while True:
            await self.warm()
            await asyncio.sleep(self._timing.warm_after)

    @property
    def last_round_trip_ms(self) -> float | None:
        """How long the answer to the latest write took, None before the first."""
        return self._round_trip_ms

    @property
    def clock_offset_ms(self) -> int | None:
        """The exchange's clock less the machine's; None while not known."""
        return self._server_clock.offset_ms

    def clock_sentence(self) -> str | None:
        """What to tell the person about the machine's clock where it is off by more than 2 s."""
        return self._server_clock.sentence()

    async def close(self) -> None:
        """End everything: what waits is not sent, what is out is cut (and so unknown)."""
        self._commands.close()
        self._queries.close()

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: bytes | None,
        most_bytes: int,
        before: Callable[[], str] | None = None,
    ) -> Call:
        url = self._environment.rest_url + path + (f"?{urlencode(query)}" if query else "")
        timing = self._timing
        return Call(method, url, body, method != "GET", most_bytes, timing.connect, timing.read, before)

    async def _ping(self, lane: Lane) -> None:
        await self._run(self._commands, self._call("GET", _PING_PATH, None, None, 2 * _MIB), lane)

    async def _run(self, pool: _Pool, call: Call, lane: Lane | None = None) -> Reply | Fault:
        seconds = self._timing.command if pool is self._commands else self._timing.query
        said = await pool.run(call, self._signer if lane is None else None, seconds, lane)
        if isinstance(said, Reply) and call.is_write:
            self._round_trip_ms = said.elapsed_ms
        return said


class _Pool:
    """Some workers and as many lanes. The lane used last is used next: it is the warmest."""

    def __init__(
        self, name: str, workers: int, clock: Clock, server_clock: ServerClock, proxy: str = ""
    ) -> None:
        self._name = name
        self._proxy = proxy
        self._clock = clock
        self._server_clock = server_clock
        self._workers = workers
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=f"pitdesk-{name}")
        self._lanes: deque[Lane] = deque()
        self._lock = threading.Lock()
        self._attempts: set[Attempt] = set()
        self._closed = False

    async def run(
        self, call: Call, signer: Signer | None, seconds: float, lane: Lane | None
    ) -> Reply | Fault:
        """Perform ``call`` in a worker, within ``seconds`` from now, the wait for a worker included."""
        if self._closed:
            return _CLOSED
        attempt = Attempt(self._clock, seconds, call.before)
        self._attempts.add(attempt)
        work = self._executor.submit(self._work, call, signer, attempt, lane, self._clock.monotonic())
        future = asyncio.wrap_future(work)
        future.add_done_callback(lambda _: self._attempts.discard(attempt))
        done, _ = await asyncio.wait({future}, timeout=seconds)
        if not done and attempt.expire():
            return Fault(sent=False, detail="no connection before the deadline")
        if future.cancelled():
            return _CLOSED
        return await future

    async def take_cold(self, most: int, idle_s: float) -> list[Lane]:
        """Take out up to ``most`` of the lanes used next that were idle for ``idle_s``, or new ones."""
        if self._closed:
            return []
        await asyncio.get_running_loop().run_in_executor(self._executor, _import_lane)
        with self._lock:
            front = [self._lanes.pop() for _ in range(min(most, len(self._lanes)))]
            front += [self._new_lane() for _ in range(most - len(front))]
            cold = [lane for lane in front if lane.is_new or lane.idle_s >= idle_s]
            self._lanes.extend(lane for lane in reversed(front) if lane not in cold)
        return cold

    def close(self) -> None:
        """Take nothing more, cut what is out, drop every connection."""
        self._closed = True
        self._executor.shutdown(wait=False, cancel_futures=True)
        for attempt in tuple(self._attempts):
            attempt.expire()
        with self._lock:
            lanes, self._lanes = self._lanes, deque()
        for lane in lanes:
            lane.close()

    def _work(
        self, call: Call, signer: Signer | None, attempt: Attempt, lane: Lane | None, asked: float
    ) -> Reply | Fault:
        waited = self._clock.monotonic() - asked
        if waited > 0.1:
            _LOG.warning("A request waited %.0f ms for one of the %s workers.", waited * 1000, self._name)
        lane = lane or self._take()
        try:
            return lane.perform(call, signer, attempt)
        finally:
            self._give_back(lane)

    def _take(self) -> Lane:
        with self._lock:
            return self._lanes.pop() if self._lanes else self._new_lane()

    def _give_back(self, lane: Lane) -> None:
        with self._lock:
            if not self._closed and len(self._lanes) < self._workers:
                self._lanes.append(lane)
                return
        lane.close()

    def _new_lane(self) -> Lane:
        from pitdesk.kalshi.transport.lane import Lane

        return Lane(self._clock, self._server_clock, self._proxy)


def _import_lane() -> None:
    """In a worker: ``requests`` takes its time to import."""
    import pitdesk.kalshi.transport.lane  # noqa: F401
