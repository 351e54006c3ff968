"""Python's garbage, collected on the interface thread only.

Python collects cycles on whichever thread happens to allocate. On a worker thread that would end Qt objects
of the interface thread, with their timers: Qt forbids it, and the program may die of it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 500


def collect_on_this_thread(parent: QObject) -> QTimer:
    """Turn automatic collection off and do it here by the same thresholds, while ``parent`` lives."""
    gc.disable()
    timer = QTimer(parent)
    timer.setInterval(_LOOK_EVERY_MS)
    timer.timeout.connect(_collect_what_is_due)
    timer.start()
    return timer


def _collect_what_is_due() -> None:
    """The oldest generation that is over its threshold, as the automatic collector would choose."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return
