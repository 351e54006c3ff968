"""The orders of the account that are over, newest first, read page by page as far back as is asked.

Four lists are merged by the time at which their orders were placed: what the exchange executed, what it
canceled, its archive, and what the journal knows never came to rest there. An order is shown once every list
that is not at its end has been read back to its time, so that nothing is ever put in between later. Orders
that end while the desk is open come at once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from pitdesk.desk.blotter_row import BlotterRow, RowPhase, row_of_intent, row_of_order
from pitdesk.events import Listeners
from pitdesk.journal import IntentState, JournalError
from pitdesk.kalshi.history_calls import EndedList
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.sentences import refusal_sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from pitdesk.desk.blotter import Blotter
    from pitdesk.journal import JournaledIntent
    from pitdesk.kalshi.history_calls import OrderPage
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.orders import Intent, Order

_PORTION = 100
_MOST_HELD = 5_000  # of what ended before anybody looked
_NO_END = "The exchange's list of orders has no end. What is older is not shown."


class ReadPhase(Enum):
    """How far the reading is."""

    UNREAD = "unread"
    READING = "reading"
    PAUSED = "paused"
    COMPLETE = "complete"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HistoryState:
    """``since_ms``: every order placed at or after it is held. ``problem``: why nothing more came."""

    phase: ReadPhase = ReadPhase.UNREAD
    since_ms: int | None = None
    problem: str = ""


class ReadsEndedOrders(Protocol):
    """The part of the client that is needed."""

    async def ended_orders(self, which: EndedList, cursor: str = "") -> CallOutcome[OrderPage]:
        """A page of a list."""
        ...


class KeepsIntents(Protocol):
    """The part of the journal that is needed."""

    async def intents_of(self, client_order_ids: Iterable[str]) -> dict[str, JournaledIntent]:
        """What is held of these ids."""
        ...

    async def intents_never_placed(
        self, environment: str, limit: int, before: int | None = None
    ) -> tuple[tuple[JournaledIntent, ...], int | None]:
        """Intents that ended without an order, newest first, and where to go on."""
        ...


class _Failed(Exception):
    """A list could not be read further. Its text is a plain sentence."""


@dataclass(slots=True)
class _List:
    """One of the lists: ``read`` gives its next page and whether that was the last."""

    read: Callable[[], Awaitable[tuple[list[BlotterRow], bool]]]
    is_over: bool = False
    oldest_ms: int | None = None
    held: list[BlotterRow] = field(default_factory=list)


class OrderHistory:
    """``changed`` is told the keys of rows that came or changed; rows never go."""

    def __init__(
        self,
        rest: ReadsEndedOrders,
        journal: KeepsIntents,
        blotter: Blotter,
        environment: str,
        portion: int = _PORTION,
    ) -> None:
        """``environment`` names the intents in the journal; ``portion``: how many rows more each reading is
        to bring at least."""
        self.changed: Listeners[frozenset[str]] = Listeners()
        self.state_changed: Listeners[HistoryState] = Listeners()
        self._rest, self._journal, self._environment = rest, journal, environment
        self._portion, self._state = portion, HistoryState()
        self._rows: dict[str, BlotterRow] = {}
        self._keys: dict[str, str] = {}
        self._cursors: dict[EndedList, str] = {}
        self._seen: set[tuple[EndedList, str]] = set()
        self._before: int | None = None
        self._one_reader = asyncio.Lock()
        self._lists = [_List(partial(self._read_orders, which)) for which in EndedList]
        self._lists.append(_List(self._read_intents))
        self._disconnect = blotter.ended.connect(self._ended)

    @property
    def rows(self) -> Mapping[str, BlotterRow]:
        """What is held, by key; not in order."""
        return MappingProxyType(self._rows)

    @property
    def state(self) -> HistoryState:
        """How far the reading is."""
        return self._state

    async def read_more(self) -> None:
        """Read on until some more rows are held or the lists are at their ends; begins at the newest.

        What failed is tried again where it stopped.
        """
        if self._one_reader.locked() or self._state.phase is ReadPhase.COMPLETE:
            return
        async with self._one_reader:
            self._become(replace(self._state, phase=ReadPhase.READING, problem=""))
            try:
                await self._read_on()
            except _Failed as failed:
                self._become(replace(self._state, phase=ReadPhase.FAILED, problem=str(failed)))
                return
            over = all(each.is_over for each in self._lists)
            self._become(replace(self._state, phase=ReadPhase.COMPLETE if over else ReadPhase.PAUSED))

    def close(self) -> None:
        """Take in nothing more."""
        self._disconnect()

    async def _read_on(self) -> None:
        came = 0
        while came < self._portion:
            unread = [each for each in self._lists if not each.is_over and each.oldest_ms is None]
            going_on = [each for each in self._lists if not each.is_over]
            if not going_on:
                return
            # The list that was read least far back keeps the others' rows waiting.
            next_ones = unread or [max(going_on, key=lambda each: each.oldest_ms or 0)]
            answers = await asyncio.gather(*map(_read_page, next_ones), return_exceptions=True)
            came += self._release()
            for error in answers:
                if isinstance(error, BaseException):
                    raise error

    def _release(self) -> int:
        """Show what every list was read back to; how many rows."""
        going_on = [each for each in self._lists if not each.is_over]
        if any(each.oldest_ms is None for each in going_on):
            return 0
        since = max((each.oldest_ms or 0 for each in going_on), default=None)
        ready: list[BlotterRow] = []
        for each in self._lists:
            if since is None:
                ready += each.held
                each.held = []
            else:
                ready += [row for row in each.held if row.created_ms >= since]
                each.held = [row for row in each.held if row.created_ms < since]
        self._state = replace(self._state, since_ms=since)
        self._put(ready)
        return len(ready)

    async def _read_orders(self, which: EndedList) -> tuple[list[BlotterRow], bool]:
        cursor = self._cursors.get(which, "")
        answered = await self._rest.ended_orders(which, cursor)
        if not isinstance(answered, Accepted):
            raise _Failed(answered.sentence)
        found, following = answered.value
        if (which, following) in self._seen:
            raise _Failed(_NO_END)
        rows = await self._rows_of(found)
        if following:
            self._seen.add((which, following))
        self._cursors[which] = following
        return rows, not following

    async def _rows_of(self, found: Iterable[Order]) -> list[BlotterRow]:
        over = [order for order in found if order.status.is_final]
        try:
            ours = await self._journal.intents_of(
                order.client_order_id for order in over if order.client_order_id
            )
        except JournalError:
            ours = {}  # told elsewhere; without it only the verb and the source are plainer
        return [row_of_order(order, self._own(ours.get(order.client_order_id))) for order in over]

    def _own(self, held: JournaledIntent | None) -> Intent | None:
        return held.intent if held is not None and held.environment == self._environment else None

    async def _read_intents(self) -> tuple[list[BlotterRow], bool]:
        try:
            found, before = await self._journal.intents_never_placed(
                self._environment, self._portion, self._before
            )
        except JournalError as error:
            raise _Failed(str(error)) from error
        self._before = before
        return [_row_of_unplaced(held) for held in found], before is None

    def _ended(self, rows: tuple[BlotterRow, ...]) -> None:
        """Before anybody looked, only so many are held; the exchange lists them all."""
        self._put(rows)
        if self._state.phase is ReadPhase.UNREAD:
            for key in list(self._rows)[: max(len(self._rows) - _MOST_HELD, 0)]:
                self._keys.pop(self._rows.pop(key).order_id or "", None)

    def _put(self, rows: Iterable[BlotterRow]) -> None:
        came = set()
        for row in rows:
            key = self._keys.get(row.order_id or "", row.key)
            held = self._rows.get(key)
            if held is None or _tells_more(row, held):
                self._rows[key] = row if row.key == key else replace(row, key=key)
                came.add(key)
            if row.order_id is not None:
                self._keys[row.order_id] = key
        if came:
            self.changed.emit(frozenset(came))

    def _become(self, state: HistoryState) -> None:
        self._state = state
        self.state_changed.emit(state)


async def _read_page(each: _List) -> None:
    """The next page of one list."""
    rows, each.is_over = await each.read()
    each.held += rows
    before = each.oldest_ms
    times = [row.created_ms for row in rows]
    each.oldest_ms = min([*times, *([] if before is None else [before])], default=each.oldest_ms)
    if each.oldest_ms is None and not each.is_over:
        each.oldest_ms = 1 << 62  # a page without a single order that is over: it is to be read on at once


def _tells_more(row: BlotterRow, held: BlotterRow) -> bool:
    """Whether ``row`` is to stand in the place of what is held of the same order."""
    if row.order is None or held.order is None:
        return row.order is not None
    if held.intent is not None and row.intent is None:
        return False
    return (row.order.updated_ms or 0) > (held.order.updated_ms or 0) or row.order.fees > held.order.fees


def _row_of_unplaced(held: JournaledIntent) -> BlotterRow:
    """An intent that ended without an order, and why."""
    if held.state is IntentState.REJECTED:
        return row_of_intent(held.intent, RowPhase.REFUSED, refusal_sentence(held.cause, "", 0))
    if held.state is IntentState.NOT_PLACED:
        return row_of_intent(held.intent, RowPhase.NOT_SENT, "The exchange never got this order.")
    return row_of_intent(held.intent, RowPhase.NOT_SENT, held.cause)
