"""What the Working table says while it is empty: that nothing works, or that this is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.events import Listeners

NOTHING_WORKS = "No working orders. What you send from the ticket rests here until it fills."
_BEING_READ = "Your working orders are being read from the exchange."


class ReadsOrders(Protocol):
    """The part of the reconciler that is needed."""

    read_so_far: Listeners[int]
    has_read: bool


def follow_reading(reads: ReadsOrders, say: Callable[[str], None]) -> Callable[[], None]:
    """Keep ``say`` told until what is given back is called."""

    def tell(count: int) -> None:
        if reads.has_read:
            say(NOTHING_WORKS)
        else:
            say(f"{_BEING_READ} {count:,} so far." if count else _BEING_READ)

    tell(0)
    return reads.read_so_far.connect(tell)
