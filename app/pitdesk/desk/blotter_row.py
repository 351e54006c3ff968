"""One line of the blotter: an order of ours, asked or acknowledged, and the texts its columns show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from pitdesk.orders import (
    BookSide,
    Intent,
    Order,
    OrderStatus,
    Source,
    TimeInForce,
    Verb,
    apply_update,
    resting_cost,
)
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price


class RowPhase(Enum):
    """Where a row is, by what we asked and what the exchange confirmed."""

    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    WORKING = "working"
    CANCELING = "canceling"
    AMENDING = "amending"
    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "not sent"

    @property
    def is_final(self) -> bool:
        """True where nothing more is expected, short of the exchange saying otherwise."""
        return self in _FINAL

    @property
    def came_to_nothing(self) -> bool:
        """True where no order came of it: refused, not sent, or proven never to have arrived."""
        return self in (RowPhase.REFUSED, RowPhase.NOT_SENT)


_FINAL = frozenset({RowPhase.DONE, RowPhase.REFUSED, RowPhase.NOT_SENT})
_OURS_PENDING = frozenset({RowPhase.CANCELING, RowPhase.AMENDING})
_PHASE_TEXTS = {
    RowPhase.SENDING: "Sending…",
    RowPhase.UNCONFIRMED: "Unconfirmed",
    RowPhase.CANCELING: "Canceling…",
    RowPhase.AMENDING: "Changing…",
    RowPhase.REFUSED: "Refused",
    RowPhase.NOT_SENT: "Not sent",
}


@dataclass(frozen=True, slots=True)
class BlotterRow:
    """``key`` is our client order id, or the exchange's order id for an order from elsewhere.

    ``price`` is of the outcome that ``verb`` names. ``order`` is what the exchange confirmed, if it did.
    ``note`` is a plain sentence about the last thing that went otherwise than asked, mostly empty.
    ``closing``: contracts of what remains that close what is held (:mod:`pitdesk.desk.closing_orders`).
    """

    key: str
    phase: RowPhase
    source: Source
    verb: Verb
    price: Price
    created_ms: int
    intent: Intent | None = None
    order: Order | None = None
    note: str = ""
    queue_ahead: Count | None = None
    closing: Count = COUNT_ZERO

    @property
    def ticker(self) -> str:
        """The market."""
        return self.order.ticker if self.order is not None else self._draft_owner().draft.ticker

    @property
    def source_text(self) -> str:
        """Where it was asked for, as shown: ``Ticket``, ``Batch 7``."""
        return self.source.value if self.intent is None else self.intent.source_text

    @property
    def yes_price(self) -> Price:
        """The limit on the Yes book."""
        return self.verb.outcome.restate(self.price)

    @property
    def book_side(self) -> BookSide:
        """The side of the Yes book."""
        return self.verb.book_side

    @property
    def count(self) -> Count:
        """Contracts of the whole order: filled and remaining while it lives, as first asked afterwards."""
        if self.order is None:
            return self._draft_owner().draft.count
        if self.order.status.is_final:
            return self.order.initial_count
        return self.order.fill_count + self.order.remaining_count

    @property
    def filled(self) -> Count:
        """Contracts executed."""
        return self.order.fill_count if self.order is not None else COUNT_ZERO

    @property
    def remaining(self) -> Count:
        """Contracts that may still execute."""
        if self.order is None:
            return COUNT_ZERO if self.phase.is_final else self._draft_owner().draft.count
        return self.order.remaining_count

    @property
    def time_in_force(self) -> str:
        """``GTC``, ``IOC`` or ``FOK``. From elsewhere it is good till canceled: nothing else rests."""
        if self.intent is not None:
            return self.intent.draft.time_in_force.short
        return TimeInForce.GOOD_TILL_CANCELED.short

    @property
    def expires_ms(self) -> int | None:
        """When it expires, Unix milliseconds; None when it does not."""
        if self.order is not None and self.order.expiration_ms is not None:
            return self.order.expiration_ms
        if self.intent is not None and self.intent.draft.expiration_s is not None:
            return self.intent.draft.expiration_s * 1_000
        return None

    @property
    def status_text(self) -> str:
        """The Status column: ``Resting``, ``Partly filled``, ``Sending…``, ``Unconfirmed``, ``Canceled`` …"""
        return _PHASE_TEXTS.get(self.phase) or self._order_text()

    @property
    def committed(self) -> Dollars:
        """Cash held back: what may still execute at its price, less what closes. Unconfirmed, it counts in
        full."""
        if self.phase.is_final:
            return DOLLARS_ZERO
        leg = self.book_side.leg(self.yes_price)
        in_full = resting_cost(self.order) if self.order is not None else leg * self.remaining
        return max(in_full - leg * self.closing, DOLLARS_ZERO)

    @property
    def order_id(self) -> str | None:
        """The exchange's id, None until it is known."""
        return self.order.order_id if self.order is not None else None

    @property
    def can_cancel(self) -> bool:
        """Whether asking to cancel makes sense."""
        return not self.phase.is_final and self.phase is not RowPhase.CANCELING

    @property
    def can_change(self) -> bool:
        """Whether price and count may be changed now."""
        return self.phase is RowPhase.WORKING and self.order is not None and self.order.is_resting

    def sentence(self) -> str:
        """``Buy 100 Yes at 42¢``, of what remains while it lives."""
        action, outcome = self.verb.value.split(" ")
        return f"{action} {self.count} {outcome} at {self.price}"

    def _order_text(self) -> str:
        order = self.order
        if order is None:
            return "Not listed"
        if order.status is OrderStatus.EXECUTED:
            return "Filled"
        if order.status is OrderStatus.CANCELED:
            expired = order.last_update_reason == "ExpiryCancel"
            return (
                "Expired" if expired else ("Partly filled, rest canceled" if order.fill_count else "Canceled")
            )
        if self.phase is RowPhase.DONE:
            return "Not listed"
        if order.status is OrderStatus.UNKNOWN:
            return order.status_word.capitalize() or "Unknown"
        return "Partly filled" if order.fill_count else "Resting"

    def _draft_owner(self) -> Intent:
        if self.intent is None:  # a row is made of an intent or of an order: one of the two is always there
            raise ValueError(f"row {self.key} has neither intent nor order")
        return self.intent


