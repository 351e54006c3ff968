"""From what came back to what it proves: the one place where an answer becomes an outcome.

A refusal is believed only in a JSON shape that the exchange uses (FACTS §3); anything else may be a proxy's
page, and proves nothing. 409 is two opposite things, told apart by its code alone (FACTS §17.7).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from pitdesk.kalshi.outcomes import Accepted, CallOutcome, Failure, Gone, NotSent, Refused, Unknown
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.sentences import exchange_words, field_of, refusal_sentence
from pitdesk.kalshi.wire.account import BareErrorAnswer, ErrorBody, NestedErrorAnswer
from pitdesk.kalshi.wire.base import WireError, decode

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class CallKind(Enum):
    """What a silence would mean: nothing for a read, everything for a write."""

    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    CANCEL = "cancel"


_REFUSING = frozenset({400, 401, 403, 404, 410, 429, 451})
_REFUSED_CONFLICTS = frozenset(
    {"trading_is_paused", "exchange_is_paused", "fill_or_kill_insufficient_resting_volume"}
)
DUPLICATE = "order_already_exists"

_SILENCE = {
    CallKind.READ: "The exchange did not answer. What is shown may be old.",
    CallKind.CREATE: "The exchange did not confirm this order. It may be live.",
    CallKind.CHANGE: "The exchange did not confirm this change. It may have been made.",
    CallKind.CANCEL: "The exchange did not confirm this cancel. The order may still be live.",
}
_DUPLICATE = "The exchange has an order with this id already. It may be this one."
_NOT_SENT = "The exchange could not be reached. Nothing was sent."


def classify(
    said: Reply | Fault, kind: CallKind, statuses: tuple[int, ...], read: Callable[[Reply], T]
) -> CallOutcome[T]:
    """The outcome of one call.

    ``statuses`` are those that mean done; ``read`` turns such an answer into a value, and raises ValueError
    where it is not what was asked for (bad JSON, an echo of something else): that proves nothing either.
    """
    if isinstance(said, Fault):
        return _of_fault(said, kind)
    if said.status in statuses:
        try:
            value = read(said)
        except ValueError as error:
            return Unknown(_SILENCE[kind], f"The answer could not be read: {error}", said.status)
        return Accepted(value, said.elapsed_ms, said.server_ms)
    return _of_error(said, kind)


def _of_fault(fault: Fault, kind: CallKind) -> Failure:
    if not fault.sent:
        return NotSent(fault.sentence or _NOT_SENT, fault.detail)
    return Unknown(fault.sentence or _SILENCE[kind], fault.detail, fault.http_status)


def _of_error(reply: Reply, kind: CallKind) -> Failure:
    error = parse_error(reply.body)
    if error is None:
        return Unknown(_SILENCE[kind], exchange_words(reply.body), reply.status)
    code = error.code or ""
    words = exchange_words(": ".join(part for part in (error.message, error.details) if part))
    if reply.status == 409 and code not in _REFUSED_CONFLICTS:
        is_duplicate = code == DUPLICATE
        return Unknown(_DUPLICATE if is_duplicate else _SILENCE[kind], words or code, 409, is_duplicate)
    if reply.status not in _REFUSING and reply.status != 409:
        return Unknown(_SILENCE[kind], words or code, reply.status)
    sentence = refusal_sentence(code, words, reply.status)
    refusal = Gone if _is_gone(reply.status, code, kind) else Refused
    return refusal(sentence, code, reply.status, field_of(code, words), words)


def _is_gone(status: int, code: str, kind: CallKind) -> bool:
    return status == 404 and code == "not_found" and kind in (CallKind.CANCEL, CallKind.CHANGE)


def parse_error(body: bytes) -> ErrorBody | None:
    """What the exchange says is wrong, from any of its four shapes (FACTS §3); None for a foreign body."""
    try:
        nested = decode(body, NestedErrorAnswer)
    except WireError:
        return _parse_flat(body)
    if isinstance(nested.error, str):
        return ErrorBody(code=nested.error.replace(" ", "_"), message=nested.error)
    return nested.error if nested.error.code or nested.error.message else None


def _parse_flat(body: bytes) -> ErrorBody | None:
    try:
        flat = decode(body, ErrorBody)
        if flat.code:
            return flat
        return ErrorBody(code="bad_request", message=decode(body, BareErrorAnswer).msg)
    except WireError:
        return None
