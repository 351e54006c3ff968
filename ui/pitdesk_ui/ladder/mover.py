"""Own orders taken to another price: each amended once, one after the other, and the truth told of them.

What a limit asks about waits for the answer; what the exchange refuses ends the rest.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from pitdesk.desk.results import ChangeResult, SubmitKind
from pitdesk_ui.ticket.send_area import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.blotter import Blotter
    from pitdesk.quantities import Count, Price
    from pitdesk.tasks import TaskOwner


class Amends(Protocol):
    """The part of the order desk that moving needs."""

    async def amend(
        self, key: str, price: Price, remaining: Count, *, confirmed: bool = False
    ) -> ChangeResult:
        """Change price and remaining count."""
        ...


class MoveState(Enum):
    """Where a move stands."""

    READY = auto()
    ASKING = auto()
    MOVING = auto()


class Mover(QObject):
    """Takes one move at a time. ``ended`` carries the sentence about it and its tone."""

    changed = Signal()
    ended = Signal(str, object)

    def __init__(
        self, order_desk: Amends, blotter: Blotter, owner: TaskOwner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._blotter, self._owner = order_desk, blotter, owner
        self._left: tuple[str, ...] = ()
        self._to: Price | None = None
        self._moved = 0
        self.state = MoveState.READY
        self.questions: tuple[str, ...] = ()

    @property
    def to(self) -> Price | None:
        """The Yes price that orders are being taken to."""
        return self._to

    def move(self, keys: Sequence[str], yes_price: Price) -> None:
        """Take the orders of ``keys`` to ``yes_price``; dropped while another move is under way."""
        if self.state is MoveState.READY:
            self._left, self._to, self._moved = tuple(keys), yes_price, 0
            self._start(confirmed=False)

    def confirm(self) -> None:
        """Move the order that the limits asked about, and go on."""
        if self.state is MoveState.ASKING:
            self._start(confirmed=True)

    def dismiss(self) -> None:
        """Drop a question: the orders not yet moved stay where they are."""
        if self.state is MoveState.ASKING:
            self._become(MoveState.READY)

    def _start(self, *, confirmed: bool) -> None:
        if self._owner.is_closing or self._to is None:
            return
        self._become(MoveState.MOVING)
        self._owner.spawn("move orders on the ladder", self._move(self._to, confirmed=confirmed))

    async def _move(self, yes_price: Price, *, confirmed: bool) -> None:
        result: ChangeResult | None = None
        try:
            while self._left:
                result = None
                result = await self._amend(self._left[0], yes_price, confirmed=confirmed)
                confirmed = False
                if result.kind is not SubmitKind.PLACED:
                    break
                self._moved, self._left = self._moved + 1, self._left[1:]
        finally:
            if result is None and self._left:
                self._end("What became of the move is not known. Look at Working.", Tone.WARNING)
        if result is not None:
            self._answered(result)

    async def _amend(self, key: str, yes_price: Price, *, confirmed: bool) -> ChangeResult:
        row = self._blotter.row(key)
        if row is None or row.phase.is_final:
            return ChangeResult(SubmitKind.REFUSED, "Not moved: the order has ended meanwhile.")
        price = row.verb.outcome.restate(yes_price)
        return await self._desk.amend(key, price, row.remaining, confirmed=confirmed)

    def _answered(self, result: ChangeResult) -> None:
        if result.kind is SubmitKind.DENIED and result.needs_confirmation:
            self._become(MoveState.ASKING, tuple(issue.sentence for issue in result.issues))
        elif result.kind is SubmitKind.PLACED:
            told = result.sentence if self._moved == 1 else f"{self._moved} orders moved to {self._to}."
            self._end(told, Tone.GOOD)
        else:
            before = f"{self._moved} moved to {self._to}, then: " if self._moved else ""
            tone = Tone.WARNING if result.kind is SubmitKind.UNCONFIRMED else Tone.BAD
            self._end(before + result.sentence, tone)

    def _end(self, sentence: str, tone: Tone) -> None:
        self._become(MoveState.READY)
        self.ended.emit(sentence, tone)

    def _become(self, state: MoveState, questions: tuple[str, ...] = ()) -> None:
        self.state, self.questions = state, questions
        self.changed.emit()
