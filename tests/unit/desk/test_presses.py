"""Orders sent one by one are counted for a minute; rows of a batch are not."""

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.desk.presses import Presses
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price


class HandClock(Clock):
    now = 100.0

    def monotonic(self) -> float:
        return self.now


def intent(number: int, source: Source = Source.TICKET) -> Intent:
    return Intent(f"i{number}", OrderDraft("T", Verb.BUY_YES, Count.of(1), Price.from_cents(5)), source, 0)


@pytest.mark.parametrize(
    "after_s, counted", [(0.0, (3, 3)), (0.999, (3, 3)), (1.0, (0, 3)), (59.999, (0, 3)), (60.0, (0, 0))]
)
def test_a_press_counts_for_a_second_and_for_a_minute(after_s: float, counted: tuple[int, int]) -> None:
    blotter, clock = Blotter(), HandClock()
    presses = Presses(clock, blotter.asked)
    for number, source in enumerate((Source.TICKET, Source.LADDER, Source.TICKET, Source.BATCH)):
        blotter.add_intent(intent(number, source))
    clock.now += after_s
    assert presses.lately() == counted


def test_what_is_found_in_the_journal_was_not_pressed_now() -> None:
    blotter = Blotter()
    presses = Presses(HandClock(), blotter.asked)
    blotter.add_intent(intent(1), RowPhase.UNCONFIRMED)
    assert presses.lately() == (0, 0)
    presses.close()
    blotter.add_intent(intent(2))
    assert presses.lately() == (0, 0)
