"""How the person arranged one table: which columns, in what order and how wide. Kept by the settings."""

from __future__ import annotations

import msgspec


class TableLayout(msgspec.Struct, frozen=True, kw_only=True):
    """``order`` are column keys from the left; ``shown`` says of a column whether it is in sight; ``widths``
    are pixels, empty while the columns fit themselves. A column that is in none of them is as at first, so
    that a later version may bring new ones."""

    order: tuple[str, ...] = ()
    shown: dict[str, bool] = {}
    widths: dict[str, int] = {}
    grouped: bool = False
    """Whether the rows stand under headings."""
