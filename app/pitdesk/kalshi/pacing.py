"""Our mirror of the exchange's token buckets (FACTS §12), so that no request meets an empty one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pitdesk.clock import Clock
from pitdesk.kalshi.records import AccountLimits, BucketLimit

BASIC_READ = BucketLimit(rate=200, capacity=400)
BASIC_WRITE = BucketLimit(rate=100, capacity=100)
_BALANCE = BucketLimit(rate=1, capacity=1)
CANCEL_RESERVE = 20
"""Write tokens that are left in the bucket for cancels: ten of them at once."""

Sleep = Callable[[float], Awaitable[object]]


class TokenBucket:
    """Tokens that refill without pause up to a capacity. Full when made.

    What was taken for a request that is not answered yet may still lie in the exchange's own bucket, which
    gains nothing while it is full. :meth:`sure` counts that against the capacity, so that the exchange's
    bucket never holds less; :meth:`level` takes each request for arrived at once.
    """

    def __init__(self, limit: BucketLimit, clock: Clock) -> None:
        self.limit = limit
        self._clock = clock
        self._tokens = self._sure = float(limit.capacity)
        self._under_way = 0.0
        self._at = clock.monotonic()

    def level(self) -> float:
        """The tokens in it now, as far as we know."""
        self._refill()
        return self._tokens

    def sure(self) -> float:
        """The tokens in it now at the least."""
        self._refill()
        return self._sure

    def wait_for(self, tokens: float, *, surely: bool = False) -> float:
        """Seconds until it holds ``tokens``: zero when it does. More than it can hold counts as full.

        ``surely``: at the least; while that waits for an answer, when to look again.
        """
        missing = min(tokens, self.limit.capacity) - (self.sure() if surely else self.level())
        return 0.0 if missing <= 1e-6 else missing / self.limit.rate

    def take(self, tokens: float) -> None:
        """Remove ``tokens``; the caller has waited for them and tells :meth:`answered`."""
        self._refill()
        self._tokens -= tokens
        self._sure -= tokens
        self._under_way += tokens

    def give_back(self, tokens: float) -> None:
        """What was taken was not used."""
        self._refill()
        self._tokens = min(float(self.limit.capacity), self._tokens + tokens)
        self._sure = min(self._tokens, self._sure + tokens)

    def answered(self, tokens: float) -> None:
        """The request that ``tokens`` were taken for is answered, or never will be."""
        self._refill()
        self._under_way = max(0.0, self._under_way - tokens)

    def empty(self) -> None:
        """The exchange says it is empty: believe it."""
        self._refill()
        self._tokens, self._sure = min(self._tokens, 0.0), min(self._sure, 0.0)

    def resize(self, limit: BucketLimit) -> None:
        """Another tier: keep what was used, within the new capacity."""
        self._refill()
        used, doubt = self.limit.capacity - self._tokens, self._tokens - self._sure
        self.limit = limit
        self._tokens = max(0.0, limit.capacity - used)
        self._sure = self._tokens - doubt

    def _refill(self) -> None:
        now = self._clock.monotonic()
        gained = max(0.0, now - self._at) * self.limit.rate
        capacity = float(self.limit.capacity)
        self._tokens = min(capacity, self._tokens + gained)
        self._sure = min(self._tokens, max(self._sure, capacity - self._under_way), self._sure + gained)
        self._at = now


class Pacer:
    """Makes callers wait, in the order they came, until the exchange has tokens for them.

    The last tokens of the write bucket are kept for calls that lower risk (``safety``): those pass the
    others, so that a burst of orders never holds up a cancel. Until :meth:`adopt` the Basic tier is assumed.
    """

    def __init__(self, clock: Clock | None = None, sleep: Sleep = asyncio.sleep) -> None:
        clock = clock or Clock()
        self._sleep = sleep
        self._write = TokenBucket(BASIC_WRITE, clock)
        self._read = TokenBucket(BASIC_READ, clock)
        self._balance = TokenBucket(_BALANCE, clock)
        self._lines = {name: asyncio.Lock() for name in ("risk", "safety", "read", "balance")}

    def adopt(self, limits: AccountLimits) -> None:
        """Take over what the exchange says of this account."""
        self._write.resize(limits.write)
        self._read.resize(limits.read)

    async def write(self, cost: int, *, safety: bool = False) -> None:
        """Wait for ``cost`` write tokens and take them; :meth:`write_answered` is to follow.

        Raises ValueError where the bucket never holds so many.
        """
        if cost > self._write.limit.capacity:
            raise ValueError(f"{cost} tokens in one call, but the bucket holds {self._write.limit.capacity}")
        spare = 0 if safety else min(CANCEL_RESERVE, self._write.limit.capacity - cost)
        await self._pass("safety" if safety else "risk", self._write, cost, spare)

    def write_answered(self, cost: int) -> None:
        """The write that ``cost`` was taken for has ended, however it did."""
        self._write.answered(cost)

    def write_unspent(self, cost: int) -> None:
        """The write that ``cost`` was taken for was not sent after all."""
        self._write.give_back(cost)

    @property
    def write_limit(self) -> BucketLimit:
        """The write bucket as believed now."""
        return self._write.limit

    async def read(self, cost: int) -> None:
        """Wait for ``cost`` read tokens and take them."""
        await self._pass("read", self._read, cost, 0)

    async def balance(self) -> None:
        """Wait for the balance call's own bucket: one a second, no burst (FACTS §10);
        :meth:`balance_answered` is to follow.
        """
        await self._pass("balance", self._balance, 1, 0)

    def balance_answered(self) -> None:
        """The balance was answered, or will not be: only from then on is it sure that the second runs."""
        self._balance.answered(1)

    def write_level(self) -> tuple[int, int]:
        """Write tokens in the bucket now, and the most it holds: the gauge."""
        return max(0, int(self._write.level())), self._write.limit.capacity

    def write_emptied(self) -> None:
        """The exchange refused a write for want of tokens (429)."""
        self._write.empty()

    def read_emptied(self) -> None:
        """The exchange refused a read for want of tokens (429)."""
        self._read.empty()

    async def _pass(self, line: str, bucket: TokenBucket, cost: int, spare: int) -> None:
        # What fits into the reserve never waits for an answer that may not come.
        surely = line in ("risk", "balance") or (line == "safety" and cost > CANCEL_RESERVE)
        async with self._lines[line]:
            while (wait := bucket.wait_for(cost + spare, surely=surely)) > 0:
                await self._sleep(wait)
            bucket.take(cost)
        if bucket is self._read:
            bucket.answered(cost)
