"""Trading on the ladder: a click that places, a chip that is dragged, and the line that says so beforehand.

Orders go the one way there is: the same draft, limits, questions and journal as the ticket's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from pitdesk.clock import Clock
from pitdesk.cost import order_cost
from pitdesk.notices import Notice, Severity
from pitdesk.orders import Source
from pitdesk.quantities import QuantityError
from pitdesk_ui.ladder.clicks import click_draft, fill_line, idle_line, order_line
from pitdesk_ui.ladder.foot import Line
from pitdesk_ui.ladder.mover import Amends, Mover, MoveState
from pitdesk_ui.ladder.moves import move_line, move_refusal
from pitdesk_ui.ladder.rows import refusal
from pitdesk_ui.ticket.lines import button_text
from pitdesk_ui.ticket.send_area import Tone
from pitdesk_ui.ticket.sending import Sender, SendState, Submits

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.cost import OrderCost
    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.gate import Gate
    from pitdesk.desk.market_data import MarketData
    from pitdesk.desk.order_tools import DraftCheck
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.orders import OrderDraft
    from pitdesk.quantities import Price
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.ladder.painting import Column
    from pitdesk_ui.ladder.panel import LadderPanel
    from pitdesk_ui.ladder.rows import OwnChip
    from pitdesk_ui.ticket.entry import Entry


class Trades(Submits, Amends, Protocol):
    """The part of the order desk that the ladder trades with."""


class LadderTrader(QObject):
    """Sends what is clicked and dragged on one :class:`LadderPanel`; nothing while it asks or waits."""

    def __init__(  # noqa: PLR0913 (exactly the desk objects that it needs)
        self,
        *,
        panel: LadderPanel,
        order_desk: Trades,
        market_data: MarketData,
        portfolio: Portfolio,
        finder: Finder,
        blotter: Blotter,
        gate: Gate,
        owner: TaskOwner,
        terms: Callable[[], Entry],
        say: Callable[[Notice], None],
        limits: DraftCheck,
        clock: Clock | None = None,
    ) -> None:
        """``terms`` gives the ticket's fields as they are set; ``say`` tells what came of an order.

        ``limits`` is for the line alone: the order desk checks each order it is given.
        """
        super().__init__(panel)
        self._panel, self._data, self._portfolio = panel, market_data, portfolio
        self._finder, self._gate, self._terms, self._say = finder, gate, terms, say
        self._limits = limits
        self._clock = clock or Clock()
        self._sender = Sender(order_desk, blotter, owner, self, source=Source.LADDER)
        self._mover = Mover(order_desk, blotter, owner, self)
        self._was = SendState.READY
        self._moved_in = ""
        self._disconnects = (
            portfolio.changed.connect(lambda _: self._tell()),
            gate.changed.connect(lambda _: self._tell()),
        )
        self._connect()
        self._tell()

    def show_market(self) -> None:
        """Another market is in view: no size is chosen in it yet, and no question of the former stands."""
        self._sender.dismiss()
        self._mover.dismiss()
        self._panel.tools.choose(None)

    def close(self) -> None:
        """Let go of the desk."""
        self._sender.close()
        for disconnect in self._disconnects:
            disconnect()

    def _connect(self) -> None:
        panel = self._panel
        panel.order_wanted.connect(self._click)
        panel.move_wanted.connect(self._drop)
        panel.looked.connect(self._tell)
        panel.left.connect(self._leave)
        panel.armed_changed.connect(self._armed_changed)
        panel.question.accepted.connect(self._confirm)
        panel.question.declined.connect(self._leave)
        self._sender.changed.connect(self._sender_changed)
        self._mover.changed.connect(self._mover_changed)
        self._mover.ended.connect(self._moved)

    # Placing.

    def _click(self, price: Price, column: Column) -> None:
        if not self._is_ready():
            self._tell()
            return
        try:
            draft = self._draft(price, column)
        except QuantityError as problem:
            self._panel.say(str(problem), "problem")
            return
        if draft is not None:
            self._was = SendState.SENDING
            self._sender.press(draft)
            self._tell()

    def _draft(self, price: Price, column: Column) -> OrderDraft | None:
        """What a click there sends, None where it sends nothing. Raises QuantityError in plain words."""
        size, side = self._panel.tools.chosen, column.side
        ticker = self._panel.grid.picture.ticker
        market = self._data.market(ticker) or self._finder.market(ticker)
        if not self._panel.places or size is None or side is None or market is None:
            return None
        return click_draft(self._terms(), market, side, price, size, self._clock.wall_ms())

    def _sender_changed(self) -> None:
        sender, draft = self._sender, self._sender.draft
        was, self._was = self._was, sender.state
        if sender.state is SendState.ASKING and not self._is_in_view(draft.ticker if draft else ""):
            self._not_in_view(sender.questions)
            sender.dismiss()
            return
        if was is not SendState.READY and sender.state is SendState.READY and sender.sentence:
            self._told(sender.told_in(None), sender.tone, draft.ticker if draft else "")
        self._show()

    # Moving.

    def _drop(self, chip: OwnChip, to: Price) -> None:
        why_not = move_refusal(self._panel.grid.picture, chip, to, safe=self._panel.safe)
        if not why_not and not self._is_ready():
            why_not = "Wait for the answer about the order before."
        if why_not:
            self._panel.say(why_not, "problem")
            return
        self._panel.say("")
        self._moved_in = self._panel.grid.picture.ticker
        self._mover.move(chip.keys, to)

    def _mover_changed(self) -> None:
        if self._mover.state is MoveState.ASKING and not self._is_in_view(self._moved_in):
            self._not_in_view(self._mover.questions)
            self._mover.dismiss()
            return
        self._show()

    def _moved(self, sentence: str, tone: Tone) -> None:
        self._told(sentence, tone, self._moved_in)

    # Questions, answers and what is told.

    def _is_ready(self) -> bool:
        return self._sender.state is SendState.READY and self._mover.state is MoveState.READY

    def _asked_price(self) -> Price | None:
        """The row of the order that is asked about."""
        if self._mover.state is MoveState.ASKING:
            return self._mover.to
        draft = self._sender.draft
        return draft.yes_price if draft is not None and self._sender.state is SendState.ASKING else None

    def _confirm(self) -> None:
        """Send in spite of the question, unless the book went stale meanwhile: no limit answers for that."""
        price = self._asked_price()
        why_not = refusal(self._panel.grid.picture, price) if price is not None else ""
        if why_not:
            self._leave()
            self._panel.say(why_not, "problem")
            return
        if self._mover.state is MoveState.ASKING:
            self._mover.confirm()
        elif self._sender.state is SendState.ASKING:
            self._was = SendState.SENDING
            self._sender.confirm()
        self._show()

    def _leave(self) -> None:
        self._panel.say("")
        self._mover.dismiss()
        self._sender.dismiss()
        self._show()

    def _armed_changed(self) -> None:
        """Safe takes back what still asks."""
        if not self._panel.is_armed and self._asked_price() is not None:
            self._leave()
        self._tell()

    def _told(self, sentence: str, tone: Tone, ticker: str) -> None:
        """What came of it: at the rows where it went wrong, as a notice where it is done or out of view."""
        if tone is not Tone.GOOD and self._is_in_view(ticker):
            self._panel.say(sentence, tone.value)
            return
        severity = Severity.INFO if tone is Tone.GOOD else Severity.WARNING
        self._say(Notice(sentence, severity=severity))

    def _is_in_view(self, ticker: str) -> bool:
        return ticker == self._panel.grid.picture.ticker

    def _not_in_view(self, questions: tuple[str, ...]) -> None:
        """A limit asks about an order of the market that was left meanwhile: it is not sent."""
        self._say(Notice(f"Not sent: {' '.join(questions)}", severity=Severity.WARNING))

    def _show(self) -> None:
        """The question where one is asked, the line, and whether Esc has something to leave."""
        price, question = self._asked_price(), self._panel.question
        if price is None:
            question.leave()
        else:
            question.ask_about(self._sentences(), self._panel.grid.y_of(price))
        self._tell()

    def _sentences(self) -> tuple[str, ...]:
        if self._mover.state is MoveState.ASKING:
            return (f"Move to {self._mover.to}?", *self._mover.questions)
        draft = self._sender.draft
        return (*((button_text(draft, self._cost(draft)),) if draft else ()), *self._sender.questions)

    def _tell(self) -> None:
        self._panel.show_line(self._line())
        self._panel.wait_for_escape(self._sender.state is SendState.CHECKING)

    def _line(self) -> Line:
        panel, drag = self._panel, self._panel.grid.drag
        if drag is not None:
            return move_line(panel.grid.picture, drag.chip, drag.target, safe=panel.safe)
        waiting = self._waiting_line()
        if waiting is not None:
            return waiting
        if panel.grid.aim is None:
            return idle_line(safe=panel.safe, size=panel.tools.chosen, why_not_armed=panel.why_not_armed)
        return self._aimed_line(*panel.grid.aim)

    def _waiting_line(self) -> Line | None:
        state, draft = self._sender.state, self._sender.draft
        if self._mover.state is MoveState.MOVING:
            return Line("Moving…")
        if state is SendState.SENDING:
            return Line(f"Sending: {draft.sentence()}" if draft is not None else state.value)
        if state is SendState.CHECKING:
            return Line(state.value, "No further click until it is known. Esc: do not wait", "warning")
        return Line("Answer the question on the ladder", "Esc leaves it") if self._asked_price() else None

    def _aimed_line(self, price: Price, column: Column) -> Line:
        panel = self._panel
        picture = panel.grid.picture
        why_not = refusal(picture, price)
        if why_not:
            return Line(why_not, role="warning")
        chip = picture.chips.get((column.side, price)) if column.side and not column.is_depth else None
        if chip is not None:
            return Line(chip.words(), "Drag moves, right click cancels", "value")
        try:
            draft = self._draft(price, column) if column.is_depth else None
        except QuantityError as problem:
            return Line(str(problem), role="problem")
        if draft is None:
            return fill_line(
                price, self._terms(), safe=panel.safe, size=panel.tools.chosen, on_depth=column.is_depth
            )
        if not self._gate.open_for_risk:
            return Line("No new orders now", self._gate.reason, "warning")
        return order_line(draft, self._cost(draft), picture.book, self._limits(draft))

    def _cost(self, draft: OrderDraft) -> OrderCost:
        view = self._data.book(draft.ticker)
        return order_cost(
            draft,
            self._finder.fees(draft.ticker),
            position=self._portfolio.position(draft.ticker),
            cash=self._portfolio.cash,
            book=view.book if view.fresh else None,
        )
