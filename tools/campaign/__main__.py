"""``dev.py campaign orders``: kills and faults against whole desks; exit 1 where anything is wrong."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.campaign import broken, terms
from tools.campaign.checker import COUNTED, Verdict
from tools.campaign.world import World

_AT_ONCE = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 where every count that must be 0 is 0."""
    chosen = _parser().parse_args(arguments)
    if not hasattr(os, "fork"):
        print("The campaign forks and kills processes as POSIX systems do. It does not run on this one.")
        return 2
    if chosen.what == "variants":
        return broken.main()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pitdesk-campaign-") as folder:
        place = chosen.keep or Path(folder)
        worlds = asyncio.run(_all(chosen, place, began + chosen.minutes * 60))
        figures = _summed(worlds, time.monotonic() - began, chosen.seed)
    _print(figures)
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 1 if any(figures["wrong"].values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py campaign", description=__doc__)
    parser.add_argument("what", choices=("orders", "variants"))
    parser.add_argument("--minutes", type=float, default=1.0, help="how long; a round begun is ended")
    parser.add_argument("--seed", type=int, default=1, help="the same seed presses the same")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--worlds", type=int, default=6, help="how many of the six worlds, at once")
    parser.add_argument("--keep", type=Path, help="keep journals, logs and statements in this folder")
    return parser


async def _all(chosen: argparse.Namespace, folder: Path, until: float) -> list[tuple[World, Verdict]]:
    """The six worlds, three at a time: both id rules under three read lags."""
    kinds = [(ids, lag) for lag in terms.READ_LAGS_S for ids in ("spent", "open")][: chosen.worlds]
    slots = asyncio.Semaphore(_AT_ONCE)
    left = [until - time.monotonic()]

    async def one(number: int, ids: str, lag: float) -> tuple[World, Verdict]:
        async with slots:
            share = left[0] * min(_AT_ONCE, len(kinds)) / len(kinds)
            return await _one(folder / f"world-{number}", chosen.seed * 100 + number, ids, lag, share)

    return list(await asyncio.gather(*(one(number, *kind) for number, kind in enumerate(kinds, 1))))


async def _one(folder: Path, seed: int, ids: str, lag: float, seconds: float) -> tuple[World, Verdict]:
    until = time.monotonic() + seconds
    async with World(folder, seed, ids, lag) as world:
        while True:
            await world.round()
            verdict = await world.verdict()
            if not verdict.is_clean or time.monotonic() >= until or world.is_full:
                return world, verdict


def _summed(worlds: Sequence[tuple[World, Verdict]], seconds: float, seed: int) -> dict[str, Any]:
    faults: Counter[str] = Counter()
    points: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for world, verdict in worlds:
        faults += world.figures.faults
        points += world.figures.kills_by_point
        ends += verdict.ends
        states += verdict.states
    settles = [took for world, _ in worlds for took in world.figures.settles_s]
    return {
        "seconds": round(seconds, 1),
        "seed": seed,
        "scaled": f"fence {terms.FENCE_S:g} s for 120 s, a request's deadline {terms.COMMAND_S:g} s for 8 s",
        "worlds": [world.name for world, _ in worlds],
        "lives": sum(world.figures.lives for world, _ in worlds),
        "kills": sum(world.figures.kills for world, _ in worlds),
        "intents": sum(verdict.intents for _, verdict in worlds),
        "orders_on_the_exchange": sum(verdict.placed for _, verdict in worlds),
        "statements": sum(verdict.statements for _, verdict in worlds),
        "faults": sum(faults.values()),
        "longest_settling_s": round(max(settles, default=0.0), 1),
        "wrong": {name: sum(len(verdict.wrong[name]) for _, verdict in worlds) for name in COUNTED},
        "told": [
            f"{world.name}: {kind}: {line}"
            for world, verdict in worlds
            for kind, lines in verdict.wrong.items()
            for line in lines[:20]
        ],
        "faults_by_kind": dict(sorted(faults.items())),
        "kills_by_point": dict(sorted(points.items())),
        "presses_by_end": dict(sorted(ends.items())),
        "intents_by_last_state": dict(sorted(states.items())),
    }


def _print(figures: dict[str, Any]) -> None:
    for name in ("seconds", "seed", "scaled", "lives", "kills", "intents", "orders_on_the_exchange"):
        print(f"{name.replace('_', ' '):24}{figures[name]}")
    print(f"{'statements checked':24}{figures['statements']}")
    print(f"{'longest settling':24}{figures['longest_settling_s']} s")
    for title in ("worlds", "faults_by_kind", "kills_by_point", "presses_by_end", "intents_by_last_state"):
        held = figures[title]
        words = held if isinstance(held, list) else [f"{name} {count}" for name, count in held.items()]
        print(f"{title.replace('_', ' ')}: {'; '.join(words)}")
    for name, count in figures["wrong"].items():
        print(f"{name.replace('_', ' '):24}{count}{'' if not count else '   <- must be 0'}")
    for line in figures["told"]:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
