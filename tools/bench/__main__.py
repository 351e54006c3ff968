"""``python -m tools.bench start|submit|batch|exchange [--json FILE]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main() -> int:
    """Run one bench; its exit code."""
    parser = argparse.ArgumentParser(
        prog="bench", description="Ratios to a plain program, measured in one run."
    )
    parser.add_argument("what", choices=("start", "submit", "batch", "exchange"))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--runs", type=int, help="how many starts or orders (12, 200 and 1,000 by default)")
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
    from tools.bench.submit import run as run_submit

    return run_submit(given.json, given.runs or 200)


if __name__ == "__main__":
    sys.exit(main())
