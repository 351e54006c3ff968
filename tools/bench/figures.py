"""Medians, tails and ratios, and the table they are printed in."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity beside the plain program's, in milliseconds. ``aim``: the most for each ratio."""

    name: str
    runs: int
    median_ms: float
    p99_ms: float
    plain_median_ms: float
    plain_p99_ms: float
    median_ratio: float
    p99_ratio: float
    aim_median: float | None = None
    aim_p99: float | None = None


def figure(
    name: str,
    ours: Sequence[float],
    plain: Sequence[float],
    aim_median: float | None = None,
    aim_p99: float | None = None,
) -> Figure:
    """What ``ours`` comes to beside ``plain``, both in milliseconds and of one run."""
    return Figure(
        name,
        len(ours),
        quantile(ours, 0.5),
        quantile(ours, 0.99),
        quantile(plain, 0.5),
        quantile(plain, 0.99),
        quantile(ours, 0.5) / quantile(plain, 0.5),
        quantile(ours, 0.99) / quantile(plain, 0.99),
        aim_median,
        aim_p99,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of them do not exceed."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]


def show(title: str, figures: Sequence[Figure], notes: Sequence[str], file: Path | None) -> None:
    """Print the table; write it as JSON too where asked."""
    print(title)
    print(f"{'':34}{'median':>10}{'p99':>10}{'plain':>10}{'p99':>10}{'ratio':>8}{'p99':>7}   aim")
    for it in figures:
        aims = " / ".join("-" if aim is None else f"{aim:g}" for aim in (it.aim_median, it.aim_p99))
        print(
            f"{it.name:34}{it.median_ms:>8.2f}ms{it.p99_ms:>8.2f}ms{it.plain_median_ms:>8.2f}ms"
            f"{it.plain_p99_ms:>8.2f}ms{it.median_ratio:>8.2f}{it.p99_ratio:>7.2f}   {aims}"
        )
    for note in notes:
        print(note)
    if file is not None:
        body = {
            "title": title,
            "python": platform.python_version(),
            "system": platform.system(),
            "figures": [asdict(it) for it in figures],
            "notes": list(notes),
        }
        file.write_text(json.dumps(body, indent=2) + "\n")
