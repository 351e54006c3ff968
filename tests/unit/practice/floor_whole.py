"""A small exchange with everything: two exchange indices, an exclusive event, rules to choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from pitdesk.markets import FeeSchedule
from pitdesk.practice.engine import STANDARD, Rules
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.facts import Fact
from pitdesk.practice.listings import Catalogue, Grid, ListedEvent, ListedMarket, ListedSeries
from pitdesk.quantities import Price
from tests.unit.practice.floor import CLOSE_MS, NOW_MS, Floor, HandClock, small_catalogue

COIN, OTHER_COIN = "KXCOIN-26-A", "KXCOIN-26-B"
COINS = "KXCOIN-26"


def whole_catalogue(fee_type: str = "quadratic") -> Catalogue:
    """The small catalogue, and an exclusive event of two markets on exchange index 2."""
    series = ListedSeries("KXCOIN", "Coin", "Crypto", "daily", FeeSchedule(fee_type, Fraction(1)), (), 2)
    markets = tuple(
        ListedMarket(
            ticker, COINS, "KXCOIN", ticker, "Up", "Down", "", "", Grid.CENT,
            NOW_MS - 1, NOW_MS - 1, CLOSE_MS, CLOSE_MS + 1, Price(5_000), exchange_index=2,
        )
        for ticker in (COIN, OTHER_COIN)
    )  # fmt: skip
    coins = ListedEvent(COINS, series, "Coin", "26", True, markets, exchange_index=2)
    return Catalogue((*small_catalogue(fee_type).events, coins))


@dataclass
class WholeFloor(Floor):
    """:class:`Floor` on the whole catalogue, by chosen rules."""

    rules: Rules = STANDARD
    clock: HandClock = field(default_factory=HandClock)
    said: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exchange = Exchange(self.clock, whole_catalogue(self.fee_type), self.rules)
        self.exchange.facts.connect(self.said.append)
        self.ann = self.exchange.open_account("ann")
        self.bob = self.exchange.open_account("bob")

    def of(self, kind: type) -> list:
        """The facts of one kind that were said."""
        return [fact for fact in self.said if isinstance(fact, kind)]
