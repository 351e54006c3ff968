"""The states of an intent, and which may follow which."""

from __future__ import annotations

from enum import Enum


class IntentState(Enum):
    """Where an intent is. ``UNKNOWN`` was sent and may be live; it never becomes a failure by itself."""

    DRAFTED = "DRAFTED"
    SUBMITTED = "SUBMITTED"
    ACKED = "ACKED"
    RESTING = "RESTING"
    PARTIAL = "PARTIAL"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    NOT_SENT = "NOT_SENT"
    UNKNOWN = "UNKNOWN"
    NOT_PLACED = "NOT_PLACED"
    DISCARDED = "DISCARDED"


OPEN_STATES = (IntentState.SUBMITTED, IntentState.UNKNOWN)
"""Sent, or about to be, and nothing proven: to be looked up after a start."""

LIVE_STATES = (IntentState.ACKED, IntentState.RESTING, IntentState.PARTIAL)
"""Acknowledged and, as far as the journal knows, not ended."""

UNPLACED_STATES = (IntentState.REJECTED, IntentState.NOT_SENT, IntentState.NOT_PLACED)
"""Ended without an order at the exchange."""

_ENDED_BY_EXCHANGE = frozenset({IntentState.FILLED, IntentState.CANCELED, IntentState.EXPIRED})
_SAID_BY_EXCHANGE = _ENDED_BY_EXCHANGE | frozenset(LIVE_STATES)
_RANK = {IntentState.ACKED: 1, IntentState.RESTING: 2, IntentState.PARTIAL: 3}
_CONCLUDED_FROM = {
    IntentState.SUBMITTED: {IntentState.DRAFTED},
    IntentState.DISCARDED: {IntentState.DRAFTED},
    IntentState.REJECTED: {IntentState.SUBMITTED},
    IntentState.NOT_SENT: {IntentState.SUBMITTED},
    IntentState.UNKNOWN: {IntentState.SUBMITTED},
    IntentState.NOT_PLACED: {IntentState.UNKNOWN},
}


class StateError(ValueError):
    """A state was to be recorded that must not follow the one held."""


def next_state(held: IntentState, said: IntentState) -> IntentState | None:
    """The state after ``said``, or None where it adds nothing to what is known.

    What the exchange says of an order always counts, except that a late statement never takes back an end
    or a step already seen. What we conclude ourselves is held to the table: raises :class:`StateError`.
    """
    if said in _SAID_BY_EXCHANGE:
        if held in _ENDED_BY_EXCHANGE:
            return said if said in _ENDED_BY_EXCHANGE and said is not held else None
        if held in _RANK and said in _RANK and _RANK[said] <= _RANK[held]:
            return None
        return said
    if held in _SAID_BY_EXCHANGE or held is said is IntentState.UNKNOWN:
        return None
    if held not in _CONCLUDED_FROM[said]:
        raise StateError(f"{said.value} cannot follow {held.value}")
    return said
