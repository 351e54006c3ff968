"""The tiers with their token buckets, and what each kind of request costs (FACTS §12)."""

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


@dataclass(frozen=True, slots=True)
class Tier:
    """What an account may ask: reads and writes have a bucket each, the balance one without burst."""

    name: str
    read: BucketSize
    write: BucketSize
    balances: int = 1

    def is_at_least(self, other: Tier) -> bool:
        """Whether it is ``other`` or higher."""
        return self.write.refill_rate >= other.write.refill_rate


# Rates as raised on 2026-09-24. Writes have two seconds' worth above Basic; reads at Basic and Advanced.
TIERS = {
    tier.name: tier
    for tier in (
        Tier("basic", BASIC_READ, BASIC_WRITE),
        Tier("advanced", BucketSize(300, 600), BucketSize(300, 600)),
        Tier("expert", BucketSize(600, 600), BucketSize(600, 1_200), 5),
        Tier("premier", BucketSize(1_200, 1_200), BucketSize(1_200, 2_400), 5),
        Tier("paragon", BucketSize(2_400, 2_400), BucketSize(2_400, 4_800), 5),
        Tier("prime", BucketSize(4_800, 4_800), BucketSize(4_800, 9_600), 5),
        Tier("prestige", BucketSize(12_000, 12_000), BucketSize(9_600, 19_200), 5),
    )
}
BASIC = TIERS["basic"]
DEFAULT_COST = 10
CANCEL_COST = 2
GET_ORDER_COST = 2
UPGRADE_COST = 30


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

    def _refill(self) -> None:
        now = self._clock.monotonic()
        passed = max(now - self._at, 0.0)
        self._at = now
        self._tokens = min(self._tokens + passed * self.size.refill_rate, float(self.size.capacity))
