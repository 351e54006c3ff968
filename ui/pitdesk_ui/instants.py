"""Instants as the person reads them: in the person's own zone."""

from __future__ import annotations

from datetime import UTC, datetime


def local(ms: int) -> datetime:
    """Unix milliseconds in the machine's own zone."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone()


def zone_name() -> str:
    """The person's time zone now, as the system calls it."""
    return datetime.now(tz=UTC).astimezone().tzname() or "local time"


def day_and_time(ms: int) -> str:
    """``Dec 9 14:00``."""
    when = local(ms)
    return f"{when:%b} {when.day} {when:%H:%M}"


def time_of_day(ms: int) -> str:
    """``14:03:07``."""
    return f"{local(ms):%H:%M:%S}"
