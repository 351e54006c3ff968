"""Exact prices, counts and dollars, and the grid of prices a market accepts.

Each quantity is a whole number of its smallest unit, so that adding and comparing are exact and no
binary fraction ever carries money:

* :class:`Price`: dollars per contract in units of $0.0001, the finest step a request may name
  (FACTS §13: requests carry two to four decimals);
* :class:`Count`: contracts in units of 0.01 (FACTS §13);
* :class:`Dollars`: money in units of $0.000001, so that price times count is exact, and so is every
  amount in an answer (FACTS §13: up to six decimals).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIRE_NUMBER = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,12}))?\Z")


class QuantityError(ValueError):
    """A text or number that is not a quantity. Its text is a plain sentence fit for the person."""


def _parse_units(text: str, decimals: int, what: str) -> int:
    """Whole units of 10**-decimals in ``text``; more decimals are accepted only where they are zero."""
    match = _WIRE_NUMBER.match(text)
    if match is None:
        raise QuantityError(f"{text[:40]!r} is not a {what}.")
    sign, whole, fraction = match.groups()
    fraction = fraction or ""
    if fraction[decimals:].strip("0"):
        raise QuantityError(f"{text[:40]!r} has more than {decimals} decimals for a {what}.")
    units: int = int(whole) * 10**decimals + int(fraction[:decimals].ljust(decimals, "0") or "0")
    return -units if sign else units


def _format_units(units: int, decimals: int, keep: int) -> str:
    """``units`` of 10**-decimals as text with at least ``keep`` decimals and no needless zeros after."""
    sign = "-" if units < 0 else ""
    whole, fraction = divmod(abs(units), 10**decimals)
    digits = f"{fraction:0{decimals}d}".rstrip("0").ljust(keep, "0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


@dataclass(frozen=True, slots=True)
class _Quantity:
    units: int

    def __lt__(self, other: Self) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return self.units < other.units

    def __le__(self, other: Self) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return self.units <= other.units

    def __gt__(self, other: Self) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return self.units > other.units

    def __ge__(self, other: Self) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return self.units >= other.units

    def __add__(self, other: Self) -> Self:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return self.__class__(self.units + other.units)

    def __sub__(self, other: Self) -> Self:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return self.__class__(self.units - other.units)

    def __neg__(self) -> Self:
        return self.__class__(-self.units)

    def __abs__(self) -> Self:
        return self.__class__(abs(self.units))

    def __bool__(self) -> bool:
        return self.units != 0


class Price(_Quantity):
    """Dollars per contract, in units of $0.0001. Always says of which outcome in the name that holds it."""

    __slots__ = ()

    @classmethod
    def from_wire(cls, text: str) -> Price:
        """The price in a dollar string such as ``"0.4200"``; raises :class:`QuantityError`."""
        return cls(_parse_units(text, 4, "price in dollars"))

    @classmethod
    def from_cents(cls, cents: int) -> Price:
        """The price of a whole number of cents."""
        return cls(cents * 100)

    def to_wire(self) -> str:
        """Four decimals of dollars, as requests and answers carry it: ``"0.4200"``."""
        return _format_units(self.units, 4, 4)

    def complement(self) -> Price:
        """The same trade priced in the other outcome: one dollar less this (FACTS §4.3)."""
        return Price(10_000 - self.units)

    def __str__(self) -> str:
        """As the person reads it, in cents: ``42¢``, ``3.2¢``."""
        return f"{_format_units(self.units, 2, 0)}¢"

    def __mul__(self, count: Count) -> Dollars:
        """Price times count is exact dollars."""
        return Dollars(self.units * count.units)


class Count(_Quantity):
    """Contracts, in units of 0.01."""

    __slots__ = ()

    @classmethod
    def from_wire(cls, text: str) -> Count:
        """The count in a string such as ``"100.00"``; raises :class:`QuantityError`."""
        return cls(_parse_units(text, 2, "number of contracts"))

    @classmethod
    def of(cls, contracts: int) -> Count:
        """A whole number of contracts."""
        return cls(contracts * 100)

    def to_wire(self) -> str:
        """Two decimals, as requests and answers carry it: ``"100.00"``."""
        return _format_units(self.units, 2, 2)

    def __str__(self) -> str:
        """As the person reads it: ``1,240``, ``2.5``."""
        whole, dot, fraction = _format_units(abs(self.units), 2, 0).partition(".")
        return f"{'−' if self.units < 0 else ''}{int(whole):,}{dot}{fraction}"


class Dollars(_Quantity):
    """Money, in units of $0.000001."""

    __slots__ = ()

    @classmethod
    def from_wire(cls, text: str) -> Dollars:
        """The money in a string such as ``"43.7100"``; raises :class:`QuantityError`."""
        return cls(_parse_units(text, 6, "dollar amount"))

    @classmethod
    def from_cents(cls, cents: int) -> Dollars:
        """A whole number of cents, as the older integer fields carry it."""
        return cls(cents * 10_000)

    @classmethod
    def of(cls, dollars: int) -> Dollars:
        """A whole number of dollars."""
        return cls(dollars * 1_000_000)

    def to_wire(self, decimals: int = 6) -> str:
        """Dollars with at least ``decimals`` decimals and never less than the amount has."""
        return _format_units(self.units, 6, decimals)

    def cents_up(self) -> Dollars:
        """Away from zero to a whole cent: what a cautious reader expects of a cost."""
        cents = -(-abs(self.units) // 10_000) * 10_000
        return Dollars(cents if self.units >= 0 else -cents)

    def cents_down(self) -> Dollars:
        """Down to a whole cent, a loss to the larger one: what is at least left."""
        return Dollars(self.units // 10_000 * 10_000)

    def __str__(self) -> str:
        """As the person reads it, rounded half away from zero to the cent: ``$1,234.50``, ``−$0.70``."""
        cents = (abs(self.units) + 5_000) // 10_000
        whole, fraction = divmod(cents, 100)
        return f"{'−' if self.units < 0 and cents else ''}${whole:,}.{fraction:02d}"

    def signed(self) -> str:
        """As :meth:`__str__`, with a plus sign where it is a gain."""
        text = str(self)
        return f"+{text}" if self.units > 0 and text != "$0.00" else text


PRICE_ZERO = Price(0)
PRICE_ONE = Price(10_000)
COUNT_ZERO = Count(0)
DOLLARS_ZERO = Dollars(0)


@dataclass(frozen=True, slots=True)
class PriceRange:
    """One band of a grid: legal are ``start``, ``start + step`` … ``end`` (openapi PriceRange)."""

    start: Price
    end: Price
    step: Price

    def __post_init__(self) -> None:
        if self.step.units <= 0 or self.end <= self.start:
            raise QuantityError(f"{self.start} to {self.end} by {self.step} is not a band of prices.")

    def holds(self, price: Price) -> bool:
        """Whether ``price`` lies in the band and on its step."""
        return self.start <= price <= self.end and (price.units - self.start.units) % self.step.units == 0


@dataclass(frozen=True, slots=True)
class PriceRanges:
    """A market's grid of legal Yes prices, its bands in rising order (FACTS §13).

    Zero and one dollar are never legal: there is nothing to trade at a certainty (FACTS §4.2).
    """

    bands: tuple[PriceRange, ...]

    def __post_init__(self) -> None:
        if not self.bands:
            raise QuantityError("A market without a single band of prices cannot be traded.")

    @classmethod
    def of_cents(cls) -> PriceRanges:
        """Every whole cent from 1¢ to 99¢, the commonest grid."""
        return cls((PriceRange(PRICE_ZERO, PRICE_ONE, Price(100)),))

    def holds(self, price: Price) -> bool:
        """Whether an order may name ``price``."""
        return PRICE_ZERO < price < PRICE_ONE and any(band.holds(price) for band in self.bands)

    def prices(self) -> Iterator[Price]:
        """Every legal price, rising."""
        last = PRICE_ZERO
        for band in self.bands:
            for units in range(band.start.units, band.end.units + 1, band.step.units):
                if last.units < units < PRICE_ONE.units:
                    last = Price(units)
                    yield last

    def up(self, price: Price) -> Price | None:
        """The next legal price above, or None at the top."""
        candidates = [_above(band, price) for band in self.bands]
        legal = [found for found in candidates if found is not None and found < PRICE_ONE]
        return min(legal, default=None)

    def down(self, price: Price) -> Price | None:
        """The next legal price below, or None at the bottom."""
        candidates = [_below(band, price) for band in self.bands]
        legal = [found for found in candidates if found is not None and found > PRICE_ZERO]
        return max(legal, default=None)

    def nearest_below(self, price: Price) -> Price | None:
        """``price`` itself where it is legal, else the next legal one below: how a bid snaps (FACTS §4.3)."""
        return price if self.holds(price) else self.down(price)

    def nearest_above(self, price: Price) -> Price | None:
        """``price`` itself where it is legal, else the next legal above: how an ask snaps (FACTS §4.3)."""
        return price if self.holds(price) else self.up(price)

    def step_at(self, price: Price) -> Price:
        """The tick that holds at ``price``; at the seam of two bands, the finer."""
        steps = [band.step for band in self.bands if band.start <= price <= band.end]
        return min(steps, default=self.bands[0].step)

    def complement(self) -> PriceRanges:
        """The same grid as the No outcome sees it."""
        flipped = (
            PriceRange(band.end.complement(), band.start.complement(), band.step)
            for band in reversed(self.bands)
        )
        return PriceRanges(tuple(flipped))


def _above(band: PriceRange, price: Price) -> Price | None:
    if price < band.start:
        return band.start
    steps = (price.units - band.start.units) // band.step.units + 1
    found = Price(band.start.units + steps * band.step.units)
    return found if found <= band.end else None


def _below(band: PriceRange, price: Price) -> Price | None:
    top = min(band.end.units, price.units - 1)
    if top < band.start.units:
        return None
    steps = (top - band.start.units) // band.step.units
    return Price(band.start.units + steps * band.step.units)
