"""The numbers and ids that orders, fills, trades and transfers get."""

from __future__ import annotations


class Numbers:
    """Rise without end, over restarts too; an id is made of a number and the instant of the start."""

    def __init__(self, start_ms: int) -> None:
        """``start_ms``: Unix ms at which this run began: no other run's ids begin with it."""
        self._last = 0
        stamp = f"{start_ms:012x}"
        self._prefix = f"{stamp[:8]}-{stamp[8:]}-4000-8000-"

    def next(self) -> int:
        """The next number."""
        self._last += 1
        return self._last

    def start_above(self, used: int) -> None:
        """Give out none that an earlier run used."""
        self._last = max(self._last, used)

    def id_of(self, number: int) -> str:
        """A UUID that no other run or number shares."""
        return f"{self._prefix}{number:012x}"
