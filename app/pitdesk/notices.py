"""What is said to the person outside any one field or row: a headline, what to do, and the detail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pitdesk.events import Listeners


class Severity(Enum):
    """How much a notice asks of the person."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class NoticeKind(Enum):
    """What a notice is about, where the person can choose how such ones reach them. The value is kept."""

    FILL = "fill"
    CANCELED = "canceled"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    CONNECTION = "connection"
    AWAY = "away"
    PAUSE = "pause"
    BATCH = "batch"

    @property
    def protects(self) -> bool:
        """Whether it cannot be kept out of the window."""
        return self is NoticeKind.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing said. A notice with a ``key`` takes the place of the one before it with the same key.

    ``kind``: which choice of the person it follows; without one it is told in the window, always.
    """

    headline: str
    advice: str = ""
    detail: str = ""
    severity: Severity = Severity.INFO
    key: str | None = None
    kind: NoticeKind | None = None


class Notices:
    """The notices that stand now. Those without a key are said once and do not stand."""

    def __init__(self) -> None:
        self.said: Listeners[Notice] = Listeners()
        self.cleared: Listeners[str] = Listeners()
        self._standing: dict[str, Notice] = {}

    def say(self, notice: Notice) -> None:
        """Say it; the same notice under the same key is not said twice."""
        if notice.key is not None:
            if self._standing.get(notice.key) == notice:
                return
            self._standing[notice.key] = notice
        self.said.emit(notice)

    def clear(self, key: str) -> None:
        """Take back what stands under ``key``."""
        if self._standing.pop(key, None) is not None:
            self.cleared.emit(key)

    def current(self) -> tuple[Notice, ...]:
        """What stands now, oldest first."""
        return tuple(self._standing.values())
