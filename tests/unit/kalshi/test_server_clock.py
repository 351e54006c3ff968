"""The exchange's clock from answers that name whole seconds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.kalshi.server_clock import ServerClock, off_by
from tests.unit.kalshi.ground import StillClock


def answer(server: ServerClock, clock: StillClock, truth_ms: int, there_s: float, back_s: float) -> None:
    """One request to an exchange whose clock is ``truth_ms`` ahead of ours."""
    sent = clock.wall
    clock.advance(there_s)
    date_ms = (clock.wall + truth_ms) // 1000 * 1000
    clock.advance(back_s)
    server.note(sent, (there_s + back_s) * 1000, date_ms)


@settings(max_examples=200, deadline=None)
@given(
    truth_ms=st.integers(-60_000, 60_000),
    trips=st.lists(
        st.tuples(st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0, 20)), min_size=1, max_size=20
    ),
)
def test_the_estimate_is_never_off_by_more_than_an_answer_allows(
    truth_ms: int, trips: list[tuple[float, float, float]]
) -> None:
    clock = StillClock()
    server = ServerClock(clock)
    for there, back, pause in trips:
        answer(server, clock, truth_ms, there, back)
        clock.advance(pause)
        offset = server.offset_ms
        assert offset is not None
        assert abs(offset - truth_ms) <= 1_000 + 800 + 2
        assert abs(offset) <= abs(truth_ms) + 2, "never corrects more than it must"


def test_answers_through_a_second_narrow_it_down() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    for _ in range(50):
        answer(server, clock, 5_400, 0.01, 0.01)
        clock.advance(0.137)
    offset = server.offset_ms
    assert offset is not None
    assert abs(offset - 5_400) < 200


def test_nothing_is_known_before_the_first_answer() -> None:
    server = ServerClock(StillClock())
    assert server.offset_ms is None
    assert server.sentence() is None


def test_a_clock_that_is_right_is_left_alone() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    answer(server, clock, 0, 0.1, 0.1)
    assert server.offset_ms == 0


def test_a_clock_that_jumps_makes_the_estimate_worthless() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    answer(server, clock, 0, 0.1, 0.1)
    clock.wall += 3_600_000
    assert server.offset_ms is None
    answer(server, clock, -3_600_000, 0.1, 0.1)
    offset = server.offset_ms
    assert offset is not None
    assert abs(offset + 3_600_000) <= 1_200


def test_a_slow_answer_teaches_nothing() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    answer(server, clock, 0, 4.0, 4.0)
    assert server.offset_ms is None


def test_the_person_is_told_above_two_seconds() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    answer(server, clock, 4_000, 0.1, 0.1)
    assert "slow" in (server.sentence() or "")
    assert off_by(-12_900) == "The computer's clock is 12 s fast."


def stale(server: ServerClock, clock: StillClock, age_ms: int) -> None:
    """An answer whose date is ``age_ms`` old, as of a page that something between here and there kept."""
    server.note(clock.wall, 20.0, (clock.wall - age_ms) // 1000 * 1000)


@settings(max_examples=200, deadline=None)
@given(
    truth_ms=st.integers(-60_000, 60_000),
    right=st.integers(1, 10),
    age_ms=st.integers(3_000, 3_600_000),
    pause=st.floats(0, 900),
)
def test_a_stale_date_among_right_ones_moves_nothing(
    truth_ms: int, right: int, age_ms: int, pause: float
) -> None:
    clock = StillClock()
    server = ServerClock(clock)
    for _ in range(right):
        answer(server, clock, truth_ms, 0.01, 0.01)
        clock.advance(0.3)
    for _ in range(5):
        clock.advance(pause)
        before = server.offset_ms
        server.note(clock.wall, 20.0, (clock.wall + truth_ms - age_ms) // 1000 * 1000)
        assert server.offset_ms == before
        answer(server, clock, truth_ms, 0.01, 0.01)
    offset = server.offset_ms
    assert offset is not None
    assert abs(offset - truth_ms) <= 1_002


@pytest.mark.parametrize("pause", [0.1, 0.7, 10.0])
def test_a_page_kept_somewhere_with_one_date_for_ever_is_never_believed(pause: float) -> None:
    clock = StillClock()
    server = ServerClock(clock)
    answer(server, clock, 0, 0.01, 0.01)
    kept_ms = clock.wall - 30_000
    for _ in range(60):
        clock.advance(pause)
        server.note(clock.wall, 20.0, kept_ms)
        assert server.sentence() is None


def test_a_stale_date_that_came_first_is_given_up_for_what_later_ones_agree_on() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    stale(server, clock, 90_000)
    assert server.sentence() is not None
    for _ in range(4):
        clock.advance(1.2)
        answer(server, clock, 0, 0.01, 0.01)
    assert server.sentence() is None


def test_what_answers_say_for_three_seconds_is_believed() -> None:
    clock = StillClock()
    server = ServerClock(clock)
    for _ in range(10):
        answer(server, clock, 0, 0.01, 0.01)
        clock.advance(0.3)
    for _ in range(2):
        answer(server, clock, 4_000, 0.01, 0.01)
        assert server.sentence() is None
        clock.advance(3.5)
    answer(server, clock, 4_000, 0.01, 0.01)
    assert "slow" in (server.sentence() or "")
