"""Sleep, clock and the gate: when new orders wait, and which reason is shown."""

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.gate import Gate
from pitdesk.desk.gatekeeper import CLOCK, EXCHANGE, SNAPSHOT, STREAM, Gatekeeper
from pitdesk.desk.health import clock_reason
from pitdesk.desk.sleep_watch import SleepWatch


class SetClock(Clock):
    def __init__(self) -> None:
        self.wall, self.mono = 1_000_000, 50.0

    def wall_ms(self) -> int:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def go(self, wall_s: float, monotonic_s: float) -> None:
        self.wall += int(wall_s * 1000)
        self.mono += monotonic_s


@pytest.mark.parametrize(
    "wall_s, monotonic_s, noticed",
    [
        (1, 1, False),
        (3, 3, False),
        (3600, 1, True),  # the monotonic clock stood still, as on Linux
        (3600, 3600, True),  # it went on, as on Windows, or the program was stopped
        (-3600, 1, True),  # somebody set the clock back
        (5.5, 1, False),
        (6.5, 1, True),
    ],
)
def test_standing_still_is_noticed_on_every_kind_of_clock(
    wall_s: float, monotonic_s: float, noticed: bool
) -> None:
    clock = SetClock()
    watch = SleepWatch(clock)
    clock.go(wall_s, monotonic_s)
    assert (watch.slept() is not None) is noticed
    clock.go(1, 1)
    assert watch.slept() is None


def test_the_gate_opens_only_when_nothing_stands_against_it() -> None:
    gate = Gate("Connecting to the exchange.")
    keeper = Gatekeeper(gate)
    keeper.close(STREAM, "no stream")
    keeper.close(EXCHANGE, "paused")
    assert gate.reason == "no stream"
    keeper.lift(STREAM)
    assert gate.reason == "paused"
    keeper.lift(EXCHANGE)
    assert gate.reason == "Connecting to the exchange."
    keeper.lift(SNAPSHOT)
    assert gate.open_for_risk
    keeper.close(CLOCK, "clock")
    assert not gate.open_for_risk


@pytest.mark.parametrize(
    "offset_ms, holds", [(None, False), (10_000, False), (-10_001, True), (10_001, True), (600_000, True)]
)
def test_a_clock_far_off_holds_orders_and_says_so(offset_ms: int | None, holds: bool) -> None:
    reason = clock_reason(offset_ms)
    assert bool(reason) is holds
    assert not holds or "clock is" in reason
