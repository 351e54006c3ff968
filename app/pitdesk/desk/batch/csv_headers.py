"""Which column is which: names as people and other programs write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.batch.cells import verb_in
from pitdesk.desk.batch.rows import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES: dict[Field, tuple[str, ...]] = {
    Field.MARKET: ("market", "ticker", "marketticker", "symbol", "contract", "instrument"),
    Field.VERB: ("side", "verb", "buysell", "order", "direction", "whattodo"),
    Field.PRICE: ("price", "limit", "limitprice", "pricecents", "pricedollars", "yesprice", "priceusd"),
    Field.COUNT: ("contracts", "count", "quantity", "qty", "size", "amount", "number"),
    Field.TIME_IN_FORCE: ("timeinforce", "tif", "validity"),
    Field.POST_ONLY: ("postonly", "post", "makeronly"),
    Field.EXPIRES: ("expires", "expiry", "expiration", "expirationtime", "goodtill", "gtd", "until"),
    Field.REDUCE_ONLY: ("reduceonly", "reduce", "closeonly"),
    Field.CANCEL_ON_PAUSE: ("cancelonpause", "cancelorderonpause", "pausecancel"),
    Field.SELF_TRADE: ("selftradeprevention", "selftradepreventiontype", "selftrade", "stp"),
    Field.ORDER_GROUP: ("ordergroup", "ordergroupid", "group", "groupid"),
    Field.SUBACCOUNT: ("subaccount", "subaccountnumber", "account"),
    Field.EXCHANGE_INDEX: ("exchangeshard", "exchangeindex", "shard"),
    Field.CLIENT_ORDER_ID: ("clientorderid", "clientid", "orderid", "id", "reference"),
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names}
_ACTION = frozenset({"action", "operation"})
_OUTCOME = frozenset({"outcome", "yesno", "leg"})
_OURS = frozenset({"allin", "check", "result", "row", ""})
_REQUIRED = (Field.MARKET, Field.PRICE, Field.COUNT)
_DOLLARS, _CENTS = re.compile(r"dollar|usd|\$"), re.compile(r"cent|¢")


class HeaderError(Exception):
    """Columns that cannot be read. Its text is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands. ``action`` and ``outcome``: the side told in two columns.

    ``unit`` of the prices as the header tells it: ``cents``, ``dollars`` or empty.
    """

    places: dict[Field, int]
    unknown: tuple[str, ...] = ()
    action: int | None = None
    outcome: int | None = None
    unit: str = ""

    @property
    def width(self) -> int:
        """How many cells a row needs at least for what is required."""
        return max(self.places.values(), default=-1) + 1


def recognized(cells: Sequence[str]) -> int:
    """How many of ``cells`` are names of columns."""
    plain = [_plain(cell) for cell in cells]
    return sum(name in _BY_NAME or name in _ACTION or name in _OUTCOME for name in plain)


def looks_like_data(cells: Sequence[str]) -> bool:
    """Whether a first row holds an order rather than names."""
    return any(verb_in(cell) is not None for cell in cells)


def in_template_order() -> Columns:
    """No names: the columns as the template has them."""
    return Columns({field: place for place, field in enumerate(FIELDS)})


def read_header(cells: Sequence[str]) -> Columns:
    """The columns of a header. Raises :class:`HeaderError` with what is missing or there twice."""
    places: dict[Field, int] = {}
    unknown: list[str] = []
    action = outcome = None
    unit = ""
    for place, cell in enumerate(cells):
        name = _plain(cell)
        field = _BY_NAME.get(name)
        if name in _ACTION:
            action = place
        elif name in _OUTCOME:
            outcome = place
        elif field is None:
            if name not in _OURS:
                unknown.append(_shown(cell))
        elif field in places:
            first = _shown(cells[places[field]])
            raise HeaderError(
                f"Two columns are for the same thing: “{first}” and “{_shown(cell)}”. Leave one."
            )
        else:
            places[field] = place
            if field is Field.PRICE:
                unit = _unit(cell)
    if action is not None and outcome is None:
        outcome = places.pop(Field.VERB, None)
    _demand_required(places, action, outcome)
    return Columns(places, tuple(unknown), action, outcome, unit)


def _demand_required(places: dict[Field, int], action: int | None, outcome: int | None) -> None:
    missing = [field.value for field in _REQUIRED if field not in places]
    if Field.VERB not in places and (action is None or outcome is None):
        missing.insert(1, Field.VERB.value)
    if missing:
        raise HeaderError(
            f"There is no column for {' and '.join(missing)}. Name the columns as the template does."
        )


def _unit(cell: str) -> str:
    lowered = cell.casefold()
    if _DOLLARS.search(lowered):
        return "dollars"
    return "cents" if _CENTS.search(lowered) else ""


def _plain(cell: str) -> str:
    """A name without case, accents, spaces, signs or what stands in brackets."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", "", cell)
    folded = unicodedata.normalize("NFKD", bare).casefold()
    return "".join(sign for sign in folded if sign.isascii() and sign.isalnum())


def _shown(cell: str) -> str:
    text = " ".join(cell.split())
    return "".join(sign if sign.isprintable() else "□" for sign in text[:30])
