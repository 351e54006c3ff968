"""The two ways in which an exchange's order calls are spoken."""

from __future__ import annotations

from enum import Enum


class Dialect(Enum):
    """Which order calls an exchange is spoken to with: those of today, or those of late 2025 (FACTS §4.1)."""

    CURRENT = "current"
    CLASSIC = "classic"
