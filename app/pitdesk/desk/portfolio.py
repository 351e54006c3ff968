"""What the person has: cash, positions, fills, and what the day brought."""

from __future__ import annotations

from collections.abc import Mapping

from pitdesk.events import Listeners
from pitdesk.markets import Position
from pitdesk.orders import Fill
from pitdesk.quantities import Count, Dollars


class Portfolio:
    """Cash, positions and fills of one account. Everything is exact; None is said where it is not known yet."""

    changed: Listeners[None]
    fills_changed: Listeners[None]

    @property
    def cash(self) -> Dollars | None:
        """Free cash, None before the first balance."""
        raise NotImplementedError

    @property
    def committed(self) -> Dollars:
        """What working orders hold back."""
        raise NotImplementedError

    @property
    def positions(self) -> Mapping[str, Position]:
        """Positions by ticker, those that are flat left out; do not change it."""
        raise NotImplementedError

    @property
    def positions_value(self) -> Dollars:
        """What all positions would bring at the bid of what is held."""
        raise NotImplementedError

    @property
    def today(self) -> Dollars | None:
        """What the exchange's day brought so far; None before the first balance."""
        raise NotImplementedError

    @property
    def fills(self) -> tuple[Fill, ...]:
        """Executions, newest first, each trade id once."""
        raise NotImplementedError

    def position(self, ticker: str) -> Count:
        """Contracts held: above zero Yes, below zero No."""
        raise NotImplementedError

    def value_of(self, ticker: str) -> Dollars | None:
        """What the position would bring at the bid of the outcome held; None where nobody bids."""
        raise NotImplementedError
