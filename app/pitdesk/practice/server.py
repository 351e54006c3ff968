"""The practice exchange as a server: engine and market behind HTTP and WebSocket, on loopback only."""

from __future__ import annotations

import asyncio
import errno
import gc
import itertools
import logging
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.clock import Clock
from pitdesk.practice.auth import Doorkeeper
from pitdesk.practice.buckets import BASIC, TIERS, Tier
from pitdesk.practice.catalogue import build_catalogue
from pitdesk.practice.classic import Dialect, teller
from pitdesk.practice.control import ControlRoutes
from pitdesk.practice.crowd import crowd
from pitdesk.practice.door import Door
from pitdesk.practice.doorstep import Doorstep, whole_requests
from pitdesk.practice.durability import Durability
from pitdesk.practice.engine import STANDARD, Rules
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.floor import BASE_PATH, Floor
from pitdesk.practice.key_desk import KeyDesk
from pitdesk.practice.ladder import USUAL
from pitdesk.practice.lagged import LaggedQueries
from pitdesk.practice.limiter import Limiter
from pitdesk.practice.listings import Catalogue
from pitdesk.practice.request_log import RequestLog
from pitdesk.practice.routes_account import AccountRoutes
from pitdesk.practice.routes_classic import ClassicRoutes
from pitdesk.practice.routes_events import EventRoutes
from pitdesk.practice.routes_exchange import ExchangeRoutes
from pitdesk.practice.routes_groups import GroupRoutes
from pitdesk.practice.routes_history import HistoryRoutes
from pitdesk.practice.routes_markets import MarketRoutes
from pitdesk.practice.routes_money import MoneyRoutes
from pitdesk.practice.routes_orders import OrderRoutes
from pitdesk.practice.routes_portfolio import PortfolioRoutes
from pitdesk.practice.scenarios import Player, Scenario
from pitdesk.practice.state_folder import STORE_NAME
from pitdesk.practice.store import Store
from pitdesk.practice.stream_endpoint import STREAM_PATH, StreamEndpoint
from pitdesk.practice.stream_hub import StreamHub
from pitdesk.practice.trouble import Kind, ShiftedClock, Troubles
from pitdesk.practice.trouble_desk import TroubleDesk
from pitdesk.practice.trouble_door import TroubleDoor
from pitdesk.practice.world import World
from pitdesk.tasks import TaskOwner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pitdesk.practice.keys import PracticeKey

_LOG = logging.getLogger(__name__)
HOST = "127.0.0.1"
PERSON = "6f1d2c1e-3f55-4f0e-8a55-0c7b8a3d9e21"
_STEP_EVERY_S = 0.25
_STEPS_A_SAVE = 20
_STEPS_A_FREEZE = 40
_END_WITHIN_S = 2.0
_LARGEST_BODY = 1024 * 1024


class PortInUse(Exception):
    """The port asked for is taken. Its text is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the exchange is started. ``port`` 0 lets the system choose; ``speed`` 0 is a quiet market."""

    folder: Path
    port: int = 0
    seed: int = 1
    speed: float = 1.0
    unlimited: bool = False
    control_token: str = ""
    scenario: Scenario | None = None
    dialect: Dialect = Dialect.CURRENT
    tier: Tier = BASIC
    more_markets: int = 0
    rules: Rules = STANDARD


