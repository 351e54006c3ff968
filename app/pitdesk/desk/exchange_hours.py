"""The exchange's time: New York's, by its own rule, and the weekly pause (FACTS §14).

The rule is written out because not every system carries a table of time zones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

_STANDARD, _SUMMER = timedelta(hours=-5), timedelta(hours=-4)
_THURSDAY = 3
_PAUSE_HOUR = 3
_MARCH, _NOVEMBER = 3, 11
_SUNDAY = 6


@cache
def _nth_sunday(year: int, month: int, nth: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (nth - 1))


def eastern_offset(at_ms: int) -> timedelta:
    """What New York's clocks differ from UTC by: summer time from the second Sunday of March, 2:00, to the
    first of November, 2:00 (United States, since 2007)."""
    at = _utc(at_ms)
    begins = _nth_sunday(at.year, _MARCH, 2) + timedelta(hours=2) - _STANDARD
    ends = _nth_sunday(at.year, _NOVEMBER, 1) + timedelta(hours=2) - _SUMMER
    return _SUMMER if begins <= at < ends else _STANDARD


def exchange_day(at_ms: int) -> date:
    """The date in New York at an instant in Unix milliseconds."""
    return (_utc(at_ms) + eastern_offset(at_ms)).date()


def exchange_day_start_ms(at_ms: int) -> int:
    """When the date in New York at ``at_ms`` began, Unix milliseconds."""
    local = _utc(at_ms) + eastern_offset(at_ms)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    guess = int((midnight - eastern_offset(at_ms)).timestamp() * 1000)
    return int((midnight - eastern_offset(guess)).timestamp() * 1000)


def next_weekly_pause_ms(now_ms: int) -> int:
    """When the next Thursday 03:00 Eastern begins: each week's trading pause, to 05:00."""
    local = _utc(now_ms) + eastern_offset(now_ms)
    days = (_THURSDAY - local.weekday()) % 7
    start = local.replace(hour=_PAUSE_HOUR, minute=0, second=0, microsecond=0) + timedelta(days=days)
    if start <= local:
        start += timedelta(days=7)
    # The wall time is fixed, so the offset that counts is the one that holds then.
    guess = int((start - eastern_offset(now_ms)).timestamp() * 1000)
    return int((start - eastern_offset(guess)).timestamp() * 1000)


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC)
