"""New York's time by rule, and the weekly pause."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.desk.exchange_hours import eastern_offset, exchange_day, next_weekly_pause_ms

SECONDS = st.integers(1_704_067_200, 2_114_294_400)  # 2024 to 2036


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    "instant, hours",
    [
        ("2026-03-08T06:59:59", -5),
        ("2026-03-08T07:00:00", -4),
        ("2026-11-01T05:59:59", -4),
        ("2026-11-01T06:00:00", -5),
        ("2026-01-01T00:00:00", -5),
        ("2027-07-01T00:00:00", -4),
    ],
)
def test_summer_time_begins_and_ends_by_the_rule(instant: str, hours: int) -> None:
    assert eastern_offset(ms(instant)) == timedelta(hours=hours)


@given(SECONDS)
def test_the_rule_agrees_with_the_table_of_time_zones(moment: int) -> None:
    zoneinfo = pytest.importorskip("zoneinfo")
    try:
        zone = zoneinfo.ZoneInfo("America/New_York")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("this system has no table of time zones")
    at = datetime.fromtimestamp(moment, zone)
    assert eastern_offset(moment * 1000) == at.utcoffset()


@pytest.mark.parametrize(
    "now, pause",
    [
        ("2026-11-21T12:00:00", "2026-11-26T08:00:00"),
        ("2026-11-26T07:59:59", "2026-11-26T08:00:00"),
        ("2026-11-26T08:00:00", "2026-12-03T08:00:00"),
        ("2026-03-06T12:00:00", "2026-03-12T07:00:00"),
        ("2026-10-30T12:00:00", "2026-11-05T08:00:00"),
    ],
)
def test_the_next_pause_is_thursday_three_oclock_in_new_york(now: str, pause: str) -> None:
    assert next_weekly_pause_ms(ms(now)) == ms(pause)


def test_the_exchange_day_ends_at_midnight_in_new_york() -> None:
    assert exchange_day(ms("2026-11-21T04:59:59")) == date(2026, 11, 20)
    assert exchange_day(ms("2026-11-21T05:00:00")) == date(2026, 11, 21)
