"""What a person may type for a price, a count or an amount, and what is said when it is not one.

Only plain ASCII digits with one dot are read: a comma, an exponent, a
full-width digit or an invisible space is refused with what would be accepted, never guessed at.
"""

from __future__ import annotations

import re

from pitdesk.quantities import PRICE_ONE, PRICE_ZERO, Count, Dollars, Price, PriceRanges, QuantityError

_NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?\Z")
_LARGE = re.compile(r"[0-9]{8,40}(\.[0-9]*)?\Z")


def parse_price(text: str, grid: PriceRanges) -> Price:
    """A limit price typed in cents (``42``, ``42¢``, ``3.2c``) or in dollars with its sign (``$0.42``).

    ``grid`` is the grid of the outcome that the price is of. Raises :class:`QuantityError` with a sentence
    that names what would be accepted.
    """
    body = text.strip(" ")
    dollars = body.startswith("$")
    body = body.removeprefix("$").removesuffix("¢").removesuffix("c").strip(" ")
    if _LARGE.match(body):
        _demand_legal(PRICE_ONE, grid)
    _demand_number(body, "price", "42 or 3.2", text)
    micros = Dollars.from_wire(body).units // (1 if dollars else 100)
    if micros % 100 or (not dollars and Dollars.from_wire(body).units % 10_000):
        raise QuantityError("A price has at most two decimals of a cent, like 3.25.")
    price = Price(micros // 100)
    meant = Price(price.units * 100)
    if not dollars and "." in body and grid.holds(meant) and not grid.holds(price):
        raise QuantityError(f"{body}¢ is not a price here. Prices are in cents: write {meant}.")
    _demand_legal(price, grid)
    return price


def parse_count(text: str) -> Count:
    """A number of contracts (``100``, ``2.5``); raises :class:`QuantityError` with a plain sentence."""
    body = text.strip(" ")
    _demand_number(body, "number of contracts", "100 or 2.5", text)
    try:
        count = Count.from_wire(body)
    except QuantityError:
        raise QuantityError("Contracts go down to hundredths: 2.5 or 2.55, not finer.") from None
    if not count:
        raise QuantityError("Enter at least 0.01 contracts.")
    return count


def parse_dollars(text: str) -> Dollars:
    """A dollar amount (``50``, ``$43.71``); raises :class:`QuantityError` with a plain sentence."""
    body = text.strip(" ").removeprefix("$").strip(" ")
    _demand_number(body, "dollar amount", "50 or 43.71", text)
    amount = Dollars.from_wire(body)
    if not amount:
        raise QuantityError("Enter an amount above $0.")
    return amount


def _demand_number(body: str, what: str, example: str, typed: str) -> None:
    """``body`` is ``typed`` without its sign of money, which is what the sentence quotes."""
    if not body:
        raise QuantityError(f"Enter a {what}, like {example}.")
    if _NUMBER.match(body):
        return
    if re.match(r"[0-9]+,[0-9]+\Z", body):
        dotted = body.replace(",", ".")
        raise QuantityError(
            f"“{body}” can be read two ways. Write {dotted} with a dot for decimals, "
            f"or {body.replace(',', '')} without a separator."
        )
    if body.startswith(("-", "−")):
        raise QuantityError(f"A {what} is above zero, like {example}.")
    if _LARGE.match(body):
        raise QuantityError(f"A {what} has at most seven digits before the dot, like {example}.")
    shown = "".join(mark if mark.isprintable() else "□" for mark in typed.strip(" ")[:24])
    raise QuantityError(f"“{shown}” is not a {what}. Use digits and one dot, like {example}.")


def _demand_legal(price: Price, grid: PriceRanges) -> None:
    if grid.holds(price):
        return
    below, above = grid.nearest_below(price), grid.nearest_above(price)
    if not PRICE_ZERO < price < PRICE_ONE:
        lowest, highest = grid.up(PRICE_ZERO), grid.down(PRICE_ONE)
        raise QuantityError(f"A price here lies from {lowest} to {highest}.")
    choices = " or ".join(str(choice) for choice in (below, above) if choice is not None)
    raise QuantityError(f"Price must be a multiple of {grid.step_at(price)} here: {choices}.")
