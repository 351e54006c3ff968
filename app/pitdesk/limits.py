"""Pre-trade rules: what is refused, and what asks first. Each rule is a small class with a name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pitdesk.orders import OrderDraft


class IssueKind(Enum):
    """HARD cannot be overridden at the ticket; CONFIRM asks once more."""

    HARD = "hard"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a rule says of a draft: a plain sentence, and the draft's field it is about, if one."""

    kind: IssueKind
    sentence: str
    field: str | None = None
    rule: str = ""

    @property
    def is_hard(self) -> bool:
        """Whether it cannot be overridden."""
        return self.kind is IssueKind.HARD


@dataclass(frozen=True, slots=True)
class LimitContext:
    """What the rules know besides the draft."""


def check(draft: OrderDraft, context: LimitContext) -> tuple[Issue, ...]:
    """Every issue of ``draft``, the hard ones first; empty when it may leave."""
    raise NotImplementedError
