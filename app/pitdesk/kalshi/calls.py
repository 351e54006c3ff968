"""What every call to the exchange shares: its price in tokens, its pages, and its way to an outcome."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from pitdesk.events import Listeners
from pitdesk.kalshi.classify import CallKind, classify
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent, Refused, Unknown
from pitdesk.kalshi.records import EndpointCosts
from pitdesk.kalshi.reply import Fault
from pitdesk.kalshi.wire.base import Wire, WireError, decode

if TYPE_CHECKING:
    from pitdesk.kalshi.pacing import Pacer
    from pitdesk.kalshi.reply import Reply
    from pitdesk.kalshi.transport import Transport

T = TypeVar("T")
Query = Mapping[str, str | int | bool | None]
Before = Callable[[], str]

_DEFAULT_COST = 10
_KNOWN_COSTS = {
    ("DELETE", "/portfolio/events/orders"): 2,
    ("DELETE", "/portfolio/events/orders/{}"): 2,
    ("DELETE", "/portfolio/events/orders/batched"): 2,
    ("GET", "/portfolio/orders/{}"): 2,
}
_MOST_PAGES = 500
_PARAMETER = re.compile(r"\{[^/]*\}|:[^/]+")


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Batched:
    """What a call of many items adds. It costs each of its ``items`` (FACTS §5).

    ``unless`` is asked when the tokens are there: where it gives a sentence, why not, nothing is sent.
    """

    items: int
    unless: Callable[[], str] = _nothing


_ALONE = Batched(1)


class Calls:
    """One exchange, its pacing, and the costs that it names."""

    def __init__(self, transport: Transport, pacer: Pacer, subaccount: int | None = None) -> None:
        """``subaccount``: the one whose cash, positions and queue places are read; None: the primary."""
        self.refused: Listeners[Refused] = Listeners()
        """Told of every write that the exchange refused, before its caller is."""
        self._transport = transport
        self._pacer = pacer
        self._subaccount = subaccount
        self._costs = EndpointCosts(_DEFAULT_COST, dict(_KNOWN_COSTS))

    async def _read(
        self,
        template: str,
        parse: Callable[[Reply], T],
        *names: str,
        query: Query | None = None,
        large: bool = False,
    ) -> CallOutcome[T]:
        """GET ``template`` with ``names`` in its braces. ``large``: a page of a thousand, which a thread
        reads: on the loop's own it would hold the window up."""
        said = await self._ask(template, names, query, large=large)
        return await self._understood(said, parse, large=large)

    async def _ask(
        self, template: str, names: tuple[str, ...], query: Query | None, *, large: bool
    ) -> Reply | Fault:
        is_balance = template == "/portfolio/balance"
        if is_balance:
            await self._pacer.balance()
        else:
            await self._pacer.read(self._cost("GET", template))
        try:
            return await self._transport.query(_fill(template, names), _texts(query), large=large)
        finally:
            if is_balance:
                self._pacer.balance_answered()

    async def _understood(
        self, said: Reply | Fault, parse: Callable[[Reply], T], *, large: bool
    ) -> CallOutcome[T]:
        if large:
            outcome = await asyncio.to_thread(classify, said, CallKind.READ, (200,), parse)
        else:
            outcome = classify(said, CallKind.READ, (200,), parse)
        if isinstance(outcome, Refused) and outcome.http_status == 429:
            self._pacer.read_emptied()
        return outcome

    async def _read_pages(
        self, template: str, parse: Callable[[Reply], tuple[tuple[T, ...], str]], query: Query
    ) -> CallOutcome[tuple[T, ...]]:
        """Every page from the first to the one without a cursor, or the first failure: never a part."""
        records: list[T] = []

        async def keep(page: tuple[T, ...]) -> None:
            records.extend(page)

        outcome = await self._each_page(template, parse, query, keep)
        if not isinstance(outcome, Accepted):
            return outcome
        return Accepted(tuple(records), outcome.elapsed_ms, outcome.server_ms)

    async def _each_page(
        self,
        template: str,
        parse: Callable[[Reply], tuple[tuple[T, ...], str]],
        query: Query,
        take: Callable[[tuple[T, ...]], Awaitable[None]],
    ) -> CallOutcome[int]:
        """Give each page to ``take`` as it comes, and ask for the next while it is read and taken. How many
        records there were, once the last page came: only then was the list whole.

        A cursor that comes twice ends in Unknown: the exchange answers a bad one with page one (FACTS §7).
        """
        count, elapsed = 0, 0.0
        seen: set[str] = set()
        said = await self._ask(template, (), query, large=True)
        for _ in range(_MOST_PAGES):
            cursor = _cursor_in(said)
            if cursor in seen:
                break
            seen.add(cursor)
            taking = self._taken(said, parse, take)
            if cursor:
                following = self._ask(template, (), {**query, "cursor": cursor}, large=True)
                outcome, said = await asyncio.gather(taking, following)
            else:
                outcome = await taking
            if not isinstance(outcome, Accepted):
                return outcome
            count += len(outcome.value[0])
            elapsed += outcome.elapsed_ms
            if not cursor:
                return Accepted(count, elapsed, outcome.server_ms)
        return Unknown(
            "The exchange's list has no end. What is shown may be old.", f"{template}: {cursor[:80]}"
        )

    async def _taken(
        self,
        said: Reply | Fault,
        parse: Callable[[Reply], tuple[tuple[T, ...], str]],
        take: Callable[[tuple[T, ...]], Awaitable[None]],
    ) -> CallOutcome[tuple[tuple[T, ...], str]]:
        """A page as it was read, once ``take`` has it."""
        outcome = await self._understood(said, parse, large=True)
        if isinstance(outcome, Accepted):
            await take(outcome.value[0])
        return outcome

    async def _write(  # noqa: PLR0913  the one place that every write passes
        self,
        method: str,
        template: str,
        parse: Callable[[Reply], T],
        *names: str,
        kind: CallKind,
        statuses: tuple[int, ...],
        query: Query | None = None,
        body: bytes | None = None,
        batch: Batched = _ALONE,
        before: Before | None = None,
    ) -> CallOutcome[T]:
        """Send a write once. Cancels pass the others in the pacing.

        ``before`` is called in the request's own worker right before it would leave; where it gives a
        sentence, why not, nothing is sent.
        """
        cost = batch.items * self._cost(method, template)
        await self._pacer.write(cost, safety=kind is CallKind.CANCEL)
        try:
            if why_not := batch.unless():
                self._pacer.write_unspent(cost)
                return NotSent(why_not)
            said = await self._transport.command(
                method, _fill(template, names), _texts(query), body, before=before
            )
        finally:
            self._pacer.write_answered(cost)
        outcome = classify(said, kind, statuses, parse)
        if isinstance(outcome, Refused):
            if outcome.http_status == 429:
                self._pacer.write_emptied()
            self.refused.emit(outcome)
        return outcome

    def _cost(self, method: str, template: str) -> int:
        return self._costs.costs.get((method, bare_template(template)), self._costs.default)


class _PageEnd(Wire, frozen=True):
    """The end of any page."""

    cursor: str | None = None


def _cursor_in(said: Reply | Fault) -> str:
    """Where the next page begins: known in a millisecond, while to read the page takes many. Empty where it
    is the last, or no page: to read it will tell."""
    if isinstance(said, Fault):
        return ""
    try:
        return decode(said.body, _PageEnd).cursor or ""
    except WireError:
        return ""


def bare_template(path: str) -> str:
    """A path template without the names of its parameters and without the prefix all paths share."""
    return _PARAMETER.sub("{}", path.removeprefix("/trade-api/v2"))


def _fill(template: str, names: tuple[str, ...]) -> str:
    """``template`` with each name percent-encoded in its place; a name can never add a segment."""
    parts = iter(names)
    return _PARAMETER.sub(lambda _: quote(next(parts), safe=""), template)


def _texts(query: Query | None) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in (query or {}).items()
        if value is not None
    }
