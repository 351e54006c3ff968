"""Gathers what the limits need to know and applies them, for the ticket's preview and the sender alike."""

from __future__ import annotations

from pitdesk.limits import Issue
from pitdesk.orders import OrderDraft


class PreTrade:
    """Says whether a draft may leave: the ticket shows what it says, the order desk obeys."""

    def check(self, draft: OrderDraft) -> tuple[Issue, ...]:
        """Every issue of ``draft`` as things are now, the hard ones first; empty when it may leave."""
        raise NotImplementedError
