"""How wide the sheet's columns are, in pixels, until the person sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import Field
from pitdesk_ui.batch.columns import Column, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

_NARROW: dict[Column, int] = {
    Field.MARKET: 176,
    Field.VERB: 74,
    Field.PRICE: 66,
    Field.COUNT: 78,
    Field.TIME_IN_FORCE: 94,
    Field.POST_ONLY: 74,
    Field.EXPIRES: 104,
    Said.ALL_IN: 78,
    Said.CHECK: 214,
    Said.RESULT: 120,
}
_WIDE: dict[Column, int] = {
    Field.MARKET: 250,
    Field.VERB: 90,
    Field.PRICE: 80,
    Field.COUNT: 94,
    Field.TIME_IN_FORCE: 110,
    Field.POST_ONLY: 80,
    Field.EXPIRES: 120,
    Said.ALL_IN: 90,
    Said.CHECK: 350,
    Said.RESULT: 200,
}
_RARE_WIDTH = 130


def fitted_widths(shown: Sequence[Column], room: int, *, has_results: bool) -> dict[Column, int]:
    """Between the narrow and the wide widths, as far as ``room`` allows.

    ``has_results``: rows were sent, and what became of them needs the room of what was checked before.
    """
    least = sum(_NARROW.get(column, _RARE_WIDTH) for column in shown)
    most = sum(_WIDE.get(column, _RARE_WIDTH) for column in shown)
    spare = min(max(room - least, 0), most - least)
    widths: dict[Column, int] = {}
    for column in shown:
        low, high = _NARROW.get(column, _RARE_WIDTH), _WIDE.get(column, _RARE_WIDTH)
        width = low + (high - low) * spare // max(most - least, 1)
        widths[column] = width * 2 // 3 if column is Said.CHECK and has_results else width
    return widths
