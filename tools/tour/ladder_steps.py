"""The tour on the ladder: one click places, a right click takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pitdesk.quantities import Count, Price
from pitdesk_ui.ladder.grid import LadderGrid
from pitdesk_ui.ladder.painting import Column
from pitdesk_ui.widgets.plain_text import ElidedLabel
from tools.tour.hand import TourError
from tools.tour.ladder_hand import RIGHT, LadderHand

if TYPE_CHECKING:
    from tools.tour.steps import Tour

_SIZE = "ladder.size_3"
_CONTRACTS = Count.of(25)


async def click_the_ladder(tour: Tour) -> dict[str, Any]:
    """Armed and with a size chosen, a click in Bids places exactly what the line beneath says."""
    grid = tour.hand.find("ladder.grid", LadderGrid)
    mouse, before = LadderHand(grid), {order["order_id"] for order in await tour.ask(tour.probe.orders)}
    tour.hand.click(_SIZE)
    tour.hand.click("ladder.result")
    bid = grid.picture.best_bid
    if bid is None:
        raise TourError("Nobody bids.")
    price = bid - Price.from_cents(3)
    mouse.move(price, Column.BIDS)
    line = tour.hand.find("ladder.line", ElidedLabel).whole
    mouse.click(price, Column.BIDS)
    new = await tour.confirm(
        "exactly one new order",
        lambda: [order for order in tour.probe.orders("resting") if order["order_id"] not in before],
    )
    order = dict(new[0])
    is_told = line.startswith(f"Buy {_CONTRACTS} Yes at {price}  ·  $")
    if len(new) != 1 or not is_told or Price.from_wire(order["yes_price_dollars"]) != price:
        raise TourError(f"The line said {line}, the exchange has {new}.")
    await tour.hand.see("its chip", lambda: grid.picture.own_at(price))
    tour.notes["ladder"] = price
    return {"line": line, "order": order}


async def cancel_on_the_ladder(tour: Tour) -> dict[str, Any]:
    """A right click in its row cancels it."""
    grid, price = tour.hand.find("ladder.grid", LadderGrid), tour.notes["ladder"]
    LadderHand(grid).click(price, Column.PRICE, RIGHT)
    await tour.confirm("nothing rests", lambda: not tour.probe.orders("resting"))
    await tour.hand.see("no chip", lambda: not grid.picture.own_at(price))
    tour.hand.click("ladder.result")
    return {"resting_after": 0}
