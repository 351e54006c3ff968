"""The Basic tier's write bucket: ten orders at once, then ten a second."""

from pitdesk.practice.buckets import BASIC_WRITE, CANCEL_COST, DEFAULT_COST, TokenBucket
from tests.unit.practice.floor import HandClock


def test_ten_orders_at_once_and_then_one_each_tenth_of_a_second() -> None:
    clock = HandClock()
    bucket = TokenBucket(BASIC_WRITE, clock)
    assert [bucket.take(DEFAULT_COST) for _ in range(11)] == [True] * 10 + [False]
    clock.now_ms += 99
    assert not bucket.take(DEFAULT_COST)
    assert bucket.take(CANCEL_COST)
    clock.now_ms += 25
    assert bucket.take(DEFAULT_COST)


def test_it_never_holds_more_than_its_capacity() -> None:
    clock = HandClock()
    bucket = TokenBucket(BASIC_WRITE, clock)
    clock.now_ms += 3_600_000
    assert bucket.take(BASIC_WRITE.capacity)
    assert not bucket.take(1)
