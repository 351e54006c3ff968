"""What a market will have brought if the position held in it is closed at a price: the ladder's figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.positions import gain
from pitdesk.fees import trade_fee
from pitdesk.quantities import COUNT_ZERO, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.markets import FeeSchedule, Position


@dataclass(frozen=True, slots=True)
class Closing:
    """A position and how closing it is charged. ``bid`` and ``ask`` are the touch, None where nobody quotes;
    ``touch_known`` is False where the book cannot be trusted."""

    position: Position
    fees: FeeSchedule
    bid: Price | None
    ask: Price | None
    touch_known: bool = True

    def result_at(self, yes_price: Price) -> Dollars:
        """The whole result of the market, its realized profit and its fees so far included, if all that is
        held goes at ``yes_price``.

        Up to the touch closing takes, beyond it rests, and is charged so (FACTS §13). Without a book that can
        be trusted it is charged as taking, the dearer.
        """
        held = self.position.count
        leg = yes_price if held > COUNT_ZERO else yes_price.complement()
        fee = trade_fee(self.fees, yes_price, abs(held), is_taker=self._takes(yes_price))
        return gain(self.position, leg * abs(held)) - fee

    def _takes(self, yes_price: Price) -> bool:
        if not self.touch_known:
            return True
        if self.position.count > COUNT_ZERO:
            return self.bid is not None and yes_price <= self.bid
        return self.ask is not None and yes_price >= self.ask
