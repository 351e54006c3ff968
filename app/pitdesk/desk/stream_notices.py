"""What the person is told of the connection: that it is lost or silent, and that it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.notices import Notice, NoticeKind, Severity

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.desk.activity import Activity
    from pitdesk.kalshi.stream import StreamState
    from pitdesk.notices import Notices

_WORDS = {"live": "Live", "stale": "Silent", "down": "Lost", "connecting": "Connecting"}
_KEY = "stream"


class StreamNotices:
    """One notice while the stream is not to be trusted, and a line of the activity for each of its turns."""

    def __init__(self, notices: Notices, activity: Activity, clock: Clock) -> None:
        self._notices, self._activity, self._clock = notices, activity, clock
        self._was_lost = False

    def say(self, state: StreamState, reason: str) -> None:
        """The stream is in another phase; ``reason`` says why new orders wait, where they do."""
        is_lost = state.phase in ("down", "stale")
        if state.phase != "connecting":
            severity = Severity.WARNING if is_lost else Severity.INFO
            self._activity.add(
                ActivityEntry(
                    self._clock.wall_ms(), "Stream", "", state.reason, _WORDS[state.phase], severity=severity
                )
            )
        if is_lost:
            self._was_lost = True
            advice = "What is shown may be old. New orders wait until it is back; Pitdesk keeps trying."
            self._notices.say(
                Notice(reason, advice, state.reason, Severity.WARNING, _KEY, NoticeKind.CONNECTION)
            )
        elif state.phase == "live":
            self._notices.clear(_KEY)
            if self._was_lost:
                back = "The connection to the exchange is back."
                self._notices.say(Notice(back, kind=NoticeKind.CONNECTION))
            self._was_lost = False
