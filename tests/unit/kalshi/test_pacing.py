"""The mirror of the exchange's buckets never lets more through than the exchange would."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.kalshi.pacing import Pacer, TokenBucket
from pitdesk.kalshi.records import AccountLimits, BucketLimit
from tests.unit.kalshi.ground import StillClock


class Exchange:
    """The exchange's own bucket, kept apart from ours: it counts what it would refuse."""

    def __init__(self, clock: StillClock, rate: int, capacity: int) -> None:
        self.clock, self.rate, self.capacity = clock, rate, capacity
        self.tokens, self.at, self.refused = float(capacity), clock.seconds, 0

    def charge(self, cost: int) -> None:
        """A request arrives."""
        self.tokens = min(self.capacity, self.tokens + (self.clock.seconds - self.at) * self.rate)
        self.at = self.clock.seconds
        if self.tokens + 1e-3 < cost:
            self.refused += 1
        else:
            self.tokens -= cost


def pacer_on(clock: StillClock) -> Pacer:
    async def sleep(seconds: float) -> None:
        clock.advance(seconds)
        await asyncio.sleep(0)

    return Pacer(clock, sleep)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([2, 10, 50]), st.booleans(), st.floats(0, 0.5)), min_size=1, max_size=60
    )
)
def test_the_exchange_never_refuses(calls: list[tuple[int, bool, float]]) -> None:
    clock = StillClock()
    pacer, exchange = pacer_on(clock), Exchange(clock, 100, 100)

    async def run() -> None:
        for cost, safety, pause in calls:
            clock.advance(pause)
            await pacer.write(cost, safety=safety)
            exchange.charge(cost)
            pacer.write_answered(cost)

    asyncio.run(run())
    assert exchange.refused == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([2, 10]), st.booleans()), min_size=1, max_size=40))
def test_the_exchange_never_refuses_callers_that_come_at_once(calls: list[tuple[int, bool]]) -> None:
    clock = StillClock()
    pacer, exchange = pacer_on(clock), Exchange(clock, 100, 100)

    async def one(cost: int, safety: bool) -> None:
        await pacer.write(cost, safety=safety)
        exchange.charge(cost)
        pacer.write_answered(cost)

    async def run() -> None:
        await asyncio.gather(*(one(cost, safety) for cost, safety in calls))

    asyncio.run(run())
    assert exchange.refused == 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([10, 40, 80]), st.floats(0, 1.5), st.floats(0, 0.4), st.floats(0, 0.4)),
        min_size=1,
        max_size=40,
    )
)
def test_the_exchange_never_refuses_orders_however_long_they_are_under_way(
    calls: list[tuple[int, float, float, float]],
) -> None:
    """A full bucket gains nothing while a request is under way: what it arrives at is less than it left."""
    clock = StillClock()
    pacer, exchange = pacer_on(clock), Exchange(clock, 100, 100)

    async def run() -> None:
        for cost, pause, there, back in calls:
            clock.advance(pause)
            await pacer.write(cost)
            clock.advance(there)
            exchange.charge(cost)
            clock.advance(back)
            pacer.write_answered(cost)

    asyncio.run(run())
    assert exchange.refused == 0


def test_orders_that_are_never_answered_hold_no_cancel_up() -> None:
    clock = StillClock()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    pacer = Pacer(clock, sleep)

    async def run() -> None:
        for _ in range(8):
            await pacer.write(10)
        clock.advance(2)
        for _ in range(50):
            await pacer.write(2, safety=True)

    asyncio.run(run())
    assert waits == []


def test_what_was_not_sent_costs_nothing(still_clock: StillClock) -> None:
    pacer = pacer_on(still_clock)
    asyncio.run(pacer.write(80))
    pacer.write_unspent(80)
    pacer.write_answered(80)
    assert pacer.write_level() == (100, 100)


def test_a_burst_of_orders_leaves_room_for_cancels() -> None:
    clock = StillClock()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    pacer = Pacer(clock, sleep)

    async def run() -> None:
        for _ in range(8):
            await pacer.write(10)
        assert waits == []
        for _ in range(10):
            await pacer.write(2, safety=True)
        assert waits == []
        pacer.write_answered(100)
        await pacer.write(10)
        assert waits

    asyncio.run(run())


def test_a_cancel_passes_orders_that_wait() -> None:
    clock = StillClock()
    gate = asyncio.Event()
    done: list[str] = []

    async def sleep(seconds: float) -> None:
        await gate.wait()
        clock.advance(seconds)

    pacer = Pacer(clock, sleep)

    async def order(name: str) -> None:
        await pacer.write(10)
        done.append(name)

    async def run() -> None:
        for _ in range(8):
            await pacer.write(10)
            pacer.write_answered(10)
        waiting = [asyncio.create_task(order(name)) for name in ("first", "second")]
        await asyncio.sleep(0)
        await pacer.write(2, safety=True)
        done.append("cancel")
        gate.set()
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert done == ["cancel", "first", "second"]


def test_nobody_who_wants_less_overtakes_who_came_first() -> None:
    clock = StillClock()
    done: list[str] = []

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)
        clock.advance(min(seconds, 0.05))

    pacer = Pacer(clock, sleep)

    async def order(name: str, cost: int) -> None:
        await pacer.write(cost)
        done.append(name)
        pacer.write_answered(cost)

    async def run() -> None:
        await pacer.write(80)
        pacer.write_answered(80)
        await asyncio.gather(order("large", 80), order("small", 10))

    asyncio.run(run())
    assert done == ["large", "small"]


def test_what_can_never_fit_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="110"):
        asyncio.run(pacer_on(StillClock()).write(110))


def test_another_tier_is_taken_over(still_clock: StillClock) -> None:
    pacer = pacer_on(still_clock)
    asyncio.run(pacer.write(50))
    pacer.write_answered(50)
    pacer.adopt(AccountLimits(BucketLimit(300, 600), BucketLimit(300, 600)))
    assert pacer.write_level() == (550, 600)


def test_a_refusal_for_want_of_tokens_empties_the_mirror(still_clock: StillClock) -> None:
    pacer = pacer_on(still_clock)
    pacer.write_emptied()
    assert pacer.write_level() == (0, 100)
    still_clock.advance(0.5)
    assert pacer.write_level() == (50, 100)


def test_a_clock_that_stands_gives_no_tokens(still_clock: StillClock) -> None:
    bucket = TokenBucket(BucketLimit(10, 20), still_clock)
    bucket.take(20)
    assert bucket.wait_for(5) == pytest.approx(0.5)
    still_clock.seconds -= 100
    assert bucket.level() == 0


def test_the_balance_has_its_own_bucket() -> None:
    clock = StillClock()
    pacer = pacer_on(clock)
    started = clock.seconds

    async def run() -> None:
        for _ in range(3):
            await pacer.balance()
            clock.seconds += 0.25  # on its way, there and back
            pacer.balance_answered()

    asyncio.run(run())
    assert clock.seconds - started == pytest.approx(2 * (1.0 + 0.25) + 0.25)
