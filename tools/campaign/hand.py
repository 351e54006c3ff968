"""The hand of the campaign's person: presses, cancels, changes and batches by chance; each end is written."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from pitdesk.desk.batch.results import BatchOrder
from pitdesk.desk.batch.review import Reviewed
from pitdesk.desk.batch.sender import BatchSender
from pitdesk.desk.results import CancelResult, ChangeResult, SubmitResult
from pitdesk.desk.session import Session
from pitdesk.markets import Market
from pitdesk.orders import OrderDraft, Source, TimeInForce, Verb
from pitdesk.quantities import Count, Price
from pitdesk.tasks import TaskOwner
from tools.campaign import faults, terms, traps
from tools.campaign.said import Said
from tools.campaign.terms import LifeSpec

_STEPS = (("submit", 52), ("batch", 14), ("cancel", 10), ("amend", 9), ("decrease", 6), ("again", 10))
_STEPS_MORE = (("cancel batch", 2), ("cancel all", 2))
_FAULT_SHARE = 0.55
_LARGEST_BATCH = 30
_LATEST_END_S = 90.0
_IN_DOUBT = ("SENDING", "UNCONFIRMED")
_TOUCHED = {"submit": faults.CREATE, "again": faults.CREATE, "batch": faults.BATCH, "cancel": faults.CANCEL}
_MORE_TOUCHED = {"cancel batch": faults.CANCEL, "cancel all": faults.ALL}


class FaultDoor(Protocol):
    """Puts faults in force."""

    async def arm(self, kind: str, **more: Any) -> None:
        """One fault."""
        ...


class Hand:
    """Plays one life, by chance or by a script of (step, fault) pairs."""

    def __init__(self, session: Session, said: Said, spec: LifeSpec, door: FaultDoor) -> None:
        self._session, self._said, self._spec, self._door = session, said, spec, door
        self._chance = random.Random(spec.seed)
        self._mark, self._last_mark = spec.mark, spec.mark + terms.MARKS_A_LIFE
        self._pressed_again: set[str] = set()
        self._overlapping = TaskOwner(self._task_failed)
        self._markets = _some_markets(session)
        self._to_send: list[BatchOrder] = []
        self._sender = _sender(session, self)

    async def play(self) -> None:
        """Everything, then wait for what overlaps. In every other life a book is open beside it."""
        watched = self._markets[0].ticker if self._markets and self._spec.life % 2 else None
        release = self._session.market_data.watch(watched) if watched else None
        for step, fault in self._spec.script or self._by_chance():
            if fault:
                await self._arm(fault, step)
            if self._mark + _LARGEST_BATCH > self._last_mark:
                break
            work = self._do(step)
            if not self._spec.script and self._chance.random() < 0.35:
                self._overlapping.spawn(step, work)
                await asyncio.sleep(self._chance.random() * 0.02)
            else:
                await work
        if release is not None:
            release()
        for name in await self._overlapping.drain(_LATEST_END_S):
            self._said.tell("task failed", name=name, error="it did not end")
        if self._spec.point:
            await asyncio.sleep(terms.FENCE_S + 0.6)  # what is looked up may still reach the point
        self._sender.close()

    def _by_chance(self) -> list[tuple[str, str]]:
        words, weights = zip(*_STEPS, *_STEPS_MORE, strict=True)
        steps = self._chance.choices(words, weights, k=self._spec.steps)
        lead = traps.POINTS[self._spec.point] if self._spec.point else ()
        return [*lead, *((step, "?" if self._spec.faults else "") for step in steps)]

    def _task_failed(self, name: str, error: BaseException) -> None:
        self._said.tell("task failed", name=name, error=repr(error))

    async def _arm(self, fault: str, step: str) -> None:
        touched = (_TOUCHED | _MORE_TOUCHED).get(step, faults.CHANGE)
        wanted = faults.pick(self._chance, touched)
        if fault != "?":
            known = dict(reversed([*faults.OF_REQUESTS, *faults.OF_BATCHES, *faults.OF_THE_REST]))
            name, _, number = fault.partition(" ")
            more = dict(known[name])
            if number:
                more["seconds"] = float(number)
            wanted = (name, {**more, "match": faults.MATCHES[touched]})
        elif self._chance.random() > _FAULT_SHARE:
            return
        await self._door.arm(wanted[0], **wanted[1])

    async def _do(self, step: str) -> None:
        match step:
            case "submit" | "take" | "oversize":
                await self._submit(self._draft(step))
            case "again":
                await self._again()
            case "batch":
                await self._batch()
            case "cancel":
                await self._cancel(self._some_keys(1))
            case "amend" | "decrease":
                await self._change(step)
            case "cancel batch":
                self._canceled(await self._sender.cancel())
            case "cancel all":
                self._canceled(await self._session.order_desk.cancel_all())
            case "wait":
                await self._nothing_in_doubt()

    async def _nothing_in_doubt(self) -> None:
        """And all is on the screen. Some broken desks are in doubt for ever: the checker counts that."""
        blotter, until = self._session.blotter, time.monotonic() + 2 * terms.SCRIPT_FENCE_S
        while time.monotonic() < until:
            if not any(row.phase.name in _IN_DOUBT for row, _ in blotter.asked_within(math.inf)):
                break
            await asyncio.sleep(0.02)
        blotter.flush()

    # Orders

    def _draft(self, step: str = "submit") -> OrderDraft:
        """A draft whose count no other press of this world has."""
        mark, self._mark = self._mark, self._mark + 1
        roll = self._chance.random()
        if step == "oversize" or (step == "submit" and roll < 0.05 and not self._spec.script):
            mark += terms.MOST_CONTRACTS * 100
        market = self._chance.choice(self._markets)
        price = Price.from_cents(self._chance.randint(1, 4))
        if step == "take" or (step == "submit" and 0.05 <= roll < 0.25 and not self._spec.script):
            ask = self._session.market_data.quote(market.ticker).ask
            force = TimeInForce.IMMEDIATE_OR_CANCEL if roll < 0.2 else TimeInForce.FILL_OR_KILL
            return OrderDraft(market.ticker, Verb.BUY_YES, Count(mark), ask or price, time_in_force=force)
        verb = self._chance.choice((Verb.BUY_YES, Verb.BUY_NO))
        post_only = 0.25 <= roll < 0.35
        return OrderDraft(market.ticker, verb, Count(mark), price, post_only=post_only)

    async def _submit(self, draft: OrderDraft) -> None:
        self._said.tell("press", mark=draft.count.units, ticker=draft.ticker)
        result = await self._session.order_desk.submit(draft, Source.TICKET, confirmed=True)
        self._submitted(draft, result)

    def _submitted(self, draft: OrderDraft, result: SubmitResult) -> None:
        kind, sentence = result.kind.name, result.sentence
        self._said.tell("submit", kind=kind, key=result.row_key, sentence=sentence, mark=draft.count.units)

    async def _again(self) -> None:
        """Press once more what the screen tells as refused, not sent or never arrived, of a batch too.

        It is the same order for the checker: where the screen was wrong, there are two of it.
        """
        for row, _ in self._session.blotter.asked_within(math.inf):
            if row.phase.came_to_nothing and row.key not in self._pressed_again and row.intent is not None:
                self._pressed_again.add(row.key)
                await self._submit(replace(row.intent.draft))
                return

    # Batches

    async def _batch(self) -> None:
        drafts = [self._draft("row") for _ in range(self._chance.choice((2, 3, 5, 8, 12, _LARGEST_BATCH)))]
        self._to_send = [BatchOrder(number, draft) for number, draft in enumerate(drafts, 1)]
        self._said.tell("press batch", marks=[draft.count.units for draft in drafts])
        if self._sender.is_sending:
            return
        self._sender.forget(range(1, 100)) if hasattr(self._sender, "forget") else None
        outcome = await self._sender.send(confirmed=True)
        ends = [(order.row_id, self._sender.result(order.row_id)) for order in self._to_send]
        told = [{"key": end.key, "end": end.end.name, "text": end.text} for _, end in ends if end is not None]
        self._said.tell("batch", end=outcome.end.name, sentence=outcome.sentence, rows=told)

    async def review(self, row_ids: Sequence[int] | None = None) -> Reviewed:
        """The rows were looked at before: this is about what becomes of them."""
        del row_ids
        return Reviewed(tuple(self._to_send))

    # Cancels and changes

    def _some_keys(self, most: int) -> list[str]:
        rows = [row for row in self._session.blotter.working().values() if not row.phase.is_final]
        return [row.key for row in self._chance.sample(rows, min(most, len(rows)))]

    async def _cancel(self, keys: Sequence[str]) -> None:
        if keys:
            self._canceled(await self._session.order_desk.cancel(keys))

    def _canceled(self, result: CancelResult) -> None:
        ids = [row.order_id for key in result.canceled if (row := self._session.blotter.row(key)) is not None]
        self._said.tell("cancel", sentence=result.sentence, canceled=ids, failed=list(result.failed))

    async def _change(self, step: str) -> None:
        rows = [row for row in self._session.blotter.working().values() if row.can_change]
        if not rows:
            return
        row = self._chance.choice(rows)
        desk, remaining = self._session.order_desk, Count(max(1, row.remaining.units - 50))
        self._said.tell("press change", order_id=row.order_id)
        result: ChangeResult
        if step == "amend":
            price = Price.from_cents(self._chance.randint(1, 4))
            result = await desk.amend(row.key, price, remaining, confirmed=True)
        else:
            result = await desk.decrease(row.key, remaining)
        self._said.tell("change", kind=result.kind.name, order_id=row.order_id, sentence=result.sentence)


def _some_markets(session: Session) -> list[Market]:
    """A few markets that take orders, with a quote on both sides."""
    found = []
    for event in session.finder.events():
        for market in event.markets[:1]:
            quote = session.market_data.quote(market.ticker)
            if market.status.takes_orders and quote.bid is not None and quote.ask is not None:
                found.append(market)
    return found[:5]


def _sender(session: Session, hand: Hand) -> BatchSender:
    tools = session._rooms.tools
    return BatchSender(session.rest, tools, session.order_desk, session.market_data, hand)
