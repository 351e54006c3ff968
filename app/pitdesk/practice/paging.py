"""One page of a list, and the cursor that leads to the next (FACTS §7: opaque, empty at the end)."""

from __future__ import annotations

import base64
import binascii
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
_MARK = b"pd1:"


def pack_cursor(after: int | None) -> str:
    """The cursor that stands for ``after``; empty for None."""
    if after is None:
        return ""
    return base64.urlsafe_b64encode(_MARK + str(after).encode()).decode()


def unpack_cursor(cursor: str | None) -> int | None:
    """What :func:`pack_cursor` packed; None for a cursor that is none, which gives the first page."""
    if not cursor:
        return None
    try:
        data = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        return int(data.removeprefix(_MARK)) if data.startswith(_MARK) and len(data) < 30 else None
    except (ValueError, binascii.Error):
        return None


def page(
    items: Sequence[Item], wanted: Callable[[Item], bool], cursor: str | None, limit: int
) -> tuple[list[Item], str]:
    """Up to ``limit`` of the wanted ``items``, and the cursor of the next page.

    ``items`` is a list that does not change while pages are read: the cursor is a place in it.
    """
    start = max(0, unpack_cursor(cursor) or 0)
    places = (place for place in range(start, len(items)) if wanted(items[place]))
    found = list(islice(places, limit + 1))
    after = found[limit] if len(found) > limit else None
    return [items[place] for place in found[:limit]], pack_cursor(after)
