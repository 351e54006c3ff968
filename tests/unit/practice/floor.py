"""A small exchange for the engine's tests: a clock set by hand, three grids, two people."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction

from pitdesk.clock import Clock
from pitdesk.kalshi.wire.orders import AmendOrderRequest, CreateOrderAnswer, CreateOrderRequest
from pitdesk.markets import FeeSchedule
from pitdesk.practice.accounts import Account
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.facts import Fact
from pitdesk.practice.listings import Catalogue, Grid, ListedEvent, ListedMarket, ListedSeries
from pitdesk.quantities import Dollars, Price

NOW_MS = 1_795_000_000_000
CLOSE_MS = NOW_MS + 3_600_000
CENT, TENTH, BANDED = "KXPIT-26-CENT", "KXPIT-26-TENTH", "KXPIT-26-BAND"


def how_many(usual: int) -> int:
    """How many made-up sequences to try: ``PITDESK_SEQUENCES`` says, for the longer run (10000)."""
    return int(os.environ.get("PITDESK_SEQUENCES", str(usual)))


class HandClock(Clock):
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def wall_ms(self) -> int:
        return self.now_ms

    def monotonic(self) -> float:
        return self.now_ms / 1000


def small_catalogue(fee_type: str = "quadratic") -> Catalogue:
    series = ListedSeries("KXPIT", "Pit", "Economics", "daily", FeeSchedule(fee_type, Fraction(1)))
    grids = ((CENT, Grid.CENT), (TENTH, Grid.TENTH_CENT), (BANDED, Grid.BANDED))
    markets = tuple(
        ListedMarket(
            ticker, "KXPIT-26", "KXPIT", ticker, "Up", "Down", "", "", grid,
            NOW_MS - 1, NOW_MS - 1, CLOSE_MS, CLOSE_MS + 1, Price(5_000),
        )
        for ticker, grid in grids
    )  # fmt: skip
    return Catalogue((ListedEvent("KXPIT-26", series, "Pit", "26", False, markets),))


@dataclass
class Floor:
    """The exchange, its clock, everything it said, and two accounts with $10,000 each."""

    fee_type: str = "quadratic"
    clock: HandClock = field(default_factory=HandClock)
    said: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exchange = Exchange(self.clock, small_catalogue(self.fee_type))
        self.exchange.facts.connect(self.said.append)
        self.ann = self.exchange.open_account("ann")
        self.bob = self.exchange.open_account("bob")

    def send(
        self,
        account: Account,
        side: str,
        count: str,
        price: str,
        *,
        ticker: str = CENT,
        time_in_force: str = "good_till_canceled",
        prevention: str = "taker_at_cross",
        **more: object,
    ) -> CreateOrderAnswer:
        """Create one order."""
        request = CreateOrderRequest(
            ticker=ticker,
            side=side,
            count=count,
            price=price,
            time_in_force=time_in_force,
            self_trade_prevention_type=prevention,
            **more,  # type: ignore[arg-type]
        )
        return self.exchange.create(account, request)

    def amend(self, account: Account, order_id: str, side: str, total: str, price: str, **more: object):
        """Amend one order of the cent market."""
        request = AmendOrderRequest(ticker=CENT, side=side, price=price, count=total, **more)  # type: ignore[arg-type]
        return self.exchange.amend(account, order_id, request)

    def touch(self, ticker: str = CENT) -> tuple[str, str]:
        """Best bid and ask, as ``price x count``."""
        quote = self.exchange.read.quote(ticker)
        return f"{quote.bid} x {quote.bid_count}", f"{quote.ask} x {quote.ask_count}"

    def total(self) -> Dollars:
        """All cash, that under way too, all fees, and the dollar behind each open contract: constant."""
        engine = self.exchange.engine
        cash = sum(account.cash for account in engine.accounts.values()) + engine.cashier.under_way
        interest = sum(venue.open_interest for venue in engine.venues.values())
        return Dollars(cash + engine.fees_collected + interest * 10_000)
