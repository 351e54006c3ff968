"""A short campaign: whole desks under faults and kills, against a practice exchange in its own process."""

import asyncio
import os
from pathlib import Path

import pytest

from tools.campaign.checker import Verdict
from tools.campaign.world import Figures, World

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")


async def one_round(folder: Path, ids: str, read_lag_s: float) -> tuple[Figures, Verdict]:
    async with World(folder, 40, ids, read_lag_s) as world:
        await world.round(lives=8)
        verdict = await world.verdict()
        while verdict.is_clean and not is_enough(world.figures, verdict):
            await world.round(lives=4)  # on a slow machine desks are killed before they have pressed much
            verdict = await world.verdict()
        return world.figures, verdict


def is_enough(figures: Figures, verdict: Verdict) -> bool:
    """Whether a verdict on it says anything."""
    return figures.kills >= 3 and len(figures.faults) >= 3 and verdict.intents >= 10


def test_nothing_is_lost_doubled_or_told_falsely(tmp_path: Path) -> None:
    async def both() -> list[tuple[Figures, Verdict]]:
        async with asyncio.timeout(600):
            return list(
                await asyncio.gather(
                    one_round(tmp_path / "spent", "spent", 0.15), one_round(tmp_path / "open", "open", 0.5)
                )
            )

    worlds = asyncio.run(both())
    for figures, verdict in worlds:
        assert verdict.is_clean, {kind: lines for kind, lines in verdict.wrong.items() if lines}
        assert is_enough(figures, verdict)
