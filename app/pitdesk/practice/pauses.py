"""When the exchange pauses by itself: each Thursday from three to five in the morning, Eastern Time, where
the rules say so (FACTS §14). Only trading pauses then; canceling works."""

from __future__ import annotations

from datetime import timedelta

from pitdesk.practice.calendar_days import eastern_ms, eastern_now

_THURSDAY = 3
_FROM_HOUR, _TO_HOUR = 3, 5


def maintenance_windows(now_ms: int, count: int = 4) -> tuple[tuple[int, int], ...]:
    """The running window, if any, and those that follow: start and end in Unix milliseconds."""
    today = eastern_now(now_ms).date()
    first = today + timedelta(days=(_THURSDAY - today.weekday()) % 7)
    days = (first + timedelta(days=7 * week) for week in range(count + 1))
    windows = ((eastern_ms(day, _FROM_HOUR), eastern_ms(day, _TO_HOUR)) for day in days)
    return tuple(window for window in windows if window[1] > now_ms)[:count]
