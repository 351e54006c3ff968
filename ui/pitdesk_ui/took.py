"""How long an answer took, as it is shown everywhere."""

from __future__ import annotations

_SHOWN_IN_SECONDS_FROM_MS = 999.5


def took(milliseconds: float) -> str:
    """``12 ms``; from a second on ``8.0 s``, because nobody reads 8,012 ms at a glance."""
    if milliseconds < _SHOWN_IN_SECONDS_FROM_MS:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:,.1f} s"
