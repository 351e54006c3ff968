"""What rows are grouped by, and the keys that headings have among those of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Row = TypeVar("Row")
_MARK = "\0"  # begins no key of the exchange's or ours


@dataclass(frozen=True)
class Grouping(Generic[Row]):
    """``group_of`` names a row's group, for ever the same; ``title_of`` is what groups stand by; ``text_of``
    is what a heading says of its group and the number of its rows that are shown."""

    group_of: Callable[[Row], str]
    title_of: Callable[[str], str]
    text_of: Callable[[str, int], str]


def heading_key(group: str) -> str:
    """The key of a group's heading."""
    return _MARK + group


def group_of_heading(key: str) -> str | None:
    """The group whose heading bears ``key``, None for a row's key."""
    return key[1:] if key.startswith(_MARK) else None
