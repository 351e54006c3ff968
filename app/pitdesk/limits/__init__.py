"""Pre-trade rules: what is refused, and what asks first. Each rule is a small class with a name."""

from pitdesk.limits.model import (
    Growth,
    Issue,
    IssueKind,
    LimitContext,
    LimitValues,
    RecentOrder,
    RestingOrder,
    Risks,
    Rule,
)
from pitdesk.limits.ruleset import RULES, check

__all__ = [
    "RULES",
    "Growth",
    "Issue",
    "IssueKind",
    "LimitContext",
    "LimitValues",
    "RecentOrder",
    "RestingOrder",
    "Risks",
    "Rule",
    "check",
]
