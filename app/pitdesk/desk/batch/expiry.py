"""When an order expires, as a person types it into a cell, and as a cell shows it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from pitdesk.quantities import QuantityError

_NEVER = frozenset({"", "—", "-", "–", "no", "none", "never", "gtc"})
_AT_CLOSE = frozenset({"close", "at close", "market close", "at market close"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.0+)? ?(z|utc|[+-]\d{2}:?\d{2})?\Z",
    re.IGNORECASE | re.ASCII,
)
_NAMED = re.compile(
    r"([a-z]{3})[a-z]*\.? (\d{1,2})(?:,? (\d{4}))?,? (\d{1,2}):(\d{2})\Z", re.IGNORECASE | re.ASCII
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})\Z", re.ASCII)
_IN = re.compile(r"(?:\+|in )(\d{1,3}) ?(m|min|h|hour|d|day)s?\Z", re.IGNORECASE | re.ASCII)
_EPOCH = re.compile(r"\d{10}\Z", re.ASCII)
_SPANS = {"m": 60, "min": 60, "h": 3_600, "hour": 3_600, "d": 86_400, "day": 86_400}
_WHAT = "Write it like Nov 21 17:00, 2026-11-21 17:00, 17:00, +2h, or close; leave it empty for never."


def parse_expiry(text: str, close_s: int | None, now_ms: int, zone: tzinfo | None = None) -> int | None:
    """Seconds of the Unix epoch, None for never. Times without a zone are of ``zone``, the machine's own.

    ``close_s`` is when the market closes. A time without its date is the next such time. Raises
    :class:`QuantityError` with what would be accepted.
    """
    body = " ".join(text.strip().split())
    lowered = body.casefold()
    if lowered in _NEVER:
        return None
    if lowered in _AT_CLOSE:
        if close_s is None:
            raise QuantityError("The market's closing time is not known yet.")
        return close_s
    now = datetime.fromtimestamp(now_ms // 1_000, UTC).astimezone(zone)
    try:
        moment = _moment(body, now, zone)
    except ValueError:
        raise QuantityError(f"“{body[:24]}” is not a date of the calendar. {_WHAT}") from None
    if moment is None:
        raise QuantityError(f"“{body[:24]}” is not a time. {_WHAT}")
    return int(moment.timestamp())


def _moment(body: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    if match := _ISO.match(body):
        *numbers, seconds, named = match.groups()
        year, month, day, hour, minute = map(int, numbers)
        wall = datetime(year, month, day, hour, minute, int(seconds or 0), tzinfo=UTC)
        return _in_zone(wall, zone) if named is None else wall - _offset(named)
    if match := _NAMED.match(body):
        return _named(match, now, zone)
    if match := _TIME.match(body):
        moment = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
        return moment if moment > now else moment + timedelta(days=1)
    if match := _IN.match(body):
        return now + timedelta(seconds=int(match[1]) * _SPANS[match[2].casefold()])
    if _EPOCH.match(body):
        return datetime.fromtimestamp(int(body), UTC)
    return None


def _named(match: re.Match[str], now: datetime, zone: tzinfo | None) -> datetime | None:
    name, day, year, hour, minute = match.groups()
    if name.casefold() not in _MONTHS:
        return None
    month = _MONTHS.index(name.casefold()) + 1
    moment = datetime(int(year or now.year), month, int(day), int(hour), int(minute), tzinfo=UTC)
    moment = _in_zone(moment, zone)
    if year is None and moment < now - timedelta(days=180):
        moment = moment.replace(year=moment.year + 1)
    return moment


def _in_zone(wall: datetime, zone: tzinfo | None) -> datetime:
    """The instant at which clocks of ``zone`` show ``wall``; None: the machine's, by that day's rule."""
    bare = wall.replace(tzinfo=None)
    return bare.astimezone() if zone is None else bare.replace(tzinfo=zone)


def _offset(named: str) -> timedelta:
    """What ``Z``, ``UTC`` or ``+05:30`` is ahead of UTC."""
    if named.casefold() in ("z", "utc"):
        return timedelta(0)
    digits = named[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return ahead if named[0] == "+" else -ahead
