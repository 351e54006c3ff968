"""New York's clock, without a time zone database."""

from datetime import UTC, date, datetime

import pytest

from pitdesk.practice.calendar_days import eastern_ms, eastern_now, eastern_word


@pytest.mark.parametrize(
    "day, hour, utc",
    [
        (date(2026, 12, 9), 14, "2026-12-09T19:00"),
        (date(2026, 7, 3), 14, "2026-07-03T18:00"),
        (date(2026, 3, 7), 12, "2026-03-07T17:00"),
        (date(2026, 3, 8), 12, "2026-03-08T16:00"),
        (date(2026, 10, 31), 12, "2026-10-31T16:00"),
        (date(2026, 11, 1), 12, "2026-11-01T17:00"),
        (date(2026, 12, 31), 24, "2027-01-01T05:00"),
    ],
)
def test_a_wall_clock_becomes_an_instant(day: date, hour: int, utc: str) -> None:
    instant = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert eastern_ms(day, hour) == int(instant.timestamp()) * 1000
    if hour < 24:
        assert eastern_now(eastern_ms(day, hour)) == datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001


def test_it_says_which_time_it_is() -> None:
    assert (eastern_word(date(2026, 11, 21)), eastern_word(date(2026, 6, 1))) == ("EST", "EDT")
