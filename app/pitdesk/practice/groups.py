"""Order groups: orders that end together when the group's contracts matched within 15 seconds reach its limit
(FACTS §9). A group that was triggered takes no orders until it is reset.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.quantities import Count

if TYPE_CHECKING:
    from pitdesk.practice.live import LiveOrder

WINDOW_MS = 15_000
MOST_GROUPS = 100_000
HIGHEST_LIMIT = 1_000_000 * 100


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """What is kept of a group. What matched until ``counts_from_ms`` counts no more. ``deleted``: it is
    gone."""

    group_id: str
    user_id: str
    seq: int
    subaccount: int
    exchange_index: int
    limit: Count
    triggered: bool
    counts_from_ms: int = 0
    deleted: bool = False


class OrderGroup:
    """One group. ``limit`` is hundredths of contracts; ``orders`` are its working orders by id."""

    __slots__ = (
        "_matched",
        "_window",
        "counts_from_ms",
        "exchange_index",
        "group_id",
        "limit",
        "orders",
        "seq",
        "subaccount",
        "triggered",
        "user_id",
    )

    def __init__(
        self, group_id: str, user_id: str, seq: int, subaccount: int, exchange_index: int, limit: int
    ) -> None:
        self.group_id = group_id
        self.user_id = user_id
        self.seq = seq
        self.subaccount = subaccount
        self.exchange_index = exchange_index
        self.limit = limit
        self.triggered = False
        self.counts_from_ms = 0
        self.orders: dict[str, LiveOrder] = {}
        self._window: deque[tuple[int, int]] = deque()
        self._matched = 0

    def note(self, count: int, now_ms: int) -> bool:
        """Add a match; whether the group has reached its limit and was not triggered yet."""
        self._window.append((now_ms, count))
        self._matched += count
        return self.is_full(now_ms) and not self.triggered

    def is_full(self, now_ms: int) -> bool:
        """Whether the contracts matched within the last 15 seconds reach the limit."""
        while self._window and self._window[0][0] <= now_ms - WINDOW_MS:
            self._matched -= self._window.popleft()[1]
        return self._matched >= self.limit

    def forget_matches(self, now_ms: int) -> None:
        """Count from nothing again."""
        self.counts_from_ms = now_ms
        self._window.clear()
        self._matched = 0
        self.triggered = False

    def record(self, *, deleted: bool = False) -> GroupRecord:
        """What is kept of it."""
        return GroupRecord(
            self.group_id,
            self.user_id,
            self.seq,
            self.subaccount,
            self.exchange_index,
            Count(self.limit),
            self.triggered,
            self.counts_from_ms,
            deleted,
        )