class PracticeServer:
    """One exchange, from its state folder to its socket. ``failed`` is told when it cannot go on."""

    def __init__(self, options: Options, key: PracticeKey, failed: Callable[[BaseException], None]) -> None:
        self._options = options
        clock = Clock()
        now_ms = clock.wall_ms()
        listed = build_catalogue(now_ms)
        if options.more_markets:
            listed = Catalogue((*listed.events, *crowd(options.more_markets, now_ms)))
        exchange = Exchange(clock, listed, options.rules)
        self._store = Store(options.folder / STORE_NAME)
        person = self._store.restore(exchange, PERSON)
        scenario = options.scenario
        mood = scenario.mood if scenario is not None else USUAL
        world = World(exchange, options.seed, options.speed, mood)
        self._floor = Floor(exchange, world, {PERSON: person}, clock, teller(options.dialect))
        self._durability = Durability(self._store, failed)
        self._hub = StreamHub(exchange)
        self._owner = TaskOwner(_report)
        self._troubles = Troubles(clock)
        reads = exchange.read = LaggedQueries(exchange.engine, self._troubles)
        exchange.facts.connect(reads.hear)
        self._trouble_desk = TroubleDesk(self._troubles, exchange, reads, self._hub, self._owner)
        self._key_desk = KeyDesk(exchange, options.tier)
        self._key_desk.welcome(person, key)
        self._doorkeeper = Doorkeeper(self._key_desk.known, ShiftedClock(self._troubles))
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Build the market, serve, and answer the port. Raises :class:`PortInUse`."""
        floor = self._floor
        floor.exchange.facts.connect(self._store.append)
        floor.world.build()
        self._durability.take()
        floor.exchange.facts.connect(self._hub.tell)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=_END_WITHIN_S)
        await self._runner.setup()
        player = self._player()
        port = await self._listen(self._runner)
        if player is not None:
            self._owner.spawn("scenario", player.play())
        self._owner.spawn("market steps", self._run_market())
        return port

    def _player(self) -> Player | None:
        """Who plays the scenario; raises :class:`BadScenario` where it does not fit what is listed."""
        if self._options.scenario is None:
            return None
        floor = self._floor
        events = (tuple(one.ticker for one in event.markets) for event in floor.exchange.catalogue.events)
        return Player(self._options.scenario, floor.world, self._trouble_desk, events)

    def _application(self) -> web.Application:
        floor = self._floor
        limiter = Limiter(floor.clock, self._tier_of, unlimited=self._options.unlimited)
        door = Door(self._doorkeeper, limiter, self._durability)
        log = RequestLog(floor.clock)
        trouble = TroubleDoor(self._troubles, log, self._owner)
        middlewares = [whole_requests, trouble.outer, door.middleware, trouble.inner]
        application = web.Application(middlewares=middlewares, client_max_size=_LARGEST_BODY)
        application.on_response_prepare.append(self._date)
        dialect = self._options.dialect
        groups = (
            ExchangeRoutes(floor),
            EventRoutes(floor),
            MarketRoutes(floor),
            HistoryRoutes(floor),
            PortfolioRoutes(floor),
            GroupRoutes(floor),
            MoneyRoutes(floor, self._may_open_subaccounts),
            AccountRoutes(floor, self._key_desk),
            *((OrderRoutes(floor, limiter),) if dialect is not Dialect.CLASSIC else ()),
            ClassicRoutes(floor, limiter, dialect),
            StreamEndpoint(floor, self._hub, self._durability, self._troubles),
            ControlRoutes(self._options.control_token, self._trouble_desk, log, floor),
        )
        for group in groups:
            application.add_routes(group.routes())
        return application

    def _tier_of(self, user_id: str) -> Tier:
        return self._key_desk.tier_of(self._floor.accounts[user_id])

    def _may_open_subaccounts(self, user_id: str) -> bool:
        """From Advanced on (FACTS §10)."""
        return self._tier_of(user_id).is_at_least(TIERS["advanced"])

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """The Date header while the clock is shifted; the server writes its own otherwise."""
        shift_s = self._troubles.seconds_of(Kind.CLOCK_SHIFT)
        if shift_s:
            response.headers["Date"] = formatdate(self._floor.clock.wall_ms() / 1000 + shift_s, usegmt=True)

    async def _listen(self, runner: web.AppRunner) -> int:
        try:
            await Doorstep().listen(runner, HOST, self._options.port)
        except OSError as error:
            await self.stop()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise PortInUse(
                f"Port {self._options.port} is in use or not allowed. "
                "Name another with --port, or leave it out to get a free one."
            ) from None
        return int(runner.addresses[0][1])

    async def _run_market(self) -> None:
        """Let time and the participants act, four times a second. A failing step does not end the market."""
        floor = self._floor
        for number in itertools.count(1):
            await asyncio.sleep(_STEP_EVERY_S)
            now_ms = floor.clock.wall_ms()
            try:
                floor.exchange.tick(now_ms)
                floor.world.step(now_ms)
            except Exception:  # noqa: BLE001 (the guard around every step)
                _LOG.exception("A step of the market failed.")
            self._durability.take(everything=number % _STEPS_A_SAVE == 0)
            if number % _STEPS_A_FREEZE == 0:
                # Orders live long and hold no cycles: the collector need not look at them again and again.
                gc.collect(1)
                gc.freeze()

    async def stop(self) -> None:
        """Close the sockets, finish what is being answered, and write what is left."""
        await self._owner.close()
        await asyncio.gather(*(session.close() for session in self._hub.sessions))
        if self._runner is not None:
            await self._runner.cleanup()
        await self._durability.close()


def _report(name: str, error: BaseException) -> None:
    _LOG.error("%s ended: %s", name, error, exc_info=error)


def addresses(port: int) -> tuple[str, str]:
    """The REST and the WebSocket address at ``port``."""
    return f"http://{HOST}:{port}{BASE_PATH}", f"ws://{HOST}:{port}{STREAM_PATH}"
