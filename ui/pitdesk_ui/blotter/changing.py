"""Amending or decreasing one order of the Working tab: its card, what the desk is asked, what came of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from pitdesk.desk.results import ChangeResult, SubmitKind
from pitdesk.quantities import PRICE_ONE, PRICE_ZERO, Count, Price, PriceRange, PriceRanges

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.desk.finder import Finder
    from pitdesk_ui.blotter.change_card import ChangeCard
    from pitdesk_ui.blotter.panel import WorkingPanel

_EVERY_PRICE = PriceRanges((PriceRange(PRICE_ZERO, PRICE_ONE, Price(1)),))
_ROLES = {SubmitKind.PLACED: "muted", SubmitKind.UNCONFIRMED: "warning"}


class ChangesOrders(Protocol):
    """The part of the order desk that changes one order."""

    async def amend(
        self, key: str, price: Price, remaining: Count, *, confirmed: bool = False
    ) -> ChangeResult:
        """Change price and remaining count."""
        ...

    async def decrease(self, key: str, remaining: Count) -> ChangeResult:
        """Take contracts off."""
        ...


class Changing:
    """Opens a card for a row, and asks the desk for what is typed there. One card is open at a time."""

    def __init__(
        self,
        panel: WorkingPanel,
        desk: ChangesOrders,
        finder: Finder,
        spawn: Callable[[str, Coroutine[object, object, None]], None],
    ) -> None:
        """``spawn`` runs what is named."""
        self._panel, self._desk, self._finder, self._spawn = panel, desk, finder, spawn
        self._cards = (panel.amend_card, panel.decrease_card)
        panel.amend_card.apply_wanted.connect(self._amend)
        panel.decrease_card.apply_wanted.connect(self._decrease)
        for card in self._cards:
            card.closed.connect(panel.table.setFocus)

    def open(self, card: ChangeCard, row: BlotterRow | None) -> None:
        """Open ``card`` at ``row``, or say why that cannot be changed; None where no one row is meant."""
        if row is None or not row.can_change:
            self._panel.say(_unchangeable(row), "warning")
            return
        for other in self._cards:
            if other is not card and other.isVisible():
                other.leave()
        card.open_for(row, self._grid(row), self._finder.label(row.ticker), self._panel.anchor(row.key))

    def follow_rows(self) -> None:
        """The rows changed: an open card tells its own as it is now, and stands where that stands."""
        for card in self._cards:
            if card.key is not None:
                card.follow(self._panel.model.record(card.key), self._panel.anchor(card.key))

    def _grid(self, row: BlotterRow) -> PriceRanges:
        market = self._finder.market(row.ticker)
        return _EVERY_PRICE if market is None else row.verb.outcome.restate(market.price_ranges)

    def _amend(self, key: str, price: Price, remaining: Count) -> None:
        card = self._panel.amend_card
        confirmed = card.is_confirming
        ask = partial(self._desk.amend, key, price, remaining, confirmed=confirmed)
        self._spawn("amend order", self._change(card, ask))

    def _decrease(self, key: str, _price: Price, remaining: Count) -> None:
        card = self._panel.decrease_card
        self._spawn("decrease order", self._change(card, partial(self._desk.decrease, key, remaining)))

    async def _change(self, card: ChangeCard, ask: Callable[[], Awaitable[ChangeResult]]) -> None:
        key = card.key
        card.set_asking(True)
        try:
            result = await ask()
        finally:
            card.set_asking(False)
        if card.key != key:
            self._panel.say(result.sentence, _role(result.kind))
        elif result.kind in (SubmitKind.PLACED, SubmitKind.UNCONFIRMED):
            card.leave()
            self._panel.say(result.sentence, _role(result.kind))
        elif result.needs_confirmation:
            asked = " ".join(issue.sentence for issue in result.issues)
            card.say(asked or result.sentence, problem=True, confirm=True)
        else:
            card.say(result.sentence, problem=True)


def _role(kind: SubmitKind) -> str:
    return _ROLES.get(kind, "problem")


def _unchangeable(row: BlotterRow | None) -> str:
    if row is None:
        return "Select the one order that is to be changed."
    status = row.status_text.rstrip("…").lower()
    return f"{row.sentence()} cannot be changed now ({status}): only a resting order can."