def row_of_intent(intent: Intent, phase: RowPhase, note: str = "") -> BlotterRow:
    """The row of an order that the exchange has not confirmed yet."""
    return BlotterRow(
        key=intent.client_order_id,
        phase=phase,
        source=intent.source,
        verb=intent.draft.verb,
        price=intent.draft.price,
        created_ms=intent.created_ms,
        intent=intent,
        note=note,
    )


def row_of_order(order: Order, intent: Intent | None) -> BlotterRow:
    """The row of an order met for the first time; without an intent of ours it comes from elsewhere."""
    verb = _verb(order, intent)
    created = order.created_ms if order.created_ms is not None else order.updated_ms
    if intent is not None:
        created = intent.created_ms
    return BlotterRow(
        key=intent.client_order_id if intent is not None else order.order_id,
        phase=RowPhase.DONE if order.status.is_final else RowPhase.WORKING,
        source=intent.source if intent is not None else Source.ELSEWHERE,
        verb=verb,
        price=verb.outcome.restate(order.yes_price),
        created_ms=created or 0,
        intent=intent,
        order=order,
    )


def row_updated(row: BlotterRow, said: Order) -> BlotterRow:
    """``row`` after the exchange said something of its order; the same object when that told nothing new."""
    order = apply_update(row.order, said)
    phase = _phase_after(row, order)
    if phase is row.phase and (order is row.order or order == row.order):
        return row
    note = "" if phase is not row.phase and row.phase is RowPhase.UNCONFIRMED else row.note
    ahead = row.queue_ahead if _keeps_its_place(row.order, order) else None
    price = row.verb.outcome.restate(order.yes_price)
    return replace(row, order=order, phase=phase, price=price, note=note, queue_ahead=ahead)


def _keeps_its_place(before: Order | None, after: Order) -> bool:
    """Whether it stands in the queue where it stood: not at another price, nor with more (FACTS §6)."""
    if before is None:
        return True
    return before.yes_price == after.yes_price and before.remaining_count >= after.remaining_count


def _phase_after(row: BlotterRow, order: Order) -> RowPhase:
    if order.status.is_final:
        return RowPhase.DONE
    return row.phase if row.phase in _OURS_PENDING else RowPhase.WORKING


def _verb(order: Order, intent: Intent | None) -> Verb:
    if intent is not None and intent.draft.verb.book_side is order.book_side:
        return intent.draft.verb
    return Verb.BUY_YES if order.book_side is BookSide.BID else Verb.SELL_YES
