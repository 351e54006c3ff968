"""One world: an exchange under one id rule and one read lag, and a desk that is killed and lives again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pitdesk.tasks import TaskOwner
from tools.campaign import faults, terms, traps
from tools.campaign.checker import Verdict, check, gather
from tools.campaign.exchange import CampaignExchange, child_environment
from tools.campaign.relay import Relay
from tools.campaign.terms import LifeSpec

_KILLED = -int(signal.SIGKILL)
_ANSWERED_S = 300.0
_SLEEP_SHARE = 0.08
_STANDING = frozenset({"stall", "clock_shift"})
"""These meet nobody in particular while they stand."""


@dataclass(slots=True)
class Figures:
    """What a world has seen so far."""

    lives: int = 0
    kills: int = 0
    kills_by_point: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    settles_s: list[float] = field(default_factory=list)
    bad_ends: list[str] = field(default_factory=list)


class World:
    """Use as ``async with``. One life at a time."""

    def __init__(self, folder: Path, seed: int, ids: str, read_lag_s: float, variant: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = f"ids {ids}, reads {read_lag_s:g} s behind"
        self.figures = Figures()
        self._folder, self._seed, self._ids, self._lag_s = folder, seed, ids, read_lag_s
        self._variant = variant
        self._chance = random.Random(seed)
        self._points = list(traps.POINTS)
        self._chance.shuffle(self._points)
        self._mark = 100
        self._owner = TaskOwner(lambda name, error: self.figures.bad_ends.append(f"{name}: {error!r}"))

    @property
    def is_full(self) -> bool:
        """Whether the counts that tell presses apart are nearly used up."""
        return self._mark > (terms.MOST_CONTRACTS * 100) - 20 * terms.MARKS_A_LIFE

    async def __aenter__(self) -> World:
        self._exchange = await asyncio.to_thread(
            CampaignExchange, self._folder / "exchange", self._seed, self._ids
        )
        address = self._exchange.rest.split("/")[2].split(":")
        self._relay = Relay(address[0], int(address[1]), self._seed, self._owner)
        await self._relay.start()
        self._door = await asyncio.start_server(self._at_the_door, "127.0.0.1", 0)
        await self._calm()
        self._zygote = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tools.campaign.zygote",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=child_environment(),
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._zygote.stdin is not None:
            self._zygote.stdin.close()
        await self._zygote.wait()
        self._door.close()
        await self._relay.close()
        await self._owner.close()
        await asyncio.to_thread(self._exchange.close)

    async def round(self, lives: int = 6, steps: int = 6) -> None:
        """Some lives, most of them killed, then one that settles everything under no fault."""
        for _ in range(lives):
            await self._one_life(steps)
        await self.settle()

    async def play(self, script: tuple[tuple[str, str], ...], point: str = "", nth: int = 1) -> None:
        """One life by a script, and until what was delivered late has come."""
        await self._live(self._spec(script=script, point=point, nth=nth, steps=0))
        async with asyncio.timeout(_ANSWERED_S):
            while await self._is_on_its_way():  # noqa: ASYNC110 (another process is asked)
                await asyncio.sleep(0.1)

    async def _is_on_its_way(self) -> bool:
        """Whether a late delivery is still to come."""
        log = await self._exchange.control("GET", "/log")
        met = Counter(row["fault"] for row in log["requests"])
        return met["late_delivery"] > met["delivered late"]

    async def settle(self) -> None:
        """Take every fault away and let the desk live until nothing is in doubt."""
        await self._calm()
        await self._relay.well()
        began = time.monotonic()
        await self._live(self._spec(settle=True, faults=False))
        self.figures.settles_s.append(time.monotonic() - began)

    async def verdict(self) -> Verdict:
        """The checker's, over everything since the world began."""
        log = await self._exchange.control("GET", "/log")
        verdict = check(gather(self._folder, log, self._relay.sent, self._relay.changes))
        for line in self.figures.bad_ends:
            verdict.say("failures", line)
        return verdict

    async def _one_life(self, steps: int) -> None:
        roll = self._chance.random()
        if roll < 0.55:
            point = self._points[self.figures.lives % len(self._points)]
            nth = self._chance.choice((1, 1, 1, 2, 3))
            await self._live(self._spec(point=point, nth=nth, steps=2 * steps))
        elif roll < 0.95:
            await self._live(self._spec(steps=3 * steps), kill_after_s=self._chance.uniform(0.1, 2.0))
        else:
            await self._live(self._spec(steps=steps))

    def _spec(self, **chosen: Any) -> LifeSpec:
        self.figures.lives += 1
        mark, self._mark = self._mark, self._mark + terms.MARKS_A_LIFE
        if self._mark > terms.MOST_CONTRACTS * 100 - 2 * terms.MARKS_A_LIFE:
            raise RuntimeError("this world has no marks left; begin another")
        exchange, relay = self._exchange, self._relay
        rest = f"http://127.0.0.1:{relay.port}/trade-api/v2"
        return LifeSpec(
            life=self.figures.lives,
            seed=self._chance.randrange(1 << 30),
            folder=str(self._folder),
            rest=rest,
            ws=exchange.ws,
            key_id=exchange.key_id,
            key_file=exchange.key_file,
            door_port=self._door.sockets[0].getsockname()[1],
            mark=mark,
            variant=self._variant,
            **chosen,
        )

    async def _live(self, spec: LifeSpec, kill_after_s: float | None = None) -> None:
        """Give birth, kill if asked to, and note how it ended."""
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(spec.to_line().encode() + b"\n")
        await self._zygote.stdin.drain()
        pid = await self._answer()
        hands = [self._owner.spawn("kill", _kill(pid, kill_after_s))] if kill_after_s is not None else []
        if not spec.settle and not spec.script and self._chance.random() < _SLEEP_SHARE:
            self.figures.faults["sleep"] += 1
            hands.append(self._owner.spawn("sleep", _sleep(pid, self._chance.uniform(0.2, 1.0))))
        code = await self._answer()
        for hand in hands:
            hand.cancel()
        if code == _KILLED:
            self.figures.kills += 1
            self.figures.kills_by_point[spec.point or "at a random time"] += 1
        elif code:
            self.figures.bad_ends.append(f"life {spec.life} ended with {code}; see errors.txt")

    async def _answer(self) -> int:
        assert self._zygote.stdout is not None
        line = await asyncio.wait_for(self._zygote.stdout.readline(), _ANSWERED_S)
        if not line:
            raise RuntimeError("the process that gives birth to desks is gone")
        return int(line)

    # Faults

    async def arm(self, kind: str, **more: Any) -> None:
        """Put one fault in force, on the way or at the exchange."""
        if kind in faults.RELAYED:
            await self._relay.arm(kind, more.get("match", {}))
        else:
            await self._exchange.control("POST", "/faults", {"kind": kind, **more})

    async def _calm(self) -> None:
        """No fault but the world's own read lag; what was met is counted."""
        told = await self._exchange.control("GET", "/faults")
        for fault in told["faults"]:
            stood = fault["kind"] in _STANDING
            self.figures.faults[fault["kind"]] += max(fault["met"], 1) if stood else fault["met"]
        self.figures.faults.update(self._relay.met)
        self._relay.met.clear()
        self._relay.clear()
        for fault in told["faults"]:
            if fault["kind"] != "read_lag":  # a lag that began anew would show no past
                await self._exchange.control("DELETE", f"/faults/{fault['id']}")
        await self._exchange.keep_bodies()
        if self._lag_s and not any(fault["kind"] == "read_lag" for fault in told["faults"]):
            await self._exchange.control("POST", "/faults", {"kind": "read_lag", "seconds": self._lag_s})

    async def _at_the_door(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            if line:
                asked = json.loads(line)
                await self.arm(asked.pop("kind"), **asked)
                writer.write(b"ok\n")
                await writer.drain()
        except (ConnectionError, RuntimeError, ValueError) as error:
            self.figures.bad_ends.append(f"a fault was not armed: {error}")
        finally:
            writer.close()


async def _sleep(pid: int, after_s: float) -> None:
    """The computer sleeps for a while that is longer than any request may take."""
    await asyncio.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(terms.SLEEP_S)
        finally:
            os.kill(pid, signal.SIGCONT)


async def _kill(pid: int, after_s: float) -> None:
    await asyncio.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):  # it came to its end by itself
        os.kill(pid, signal.SIGKILL)
