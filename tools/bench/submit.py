"""``bench submit``: from the press to the first byte at the server, and to the row in the blotter.

Beside it, order for order in the same run and through the same relay, a plain script that does one durable
SQLite commit, one signature and one post on a warm connection.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from qasync import QEventLoop

from pitdesk.desk.practice_process import PracticeAddress
from pitdesk.limits.figures import LOOSEST
from pitdesk.paths import Folders
from pitdesk_ui.application import Application, Options
from pitdesk_ui.widgets.data_table import DataTable
from tools.bench.figures import figure, show
from tools.tour.hand import Hand

_WARM_UP = 10
_PRICE = "0.0100"
_REST_S = 0.05


@dataclass
class Sample:
    """Monotonic nanoseconds of one order: begun, first byte at the relay, row shown, row resting."""

    begun: int
    first_byte: int = 0
    row_shown: int = 0
    row_resting: int = 0


class Relay:
    """Leads the practice exchange's address through a relay of our own."""

    def __init__(self) -> None:
        self.process: Process | None = None
        self.rest_url = ""

    async def through(self, address: PracticeAddress) -> PracticeAddress:
        """Start the relay before the exchange at ``address``; the address to sign in at."""
        self.process = await _child("tools.bench.relay", str(address.port))
        assert self.process.stdout is not None
        port = int(await self.process.stdout.readline())
        self.rest_url = urlsplit(address.rest_url)._replace(netloc=f"127.0.0.1:{port}").geturl()
        return replace(address, rest_url=self.rest_url)

    async def stamp(self) -> int:
        """Monotonic nanoseconds of the next order's first byte."""
        assert self.process is not None
        return int(await _line(self.process))


def run(file: Path | None, orders: int) -> int:
    """Measure, print, and write ``file``."""
    qt = QApplication(["pitdesk"])
    qt.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory(prefix="pitdesk-bench-") as state:
        folders = Folders.under(Path(state))
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
            ours, plain = runner.run(_measure(qt, folders, orders))
    first = figure(
        "press to first byte",
        [_ms(it.begun, it.first_byte) for it in ours],
        [_ms(it.begun, it.first_byte) for it in plain],
        aim_median=1.25,
        aim_p99=2.0,
    )
    resting = figure(
        "press to row acknowledged",
        [_ms(it.begun, it.row_resting) for it in ours],
        [_ms(it.begun, it.row_resting) for it in plain],
        aim_median=1.25,
        aim_p99=2.0,
    )
    shown = figure(
        "press to row in the blotter",
        [_ms(it.begun, it.row_shown) for it in ours],
        [_ms(it.begun, it.row_resting) for it in plain],
        aim_median=1.25,
        aim_p99=2.0,
    )
    show(
        "An order by the ticket beside a plain script (commit, sign, post), interleaved",
        (first, shown, resting),
        (
            "The row first says Sending…; acknowledged is when it says Resting. "
            "The script's end is its parsed answer.",
        ),
        file,
    )
    return 0


async def _measure(qt: QApplication, folders: Folders, orders: int) -> tuple[list[Sample], list[Sample]]:
    relay = Relay()
    words = ("--tier", "prestige", "--quiet-market")
    options = Options(
        folders, practice=True, practice_options=words, route=relay.through, practice_limits=lambda: LOOSEST
    )
    application = Application(qt, options)
    running = asyncio.ensure_future(application.run())
    script = None
    try:
        hand = Hand(application.window)
        await hand.see("the desk may trade", lambda: _may_trade(application), 60)
        address = application.practice_address
        assert address is not None
        assert application.view is not None
        script = await _child(
            "tools.bench.plain_script", relay.rest_url, address.key_id, str(address.private_key_file),
            str(folders.state), application.view.ticker,
        )  # fmt: skip
        await _line(script)
        bench = _Bench(relay, script, hand)
        ours, plain = [], []
        for number in range(_WARM_UP + orders):
            ours.append(await bench.by_ticket(number + 1))
            plain.append(await bench.by_script(number + 1))
            if number % 50 == 49:
                await bench.sweep()
        return ours[_WARM_UP:], plain[_WARM_UP:]
    finally:
        for child in (script, relay.process):
            if child is not None and child.stdin is not None:
                child.stdin.close()
                await child.wait()
        application.ask_to_close()
        await running


class _Bench:
    def __init__(self, relay: Relay, script: Process, hand: Hand) -> None:
        self._relay, self._script, self._hand = relay, script, hand
        self._table = hand.find("working.table", DataTable)
        self._wanted = ""
        self._sample = Sample(0)
        self._acknowledged = asyncio.Event()
        for signal in (self._table.model().rowsInserted, self._table.model().dataChanged):
            signal.connect(self._look)

    def _look(self) -> None:
        """Whenever the table changed: is the row there, and does it say Resting? No polling, which would take
        the interpreter from the very workers that are measured."""
        now, rows = time.monotonic_ns(), self._table.rows
        for number in range(rows.rowCount()):
            row = rows.row_at(number)
            if str(row.count) == self._wanted:
                self._sample.row_shown = self._sample.row_shown or now
                if row.order is not None and row.status_text == "Resting":
                    self._sample.row_resting = now
                    self._wanted = ""
                    self._acknowledged.set()

    async def by_ticket(self, count: int) -> Sample:
        """One order through the widgets."""
        hand = self._hand
        hand.type_into("ticket.contracts", str(count))
        hand.type_into("ticket.price", "1")
        button = hand.find("ticket.send", QPushButton)
        await hand.see("the button is ready", button.isEnabled)
        await asyncio.sleep(_REST_S)  # the window is at rest when the person presses
        self._acknowledged.clear()
        self._wanted = str(count)
        self._sample = Sample(begun=time.monotonic_ns())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        async with asyncio.timeout(10):
            await self._acknowledged.wait()
        self._sample.first_byte = await self._relay.stamp()
        return self._sample

    async def by_script(self, count: int) -> Sample:
        """One order by the plain script; an own count, so that the rows do not mix."""
        assert self._script.stdin is not None
        await asyncio.sleep(_REST_S)  # nor does the window's painting take a core from the script
        self._script.stdin.write(f"{_PRICE} {count + 1000}.00\n".encode())
        begun, ended = (await _line(self._script)).split()
        stamp = await self._relay.stamp()
        return Sample(int(begun), stamp, int(ended), int(ended))

    async def sweep(self) -> None:
        """Cancel everything, so that the book and the limits stay as they were."""
        self._hand.click("top.cancel_all")
        await self._hand.see("no working order", lambda: not self._table.rows.rowCount(), 30)


async def _child(module: str, *words: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *words, stdin=PIPE, stdout=PIPE)


async def _line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(20):
        return (await process.stdout.readline()).decode().strip()


def _may_trade(application: Application) -> bool:
    view = application.view
    return view is not None and view.session.status.trading_open and bool(view.ticker)


def _ms(begun: int, ended: int) -> float:
    return (ended - begun) / 1e6
