"""The steps of the tour. Each acts through the window, and returns what the exchange itself says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt

from pitdesk.quantities import Count, Price, PriceRanges
from pitdesk_ui.application import Application
from tools.exchange_probe import Probe
from tools.tour.hand import Hand, TourError
from tools.tour.ladder_steps import cancel_on_the_ladder, click_the_ladder

SEARCH = "cut 25"
RESTING_COUNT = 100
TAKEN_COUNT = 40
Seen = dict[str, Any]


@dataclass
class Tour:
    """What the steps share: the program, the hand, the exchange's own side, and what was found on the way."""

    application: Application
    hand: Hand
    probe: Probe
    ticker: str = ""
    order_id: str = ""
    notes: Seen = field(default_factory=dict)

    async def ask(self, look: Callable[[], Any]) -> Any:
        """Ask the exchange from a thread, so that the window goes on living."""
        return await asyncio.to_thread(look)

    async def confirm(self, what: str, look: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Ask the exchange until ``look`` finds something true."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            found = await self.ask(look)
            if found:
                return found
            if loop.time() > deadline:
                raise TourError(f"The exchange does not confirm within {seconds:g} s: {what}.")
            await asyncio.sleep(0.1)

    async def touch(self) -> tuple[Price, Price, PriceRanges]:
        """The exchange's own best bid and ask of the market chosen, and its grid."""
        market = (await self.ask(lambda: self.probe.get(f"/markets/{self.ticker}")))["market"]
        assert self.application.view is not None
        known = self.application.view.session.finder.market(self.ticker)
        assert known is not None
        return (
            Price.from_wire(market["yes_bid_dollars"]),
            Price.from_wire(market["yes_ask_dollars"]),
            known.price_ranges,
        )

    async def send(self, count: int, price: Price) -> Seen:
        """Fill in the ticket, read the button, press it; the order as the exchange then has it."""
        before = {order["order_id"] for order in await self.ask(self.probe.orders)}
        self.hand.type_into("ticket.contracts", str(count))
        self.hand.type_into("ticket.price", str(price).removesuffix("¢"))
        button = await self.hand.see(
            "the button tells the order",
            lambda: (
                (text := self.hand.text("ticket.send")).startswith(f"Buy {count} Yes at {price}") and text
            ),
        )
        self.hand.click("ticket.send")
        new = await self.confirm(
            "exactly one new order",
            lambda: [order for order in self.probe.orders() if order["order_id"] not in before],
        )
        if len(new) != 1:
            raise TourError(f"One press made {len(new)} orders.")
        order = dict(new[0])
        if Count.from_wire(order["initial_count_fp"]) != Count.of(count):
            raise TourError(f"The button said {count}, the exchange has {order['initial_count_fp']}.")
        if Price.from_wire(order["yes_price_dollars"]) != price or order["book_side"] != "bid":
            raise TourError(f"The button said {button}, the exchange has {order}.")
        return {"button": button, "order": order}


async def open_program(tour: Tour) -> Seen:
    """The window opens on the practice exchange and fills with markets."""
    hand = tour.hand
    await hand.see("the stream is live", lambda: "Live" in _stat(hand, "top.stream"), 30.0)
    await hand.see("cash", lambda: _stat(hand, "top.cash") == "$10,000.00")
    exchange = await tour.ask(lambda: tour.probe.get("/exchange/status"))
    markets = (await tour.ask(lambda: tour.probe.get("/markets", limit=1000, status="open")))["markets"]
    balance = await tour.ask(lambda: tour.probe.get("/portfolio/balance"))
    if len(markets) < 40 or not exchange["trading_active"]:
        raise TourError(f"{len(markets)} open markets, exchange {exchange}")
    await hand.see("a market in view", lambda: tour.application.view and tour.application.view.ticker)
    await hand.see("the market's book", lambda: "last" in hand.text("ladder.caption"))
    return {"markets": len(markets), "balance_dollars": balance["balance_dollars"], "exchange": exchange}


async def find_market(tour: Tour) -> Seen:
    """Type into the finder, go down to the market, choose it."""
    hand, view = tour.hand, tour.application.view
    assert view is not None
    hand.type_into("finder.search", SEARCH)
    hand.key(Qt.Key.Key_Down, "finder.search")
    hand.key(Qt.Key.Key_Return, "finder.tree")
    await hand.see("the market is shown", lambda: "25" in hand.text("market.question"))
    tour.ticker = view.ticker
    await hand.see("its ticker", lambda: tour.ticker in hand.text("market.facts"))
    market = (await tour.ask(lambda: tour.probe.get(f"/markets/{tour.ticker}")))["market"]
    if market["status"] != "active":
        raise TourError(f"{tour.ticker} is {market['status']}")
    return {"ticker": tour.ticker, "status": market["status"], "title": hand.text("market.question")}


async def buy_to_rest(tour: Tour) -> Seen:
    """Buy below the best bid by ticket: the order must rest."""
    bid, _, grid = await tour.touch()
    price = grid.down(grid.down(bid) or bid) or bid
    seen = await tour.send(RESTING_COUNT, price)
    tour.order_id = seen["order"]["order_id"]
    if seen["order"]["status"] != "resting":
        raise TourError(f"The order does not rest: {seen['order']}")
    return seen


async def see_it_rest(tour: Tour) -> Seen:
    """The order stands in the Working tab, on the ladder, and in the account's committed cash."""
    hand = tour.hand
    row = await hand.see("the row rests", lambda: _working(hand, "Resting", str(RESTING_COUNT)))
    await hand.see("cash is committed", lambda: _stat(hand, "top.committed") != "$0.00")
    order = await tour.ask(lambda: tour.probe.order(tour.order_id))
    if order["status"] != "resting":
        raise TourError(f"The window says {row}, the exchange {order['status']}")
    return {"row": row, "exchange": order["status"]}


async def take_liquidity(tour: Tour) -> Seen:
    """Buy at the ask: trades at once."""
    _, ask, _ = await tour.touch()
    grid = (await tour.touch())[2]
    seen = await tour.send(TAKEN_COUNT, grid.up(ask) or ask)
    order_id = seen["order"]["order_id"]
    filled = await tour.confirm(
        "the order is executed",
        lambda: (order := tour.probe.order(order_id))["status"] == "executed" and order,
    )
    return {"button": seen["button"], "order": filled}


async def see_the_fill(tour: Tour) -> Seen:
    """The fill and the position are shown, and are the exchange's own."""
    hand = tour.hand
    hand.show_tab("Fills")
    rows = await hand.see("the fill", lambda: hand.rows("fills.table"))
    fills = await tour.ask(tour.probe.fills)
    shown = sum(Count.from_wire(row["Contracts"].replace(",", "")).units for row in rows)
    held = sum(Count.from_wire(fill["count_fp"]).units for fill in fills)
    if shown != held:
        raise TourError(f"The window shows {shown / 100} contracts filled, the exchange {held / 100}.")
    return {"rows": rows, "fills": len(fills)}


async def see_the_position(tour: Tour) -> Seen:
    """The Positions tab tells what the exchange says is held."""
    hand = tour.hand
    hand.show_tab("Positions")
    position = Count.from_wire(await tour.ask(lambda: tour.probe.position(tour.ticker)))
    wanted = f"{position} Yes"
    row = await hand.see(
        f"a position of {wanted}",
        lambda: next((row for row in hand.rows("positions.table") if row["Held"] == wanted), None),
    )
    return {"row": row, "position_fp": position.to_wire()}


async def amend(tour: Tour) -> Seen:
    """Change the resting order's price in place."""
    hand = tour.hand
    hand.show_tab("Working")
    before = await tour.ask(lambda: tour.probe.order(tour.order_id))
    grid = (await tour.touch())[2]
    price = grid.down(Price.from_wire(before["yes_price_dollars"]))
    assert price is not None
    hand.choose_row("working.table", lambda row: row["Contracts"] == str(RESTING_COUNT))
    hand.click("working.amend")
    hand.type_into("amend.price", str(price).removesuffix("¢"))
    tour.notes["picture"] = "before the press"
    hand.click("amend.apply")
    after = await tour.confirm(
        "the new price",
        lambda: (
            Price.from_wire((order := tour.probe.order(tour.order_id))["yes_price_dollars"]) == price
            and order
        ),
    )
    await hand.see(
        "the new price in the row", lambda: _working(hand, "Resting", str(RESTING_COUNT), str(price))
    )
    return {"from": before["yes_price_dollars"], "to": after["yes_price_dollars"], "status": after["status"]}


async def cancel(tour: Tour) -> Seen:
    """Cancel the selected order."""
    hand = tour.hand
    hand.choose_row("working.table", lambda row: row["Contracts"] == str(RESTING_COUNT))
    hand.click("working.cancel_selected")
    order = await tour.confirm(
        "the order is canceled",
        lambda: (order := tour.probe.order(tour.order_id))["status"] == "canceled" and order,
    )
    await hand.see("the row goes", lambda: not _working(hand, "", str(RESTING_COUNT)))
    return {"status": order["status"], "remaining": order["remaining_count_fp"]}


async def cancel_all(tour: Tour) -> Seen:
    """Three more orders, then Cancel all orders."""
    hand = tour.hand
    bid, _, grid = await tour.touch()
    price = grid.down(grid.down(bid) or bid) or bid
    for count in (10, 20, 30):
        price = grid.down(price) or price
        await tour.send(count, price)
    resting = await tour.confirm("three resting", lambda: len(tour.probe.orders("resting")) == 3)
    await hand.see("three rows", lambda: len(hand.rows("working.table")) == 3)
    tour.application.window.grab()
    hand.click("top.cancel_all")
    await tour.confirm("nothing rests", lambda: not tour.probe.orders("resting"))
    await hand.see("no rows", lambda: not hand.rows("working.table"))
    left = await tour.ask(lambda: tour.probe.orders("resting"))
    return {
        "before": 3 if resting else 0,
        "resting_after": len(left),
        "said": tour.application.parts.notice.text,
    }


async def read_activity(tour: Tour) -> Seen:
    """The Activity tab holds all of it."""
    hand = tour.hand
    hand.show_tab("Activity")
    rows = await hand.see("the log", lambda: hand.rows("activity.table"))
    orders = await tour.ask(tour.probe.orders)
    return {"lines": len(rows), "orders_on_the_exchange": len(orders)}


STEPS: tuple[tuple[str, Callable[[Tour], Awaitable[Seen]]], ...] = (
    ("open", open_program),
    ("find-market", find_market),
    ("buy-to-rest", buy_to_rest),
    ("see-it-rest", see_it_rest),
    ("take-liquidity", take_liquidity),
    ("see-the-fill", see_the_fill),
    ("see-the-position", see_the_position),
    ("amend", amend),
    ("cancel", cancel),
    ("click-the-ladder", click_the_ladder),
    ("cancel-on-the-ladder", cancel_on_the_ladder),
    ("cancel-all", cancel_all),
    ("activity", read_activity),
)


def _stat(hand: Hand, name: str) -> str:
    from pitdesk_ui.widgets.stat import Stat

    return hand.find(name, Stat).text


def _working(hand: Hand, status: str, contracts: str, price: str = "") -> dict[str, str] | None:
    for row in hand.rows("working.table"):
        if status in row["Status"] and row["Contracts"] == contracts and price in row["Price"]:
            return row
    return None
