"""How quickly orders may follow each other when each is sent by a press of its own.

The rows of a batch are neither counted nor held back here: one press sends them, the write budget paces them,
and their sum is judged before the first of them leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.limits.model import Issue, LimitContext, hard, shrinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pitdesk.orders import OrderDraft


class OrderRate:
    """A key that is stuck, or a hand that is too quick, is stopped. A change of an order is none."""

    name = "order rate"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """As many within a second, or a minute, as may be."""
        if context.is_change or shrinks(draft, context):
            return
        values, (in_a_second, in_a_minute) = context.values, context.presses
        if in_a_second >= values.presses_a_second_hard:
            most = values.presses_a_second_hard
            yield hard(f"At most {most} orders are sent within a second. Wait a moment, then send.")
        elif in_a_minute >= values.presses_a_minute_hard:
            most = values.presses_a_minute_hard
            yield hard(f"At most {most} orders are sent within a minute. Wait a while, then send.")
