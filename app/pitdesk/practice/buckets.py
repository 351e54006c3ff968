"""Token buckets of the Basic tier, and what each kind of request costs (FACTS §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.clock import Clock


@dataclass(frozen=True, slots=True)
class BucketSize:
    """Tokens that come back each second, and the most there can be."""

    refill_rate: int
    capacity: int


BASIC_READ = BucketSize(200, 400)
BASIC_WRITE = BucketSize(100, 100)
DEFAULT_COST = 10
CANCEL_COST = 2
GET_ORDER_COST = 2


class TokenBucket:
    """Starts full and refills without steps. No penalty for asking too early."""

    def __init__(self, size: BucketSize, clock: Clock) -> None:
        self.size = size
        self._clock = clock
        self._tokens = float(size.capacity)
        self._at = clock.monotonic()

    def take(self, cost: int) -> bool:
        """Take ``cost`` tokens, or none when there are too few."""
        self._refill()
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True

    def level(self) -> int:
        """Whole tokens in it now."""
        self._refill()
        return int(self._tokens)

    def _refill(self) -> None:
        now = self._clock.monotonic()
        passed = max(now - self._at, 0.0)
        self._at = now
        self._tokens = min(self._tokens + passed * self.size.refill_rate, float(self.size.capacity))
