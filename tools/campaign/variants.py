"""Deliberately broken desks: each must be caught by the checker, or the checker is worth nothing."""

from __future__ import annotations


def apply(name: str) -> None:
    """Break this process's desk; an empty name leaves it whole. Raises KeyError."""
    if name:
        raise KeyError(name)
