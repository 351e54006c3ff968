"""``bench window``: the whole program with 200,000 working orders, and how long its window ever stood still.

A practice exchange in its own process is given the orders, the journal as many intents; then the real window
signs in and is used as a person would, while a timer on its thread measures each gap. The aim: none above
100 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from pitdesk.desk.practice_process import PracticeAddress
from pitdesk.paths import Folders
from pitdesk_ui.application import Application, Options
from tools.bench.exchange import _exchange, _resident_mb, _tickers
from tools.bench.gaps import Phase, Watcher
from tools.bench.http_load import Target
from tools.bench.seeding import rest_orders, write_journal
from tools.bench.window_phases import Person
from tools.tour.hand import Hand

_MARKETS = 2_000
_CROWDED = 5_000
_AIM_MS = 100.0
_WORDS = ("--unlimited", "--tier", "expert", "--more-markets", str(_MARKETS))


@dataclass(frozen=True, slots=True)
class Ground:
    """The exchange that holds the orders."""

    said: dict[str, str]
    tickers: list[str]
    orders: int

    @property
    def client(self) -> tuple[str, str, str]:
        """Address, key id and key file."""
        return self.said["rest"], self.said["key_id"], self.said["private_key_file"]

    async def lead(self, _own: PracticeAddress) -> PracticeAddress:
        """To this exchange, instead of the one that the program starts for itself."""
        said = self.said
        return PracticeAddress(said["rest"], said["ws"], said["key_id"], Path(said["private_key_file"]))


def run(file: Path | None, orders: int, *, stacks: bool = False) -> int:
    """Measure, print, and write ``file``; 0 where no gap is above the aim."""
    with tempfile.TemporaryDirectory(prefix="pitdesk-bench-") as state:
        folders = Folders.under(Path(state) / "desk")
        with _exchange(*_WORDS, "--state", str(Path(state) / "exchange")) as said:
            ground = asyncio.run(_seed(said, folders, orders))
            qt = QApplication(["pitdesk"])
            qt.setQuitOnLastWindowClosed(False)
            with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
                phases = runner.run(_use(qt, folders, ground, stacks=stacks))
    _show(phases, orders, file)
    return 0 if all(it.longest_ms <= _AIM_MS for it in phases) else 1


async def _seed(said: dict[str, str], folders: Folders, orders: int) -> Ground:
    target = Target.of(said["rest"], said["key_id"], Path(said["private_key_file"]))
    tickers = await _tickers(target)
    seeded = await rest_orders(target, tickers, orders, min(_CROWDED, orders // 4))
    write_journal(folders.journal_file, "Practice", seeded)
    return Ground(said, tickers, orders)


async def _use(qt: QApplication, folders: Folders, ground: Ground, *, stacks: bool) -> list[Phase]:
    options = Options(folders, practice=True, practice_options=("--quiet-market",), route=ground.lead)
    application = Application(qt, options)
    application.window.resize(1440, 900)
    watcher = Watcher(stacks=stacks)
    watcher.begin("window")
    running = asyncio.ensure_future(application.run())
    person = Person(application, Hand(application.window), ground.client, ground.tickers, ground.orders)
    try:
        for name, act in person.phases():
            phase = watcher.begin(name)
            phase.note = await act()
            watcher.end()
            phase.memory_mb = _resident_mb(str(os.getpid()))
            _tell(phase)
    finally:
        watcher.begin("close the window")
        application.ask_to_close()
        await _answered(person.agree_to_close, running)
        watcher.stop()
        _tell(watcher.phases[-1])
    return watcher.phases


async def _answered(agree: Callable[[], None], running: asyncio.Future[int]) -> None:
    while not running.done():
        agree()
        await asyncio.wait({running}, timeout=0.05)
    await running


def _tell(phase: Phase) -> None:
    """One line as soon as it is known."""
    print(
        f"{phase.name:34}{phase.took_s:>8.1f}s{phase.longest_ms:>8.0f}ms{phase.busy_ms:>7.0f}ms"
        f"{phase.p99_ms:>7.1f}ms{phase.over_33:>6}{phase.over_100:>5}{phase.memory_mb:>7.0f}  {phase.note}",
        flush=True,
    )
    for stack, times in phase.stacks.most_common(6):
        print(f"      {times:>4} {stack}")


def _show(phases: list[Phase], orders: int, file: Path | None) -> None:
    worst = max(phases, key=lambda it: it.longest_ms)
    print(f"{orders:,} orders; longest gap {worst.longest_ms:.0f} ms ({worst.name}); aim {_AIM_MS:.0f} ms")
    if file is not None:
        rows = [
            {key: value for key, value in asdict(it).items() if key not in ("gaps", "stacks")}
            | {"p99_ms": it.p99_ms}
            for it in phases
        ]
        file.write_text(json.dumps({"title": "window", "orders": orders, "phases": rows}, indent=2) + "\n")
