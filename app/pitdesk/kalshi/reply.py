"""What the transport hands back: a whole answer, or how far a request without one came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Why = Literal["", "certificate", "proxy", "name", "refused", "clock", "signer"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, whatever its status. ``server_ms`` is from its ``Date`` header, to the second."""

    status: int
    body: bytes
    elapsed_ms: float
    server_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """No whole answer. ``sent`` is False only where ``connect()`` never returned: then no byte can have left.

    ``sentence`` is for the person where there is more to say than "no answer"; ``detail`` is for the record.
    ``why`` tells what kept a connection from standing, where that is known.
    """

    sent: bool
    detail: str
    sentence: str = ""
    http_status: int | None = None
    why: Why = ""
