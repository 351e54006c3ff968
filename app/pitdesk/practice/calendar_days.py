"""Days and hours of the exchange's own time, New York's, without a time zone database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

_STANDARD = timedelta(hours=-5)
_SUMMER = timedelta(hours=-4)


def eastern_offset(day: date) -> timedelta:
    """New York's offset at noon of ``day``: summer time runs from the second Sunday of March to the first of
    November."""
    return _SUMMER if _sunday(day.year, 3, 2) <= day < _sunday(day.year, 11, 1) else _STANDARD


def eastern_word(day: date) -> str:
    """``EST`` or ``EDT``."""
    return "EDT" if eastern_offset(day) == _SUMMER else "EST"


def eastern_ms(day: date, hour: int, minute: int = 0) -> int:
    """Unix milliseconds of a New York wall clock; hour 24 is the day's end."""
    midnight = datetime.combine(day, time(), tzinfo=UTC) - eastern_offset(day)
    return int((midnight + timedelta(hours=hour, minutes=minute)).timestamp()) * 1000


def eastern_now(now_ms: int) -> datetime:
    """The New York wall clock at an instant."""
    utc = datetime.fromtimestamp(now_ms / 1000, UTC)
    return (utc + eastern_offset((utc + _STANDARD).date())).replace(tzinfo=None)


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))
