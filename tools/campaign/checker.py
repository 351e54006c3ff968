"""Believes nobody: the exchange's own log against the journal on disk and against what the screen said."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pitdesk.journal.chain import first_break
from pitdesk.quantities import Count
from tools.campaign import terms
from tools.campaign.said import read_said

_NOT_PLACED_WORDS = ("REFUSED", "NOT_SENT")
_NOT_PLACED_STATES = ("NOT_PLACED", "REJECTED", "NOT_SENT", "DISCARDED")
_ON_EXCHANGE_STATES = ("ACKED", "RESTING", "PARTIAL", "FILLED", "CANCELED", "EXPIRED")
_PENDING_PHASES = ("UNCONFIRMED", "SENDING", "AMENDING", "CANCELING")
COUNTED = (
    "duplicates",
    "lost",
    "false_placed",
    "false_not_placed",
    "still_unknown",
    "over_limit",
    "sent_twice",
    "changed_twice",
    "false_canceled",
    "false_changed",
    "wrong_on_screen",
    "wrong_in_journal",
    "journal_broken",
    "failures",
)
"""What must be 0, in the order it is printed."""


@dataclass(slots=True)
class Verdict:
    """What is wrong, by kind, each with a line that tells where; and how much was looked at."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in COUNTED})
    intents: int = 0
    placed: int = 0
    statements: int = 0
    states: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Nothing is wrong."""
        return not any(self.wrong.values())

    def say(self, kind: str, line: str) -> None:
        """One more thing is wrong."""
        self.wrong[kind].append(line)


@dataclass(slots=True)
class Evidence:
    """The three stories, and what the wire carried."""

    orders: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    intents: dict[str, sqlite3.Row]
    events: list[sqlite3.Row]
    said: list[dict[str, Any]]
    sent: Counter[str]
    changes: Counter[str]
    broken_at: int | None
    integrity: str


def gather(folder: Path, log: dict[str, Any], sent: Counter[str], changes: Counter[str]) -> Evidence:
    """Read the journal as any program would, and what was said."""
    connection = sqlite3.connect(folder / "person" / "state" / "journal.sqlite3")
    connection.row_factory = sqlite3.Row
    try:
        intents = {row["client_order_id"]: row for row in connection.execute("SELECT * FROM intent")}
        events = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
        broken_at = first_break(connection)
        integrity = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
    said = list(read_said(folder / "said.jsonl"))
    return Evidence(
        log["orders"], log["requests"], intents, events, said, sent, changes, broken_at, integrity
    )


def check(evidence: Evidence) -> Verdict:
    """Everything, after the desk has settled."""
    verdict = Verdict(intents=len(evidence.intents), placed=len(evidence.orders))
    verdict.statements = len(evidence.said)
    verdict.states.update(row["state"] for row in evidence.intents.values())
    verdict.ends.update(one["kind"] for one in evidence.said if one["what"] == "submit")
    _once(evidence, verdict)
    _limits(evidence, verdict)
    _said_of_orders(evidence, verdict)
    _said_of_cancels(evidence, verdict)
    _said_of_changes(evidence, verdict)
    _journal(evidence, verdict)
    _settled(evidence, verdict)
    return verdict


def _mark(row: sqlite3.Row) -> str:
    return f"{row['ticker']} {Count.from_wire(row['count']).units}"


def _once(evidence: Evidence, verdict: Verdict) -> None:
    """No press made two orders, whatever ids they bear; no order is without its line in the journal."""
    by_press: dict[str, list[str]] = defaultdict(list)
    for order in evidence.orders:
        key = order["client_order_id"]
        row = evidence.intents.get(key)
        if row is None:
            verdict.say("lost", f"order {order['order_id']} ({key}) is on the exchange without a line")
            units = Count.from_wire(order["initial_count"]).units
            by_press[f"{order['ticker']} {units}"].append(key)
        else:
            by_press[_mark(row)].append(key)
    for mark, keys in by_press.items():
        for key in keys[1:]:
            verdict.say("duplicates", f"{mark} was placed {len(keys)} times, as {key} too")
    for key, times in evidence.sent.items():
        if times > 1:
            verdict.say("sent_twice", f"{key} left {times} times")


def _limits(evidence: Evidence, verdict: Verdict) -> None:
    most = terms.MOST_CONTRACTS * 100
    over = {key for key, row in evidence.intents.items() if Count.from_wire(row["count"]).units > most}
    for key in over.intersection(evidence.sent):
        verdict.say("over_limit", f"{key} is above the limit and left")
    for order in evidence.orders:
        if Count.from_wire(order["initial_count"]).units > most and order["client_order_id"] not in over:
            verdict.say("over_limit", f"order {order['order_id']} is above the limit")


def _said_of_orders(evidence: Evidence, verdict: Verdict) -> None:
    """What the screen once said stays said: a later correction does not make it true."""
    there = {order["client_order_id"]: order["order_id"] for order in evidence.orders}
    false: dict[str, dict[str, str]] = {"false_placed": {}, "false_not_placed": {}}
    for one in evidence.said:
        for key, placed, order_id, words in _claims(one):
            if placed and (key not in there or order_id not in (None, there[key])):
                false["false_placed"].setdefault(key, words)
            elif not placed and key in there:
                false["false_not_placed"].setdefault(key, words)
    for kind, found in false.items():
        for key, words in found.items():
            verdict.say(kind, f"{key}: {words}")


def _claims(one: dict[str, Any]) -> list[tuple[str, bool, str | None, str]]:
    """(client order id, placed or not, order id, words) of one statement."""
    what = one["what"]
    if what == "submit" and one["key"]:
        if one["kind"] == "PLACED":
            return [(one["key"], True, None, one["sentence"])]
        if one["kind"] in _NOT_PLACED_WORDS:
            return [(one["key"], False, None, one["sentence"])]
    if what == "row" and one["ours"]:
        if one["order_id"]:
            return [(one["key"], True, one["order_id"], one["status"])]
        if one["phase"] in _NOT_PLACED_WORDS:
            return [(one["key"], False, None, f"{one['status']}: {one['note']}")]
    if what == "batch":
        return [
            (row["key"], row["end"] == "PLACED", None, f"batch: {row['text']}")
            for row in one["rows"]
            if row["end"] in ("PLACED", *_NOT_PLACED_WORDS)
        ]
    return []


def _said_of_cancels(evidence: Evidence, verdict: Verdict) -> None:
    status = {order["order_id"]: order["status"] for order in evidence.orders}
    for one in evidence.said:
        for order_id in one["canceled"] if one["what"] == "cancel" else ():
            if order_id is not None and status.get(order_id) != "canceled":
                verdict.say("false_canceled", f"{order_id} is {status.get(order_id)}: {one['sentence']}")


def _said_of_changes(evidence: Evidence, verdict: Verdict) -> None:
    """One press, one request; and what is told as changed or as not changed agrees with what was done."""
    pressed = Counter(one["order_id"] for one in evidence.said if one["what"] == "press change")
    placed = Counter(
        one["order_id"] for one in evidence.said if one["what"] == "change" and one["kind"] == "PLACED"
    )
    done = Counter(
        row["path"].split("/")[-2]
        for row in evidence.requests
        if row["path"].endswith(("/amend", "/decrease")) and row["status"] == 200
    )
    failed = Counter(
        row["order_id"]
        for row in evidence.events
        if row["kind"] in ("amend", "decrease") and row["to_state"] in ("NOT_PLACED", "REJECTED")
    )
    for order_id, times in evidence.changes.items():
        if times > pressed[order_id]:
            verdict.say("changed_twice", f"{order_id}: {times} requests for {pressed[order_id]} presses")
        if failed[order_id] > times - done[order_id]:
            verdict.say("false_changed", f"{order_id}: told as not changed, and was")
    for order_id, times in placed.items():
        if times > done[order_id]:
            verdict.say("false_changed", f"{order_id}: told as changed {times} times, was {done[order_id]}")


def _journal(evidence: Evidence, verdict: Verdict) -> None:
    there = {order["client_order_id"]: order for order in evidence.orders}
    for key, row in evidence.intents.items():
        state, order = row["state"], there.get(key)
        if state in ("SUBMITTED", "UNKNOWN"):
            verdict.say("still_unknown", f"{key} is {state} in the journal")
        elif order is None and state in _ON_EXCHANGE_STATES:
            verdict.say("false_placed", f"{key} is {state} in the journal")
        elif order is not None and state != _state_of(order):
            verdict.say("wrong_in_journal", f"{key} is {state}, on the exchange {_state_of(order)}")
        elif order is not None and row["order_id"] not in (None, order["order_id"]):
            verdict.say(
                "wrong_in_journal", f"{key} bears order id {row['order_id']}, not {order['order_id']}"
            )
    for event in evidence.events:
        if event["kind"] == "state" and event["to_state"] in _NOT_PLACED_STATES and event["subject"] in there:
            verdict.say("false_not_placed", f"{event['subject']} was {event['to_state']} in the journal")
    if evidence.broken_at is not None:
        verdict.say("journal_broken", f"the chain does not hold at line {evidence.broken_at}")
    if evidence.integrity != "ok":
        verdict.say("journal_broken", evidence.integrity)


def _state_of(order: dict[str, Any]) -> str:
    if order["status"] == "executed":
        return "FILLED"
    if order["status"] == "canceled":
        return "EXPIRED" if order["last_update_reason"] == "ExpiryCancel" else "CANCELED"
    return "PARTIAL" if Count.from_wire(order["fill_count"]).units else "RESTING"


def _settled(evidence: Evidence, verdict: Verdict) -> None:
    """The last life waited until nothing was in doubt: its screen is the exchange's."""
    last = next((one for one in reversed(evidence.said) if one["what"] == "settled"), None)
    for one in evidence.said:
        if one["what"] == "task failed":
            verdict.say("failures", f"life {one['life']}: {one['name']}: {one['error']}")
    if last is None:
        verdict.say("failures", "the desk never settled")
        return
    shown = {row["order_id"] or row["key"]: row for row in last["rows"]}
    for row in last["rows"]:
        if row["phase"] in _PENDING_PHASES:
            verdict.say("still_unknown", f"{row['key']} is {row['status']} on the screen")
    resting = {order["order_id"]: order for order in evidence.orders if order["status"] == "resting"}
    for order_id in resting.keys() ^ shown.keys():
        where = "rests unseen" if order_id in resting else "is shown and does not rest"
        verdict.say("wrong_on_screen", f"{order_id} {where}")
    for order_id in resting.keys() & shown.keys():
        told = [shown[order_id][name] for name in ("price", "filled", "remaining")]
        true = [resting[order_id][name] for name in ("price", "fill_count", "remaining_count")]
        if told != true:
            verdict.say("wrong_on_screen", f"{order_id} is shown as {told}, is {true}")


def to_json(verdict: Verdict) -> str:
    """For the record of a run."""
    return json.dumps({"wrong": verdict.wrong, "intents": verdict.intents, "placed": verdict.placed})
