"""The batch editor's core as one room of a session: sheet, verdicts, sending, files.

The open sheet is kept on disk a second after each change, and always before anything of it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.draft import BatchDraft, DraftChange
from pitdesk.desk.batch.judge import BatchJudge
from pitdesk.desk.batch.saved import SavedBatches, SavedError, Sheet
from pitdesk.desk.batch.sender import BatchSender
from pitdesk.desk.frames import Frame
from pitdesk.notices import Notice, NoticeKind, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pitdesk.desk.batch.calls import BatchCalls
    from pitdesk.desk.batch.facts import BatchFacts
    from pitdesk.desk.batch.results import BatchOutcome, SentAs, SentOrder
    from pitdesk.desk.order_desk import OrderDesk
    from pitdesk.desk.order_tools import OrderTools

_KEEP_AFTER_S = 1.0
_NOTICE = "batch sheet"


class BatchRoom:
    """One for each session: the window edits ``draft``, shows ``judge`` and ``sender``, asks ``saved``."""

    def __init__(
        self, calls: BatchCalls, tools: OrderTools, order_desk: OrderDesk, facts: BatchFacts
    ) -> None:
        self.draft = BatchDraft()
        self._tools, self._facts = tools, facts
        self.judge = BatchJudge(self.draft, facts, self._sent)
        self.sender = BatchSender(calls, tools, order_desk, facts.markets, self.judge, self._keep_before)
        self.saved: SavedBatches | None = None
        self._keep_soon = Frame(self._keep_in_time, _KEEP_AFTER_S)
        self._ends: tuple[Callable[[], object], ...] = (
            self.draft.changed.connect(self._on_draft),
            self.sender.concluded.connect(lambda it: self._tools.notices.say(_concluded(it))),
            self.sender.results_changed.connect(self.judge.results_changed),
            tools.blotter.changed.connect(self.judge.orders_changed),
        )

    async def start(self, folder: Path) -> None:
        """Open the sheet that was open when the program ended, with what became of its rows."""
        self.saved = SavedBatches(folder)
        try:
            sheet = await self.saved.open_sheet()
        except SavedError as error:
            self._say(str(error))
            return
        if sheet is None:
            return
        ids = self.draft.replace_all(sheet.rows, "Open")
        held = await self._tools.journal.intents_of(sent.key for sent in sheet.sent.values())
        known = {
            ids[place]: (held[sent.key], sent)
            for place, sent in sheet.sent.items()
            if place < len(ids) and sent.key in held
        }
        self.sender.sent.remember(known)
        self.sender.results_changed.emit(frozenset(known))

    def until_closed(self, *ends: Callable[[], object]) -> None:
        """Call these when the room is closed."""
        self._ends = (*self._ends, *ends)

    async def keep(self) -> None:
        """Keep the open sheet now. Raises :class:`SavedError`."""
        if self.saved is not None:
            await self.saved.keep_open_sheet(self._sheet(self.sender.sent.kept()))

    async def close(self) -> None:
        """Send no further request, keep the sheet, and end."""
        self.sender.close()
        self.judge.close()
        self._keep_soon.close()
        for end in self._ends:
            end()
        if self.saved is not None:
            try:
                await self.keep()
            except SavedError as error:
                self._say(str(error))
            self.saved.close()

    def _sent(self, row_id: int) -> SentOrder | None:
        return self.sender.sent.order(row_id)

    async def _keep_before(self, sent: dict[int, SentAs]) -> str:
        """The sheet on disk with the ids it is about to be sent under; why it could not be, if so."""
        if self.saved is None:
            return ""
        try:
            await self.saved.keep_open_sheet(self._sheet(sent))
        except SavedError as error:
            return str(error)
        return ""

    def _sheet(self, sent: dict[int, SentAs]) -> Sheet:
        places = {self.draft.place(row_id): each for row_id, each in sent.items()}
        held = {place: each for place, each in places.items() if place is not None}
        return Sheet(tuple(row.texts for row in self.draft.rows), held)

    def _on_draft(self, change: DraftChange) -> None:
        del change
        if self.saved is not None:
            self._keep_soon.request()

    def _keep_in_time(self) -> None:
        if not self._tools.owner.is_closing:
            self._tools.owner.spawn("keep the batch", self._keep_quietly())

    async def _keep_quietly(self) -> None:
        try:
            await self.keep()
        except SavedError as error:
            self._say(str(error))

    def _say(self, sentence: str) -> None:
        self._tools.notices.say(Notice(sentence, severity=Severity.WARNING, key=_NOTICE))


def _concluded(outcome: BatchOutcome) -> Notice:
    is_clean = not (outcome.refused or outcome.unconfirmed or outcome.not_sent)
    return Notice(
        outcome.sentence, severity=Severity.INFO if is_clean else Severity.WARNING, kind=NoticeKind.BATCH
    )
