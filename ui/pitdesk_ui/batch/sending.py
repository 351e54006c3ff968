"""From the send button to the last result: asking, progress, stopping, the rest, canceling the batch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import BatchEnd, RowEnd
from pitdesk_ui.async_tools import on_signal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.desk.batch.results import BatchOutcome, BatchProgress
    from pitdesk.desk.batch.room import BatchRoom
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.batch.panel import BatchPanel

_CHECKING = "The rows are still being checked. Press again in a moment."
_FIGURES = re.compile(r"[0-9][0-9.,]*")


class Sending:
    """Between the panel and the sender. While a batch is under way the button is inert; all else works."""

    def __init__(self, panel: BatchPanel, room: BatchRoom, owner: TaskOwner) -> None:
        self._panel, self._room, self._owner = panel, room, owner
        self._asked_for: tuple[int, ...] | None = None
        self._shown: tuple[str, ...] = ()
        self._is_asking = False
        self._disconnects: list[Callable[[], None]] = [
            room.sender.progressed.connect(self._show_progress),
            room.sender.results_changed.connect(lambda _: self.show_offers()),
        ]
        footer, question = panel.footer, panel.question
        footer.stop_wanted.connect(room.sender.stop)
        footer.rest_wanted.connect(lambda: self.send(self._again(RowEnd.NOT_SENT)))
        footer.retry_wanted.connect(lambda: self.send(self._again(RowEnd.REFUSED)))
        footer.cancel_wanted.connect(on_signal(owner, "cancel a batch", self._cancel))
        question.accepted.connect(self._send_anyway)
        question.declined.connect(self._decline)
        if room.sender.progress is not None:
            self._show_progress(room.sender.progress)
        self.show_offers()

    @property
    def is_busy(self) -> bool:
        """Whether a press would send nothing now."""
        return self._is_asking or self._room.sender.is_sending

    def send(self, row_ids: Sequence[int] | None = None) -> None:
        """Send these rows, or all that are ready. One press, one sending."""
        self._begin(None if row_ids is None else tuple(row_ids), ())

    def show_button(self) -> None:
        """What a press will do, and why it cannot be pressed."""
        summary = self._room.judge.summary
        if self.is_busy:
            self._panel.toolbar.show_send("Sending…", enabled=False, reason="A batch is on its way.")
            return
        if not summary.judged:
            self._panel.toolbar.show_send("Checking…", enabled=False, reason=_CHECKING)
            return
        blocking = [remark.sentence for remark in summary.remarks if remark.standing.name == "FIX"]
        reason = ""
        if not summary.may_be_sent:
            reason = " ".join(blocking) or "No row is ready to be sent."
        self._panel.toolbar.show_send(summary.button, enabled=summary.may_be_sent, reason=reason)

    def show_offers(self) -> None:
        """What can be done with the batch last sent."""
        self._panel.footer.offer(
            rest=0 if self.is_busy else len(self._again(RowEnd.NOT_SENT)),
            retry=0 if self.is_busy else len(self._again(RowEnd.REFUSED)),
            cancel=bool(self._live_batches()),
        )

    def forget_question(self) -> None:
        """The rows changed: what was asked is no longer what would be sent."""
        if not self._panel.question.isHidden():
            self._panel.question.hide()
            self._panel.say("The batch was changed; press Send to look at it anew.", "muted")

    def close(self) -> None:
        """Let go of the desk."""
        for disconnect in self._disconnects:
            disconnect()

    # Inside

    def _begin(self, rows: tuple[int, ...] | None, accepted: tuple[str, ...]) -> None:
        if self.is_busy or self._owner.is_closing:
            return
        self._is_asking = True
        self._panel.question.hide()
        self._panel.say("")
        self.show_button()
        self._owner.spawn("send a batch", self._send(rows, accepted))

    async def _send(self, rows: tuple[int, ...] | None, accepted: tuple[str, ...]) -> None:
        sender = self._room.sender
        try:
            outcome = await sender.send(rows)
            if outcome.needs_confirmation and _kinds(_sentences(outcome)) <= _kinds(accepted):
                outcome = await sender.send(rows, confirmed=True)
        finally:
            self._is_asking = False
            self.show_button()
            self.show_offers()
        if outcome.needs_confirmation:
            self._asked_for, self._shown = rows, _sentences(outcome)
            self._panel.question.ask(self._shown, f"{self._room.judge.summary.button} anyway")
            return
        self._panel.say(outcome.sentence, _role(outcome), lasting=True)

    def _send_anyway(self) -> None:
        """What was asked is accepted; should anything else be asked by now, it is asked first."""
        self._begin(self._asked_for, self._shown)

    def _decline(self) -> None:
        self._panel.question.hide()
        self._panel.table.setFocus()
        self._panel.say("Nothing was sent.")

    async def _cancel(self) -> None:
        """What was sent of this sheet, in however many sendings: to the person it is one batch."""
        self._panel.footer.cancel.setEnabled(False)
        said, failed = [], False
        try:
            for batch in self._live_batches():
                result = await self._room.sender.cancel(batch)
                said.append(result.sentence)
                failed = failed or bool(result.failed)
        finally:
            self._panel.footer.cancel.setEnabled(True)
            self.show_offers()
        self._panel.say(" ".join(said), "warning" if failed else "muted", lasting=True)

    def _show_progress(self, progress: BatchProgress) -> None:
        self._panel.footer.show_progress(progress)
        self.show_button()
        self.show_offers()

    def _again(self, end: RowEnd) -> tuple[int, ...]:
        sender = self._room.sender
        found = ((row_id, sender.result(row_id)) for row_id in sender.sendable_again())
        return tuple(row_id for row_id, result in found if result is not None and result.end is end)

    def _live_batches(self) -> list[int]:
        """The batches of which an order of this sheet may still rest, the last first."""
        results = (self._room.sender.result(row.row_id) for row in self._room.draft.rows)
        return sorted({it.batch for it in results if it is not None and it.may_rest}, reverse=True)


def _sentences(outcome: BatchOutcome) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remark.sentence for remark in outcome.questions))


def _kinds(sentences: Sequence[str]) -> frozenset[str]:
    """The questions without their figures, which move with the market and the clock."""
    return frozenset(_FIGURES.sub("#", sentence) for sentence in sentences)


def _role(outcome: BatchOutcome) -> str:
    if outcome.end is BatchEnd.DENIED:
        return "problem"
    if outcome.refused or outcome.unconfirmed or outcome.not_sent:
        return "warning"
    return "positive"
