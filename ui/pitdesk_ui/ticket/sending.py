"""From the press to the answer, of the ticket and of the ladder: one order at a time, never the same twice.

A press is taken only while nothing is on its way. What ends the waiting is an answer or a definite refusal,
never a timer.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from pitdesk.desk.blotter_row import BlotterRow, RowPhase
from pitdesk.desk.frames import ORDER_HEAD_START_S
from pitdesk.desk.results import SubmitKind, SubmitResult
from pitdesk.orders import OrderDraft, Source
from pitdesk_ui.ticket.send_area import Tone
from pitdesk_ui.took import took

if TYPE_CHECKING:
    from pitdesk.desk.blotter import Blotter, BlotterChanges
    from pitdesk.tasks import TaskOwner

_HEAD_START_MS = round(ORDER_HEAD_START_S * 1_000)
_WAITING = frozenset({RowPhase.SENDING, RowPhase.UNCONFIRMED})
_TONES = {
    SubmitKind.PLACED: Tone.GOOD,
    SubmitKind.REFUSED: Tone.BAD,
    SubmitKind.NOT_SENT: Tone.BAD,
    SubmitKind.UNCONFIRMED: Tone.WARNING,
    SubmitKind.DENIED: Tone.BAD,
}


class Submits(Protocol):
    """The part of the order desk that the ticket needs."""

    async def submit(
        self,
        draft: OrderDraft,
        source: Source,
        client_order_id: str | None = None,
        *,
        confirmed: bool = False,
    ) -> SubmitResult:
        """Send a draft once."""
        ...


class SendState(Enum):
    """What the button is doing. The value is what it says while it is inert."""

    READY = ""
    ASKING = "Answer the question above"
    SENDING = "Sending…"
    CHECKING = "Not confirmed yet – checking"


class Sender(QObject):
    """Takes a press, sends its draft, and waits for the truth about it."""

    changed = Signal()

    def __init__(
        self,
        order_desk: Submits,
        blotter: Blotter,
        owner: TaskOwner,
        parent: QObject | None = None,
        *,
        source: Source = Source.TICKET,
    ) -> None:
        super().__init__(parent)
        self._desk = order_desk
        self._source = source
        self._blotter = blotter
        self._owner = owner
        self._intent: tuple[OrderDraft, str] | None = None
        self._row_key: str | None = None
        self.state = SendState.READY
        self.questions: tuple[str, ...] = ()
        self.sentence = ""
        self.market = ""
        self.tone = Tone.PLAIN
        self.field: str | None = None
        self._disconnect = blotter.changed.connect(self._rows_changed)

    def told_in(self, ticker: str | None) -> str:
        """What became of the order; the market is named where ``ticker``, which is in view, is another."""
        if not self.market or (self.draft is not None and self.draft.ticker == ticker):
            return self.sentence
        return f"{self.sentence}  ·  {self.market}"

    def press(self, draft: OrderDraft) -> None:
        """Send ``draft`` under an id made now; a press while something is on its way is dropped."""
        if self.state is SendState.READY:
            self._start((draft, str(uuid4())), confirmed=False)

    def confirm(self) -> None:
        """Send the order that the limits asked about, under the id it already has."""
        if self.state is SendState.ASKING and self._intent is not None:
            self._start(self._intent, confirmed=True)

    @property
    def draft(self) -> OrderDraft | None:
        """What was last pressed."""
        return self._intent[0] if self._intent is not None else None

    def dismiss(self) -> None:
        """Drop a question, and stop waiting for an unconfirmed order, which the blotter goes on showing."""
        if self.state is not SendState.SENDING:
            self._become(SendState.READY, "", Tone.PLAIN)

    def quiet(self) -> None:
        """Something was typed: what came of the last order is no longer news, and its question is void."""
        if self.state in (SendState.READY, SendState.ASKING) and (self.sentence or self.questions):
            self._become(SendState.READY, "", Tone.PLAIN)

    def close(self) -> None:
        """Listen no more."""
        self._disconnect()

    def _start(self, intent: tuple[OrderDraft, str], *, confirmed: bool) -> None:
        if self._owner.is_closing:
            self._become(SendState.READY, "Not sent: Pitdesk is closing.", Tone.BAD)
            return
        self._intent = intent
        self._set(SendState.SENDING, "", Tone.PLAIN)
        self._owner.spawn("send order", self._send(*intent, confirmed=confirmed))
        QTimer.singleShot(_HEAD_START_MS, self, self._say_sending)

    def _say_sending(self) -> None:
        if self.state is SendState.SENDING:
            self.changed.emit()

    async def _send(self, draft: OrderDraft, client_order_id: str, *, confirmed: bool) -> None:
        result: SubmitResult | None = None
        try:
            result = await self._desk.submit(draft, self._source, client_order_id, confirmed=confirmed)
        finally:
            if result is None:
                self._become(
                    SendState.READY,
                    "What became of the order is not known. Look at Working before you send it again.",
                    Tone.WARNING,
                )
        await asyncio.sleep(0)  # the order's row is told first
        self._answered(result)

    def _answered(self, result: SubmitResult) -> None:
        if result.kind is SubmitKind.DENIED and result.needs_confirmation:
            self.questions = tuple(issue.sentence for issue in result.issues)
            self.state, self.sentence = SendState.ASKING, ""
            self.changed.emit()
            return
        if result.kind is SubmitKind.UNCONFIRMED:
            self._row_key = result.row_key
            self._become(SendState.CHECKING, result.sentence, Tone.WARNING)
            self._look()
            return
        self._set(SendState.READY, _timed(result), _TONES[result.kind], result.field)
        self.market = result.market
        self.changed.emit()

    def _rows_changed(self, _changes: BlotterChanges) -> None:
        if self.state is SendState.CHECKING:
            self._look()

    def _look(self) -> None:
        row = self._blotter.row(self._row_key) if self._row_key is not None else None
        if row is not None and row.phase not in _WAITING:
            placed = row.order is not None
            self._become(SendState.READY, _settled(row), Tone.GOOD if placed else Tone.BAD)

    def _become(self, state: SendState, sentence: str, tone: Tone, field: str | None = None) -> None:
        self._set(state, sentence, tone, field)
        self.changed.emit()

    def _set(self, state: SendState, sentence: str, tone: Tone, field: str | None = None) -> None:
        self.state, self.sentence, self.tone, self.field = state, sentence, tone, field
        self.questions, self.market = (), ""
        if state is SendState.READY:
            self._row_key = None


def _timed(result: SubmitResult) -> str:
    """The result's sentence, with what the press took where the exchange answered it."""
    if result.kind is SubmitKind.PLACED and result.elapsed_ms:
        return f"{result.sentence}  ·  {took(result.elapsed_ms)}"
    return result.sentence


def _settled(row: BlotterRow) -> str:
    if row.order is not None:
        return f"Confirmed after all: {row.sentence()}, {row.status_text.lower()}."
    return f"It was not placed: {row.sentence()}. {row.note}".strip()
