"""The calls to the exchange that a batch needs, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.kalshi.batch_calls import WriteBudget
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.kalshi.records import AccountLimits, CreatedOrder
    from pitdesk.orders import Intent


class BatchCalls(Protocol):
    """Creates of many orders at once."""

    def create_body(self, intent: Intent) -> bytes:
        """The exact bytes of one item."""
        ...

    def write_budget(self) -> WriteBudget:
        """The write bucket as believed now."""
        ...

    async def create_batch(
        self, intents: Sequence[Intent], unless: Callable[[], str]
    ) -> CallOutcome[tuple[CallOutcome[CreatedOrder], ...]]:
        """Place them in one call; ``unless`` is asked last and may hold it back with a sentence."""
        ...

    async def limits(self) -> CallOutcome[AccountLimits]:
        """Ask for the buckets anew; the answer is adopted."""
        ...
