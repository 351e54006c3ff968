"""What the parts of ordering share: the rooms they work with, and the terms they work under."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from pitdesk.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.activity import Activity
    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.gate import Gate
    from pitdesk.desk.order_calls import OrderCalls
    from pitdesk.journal import Journal
    from pitdesk.limits import Issue
    from pitdesk.notices import Notices
    from pitdesk.orders import OrderDraft
    from pitdesk.tasks import TaskOwner


class DraftCheck(Protocol):
    """Gives the issues of a draft; ``changing`` is the key of the row that it is to take the place of."""

    def __call__(self, draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
        """Every issue as things are now, the hard ones first."""
        ...


def no_issues(draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
    """The check of a desk without limits."""
    del draft, changing
    return ()


def no_offset() -> int:
    """The server clock of a desk that has not measured it."""
    return 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited before looking, in seconds, and how sure an absence must be.

    ``lag``: before each look at one order after a cancel; a read was seen to lag by 0.36 s (FACTS §7).
    ``look_up``: before each look for an unconfirmed order, the last one repeated for as long as it takes.
    ``fence``: after it a late copy of a request is refused for its old signature, so that an order not there
    then never comes. ``scan_gap``: between the two whole scans that prove an absence. ``read_lag``: how
    long a list of orders may leave out one that was just placed.
    """

    lag: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0)
    look_up: tuple[float, ...] = (2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
    fence: float = 120.0
    scan_gap: float = 5.0
    read_lag: float = 5.0


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """Where orders go, under which key and limits, by which clocks.

    ``server_offset_ms``: what the exchange's clock is ahead of ours; ``label``: a market's name.
    """

    environment: str
    key_id: str = ""
    subaccount: int | None = None
    check: DraftCheck = no_issues
    clock: Clock = field(default_factory=Clock)
    server_offset_ms: Callable[[], int] = no_offset
    label: Callable[[str], str] = str
    pace: Pace = field(default_factory=Pace)

    def own(self, draft: OrderDraft) -> OrderDraft:
        """The draft as it is sent: one that names no subaccount goes to the account's."""
        if draft.subaccount is not None or self.subaccount is None:
            return draft
        return replace(draft, subaccount=self.subaccount)

    def server_now_ms(self) -> int:
        """Now on the exchange's clock, Unix ms."""
        return self.clock.wall_ms() + self.server_offset_ms()


@dataclass(frozen=True, slots=True)
class OrderTools:
    """The rooms that ordering works with."""

    rest: OrderCalls
    journal: Journal
    blotter: Blotter
    notices: Notices
    activity: Activity
    owner: TaskOwner
    gate: Gate
    terms: OrderTerms
