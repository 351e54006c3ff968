"""The gate before new risk, and the audit log."""

from __future__ import annotations

import pytest

from pitdesk.desk.activity import Activity, ActivityEntry
from pitdesk.desk.gate import Gate


def test_a_gate_is_closed_with_a_reason_until_it_is_opened() -> None:
    gate = Gate()
    told: list[bool] = []
    gate.changed.connect(lambda _: told.append(gate.open_for_risk))
    assert not gate.open_for_risk
    assert gate.reason == "Connecting to the exchange."
    gate.open()
    gate.open()
    assert gate.reason == ""
    gate.close("Trading is paused.")
    gate.close("Trading is paused.")
    assert told == [True, False]
    with pytest.raises(ValueError, match="reason"):
        gate.close("")


def test_the_activity_keeps_the_latest_and_tells_each() -> None:
    activity = Activity(kept=3)
    told: list[ActivityEntry] = []
    activity.added.connect(told.append)
    for number in range(5):
        activity.add(ActivityEntry(number, "Order", "T", "", "Placed"))
    assert [entry.at_ms for entry in activity.entries] == [2, 3, 4]
    assert [entry.at_ms for entry in told] == [0, 1, 2, 3, 4]
