"""The audit log as the person sees it: what was asked, what was answered, how long it took."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pitdesk.events import Listeners
from pitdesk.notices import Severity

KEPT = 5_000


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One line. ``market`` is a ticker or empty; ``took_ms`` is None where nothing was waited for."""

    at_ms: int
    what: str
    market: str
    detail: str
    outcome: str
    took_ms: float | None = None
    severity: Severity = Severity.INFO


class Activity:
    """The last lines of this session, oldest first. The journal keeps everything."""

    def __init__(self, kept: int = KEPT) -> None:
        self.entries: deque[ActivityEntry] = deque(maxlen=kept)
        self.added: Listeners[ActivityEntry] = Listeners()

    def add(self, entry: ActivityEntry) -> None:
        """Put a line at the end; beyond what is kept, the oldest goes."""
        self.entries.append(entry)
        self.added.emit(entry)
