"""What Pitdesk does on its own for a person who is not there: declared, each part off at first."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pitdesk.quantities import Count, QuantityError
from pitdesk.typed_text import parse_count

ExpiryChoice = Literal["close", "hour", "day", "never"]
"""When an order expires unless the ticket says otherwise; the day ends at midnight in New York."""

Minutes = Annotated[int, msgspec.Meta(ge=1, le=1_440)]
DEFAULT_SIZES = ("1", "10", "25", "50", "100")
SIZE_PRESETS = len(DEFAULT_SIZES)


class Safety(msgspec.Struct, frozen=True, kw_only=True):
    """The choices. ``away_minutes``: how long without key or mouse, where ``cancel_when_away``."""

    expiry: ExpiryChoice = "close"
    cancel_on_pause: bool = False
    cancel_on_quit: bool = False
    cancel_on_sleep: bool = False
    cancel_when_away: bool = False
    away_minutes: Minutes = 15


def sizes(texts: tuple[str, ...]) -> tuple[Count, ...]:
    """The size presets of the keys 1 to 5; a text that is no count above zero gives the usual one."""
    kept = (*texts, *DEFAULT_SIZES[len(texts) :])[:SIZE_PRESETS]
    return tuple(
        _size(text) or Count.from_wire(usual) for text, usual in zip(kept, DEFAULT_SIZES, strict=True)
    )


def _size(text: str) -> Count | None:
    try:
        return parse_count(text)
    except QuantityError:
        return None
