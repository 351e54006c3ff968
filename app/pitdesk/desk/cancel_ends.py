"""How cancels ended, order by order, and the one sentence that tells the whole: what is left, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pitdesk.desk.order_facts import end_in_words
from pitdesk.desk.results import CancelResult
from pitdesk.journal import IntentState
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, Refused, Unknown
from pitdesk.orders import Order, OrderStatus

if TYPE_CHECKING:
    from collections.abc import Sequence


Value = TypeVar("Value")

_TOO_MANY = 429
_LISTED = 3


@dataclass(frozen=True, slots=True)
class End:
    """How the cancel of one row ended. ``why`` is said where it did not end as asked; ``left``: the order
    may still trade."""

    key: str
    canceled: bool
    what: str
    why: str = ""
    left: bool = False


def ended(key: str, what: str, order: Order) -> End:
    """The end of a row whose order is over."""
    if order.status is OrderStatus.CANCELED:
        return End(key, canceled=True, what=what)
    return End(key, canceled=False, what=what, why=f"is {end_in_words(order)}")


def met_an_empty_bucket(outcome: CallOutcome[Value]) -> bool:
    """Whether it was only the rate limit that said no: somebody else spends the account's tokens."""
    return isinstance(outcome, Refused) and outcome.http_status == _TOO_MANY


def is_settled(outcome: CallOutcome[Value]) -> bool:
    """Whether the exchange gave its last word: a lost answer and an empty bucket are asked again."""
    return isinstance(outcome, Accepted | Refused) and not met_an_empty_bucket(outcome)


def state(outcome: CallOutcome[Value]) -> IntentState:
    """The journal's word for it."""
    if isinstance(outcome, Accepted):
        return IntentState.ACKED
    if isinstance(outcome, Refused):
        return IntentState.REJECTED
    return IntentState.UNKNOWN if isinstance(outcome, Unknown) else IntentState.NOT_SENT


def cause(outcome: CallOutcome[Value]) -> str:
    """Why, for the journal."""
    if isinstance(outcome, Accepted):
        return "accepted"
    return outcome.code if isinstance(outcome, Refused) else outcome.detail or outcome.sentence


def summary(
    ends: Sequence[End],
    more: str = "",
    of: str = "",
    nothing: str = "There is nothing to cancel.",
    *,
    verified: bool = True,
) -> CancelResult:
    """All of it in one sentence, the first few that did not end as asked by name. ``of``: of which batch."""
    canceled = tuple(end.key for end in ends if end.canceled)
    failed = [end for end in ends if not end.canceled]
    if not ends:
        sentence = nothing
    elif len(ends) == 1:
        end = ends[0]
        sentence = f"Canceled: {end.what}." if end.canceled else f"{end.what} {end.why}."
    elif not failed:
        sentence = f"Canceled {len(canceled):,} orders{of}."
    else:
        listed = "; ".join(f"{end.what} {end.why}" for end in failed[:_LISTED])
        rest = f"; and {len(failed) - _LISTED:,} more" if len(failed) > _LISTED else ""
        sentence = f"Canceled {len(canceled):,} of {len(ends):,} orders{of}. {listed}{rest}."
    left = tuple(end.key for end in failed if end.left)
    return CancelResult(sentence + more, canceled, tuple(end.key for end in failed), left, verified)
