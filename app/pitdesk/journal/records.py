"""What the journal gives back, how a draft is written down, and the sentences for a disk that will not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pitdesk.journal.states import IntentState
from pitdesk.orders import Intent, OrderDraft, SelfTradePrevention, Source, TimeInForce, Verb
from pitdesk.quantities import Count, Price

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


class JournalError(Exception):
    """The journal cannot do what was asked. Its text is a plain sentence fit for the person."""


@dataclass(frozen=True, slots=True)
class JournaledIntent:
    """An intent as the journal holds it.

    ``sent_ms`` is the machine's wall clock at the write, ``server_offset_ms`` what the exchange's clock was
    ahead of it then; ``order_id`` is known once acknowledged. ``said_ms`` is the exchange's own instant of
    the last thing that it said of the order, None before the first.
    """

    intent: Intent
    state: IntentState
    environment: str
    sent_ms: int
    server_offset_ms: int
    order_id: str | None
    cause: str
    said_ms: int | None = None

    @property
    def sent_server_ms(self) -> int:
        """The instant of the write on the exchange's clock, Unix ms."""
        return self.sent_ms + self.server_offset_ms


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """One line of the journal. ``subject`` is a client order id, or the id of an action or a run."""

    seq: int
    subject: str
    kind: str
    at_ms: int
    from_state: str
    to_state: str
    cause: str
    order_id: str | None
    http_status: int | None
    data: str


@dataclass(frozen=True, slots=True)
class OpenReport:
    """How opening went. ``sentence`` is empty when there is nothing to tell the person.

    ``usable``: intents can be written. ``quarantined``: where a damaged journal was put aside.
    ``tampered_at``: the first line whose chain does not hold.
    """

    usable: bool
    sentence: str = ""
    quarantined: Path | None = None
    tampered_at: int | None = None


def draft_to_json(draft: OrderDraft) -> str:
    """A draft as one line of JSON with a fixed order of keys; quantities are wire strings."""
    return json.dumps(
        {
            "ticker": draft.ticker,
            "verb": draft.verb.name,
            "count": draft.count.to_wire(),
            "price": draft.price.to_wire(),
            "time_in_force": draft.time_in_force.value,
            "expiration_s": draft.expiration_s,
            "post_only": draft.post_only,
            "reduce_only": draft.reduce_only,
            "cancel_order_on_pause": draft.cancel_order_on_pause,
            "self_trade_prevention": draft.self_trade_prevention.value,
            "order_group_id": draft.order_group_id,
            "subaccount": draft.subaccount,
            "exchange_index": draft.exchange_index,
        },
        separators=(",", ":"),
    )


def draft_from_json(text: str) -> OrderDraft:
    """The draft that :func:`draft_to_json` wrote."""
    held: dict[str, Any] = json.loads(text)
    return OrderDraft(
        ticker=held["ticker"],
        verb=Verb[held["verb"]],
        count=Count.from_wire(held["count"]),
        price=Price.from_wire(held["price"]),
        time_in_force=TimeInForce(held["time_in_force"]),
        expiration_s=held["expiration_s"],
        post_only=held["post_only"],
        reduce_only=held["reduce_only"],
        cancel_order_on_pause=held["cancel_order_on_pause"],
        self_trade_prevention=SelfTradePrevention(held["self_trade_prevention"]),
        order_group_id=held["order_group_id"],
        subaccount=held["subaccount"],
        exchange_index=held["exchange_index"],
    )


def intent_from_row(row: sqlite3.Row) -> JournaledIntent:
    """A row of the intent table as a record."""
    intent = Intent(
        client_order_id=row["client_order_id"],
        draft=draft_from_json(row["draft"]),
        source=Source[row["source"]],
        created_ms=row["created_ms"],
        batch=row["batch"],
    )
    return JournaledIntent(
        intent=intent,
        state=IntentState(row["state"]),
        environment=row["environment"],
        sent_ms=row["sent_wall_ms"],
        server_offset_ms=row["server_offset_ms"],
        order_id=row["order_id"],
        cause=row["last_cause"],
        said_ms=row["said_ms"],
    )


def disk_sentence(error: BaseException, path: Path) -> str:
    """Why the disk refused, in the person's words."""
    text = str(error).lower()
    if "full" in text:
        return f"The disk that holds {path} is full. Free some space, then send again."
    if "readonly" in text or "read-only" in text or isinstance(error, PermissionError):
        return f"Pitdesk may not write to {path}. Give it write permission, then send again."
    if "locked" in text:
        return "Another program holds Pitdesk's journal. Close it, then send again."
    return f"The journal {path} could not be written ({error}). Check the disk, then send again."
