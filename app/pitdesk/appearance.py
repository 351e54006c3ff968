"""How the window looks, as the person chose it: the theme and the size of text."""

from __future__ import annotations

import msgspec

DARK, LIGHT, SYSTEM = "dark", "light", "system"
_SMALLEST, _LARGEST = 90, 150


class Appearance(msgspec.Struct, frozen=True):
    """``theme`` is one of the three words above, any other is dark; ``text_size`` is in percent."""

    theme: str = DARK
    text_size: int = 100

    @property
    def percent(self) -> int:
        """The text size within its bounds, whatever the file says."""
        return min(max(self.text_size, _SMALLEST), _LARGEST)
