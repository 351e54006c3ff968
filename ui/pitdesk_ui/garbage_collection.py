"""Python's garbage, collected on the interface thread only, and never for long.

Python collects cycles on whichever thread happens to allocate. On a worker thread that would end Qt objects
of the interface thread, with their timers: Qt forbids it, and the program may die of it.

To look through 200,000 orders takes the better part of a second. They hold no cycles: what took long to look
through is not looked through again, until :func:`look_at_everything_again`.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_EVERY_MS = 100
_LONG_S = 0.008


def collect_on_this_thread(parent: QObject) -> QTimer:
    """Turn automatic collection off and do it here by the same thresholds, while ``parent`` lives."""
    gc.disable()
    timer = QTimer(parent)
    timer.setInterval(_LOOK_EVERY_MS)
    timer.timeout.connect(collect_what_is_due)
    timer.start()
    return timer


def look_at_everything_again() -> None:
    """Much is gone now, as when an account was left: what was set aside is looked through once more."""
    gc.unfreeze()


def collect_what_is_due(now: Callable[[], float] = time.perf_counter) -> None:
    """The oldest generation that is over its threshold, as the automatic collector would choose."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            began = now()
            gc.collect(generation)
            if now() - began > _LONG_S:
                gc.freeze()
            return
