"""An account with more orders than anybody has: on the exchange by batches, in the journal as if sent here.

Nothing of it goes through the program that is measured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pitdesk.clock import Clock
from pitdesk.journal.ledger import Ledger, Statement, Submission
from pitdesk.journal.states import IntentState
from pitdesk.journal.store import Store
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price
from tools.bench.http_load import Line, Target, new_order

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Seeded:
    """One order that rests on the exchange."""

    order_id: str
    client_order_id: str
    ticker: str
    price: str


async def rest_orders(target: Target, tickers: Sequence[str], count: int, crowded: int) -> list[Seeded]:
    """``count`` bids of one contract, at one to three cents: ``crowded`` of them in the first market, the
    others over all in turn."""
    line = await target.connect()
    seeded: list[Seeded] = []
    for start in range(0, count, _BATCH):
        orders = [
            new_order(tickers[0 if n < crowded else n % len(tickers)], f"0.0{1 + n % 3}00")
            for n in range(start, min(start + _BATCH, count))
        ]
        seeded += await _place(target, line, orders)
    line.writer.close()
    return seeded


def write_journal(file: Path, environment: str, seeded: Sequence[Seeded]) -> None:
    """A journal in which each of them was sent in batches of a thousand, and rests."""
    store = Store(file)
    store.open()
    ledger = Ledger(store, Clock(), "seed")
    now_ms = Clock().wall_ms()
    for start in range(0, len(seeded), _BATCH):
        some = seeded[start : start + _BATCH]
        ledger.write_intents(
            [
                Submission(_intent(one, now_ms, start // _BATCH + 1), b"", environment, "seed", 0)
                for one in some
            ]
        )
        ledger.write_notes(
            [
                Statement(one.client_order_id, IntentState.RESTING, "seeded", one.order_id, 201, now_ms)
                for one in some
            ]
        )
    ledger.close()


async def _place(target: Target, line: Line, orders: list[dict[str, str]]) -> list[Seeded]:
    body = json.dumps({"orders": orders}).encode()
    status, said = await line.ask(target.request("POST", "/portfolio/events/orders/batched", body))
    answers = json.loads(said).get("orders", [])
    if status != 201 or any(answer.get("error") for answer in answers):
        raise RuntimeError(f"{status}: {said[:400]!r}")
    return [
        Seeded(answer["order_id"], order["client_order_id"], order["ticker"], order["price"])
        for answer, order in zip(answers, orders, strict=True)
    ]


def _intent(one: Seeded, now_ms: int, batch: int) -> Intent:
    draft = OrderDraft(one.ticker, Verb.BUY_YES, Count.of(1), Price.from_wire(one.price))
    return Intent(one.client_order_id, draft, Source.BATCH, now_ms, batch)
