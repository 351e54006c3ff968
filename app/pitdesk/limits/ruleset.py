"""All the rules, in the order in which they speak."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.limits.against_book import (
    DistanceThroughTouch,
    FreshBook,
    NarrowMarket,
    OwnOrders,
    PostOnlyCrosses,
)
from pitdesk.limits.exposure import CostPerEvent, CostPerMarket, LostToday, SpentToday
from pitdesk.limits.legality import Expiry, LegalPrice, MarketOpen, PostOnlyRests, ReduceOnly, SomeCount
from pitdesk.limits.rate import OrderRate
from pitdesk.limits.size import (
    ContractsPerOrder,
    CostPerOrder,
    FreeCash,
    OpenOrders,
    Repeated,
    Unconfirmed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.limits.model import Issue, LimitContext, Rule
    from pitdesk.orders import OrderDraft

RULES: tuple[Rule, ...] = (
    MarketOpen(),
    SomeCount(),
    LegalPrice(),
    Expiry(),
    PostOnlyRests(),
    ReduceOnly(),
    FreeCash(),
    ContractsPerOrder(),
    CostPerOrder(),
    CostPerMarket(),
    CostPerEvent(),
    SpentToday(),
    LostToday(),
    OpenOrders(),
    OrderRate(),
    Repeated(),
    Unconfirmed(),
    DistanceThroughTouch(),
    FreshBook(),
    NarrowMarket(),
    PostOnlyCrosses(),
    OwnOrders(),
)


def check(draft: OrderDraft, context: LimitContext, rules: Sequence[Rule] = RULES) -> tuple[Issue, ...]:
    """Every issue of ``draft``, the hard ones first; empty when it may leave."""
    found = [replace(issue, rule=rule.name) for rule in rules for issue in rule.issues(draft, context)]
    return tuple(sorted(found, key=lambda issue: not issue.is_hard))
