"""What a worker is asked to do. Apart from the lane, so that asking does not import ``requests``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it shall go out. ``most_bytes`` caps the decoded answer; ``before`` has the last word on
    whether it may: called in the worker with the request signed and its connection standing, it gives a
    sentence where it may not."""

    method: str
    url: str
    body: bytes | None
    is_write: bool
    most_bytes: int
    connect_s: float
    read_s: float
    before: Callable[[], str] | None = None
