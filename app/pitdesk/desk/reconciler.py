"""Makes the blotter agree with the exchange: snapshots with guards, and look-ups of what is unconfirmed."""

from __future__ import annotations

from pitdesk.orders import Order


class Reconciler:
    """Runs at start, after each reconnect, on request, and for each order whose fate is not known."""

    async def recover(self) -> None:
        """Show what the journal holds as open, at once, and begin to look up what is unconfirmed."""
        raise NotImplementedError

    async def reconcile(self, reason: str) -> bool:
        """Read the resting orders and make the blotter agree. False when the exchange did not answer."""
        raise NotImplementedError

    def order_said(self, order: Order) -> None:
        """Take in a statement of the stream."""
        raise NotImplementedError

    def check_now(self, key: str) -> None:
        """Look an unconfirmed row up without waiting for its next turn."""
        raise NotImplementedError
