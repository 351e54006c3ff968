"""How long the interface thread stood still: a timer that should ring every 5 ms, and how late each was.

A gap that is not the thread's own work is a wait: for the interpreter, which a worker holds, or for the
machine. Beside each phase's longest gap stands how much of it the thread itself worked. ``Watcher`` can also
note what it was at.
"""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

from tools.bench.figures import quantile

_EVERY_MS = 5
_LOOK_EVERY_S = 0.004
_SUSPICIOUS_S = 0.02
_DEEP = 14


@dataclass
class Phase:
    """Gaps of one phase, ms between two rings. ``took_s`` is its length, ``note`` what was seen in it."""

    name: str
    took_s: float = 0.0
    longest_ms: float = 0.0
    busy_ms: float = 0.0
    over_33: int = 0
    over_100: int = 0
    memory_mb: float = 0.0
    note: str = ""
    gaps: list[float] = field(default_factory=list)
    stacks: Counter[str] = field(default_factory=Counter)

    @property
    def p99_ms(self) -> float:
        """The gap that one in a hundred rings exceeds."""
        return quantile(self.gaps, 0.99) if self.gaps else 0.0

    def ring(self, gap_ms: float, busy_ms: float) -> None:
        """One more ring of the timer."""
        self.gaps.append(gap_ms)
        self.over_33 += gap_ms > 33
        self.over_100 += gap_ms > 100
        if gap_ms > self.longest_ms:
            self.longest_ms, self.busy_ms = gap_ms, busy_ms


class Watcher(QObject):
    """Measures from when it is made until :meth:`stop`, phase after phase, on the thread that made it."""

    def __init__(self, *, stacks: bool = False) -> None:
        super().__init__()
        self.phases: list[Phase] = []
        self._phase = Phase("before")
        self._began = time.monotonic()
        self._rang, self._worked = time.monotonic(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._ring)
        self._timer.start(_EVERY_MS)
        if stacks:
            # Not by another thread: a frame that it held would end the painters in it there.
            signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY_S, _LOOK_EVERY_S)

    def begin(self, name: str) -> Phase:
        """What comes from now on belongs to another phase."""
        self.end()
        self._began = time.monotonic()
        self._phase = Phase(name)
        self.phases.append(self._phase)
        return self._phase

    def stop(self) -> None:
        """Measure no more."""
        self.end()
        self._timer.stop()
        signal.setitimer(signal.ITIMER_REAL, 0)

    def end(self) -> None:
        """How long the phase took is known now."""
        self._ring()
        self._phase.took_s = time.monotonic() - self._began

    def _ring(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        self._phase.ring((now - self._rang) * 1_000, (worked - self._worked) * 1_000)
        self._rang, self._worked = time.monotonic(), time.thread_time()

    def _look(self, _number: int, frame: FrameType | None) -> None:
        """What the interface thread is at, whenever its ring is late."""
        if frame is not None and time.monotonic() - self._rang > _SUSPICIOUS_S:
            self._phase.stacks[_told(frame)] += 1


def _told(frame: FrameType) -> str:
    lines = traceback.extract_stack(frame)[-_DEEP:]
    return " > ".join(f"{line.filename.rpartition('/')[2]}:{line.lineno} {line.name}" for line in lines)
