"""Runs every variant that the checker must catch, and the whole desk through the same scripts."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.campaign.checker import Verdict
from tools.campaign.exchange import ROOT, child_environment
from tools.campaign.variants import EVERY_SCRIPT, VARIANTS
from tools.campaign.world import World

CHECKED = tuple(name for name, variant in VARIANTS.items() if variant.script)
TESTED = tuple(name for name, variant in VARIANTS.items() if variant.tests)
PLUGIN = "tools.campaign.breaking"
VARIABLE = "PITDESK_VARIANT"


async def run_checked(folder: Path, names: Sequence[str] = CHECKED, at_once: int = 4) -> dict[str, Verdict]:
    """The verdict after each variant's script, and under "" that of the whole desk after all of them."""
    slots = asyncio.Semaphore(at_once)

    async def one(name: str) -> tuple[str, Verdict]:
        async with slots:
            return name, await (_broken(folder, name) if name else _whole(folder))

    return dict(await asyncio.gather(*(one(name) for name in ("", *names))))


async def _broken(folder: Path, name: str) -> Verdict:
    variant = VARIANTS[name]
    async with World(folder / name.replace(" ", "-"), 7, "open", 0.0, variant=name) as world:
        await world.play(variant.script, variant.point)
        return await world.verdict()


async def _whole(folder: Path) -> Verdict:
    async with World(folder / "whole", 7, "open", 0.0) as world:
        await world.play(EVERY_SCRIPT)
        for variant in VARIANTS.values():
            if variant.point:
                await world.play(variant.script, variant.point)
        await world.settle()
        return await world.verdict()


def run_tested(name: str) -> subprocess.CompletedProcess[str]:
    """The tests that must fail with the variant, in a process of their own that the variant has broken.

    An empty name runs all of them whole.
    """
    tests = VARIANTS[name].tests if name else tuple({one for each in TESTED for one in VARIANTS[each].tests})
    command = [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *tests],
        cwd=ROOT,
        env={**child_environment(), VARIABLE: name},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def caught(name: str, verdict: Verdict) -> list[str]:
    """What the checker says of a variant that it must not be silent about."""
    return [line for kind in VARIANTS[name].caught_as for line in verdict.wrong[kind]]


def main() -> int:
    """Print each variant with what caught it; 1 where one was not, or the whole desk was blamed."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="pitdesk-variants-") as folder:
        verdicts = asyncio.run(run_checked(Path(folder)))
    whole = verdicts[""]
    blamed = [line for lines in whole.wrong.values() for line in lines]
    print(f"{'the whole desk':28}{'clean' if not blamed else 'BLAMED: ' + '; '.join(blamed)}")
    missed = len(blamed)
    for name in VARIANTS:
        found = caught(name, verdicts[name])[:1] if name in verdicts else []
        if name in TESTED:
            done = run_tested(name)
            found += [done.stdout.strip().rsplit("\n", 1)[-1]] if done.returncode == 1 else []
        missed += not found
        print(f"{name:28}{'caught: ' + '; '.join(found) if found else 'NOT CAUGHT'}")
    return 1 if missed else 0
