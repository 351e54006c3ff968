"""Pre-trade rules: what is refused, and what asks first. Each rule is a small class with a name."""

from pitdesk.limits.model import Issue, IssueKind, LimitContext, LimitValues, RecentOrder, RestingOrder, Rule
from pitdesk.limits.ruleset import RULES, check

__all__ = [
    "RULES",
    "Issue",
    "IssueKind",
    "LimitContext",
    "LimitValues",
    "RecentOrder",
    "RestingOrder",
    "Rule",
    "check",
]
