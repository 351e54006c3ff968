"""The keys that the person chose instead of the usual ones, as the settings keep them."""

from __future__ import annotations

from typing import Any

import msgspec

VERSION = 1
"""Of the names and the spelling below."""


class KeyChoices(msgspec.Struct, frozen=True):
    """``chosen``: by the action's name a key such as ``Ctrl+K``, an empty one for none. What is no text there
    is for the reader to tell: it costs the settings nothing else."""

    version: int = VERSION
    chosen: dict[str, Any] = {}
