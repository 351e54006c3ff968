"""Submit, cancel, amend and decrease: the journal first, one request for one press, the truth afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from pitdesk.desk.results import CancelResult, ChangeResult, SubmitKind, SubmitResult
from pitdesk.orders import OrderDraft, Source
from pitdesk.quantities import Count, Price

__all__ = ["CancelResult", "ChangeResult", "OrderDesk", "SubmitKind", "SubmitResult"]


class OrderDesk:
    """What a person asks of orders. No method raises for what the exchange, the disk or a limit says."""

    async def submit(
        self,
        draft: OrderDraft,
        source: Source,
        client_order_id: str | None = None,
        *,
        confirmed: bool = False,
    ) -> SubmitResult:
        """Send ``draft`` once. The same draft object, or client order id, is never sent a second time.

        ``confirmed``: the person has seen and accepted the issues that ask first.
        """
        raise NotImplementedError

    async def cancel(self, keys: Sequence[str]) -> CancelResult:
        """Cancel rows of the blotter. Works while the gate is closed."""
        raise NotImplementedError

    async def cancel_market(self, ticker: str) -> CancelResult:
        """Cancel every working order of one market."""
        raise NotImplementedError

    async def cancel_all(self) -> CancelResult:
        """Cancel every order of the account, those placed elsewhere included, and verify it by a scan."""
        raise NotImplementedError

    async def amend(
        self, key: str, price: Price, remaining: Count, *, confirmed: bool = False
    ) -> ChangeResult:
        """Change price (of the outcome that the row's verb names) and what is to remain on the book."""
        raise NotImplementedError

    async def decrease(self, key: str, remaining: Count) -> ChangeResult:
        """Leave ``remaining`` on the book, keeping the place in the queue."""
        raise NotImplementedError
