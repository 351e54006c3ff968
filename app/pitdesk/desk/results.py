"""What the order desk answers to a press: the kind of end, and a plain sentence for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.limits import Issue


class SubmitKind(Enum):
    """How one press ended.

    ``DENIED``: not even tried, by a limit, the gate or a second press. ``NOT_SENT``: no byte left.
    ``UNCONFIRMED``: it may be live; the blotter shows it and it is looked up.
    """

    PLACED = "placed"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    UNCONFIRMED = "unconfirmed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """``row_key`` is the blotter's key, None where no row was made. ``elapsed_ms`` is the whole press.

    ``issues`` names what a limit said: when each of them is a question to confirm, the same draft may be
    submitted again with ``confirmed=True``. ``field`` names the draft's field to change, if one is to blame.
    ``market``: the market's short name, for whoever tells the sentence where that market is not in view.
    """

    kind: SubmitKind
    sentence: str
    row_key: str | None = None
    elapsed_ms: float = 0.0
    issues: tuple[Issue, ...] = ()
    field: str | None = None
    market: str = ""

    @property
    def needs_confirmation(self) -> bool:
        """Denied only because limits ask first."""
        return _only_ask(self.issues)


@dataclass(frozen=True, slots=True)
class CancelResult:
    """Keys of the rows now canceled, and of those that are not, with the whole in ``sentence``.

    ``left``: those of ``failed`` that may still trade; the others had ended otherwise. ``verified``: the
    exchange answered, so that nothing else rests that should not.
    """

    sentence: str
    canceled: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The end of an amend or decrease, in the same kinds: ``PLACED`` means changed."""

    kind: SubmitKind
    sentence: str
    issues: tuple[Issue, ...] = ()

    @property
    def needs_confirmation(self) -> bool:
        """Denied only because limits ask first."""
        return _only_ask(self.issues)


def _only_ask(issues: tuple[Issue, ...]) -> bool:
    return bool(issues) and not any(issue.is_hard for issue in issues)
