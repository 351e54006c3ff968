"""The ticket's mind: builds the one draft from what is typed, prices it, and sends it when pressed.

The button's text, the figures and the order sent all come from the same immutable draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pitdesk.clock import Clock
from pitdesk.cost import OrderCost, order_cost
from pitdesk.limits import Issue
from pitdesk.orders import BookSide, OrderDraft, Outcome, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Price, QuantityError
from pitdesk.safety import Safety
from pitdesk.typed_text import parse_count, parse_price
from pitdesk_ui.ticket.entry import Expiry, Field, Reading, outcome_grid, read
from pitdesk_ui.ticket.lines import CostLines, button_text, cost_lines, position_caption
from pitdesk_ui.ticket.pricing import Pick, most_contracts, picked_price
from pitdesk_ui.ticket.send_area import Tone
from pitdesk_ui.ticket.sending import Sender, SendState, Submits
from pitdesk_ui.ticket.standing import draft_refusal, market_refusal, shown_problems

if TYPE_CHECKING:
    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.gate import Gate
    from pitdesk.desk.market_data import MarketData
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.markets import Market
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.ticket.panel import TicketPanel

DraftCheck = Callable[[OrderDraft], Sequence[Issue]]
_TICK_MS = 1_000
_EXPIRIES = {
    "close": Expiry.AT_CLOSE,
    "hour": Expiry.IN_ONE_HOUR,
    "day": Expiry.END_OF_DAY,
    "never": Expiry.NEVER,
}


def no_limits(_draft: OrderDraft) -> Sequence[Issue]:
    """No preview: the order desk still checks each order it is given."""
    return ()


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
        limits: DraftCheck = no_limits,
        usual: Callable[[], Safety] = Safety,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._data, self._portfolio, self._finder, self._gate = market_data, portfolio, finder, gate
        self._limits, self._usual = limits, usual
        self._clock = clock or Clock()
        self._sender = Sender(order_desk, blotter, owner, self)
        self._ticker: str | None = None
        self._release: Callable[[], None] = lambda: None
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

    @property
    def draft(self) -> OrderDraft | None:
        """The draft that the button tells, None while there is none."""
        return self._draft

    def show_market(self, ticker: str) -> None:
        """Order in another market: the size and the price of the former are cleared."""
        if ticker == self._ticker:
            return
        self._release()
        self._ticker = ticker
        self._release = self._data.watch(ticker)
        self._sender.dismiss()
        self._change(self._empty_amounts)

    def set_price(self, yes_price: Price) -> None:
        """Take a Yes price picked elsewhere, told in the outcome of the verb, which it never changes."""
        price = yes_price if self._panel.entry().verb.outcome is Outcome.YES else yes_price.complement()
        self._change(lambda: self._panel.set_price(price))

    def set_size(self, count: Count) -> None:
        """Fill in the contracts."""
        self._change(lambda: self._panel.set_count(count))

    def choose_verb(self, verb: Verb) -> None:
        """Choose what to do, as its button does."""
        self._panel.choose_verb(verb)

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
        market = self._market()
        if market is None or self._ticker is None:
            return
        verb = self._panel.entry().verb
        try:
            price = picked_price(pick, verb, self._data.book(self._ticker), market.price_ranges)
        except QuantityError as problem:
            self._pick_problem = {Field.PRICE: str(problem)}
            self._refresh()
            return
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
        if self._sender.state is SendState.ASKING:
            self._sender.dismiss()
            return
        self._sender.dismiss()
        self._change(self._empty_all)

    def use_usual(self) -> None:
        """Expiry and the other options as the settings have them; contracts and price stay."""
        self._change(self._empty_options)

    def close(self) -> None:
        """Let go of the desk."""
        self._tick.stop()
        self._release()
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
        if self._busy:
            return
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
        self._panel.clear_options(_EXPIRIES[usual.expiry], cancel_on_pause=usual.cancel_on_pause)

    def _restate_price(self) -> None:
        """Told in the other outcome, a price stays at its level of the book: 42¢ Yes becomes 58¢ No."""
        entry, market = self._panel.entry(), self._market()
        if market is None or entry.verb.outcome is self._outcome:
            return
        try:
            price = parse_price(entry.price_text, outcome_grid(market, self._outcome))
        except QuantityError:
            return
        self._panel.set_price(price.complement())

    def _add_size(self, more: int) -> None:
        text = self._panel.entry().count_text
        try:
            count = parse_count(text) if text.strip() else COUNT_ZERO
        except QuantityError:
            return
        self.set_size(count + Count.of(more))

    def _fill_most(self) -> None:
        market = self._market()
        if market is None:
            return
        reading = read(replace(self._panel.entry(), count_text="1"), market, self._clock.wall_ms())
        try:
            if reading.draft is None:
                raise QuantityError(reading.problems.get(Field.PRICE, "Max needs the other fields first."))
            most = most_contracts(
                reading.draft,
                self._finder.fees(market.ticker),
                position=self._portfolio.position(market.ticker),
                cash=self._portfolio.cash,
            )
        except QuantityError as problem:
            place = Field.PRICE if Field.PRICE in reading.problems else Field.COUNT
            self._pick_problem = {place: str(problem)}
            self._refresh()
            return
        self.set_size(most)

    # What is shown.

    def _if_mine(self, ticker: str) -> None:
        if ticker == self._ticker:
            self._pick_from_fresh()
            self._refresh()

    def _pick_from_fresh(self) -> None:
        if self._pick_soon is not None and self._ticker is not None and self._data.book(self._ticker).fresh:
            self.pick(self._pick_soon)

    def _market(self) -> Market | None:
        if self._ticker is None:
            return None
        return self._data.market(self._ticker) or self._finder.market(self._ticker)

    def _refresh(self) -> None:
        if self._busy:
            return
        market = self._market()
        reading = Reading(None, missing=True)
        if market is not None:
            entry = self._panel.entry()
            self._panel.set_grid(outcome_grid(market, entry.verb.outcome))
            reading = read(entry, market, self._clock.wall_ms())
        issues = tuple(self._limits(reading.draft)) if reading.draft is not None else ()
        self._price_draft(reading.draft)
        self._show_head(market)
        self._show_problems(reading, issues)
        self._show_foot(self._closed(market), draft_refusal(reading, issues), missing=reading.missing)

    def _price_draft(self, draft: OrderDraft | None) -> None:
        before = (self._draft, self._cost)
        self._draft, self._cost, lines = draft, None, CostLines()
        if draft is not None:
            view = self._data.book(draft.ticker)
            book = view.book if view.fresh else None
            self._cost = order_cost(
                draft,
                self._finder.fees(draft.ticker),
                position=self._portfolio.position(draft.ticker),
                cash=self._portfolio.cash,
                book=book,
            )
            lines = cost_lines(draft, self._cost, book)
        self._panel.show_lines(lines)
        if (self._draft, self._cost) != before:
            self.draft_changed.emit(self._draft, self._cost)

    def _show_head(self, market: Market | None) -> None:
        if market is None:
            self._panel.show_head("")
            return
        held = self._portfolio.positions.get(market.ticker)
        average = held.average_price if held is not None else None
        self._panel.show_head(position_caption(self._portfolio.position(market.ticker), average))

    def _show_problems(self, reading: Reading, issues: Sequence[Issue]) -> None:
        problems = shown_problems(reading, self._panel.entry(), issues) | self._pick_problem
        self._panel.show_problems(problems, blamed=self._sender.field)

    def _closed(self, market: Market | None) -> str:
        """Why no order at all can go now, a plain sentence; empty when orders can."""
        refusal = market_refusal(market, self._ticker, self._clock.wall_ms())
        return refusal or ("" if self._gate.open_for_risk else self._gate.reason)

    def _show_foot(self, closed: str, refused: str, *, missing: bool) -> None:
        """``closed``: no order can go. ``refused``: this one cannot, told after the last one's result."""
        sender, foot = self._sender, self._panel.foot
        # While one is on its way nobody wants to know what would be said of the next.
        blocked = closed or (refused if sender.state is SendState.READY else "")
        verb = self._panel.entry().verb
        text = sender.state.value
        if sender.state is SendState.READY:
            text = f"{verb.value}: enter contracts and a limit price" if missing else verb.value
            if self._draft is not None:
                text = button_text(self._draft, self._cost)
        ready = sender.state is SendState.READY and self._draft is not None and not blocked
        foot.show_button(text, bid=verb.book_side is BookSide.BID, enabled=ready, reason=blocked)
        if sender.state is SendState.ASKING:
            foot.question.ask(sender.questions)
        else:
            foot.question.hide()
        told = [part for part in (sender.sentence, closed if sender.sentence else blocked) if part]
        foot.say("\n".join(told), sender.tone if sender.sentence else Tone.WARNING)
