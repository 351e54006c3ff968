"""What can become of a request, as types: nothing else may be concluded from a call.

The one rule behind them: only an answer the exchange documents proves anything. A request that may have
left and was not answered so is :class:`Unknown`, never a failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accepted(Generic[T]):
    """The exchange did it and said so. ``server_ms`` is its own time of the deed, where it gives one."""

    value: T
    elapsed_ms: float = 0.0
    server_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange proved that it did not do it.

    ``code`` is its word (FACTS §3), ``sentence`` ours, ``detail`` its own text, shortened and plain.
    ``field`` names what to change, in the words of an order draft: ``price``, ``count``, ``expiration``,
    ``post_only``, ``reduce_only``, ``order_group_id`` or None.
    """

    sentence: str
    code: str
    http_status: int
    field: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gone(Refused):
    """A cancel, amend or decrease met no such working order (404 ``not_found``, FACTS §6).

    The order is canceled or executed already, or never was: look it up before saying which.
    """


@dataclass(frozen=True, slots=True)
class NotSent:
    """Not one byte of the request left: no connection was made. It may be sent again at once."""

    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have happened (or, for a read, nothing was learned). Never send a create again.

    ``duplicate`` is set where the exchange says that our client order id is taken (409): look it up.
    """

    sentence: str
    detail: str = ""
    http_status: int | None = None
    duplicate: bool = False


Failure = Refused | NotSent | Unknown
CallOutcome = Accepted[T] | Refused | NotSent | Unknown
