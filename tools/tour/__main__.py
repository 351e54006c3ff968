"""``python -m tools.tour --out DIR``: performs the tour, headless, and writes its pictures and tour.json."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from pitdesk.paths import Folders
from pitdesk_ui.application import Application, Options
from tools.exchange_probe import Probe
from tools.tour.hand import Hand, TourError
from tools.tour.steps import STEPS, Tour

_SETTLE_S = 0.4  # a picture shows a window at rest


def main(arguments: Sequence[str] | None = None) -> int:
    """0 only when every step was confirmed by the exchange."""
    parser = argparse.ArgumentParser(prog="tour", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("tour-pictures"), help="where the pictures go")
    out: Path = parser.parse_args(arguments).out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    qt = QApplication(["pitdesk"])
    qt.setQuitOnLastWindowClosed(False)
    state = Path(tempfile.mkdtemp(prefix="pitdesk-tour-"))
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
            steps = runner.run(_perform(qt, state, out))
    finally:
        shutil.rmtree(state, ignore_errors=True)
    ok = len(steps) == len(STEPS) and all(step["ok"] for step in steps)
    (out / "tour.json").write_text(
        json.dumps({"ok": ok, "steps": steps}, indent=2, ensure_ascii=False) + "\n"
    )
    for step in steps:
        print(f"{'ok ' if step['ok'] else 'NOT'} {step['milliseconds']:>6} ms  {step['name']}")
    print(
        f"{len(steps)} of {len(STEPS)} steps, {'every one' if ok else 'not all'} confirmed by the exchange."
    )
    return 0 if ok else 1


async def _perform(qt: QApplication, state: Path, out: Path) -> list[dict[str, Any]]:
    application = Application(qt, Options(Folders.under(state), practice=True))
    running = asyncio.ensure_future(application.run())
    try:
        return await _take_steps(application, out)
    finally:
        application.ask_to_close()
        await running


async def _take_steps(application: Application, out: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    hand = Hand(application.window)
    tour: Tour | None = None
    for number, (name, step) in enumerate(STEPS, start=1):
        began = time.monotonic()
        try:
            tour = tour or Tour(application, hand, await _probe(application))
            seen: Any = await step(tour)
            ok = True
        except (TourError, AssertionError, OSError, KeyError) as error:
            seen, ok = {"error": f"{type(error).__name__}: {error}"}, False
        took = round((time.monotonic() - began) * 1000)
        await asyncio.sleep(_SETTLE_S)
        picture = f"{number:02d}-{name}.png"
        application.window.grab().save(str(out / picture))
        steps.append({"name": name, "ok": ok, "milliseconds": took, "picture": picture, "seen": seen})
        if not ok:
            print(f"{name}: {seen['error']}", file=sys.stderr)
            break
    return steps


async def _probe(application: Application) -> Probe:
    """Eyes of the tour's own, once the practice exchange has said where it is."""
    hand = Hand(application.window)
    address = await hand.see("the practice exchange serves", lambda: application.practice_address, 30.0)
    return await asyncio.to_thread(
        Probe.with_key_file, address.rest_url, address.key_id, address.private_key_file
    )


if __name__ == "__main__":
    sys.exit(main())
