"""The checker sees each kind of wrong in a story that holds just that one, and none in a true story."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tools.campaign import terms
from tools.campaign.checker import COUNTED, Evidence, check

TICKER = "KXFEDDECISION-26DEC-C25"
OVER = f"{terms.MOST_CONTRACTS + 1}.00"


def order(key: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "client_order_id": key,
        "order_id": f"ex-{number}",
        "ticker": TICKER,
        "price": "0.0200",
        "initial_count": "1.00",
        "fill_count": "0.00",
        "remaining_count": "1.00",
        "status": "resting",
        "last_update_reason": "",
        **more,
    }


def row(key: str, **more: Any) -> dict[str, Any]:
    shown = {"ours": True, "order_id": "ex-1", "price": "0.0200", "filled": "0.00", "remaining": "1.00"}
    return {"what": "row", "key": key, "phase": "WORKING", "status": "Resting", "note": "", **shown, **more}


def true_story() -> Evidence:
    """One order, pressed, placed, told, written down and still resting at the end."""
    intent = {"ticker": TICKER, "count": "1.00", "state": "RESTING", "order_id": "ex-1"}
    submit = {"what": "submit", "kind": "PLACED", "key": "a", "sentence": "Order accepted"}
    settled = {"what": "settled", "rows": [row("a")], "answered": True}
    return Evidence(
        orders=[order("a")],
        requests=[],
        intents={"a": intent},  # type: ignore[dict-item]
        events=[],
        said=[submit, row("a"), settled],
        sent=Counter(a=1),
        changes=Counter(),
        broken_at=None,
        integrity="ok",
    )


def settled_rows(story: Evidence) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = story.said[-1]["rows"]
    return rows


def twice_by_a_retry(story: Evidence) -> None:
    story.orders.append(order("b", 2))
    story.intents["b"] = {**story.intents["a"], "order_id": "ex-2"}  # type: ignore[assignment,dict-item]
    settled_rows(story).append(row("b", order_id="ex-2"))


def twice_by_one_id(story: Evidence) -> None:
    story.orders.append(order("a", 2, status="canceled", remaining_count="0.00"))


def without_a_line(story: Evidence) -> None:
    story.orders.append(order("b", 2, initial_count="2.00"))


def told_as_placed(story: Evidence) -> None:
    story.said.insert(0, {"what": "submit", "kind": "PLACED", "key": "b", "sentence": "Order accepted"})


def told_under_another_orders_id(story: Evidence) -> None:
    story.said.insert(0, row("a", order_id="ex-9"))


def told_as_not_sent(story: Evidence) -> None:
    story.said.insert(0, row("a", order_id=None, phase="NOT_SENT", status="Not sent"))


def written_as_absent(story: Evidence) -> None:
    story.events.append({"kind": "state", "to_state": "NOT_PLACED", "subject": "a"})  # type: ignore[arg-type]


def left_in_doubt(story: Evidence) -> None:
    story.intents["b"] = {**story.intents["a"], "state": "UNKNOWN", "order_id": None}  # type: ignore[assignment,dict-item]


def above_the_limit(story: Evidence) -> None:
    story.orders[0]["initial_count"] = OVER


def sent_again(story: Evidence) -> None:
    story.sent["a"] += 1


def changed_again(story: Evidence) -> None:
    story.said.insert(0, {"what": "press change", "order_id": "ex-1"})
    story.changes["ex-1"] = 2


def told_as_canceled(story: Evidence) -> None:
    story.said.insert(0, {"what": "cancel", "canceled": ["ex-1"], "sentence": "Canceled"})


def told_as_changed(story: Evidence) -> None:
    story.said.insert(0, {"what": "change", "kind": "PLACED", "order_id": "ex-1"})


def rests_unseen(story: Evidence) -> None:
    settled_rows(story).clear()


def shown_otherwise(story: Evidence) -> None:
    settled_rows(story)[0]["remaining"] = "0.50"


def written_otherwise(story: Evidence) -> None:
    story.intents["a"]["state"] = "CANCELED"  # type: ignore[index]


def a_line_was_edited(story: Evidence) -> None:
    story.broken_at = 3


def a_task_failed(story: Evidence) -> None:
    story.said.insert(0, {"what": "task failed", "life": 1, "name": "look up", "error": "KeyError()"})


WRONGS: dict[Callable[[Evidence], None], str] = {
    twice_by_a_retry: "duplicates",
    twice_by_one_id: "duplicates",
    without_a_line: "lost",
    told_as_placed: "false_placed",
    told_under_another_orders_id: "false_placed",
    told_as_not_sent: "false_not_placed",
    written_as_absent: "false_not_placed",
    left_in_doubt: "still_unknown",
    above_the_limit: "over_limit",
    sent_again: "sent_twice",
    changed_again: "changed_twice",
    told_as_canceled: "false_canceled",
    told_as_changed: "false_changed",
    rests_unseen: "wrong_on_screen",
    shown_otherwise: "wrong_on_screen",
    written_otherwise: "wrong_in_journal",
    a_line_was_edited: "journal_broken",
    a_task_failed: "failures",
}


def test_a_true_story_is_clean() -> None:
    verdict = check(true_story())
    assert verdict.is_clean, verdict.wrong
    assert (verdict.intents, verdict.placed) == (1, 1)


@pytest.mark.parametrize("spoil", WRONGS, ids=lambda spoil: spoil.__name__)
def test_each_wrong_is_counted_under_its_name(spoil: Callable[[Evidence], None]) -> None:
    story = true_story()
    spoil(story)
    assert check(story).wrong[WRONGS[spoil]]


def test_every_count_can_be_other_than_zero() -> None:
    assert set(WRONGS.values()) == set(COUNTED)
