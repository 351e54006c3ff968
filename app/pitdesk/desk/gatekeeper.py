"""Decides when the gate for new risk is open: when nothing stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.desk.gate import Gate

# What stands against new orders, the most telling reason first.
CLOSING, READ_ONLY, DAMAGE, CLOCK, DEAD_MAN, SLEEP, STREAM, EXCHANGE, SNAPSHOT = (
    "closing",
    "read-only",
    "damage",
    "clock",
    "dead man",
    "sleep",
    "stream",
    "exchange",
    "snapshot",
)
_ORDER = (CLOSING, READ_ONLY, DAMAGE, CLOCK, DEAD_MAN, SLEEP, STREAM, EXCHANGE, SNAPSHOT)


class Gatekeeper:
    """Holds the reasons that stand, by name, and shows the first of them at the gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._reasons = {SNAPSHOT: gate.reason} if gate.reason else {}

    def close(self, what: str, reason: str) -> None:
        """``what`` now stands against new orders; ``reason`` is the sentence shown for it."""
        self._reasons[what] = reason
        self._apply()

    def lift(self, what: str) -> None:
        """``what`` no longer stands against new orders."""
        self._reasons.pop(what, None)
        self._apply()

    def holds(self, what: str) -> bool:
        """Whether ``what`` stands against new orders."""
        return what in self._reasons

    def _apply(self) -> None:
        for what in _ORDER:
            if what in self._reasons:
                self._gate.close(self._reasons[what])
                return
        self._gate.open()
