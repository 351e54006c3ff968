"""``bench start``: from the command to a ticket that can send, beside a bare window, turn by turn."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.bench.figures import figure, show

_DEADLINE_S = 60


def run(file: Path | None, rounds: int) -> int:
    """Measure, print, and write ``file``; 0 when every start succeeded."""
    bare: list[float] = []
    painted: list[float] = []
    usable: list[float] = []
    with tempfile.TemporaryDirectory(prefix="pitdesk-bench-") as state:
        ours = ["-m", "pitdesk_ui", "--state", state, "--practise", "--tell-start"]
        plain = ["-m", "tools.bench.bare_window"]
        _start(ours, ("usable",))
        _start(plain, ("painted",))
        for _ in range(rounds):
            bare.append(_start(plain, ("painted",))["painted"])
            told = _start(ours, ("painted", "usable"))
            painted.append(told["painted"])
            usable.append(told["usable"])
    show(
        "Cold start, each in a new process, beside a bare window with one table",
        (
            figure("window painted", painted, bare, aim_median=1.5),
            figure("ticket can send", usable, bare, aim_median=1.5),
        ),
        (
            "Painted: the window stands with all that is in front, and its fields take typing; the panels of "
            "the tabs behind come next. Can send: the practice exchange's own process has started, signed "
            "the desk in, told its orders and the market's book.",
        ),
        file,
    )
    return 0


def _start(words: list[str], wanted: tuple[str, ...]) -> dict[str, float]:
    """Milliseconds from the command to each of the lines ``wanted``; the program is then asked to close."""
    began = time.monotonic_ns()
    found: dict[str, float] = {}
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while not found.keys() >= set(wanted):
            line = process.stdout.readline()
            if not line or time.monotonic_ns() - began > _DEADLINE_S * 10**9:
                process.kill()
                raise RuntimeError(f"{' '.join(words)} did not get there: {found}")
            name, _, stamp = line.strip().partition(" ")
            found[name] = (int(stamp) - began) / 1e6
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(_DEADLINE_S)
    return found
