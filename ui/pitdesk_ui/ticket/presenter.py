"""The ticket's mind: builds the one draft from what is typed, prices it, and sends it when pressed.

The button's text, the figures and the order sent all come from the same immutable draft.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pitdesk.clock import Clock
from pitdesk.orders import OrderDraft, Outcome, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Price, QuantityError
from pitdesk.safety import Safety
from pitdesk.typed_text import parse_count
from pitdesk_ui.ticket.entry import USUAL_EXPIRIES, Field, Reading, read
from pitdesk_ui.ticket.foot_words import show_foot
from pitdesk_ui.ticket.lines import CostLines, cost_lines
from pitdesk_ui.ticket.market_at_hand import MarketAtHand
from pitdesk_ui.ticket.pricing import restated_price
from pitdesk_ui.ticket.sending import Sender, SendState, Submits
from pitdesk_ui.ticket.standing import Standing, draft_refusal, shown_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.cost import OrderCost
    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.gate import Gate
    from pitdesk.desk.market_data import MarketData
    from pitdesk.desk.order_tools import DraftCheck
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.limits import Issue
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.ticket.panel import TicketPanel
    from pitdesk_ui.ticket.pricing import Pick

_TICK_MS = 1_000


class TicketPresenter(QObject):
    """Connects the ticket to the desk. ``draft_changed`` carries the draft and its cost, None without one."""

    draft_changed = Signal(object, object)

    def __init__(  # noqa: PLR0913 (exactly the desk objects that it needs)
        self,
        *,
        panel: TicketPanel,
        order_desk: Submits,
        market_data: MarketData,
        portfolio: Portfolio,
        finder: Finder,
        blotter: Blotter,
        gate: Gate,
        owner: TaskOwner,
        limits: DraftCheck,
        usual: Callable[[], Safety] = Safety,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._at_hand = MarketAtHand(market_data, portfolio, finder, gate)
        self._limits, self._usual = limits, usual
        self._clock = clock or Clock()
        self._sender = Sender(order_desk, blotter, owner, self)
        self._outcome = Outcome.YES
        self._draft: OrderDraft | None = None
        self._cost: OrderCost | None = None
        self._busy = False
        self._pick_problem: dict[Field, str] = {}
        self._pick_soon: Pick | None = None
        self._disconnects = (
            market_data.book_changed.connect(self._if_mine),
            market_data.market_changed.connect(self._if_mine),
            portfolio.changed.connect(lambda _: self._refresh()),
            gate.changed.connect(lambda _: self._refresh()),
        )
        self._connect_panel()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._refresh)
        self._tick.start(_TICK_MS)
        self.use_usual()

    # What the window calls.

    def show_market(self, ticker: str) -> None:
        """Order in another market: the size and the price of the former are cleared."""
        if ticker == self._at_hand.ticker:
            return
        self._at_hand.choose(ticker)
        self._sender.dismiss()
        self._change(self._empty_amounts)

    def set_price(self, yes_price: Price) -> None:
        """Take a Yes price picked elsewhere, told in the outcome of the verb, which it never changes."""
        price = self._panel.entry().verb.outcome.restate(yes_price)
        self._change(lambda: self._panel.set_price(price))

    def set_size(self, count: Count) -> None:
        """Fill in the contracts."""
        self._change(lambda: self._panel.set_count(count))

    def choose_action(self, buy: bool) -> None:
        """Buy or sell, of the outcome chosen."""
        outcome = self._panel.entry().verb.outcome.word
        self._panel.choose_verb(Verb(f"{'Buy' if buy else 'Sell'} {outcome}"))

    def choose_outcome(self, outcome: Outcome) -> None:
        """Yes or No, bought or sold as chosen."""
        action = self._panel.entry().verb.value.split(" ", maxsplit=1)[0]
        self._panel.choose_verb(Verb(f"{action} {outcome.word}"))

    def pick(self, pick: Pick) -> None:
        """Fill in a price from the book, or say at the field why there is none."""
        try:
            price = self._at_hand.price(pick, self._panel.entry().verb)
        except QuantityError as problem:
            self._pick_problem = {Field.PRICE: str(problem)}
            self._refresh()
            return
        if price is not None:
            self._change(lambda: self._panel.set_price(price))

    def prepare(self, verb: Verb, count: Count, pick: Pick) -> None:
        """Fill in an order of the market shown, as if it had been typed.

        Its price follows as soon as the book is fresh, unless the person types or picks something before.
        """
        self._change(self._empty_amounts)
        self._panel.choose_verb(verb)
        self.set_size(count)
        self._pick_soon = pick
        self._pick_from_fresh()

    def toggle_post_only(self) -> None:
        """Tick or untick Post only."""
        self._panel.toggle_post_only()

    def focus(self) -> None:
        """Put the keyboard into the ticket."""
        self._panel.focus_first()

    def send(self) -> None:
        """Send what the button says; nothing while it is inert."""
        if self._draft is not None and self._panel.foot.may_press:
            self._sender.press(self._draft)

    def clear(self) -> None:
        """Drop a question first; else empty contracts, price and options. The verb stays."""
        was_asking = self._sender.state is SendState.ASKING
        self._sender.dismiss()
        if not was_asking:
            self._change(self._empty_all)

    def use_usual(self) -> None:
        """Expiry and the other options as the settings have them; contracts and price stay."""
        self._change(self._empty_options)

    def close(self) -> None:
        """Let go of the desk."""
        self._tick.stop()
        self._at_hand.release()
        self._sender.close()
        for disconnect in self._disconnects:
            disconnect()

    # What the panel says.

    def _connect_panel(self) -> None:
        panel, foot = self._panel, self._panel.foot
        panel.changed.connect(self._edited)
        panel.size_wanted.connect(self._add_size)
        panel.most_wanted.connect(self._fill_most)
        panel.pick_wanted.connect(self.pick)
        foot.pressed.connect(self.send)
        foot.question.accepted.connect(self._sender.confirm)
        foot.question.declined.connect(self._sender.dismiss)
        self._sender.changed.connect(self._refresh)
        self._panel.expiry.set_now(self._clock.wall_ms())

    def _edited(self) -> None:
        if not self._busy:
            self._change(self._restate_price)

    def _change(self, change: Callable[[], object]) -> None:
        """Make one change of the fields, then look at the whole once."""
        self._busy = True
        change()
        self._busy = False
        self._outcome = self._panel.entry().verb.outcome
        self._pick_problem, self._pick_soon = {}, None
        self._sender.quiet()
        self._refresh()

    def _empty_amounts(self) -> None:
        self._panel.set_count(None)
        self._panel.set_price(None)

    def _empty_all(self) -> None:
        self._empty_amounts()
        self._empty_options()

    def _empty_options(self) -> None:
        usual = self._usual()
        self._panel.clear_options(USUAL_EXPIRIES[usual.expiry], cancel_on_pause=usual.cancel_on_pause)

    def _restate_price(self) -> None:
        entry, market = self._panel.entry(), self._at_hand.market
        if market is not None and entry.verb.outcome is not self._outcome:
            price = restated_price(entry.price_text, self._outcome.restate(market.price_ranges))
            if price is not None:
                self._panel.set_price(price)

    def _add_size(self, more: int) -> None:
        text = self._panel.entry().count_text
        try:
            count = parse_count(text) if text.strip() else COUNT_ZERO
        except QuantityError:
            if self._draft is None:
                return
            count = self._draft.count  # dollars, and what they come to
        self.set_size(count + Count.of(more))

    def _fill_most(self) -> None:
        market = self._at_hand.market
        if market is None:
            return
        reading = read(replace(self._panel.entry(), count_text="1"), market, self._clock.wall_ms())
        try:
            if reading.draft is None:
                raise QuantityError(reading.problems.get(Field.PRICE, "Max needs the other fields first."))
            most = self._at_hand.most(reading.draft)
        except QuantityError as problem:
            place = Field.PRICE if Field.PRICE in reading.problems else Field.COUNT
            self._pick_problem = {place: str(problem)}
            self._refresh()
            return
        self.set_size(most)

    # What is shown.

    def _if_mine(self, ticker: str) -> None:
        if ticker == self._at_hand.ticker:
            self._pick_from_fresh()
            self._refresh()

    def _pick_from_fresh(self) -> None:
        if self._pick_soon is not None and self._at_hand.fresh_book is not None:
            self.pick(self._pick_soon)

    def _refresh(self) -> None:
        if self._busy:
            return
        market = self._at_hand.market
        reading = Reading(None, missing=True)
        if market is not None:
            entry = self._panel.entry()
            self._panel.set_grid(entry.verb.outcome.restate(market.price_ranges))
            reading = read(entry, market, self._clock.wall_ms(), self._at_hand.fees)
        issues = tuple(self._limits(reading.draft)) if reading.draft is not None else ()
        self._price_draft(reading.draft)
        self._panel.show_head(self._at_hand.position_caption)
        problems = shown_problems(reading, self._panel.entry(), issues) | self._pick_problem
        self._panel.show_problems(problems, blamed=self._sender.field)
        show_foot(self._panel.foot, self._sender, self._standing(reading, issues))

    def _price_draft(self, draft: OrderDraft | None) -> None:
        before = (self._draft, self._cost)
        self._draft, self._cost, lines = draft, None, CostLines()
        if draft is not None:
            self._cost = self._at_hand.cost(draft)
            lines = cost_lines(draft, self._cost, self._at_hand.fresh_book)
        self._panel.show_lines(lines)
        if (self._draft, self._cost) != before:
            self.draft_changed.emit(self._draft, self._cost)

    def _standing(self, reading: Reading, issues: Sequence[Issue]) -> Standing:
        return Standing(
            ticker=self._at_hand.ticker,
            verb=self._panel.entry().verb,
            draft=self._draft,
            cost=self._cost,
            missing=reading.missing,
            closed=self._at_hand.closed(self._clock.wall_ms()),
            refused=draft_refusal(reading, issues),
        )
