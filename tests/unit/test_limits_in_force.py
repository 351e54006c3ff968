"""Stricter at once, looser after a minute; and every figure as it is typed, told and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.clock import Clock
from pitdesk.limits import LimitValues
from pitdesk.limits.figures import BOUNDS, LOOSEST, bound_of, fault_of, read, tell, told
from pitdesk.limits.in_force import WAIT_S, LimitsInForce, names, raised, stricter
from pitdesk.limits.kept import own_figures, values_of
from pitdesk.limits.presets import limit_values
from pitdesk.profile import LimitsPreset, seal_of
from pitdesk.quantities import Count, Dollars, Price, QuantityError

SMALL, MEDIUM, LARGE = (limit_values(preset) for preset in LimitsPreset)


class HandClock(Clock):
    now = 100.0

    def monotonic(self) -> float:
        return self.now


def in_force(values: LimitValues = MEDIUM) -> tuple[LimitsInForce, HandClock]:
    clock = HandClock()
    return LimitsInForce(values, clock), clock


def test_what_is_stricter_holds_at_once() -> None:
    limits, _ = in_force()
    limits.change(SMALL)
    assert (limits.values, limits.chosen, limits.waits_s) == (SMALL, SMALL, 0.0)


@pytest.mark.parametrize("after_s, values", [(0.0, MEDIUM), (WAIT_S - 0.001, MEDIUM), (WAIT_S, LARGE)])
def test_what_is_looser_holds_after_a_minute(after_s: float, values: LimitValues) -> None:
    limits, clock = in_force()
    limits.change(LARGE)
    clock.now += after_s
    assert limits() == values
    assert limits.chosen == LARGE
    assert limits.waits_s == pytest.approx(WAIT_S - after_s)


def test_of_one_change_the_stricter_figures_hold_at_once_and_the_looser_later() -> None:
    limits, clock = in_force()
    mixed = replace(MEDIUM, cost_hard=Dollars.of(10), contracts_hard=Count.of(90_000), repeat_confirm_s=10.0)
    limits.change(mixed)
    assert limits.values == replace(MEDIUM, cost_hard=Dollars.of(10))
    clock.now += WAIT_S
    assert limits.values == mixed


def test_changing_again_waits_again_and_never_leaps_over_the_wait() -> None:
    limits, clock = in_force(SMALL)
    limits.change(LARGE)
    clock.now += WAIT_S - 1
    limits.change(replace(LARGE, cost_hard=Dollars.of(20_000)))
    clock.now += 2
    assert limits.values == SMALL
    limits.change(SMALL)
    assert limits.values == SMALL
    clock.now += WAIT_S
    assert limits.values == SMALL


def test_a_change_is_told() -> None:
    limits, _ = in_force()
    heard: list[None] = []
    limits.changed.connect(heard.append)
    limits.change(MEDIUM)
    assert heard == []
    limits.change(SMALL)
    assert len(heard) == 1


def test_what_is_raised_is_named_and_a_shorter_memory_for_repeats_is_a_raise() -> None:
    assert raised(MEDIUM, replace(MEDIUM, cost_hard=Dollars.of(2_501))) == ("cost_hard",)
    assert raised(MEDIUM, replace(MEDIUM, cost_hard=Dollars.of(2_499))) == ()
    assert raised(MEDIUM, replace(MEDIUM, repeat_confirm_s=59.0)) == ("repeat_confirm_s",)
    assert raised(MEDIUM, replace(MEDIUM, repeat_confirm_s=61.0)) == ()
    assert set(raised(SMALL, LARGE)) >= {
        "market_cost_hard",
        "event_cost_hard",
        "day_spend_hard",
        "day_loss_hard",
    }


def test_the_presets_go_from_strict_to_loose_and_none_beyond_the_loosest() -> None:
    for strict, loose in ((SMALL, MEDIUM), (MEDIUM, LARGE), (LARGE, LOOSEST)):
        assert stricter(strict, loose) == strict
        assert fault_of(loose) is None


def test_every_figure_stands_in_one_line_of_the_settings() -> None:
    shown = [name for bound in BOUNDS for name in bound.figures]
    assert sorted(shown) == sorted(names())
    assert bound_of("day_loss_hard").words == "Lost in one day"


@pytest.mark.parametrize("values", [SMALL, MEDIUM, LARGE])
def test_what_is_told_is_read_back(values: LimitValues) -> None:
    for name in names():
        assert read(name, tell(name, getattr(values, name))) == getattr(values, name)


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("cost_hard", "$43.71", Dollars.from_cents(4_371)),
        ("cost_hard", " 250 ", Dollars.of(250)),
        ("contracts_hard", "12.5", Count.from_wire("12.50")),
        ("through_hard", "2.5¢", Price(250)),
        ("open_orders_hard", "200000", 200_000),
        ("repeat_hard_s", "5", 5.0),
    ],
)
def test_a_figure_as_it_is_typed(name: str, text: str, value: Any) -> None:
    assert read(name, text) == value
    assert read(name, tell(name, value)) == value


@pytest.mark.parametrize(
    "name, text, says",
    [
        ("cost_hard", "0", "above $0"),
        ("cost_hard", "1,000", "two ways"),
        ("cost_hard", "-5", "above zero"),
        ("cost_hard", "1.234", "whole cents"),
        ("cost_hard", "", "Enter a dollar amount"),
        ("cost_hard", "10000000", "dollar amount"),
        ("contracts_hard", "1e3", "Use digits"),
        ("through_hard", "0", "Enter cents"),
        ("through_hard", "100", "Enter cents"),
        ("open_orders_hard", "2.5", "whole number"),
        ("open_orders_hard", "0", "whole number"),
        ("open_orders_hard", "200001", "The most that can be set here is 200,000 orders."),
        ("repeat_hard_s", "3601", "3600 seconds"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_would_be(name: str, text: str, says: str) -> None:
    with pytest.raises(QuantityError) as raised_error:
        read(name, text)
    assert says in str(raised_error.value)


def test_told_with_what_they_count() -> None:
    assert told("contracts_hard", Count.of(1_000)) == "1,000 contracts"
    assert told("cost_hard", Dollars.of(2_500)) == "$2,500.00"
    assert told("through_hard", Price.from_cents(10)) == "10¢"
    assert told("repeat_hard_s", 2.0) == "2 seconds"


@pytest.mark.parametrize(
    "changes, faulty",
    [
        ({"cost_confirm": Dollars.of(2_500)}, None),
        ({"cost_confirm": Dollars(2_500_000_001)}, "cost_confirm"),
        ({"repeat_confirm_s": 2.0}, None),
        ({"repeat_confirm_s": 1.0}, "repeat_confirm_s"),
    ],
)
def test_what_asks_must_not_come_after_what_refuses(changes: dict[str, Any], faulty: str | None) -> None:
    fault = fault_of(replace(MEDIUM, **changes))
    assert (None if fault is None else fault[0]) == faulty


def test_own_figures_are_those_that_differ() -> None:
    own = own_figures(replace(SMALL, cost_hard=Dollars.of(20), through_hard=Price(250)), LimitsPreset.SMALL)
    assert own == {"cost_hard": "20", "through_hard": "2.5"}
    with pytest.raises(ValueError, match="Asks must be less"):
        values_of(LimitsPreset.SMALL, own)
    own["cost_confirm"] = "10"
    own["through_confirm"] = "1"
    assert values_of(LimitsPreset.SMALL, own).cost_hard == Dollars.of(20)
    assert values_of(LimitsPreset.LARGE, {}) == LARGE


@pytest.mark.parametrize("own", [{"nothing": "5"}, {"cost_hard": "x"}, {"cost_hard": ""}, {"cost_hard": "1"}])
def test_figures_that_can_be_none_are_refused(own: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        values_of(LimitsPreset.SMALL, own)


def test_a_seal_is_of_one_account_and_of_every_digit() -> None:
    def seal(whose: str, limits: LimitsPreset, figures: dict[str, str], read_only: bool = False) -> str:
        return seal_of(whose, limits, figures, read_only=read_only)

    seals = {
        seal("a", LimitsPreset.SMALL, {}, True),
        seal("a", LimitsPreset.SMALL, {}),
        seal("b", LimitsPreset.SMALL, {}),
        seal("a", LimitsPreset.LARGE, {}),
        seal("a", LimitsPreset.SMALL, {"cost_hard": "20"}),
        seal("a", LimitsPreset.SMALL, {"cost_hard": "21"}),
        seal("a", LimitsPreset.SMALL, {"cost_confirm": "20"}),
    }
    assert len(seals) == 7
    assert seal("a", LimitsPreset.SMALL, {"x": "1", "y": "2"}) == seal(
        "a", LimitsPreset.SMALL, {"y": "2", "x": "1"}
    )


PRESETS = st.sampled_from([SMALL, MEDIUM, LARGE, LOOSEST])
CHANGES = st.lists(st.tuples(PRESETS, st.floats(0, 90)), max_size=8)


@given(PRESETS, CHANGES)
def test_no_change_is_looser_than_what_was_chosen_a_minute_ago(
    first: LimitValues, changes: list[tuple[LimitValues, float]]
) -> None:
    limits, clock = in_force(first)
    history = [(float("-inf"), first)]
    for chosen, pause in changes:
        limits.change(chosen)
        history.append((clock.now, chosen))
        clock.now += pause
        a_minute_ago = [values for at, values in history if at + WAIT_S <= clock.now][-1]
        since = [values for at, values in history if at + WAIT_S > clock.now]
        for bound in (chosen, a_minute_ago):
            assert stricter(limits.values, bound) == limits.values, "never looser than either"
        if all(values == chosen for values in (a_minute_ago, *since)):
            assert limits.values == chosen
