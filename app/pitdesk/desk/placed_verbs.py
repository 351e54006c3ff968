"""By which verb an order was placed: of a fill the exchange tells only the side of the Yes book.

Who sold No would else read that Yes was bought. Orders placed elsewhere are told on Yes, as the exchange does
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pitdesk.events import Listeners
from pitdesk.journal import JournalError
from pitdesk.orders import BookSide, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.journal import JournaledIntent
    from pitdesk.orders import Fill
    from pitdesk.tasks import TaskOwner

_ON_YES = {BookSide.BID: Verb.BUY_YES, BookSide.ASK: Verb.SELL_YES}


class FindsIntents(Protocol):
    """The part of the journal that is needed."""

    async def intents_of_orders(self, order_ids: Iterable[str]) -> dict[str, JournaledIntent]:
        """Intents by the exchange's order ids."""


class PlacedVerbs:
    """``learned`` tells the ids of the orders whose verb is known from now on."""

    def __init__(self, journal: FindsIntents, blotter: Blotter, owner: TaskOwner, environment: str) -> None:
        """``environment``: the key of the one that the orders were placed in."""
        self.learned: Listeners[frozenset[str]] = Listeners()
        self._journal, self._blotter = journal, blotter
        self._owner, self._environment = owner, environment
        self._verbs: dict[str, Verb] = {}
        self._missing: set[str] = set()
        self._disconnect = blotter.moved.connect(self._moved)

    def verb_of(self, fill: Fill) -> Verb:
        """The verb that its order was placed by, on Yes where that is not known."""
        verb = self._verbs.get(fill.order_id)
        return verb if verb is not None and verb.book_side is fill.book_side else _ON_YES[fill.book_side]

    def ask(self, fills: Iterable[Fill]) -> None:
        """Find out the verbs of the orders that these are of; :attr:`learned` tells them."""
        unknown = {fill.order_id for fill in fills} - self._verbs.keys() - self._missing
        if not unknown:
            return
        self._missing |= unknown
        rows = ((key, self._blotter.by_order_id(key)) for key in unknown)
        self._keep({key: row.verb for key, row in rows if row is not None and row.intent is not None})
        if rest := unknown & self._missing:
            self._owner.spawn("look up by which verb orders were placed", self._look_up(rest))

    def close(self) -> None:
        """Stop following."""
        self._disconnect()

    async def _look_up(self, order_ids: set[str]) -> None:
        try:
            found = await self._journal.intents_of_orders(order_ids)
        except JournalError:  # told elsewhere; until it can be read, fills are told on Yes
            self._missing -= order_ids
            return
        here = {key: held for key, held in found.items() if held.environment == self._environment}
        self._keep({key: held.intent.draft.verb for key, held in here.items()})

    def _moved(self, row: BlotterRow) -> None:
        """A fill may come before the answer that tells whose order it was."""
        if row.order_id in self._missing and row.intent is not None:
            self._keep({row.order_id: row.verb})

    def _keep(self, verbs: dict[str, Verb]) -> None:
        if verbs:
            self._verbs |= verbs
            self._missing -= verbs.keys()
            self.learned.emit(frozenset(verbs))
