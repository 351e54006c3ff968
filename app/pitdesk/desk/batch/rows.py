"""The rows of a batch as the person left them: a text for each field of the create-order call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Field(Enum):
    """The columns, in the order they stand in. The value is the header (openapi CreateOrderV2Request)."""

    _value_: str
    place: int
    """Its number among the columns, from 0."""

    def __init__(self, _header: str) -> None:
        self.place = len(type(self).__members__)

    __hash__ = object.__hash__  # each is there once, and thousands of cells are found by theirs

    MARKET = "Market"
    VERB = "Side"
    PRICE = "Price"
    COUNT = "Contracts"
    TIME_IN_FORCE = "Time in force"
    POST_ONLY = "Post only"
    EXPIRES = "Expires"
    REDUCE_ONLY = "Reduce only"
    CANCEL_ON_PAUSE = "Cancel on pause"
    SELF_TRADE = "Self-trade prevention"
    ORDER_GROUP = "Order group"
    SUBACCOUNT = "Subaccount"
    EXCHANGE_INDEX = "Exchange shard"
    CLIENT_ORDER_ID = "Client order id"

    @property
    def is_rare(self) -> bool:
        """Hidden until the person shows it."""
        return self in _RARE


FIELDS: tuple[Field, ...] = tuple(Field)
_RARE = frozenset(FIELDS[FIELDS.index(Field.REDUCE_ONLY) :])
_EMPTY = ("",) * len(FIELDS)

Texts = tuple[str, ...]
"""One text for each of :data:`FIELDS`, in their order."""

MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One line of the sheet. ``row_id`` stays with it through sorting, undo and redo."""

    row_id: int
    texts: Texts = _EMPTY

    def text(self, field: Field) -> str:
        """What stands in one cell, exactly as typed."""
        return self.texts[field.place]

    @property
    def is_blank(self) -> bool:
        """Nothing but spaces anywhere."""
        return not any(text.strip() for text in self.texts)


def texts_of(cells: Mapping[Field, str]) -> Texts:
    """The texts of a row from the cells that are filled."""
    return tuple(cells.get(field, "") for field in FIELDS)


def with_cells(texts: Texts, changes: Mapping[Field, str]) -> Texts:
    """``texts`` with some cells written anew."""
    if not changes:
        return texts
    cells = list(texts)
    for field, text in changes.items():
        cells[field.place] = text
    return tuple(cells)
