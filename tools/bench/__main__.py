"""``python -m tools.bench start|submit|batch|exchange|window [--json FILE]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main() -> int:
    """Run one bench; its exit code."""
    parser = argparse.ArgumentParser(
        prog="bench", description="Ratios to a plain program, measured in one run."
    )
    parser.add_argument("what", choices=("start", "submit", "batch", "exchange", "window"))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--runs", type=int, help="how many starts or orders, by default as documented")
    parser.add_argument("--stacks", action="store_true", help="window: what it was at while it stood still")
    given = parser.parse_args()
    if given.what == "start":
        from tools.bench.start import run as run_start

        return run_start(given.json, given.runs or 12)
    if given.what == "batch":
        from tools.bench.batch import run as run_batch

        return run_batch(given.json, given.runs or 1_000)
    if given.what == "exchange":
        from tools.bench.exchange import run as run_exchange

        return run_exchange(given.json, given.runs or 3)
    if given.what == "window":
        from tools.bench.window import run as run_window

        return run_window(given.json, given.runs or 200_000, stacks=given.stacks)
    from tools.bench.submit import run as run_submit

    return run_submit(given.json, given.runs or 200)


if __name__ == "__main__":
    sys.exit(main())
