"""Where live data ends and the archive begins (FACTS §7): finished orders after two weeks, the rest after
about three months."""

from __future__ import annotations

from pitdesk.practice.queries import Window

_DAY_MS = 86_400_000
_ORDERS_DAYS, _OTHERS_DAYS = 14, 90


def orders_cutoff(now_ms: int) -> int:
    """Finished orders last changed before this are archived."""
    return _midnight(now_ms) - _ORDERS_DAYS * _DAY_MS


def others_cutoff(now_ms: int) -> int:
    """Fills, trades, settled markets and positions of before this are archived."""
    return _midnight(now_ms) - _OTHERS_DAYS * _DAY_MS


def _midnight(now_ms: int) -> int:
    return now_ms // _DAY_MS * _DAY_MS


def live_orders(now_ms: int) -> Window:
    """The orders that are listed live."""
    return Window(since_ms=orders_cutoff(now_ms))


def live_fills(now_ms: int) -> Window:
    """The fills that are listed live."""
    return Window(since_ms=others_cutoff(now_ms))


def old_orders(now_ms: int) -> Window:
    """The orders that are archived."""
    return Window(until_ms=orders_cutoff(now_ms))


def old_fills(now_ms: int) -> Window:
    """The fills that are archived."""
    return Window(until_ms=others_cutoff(now_ms))
