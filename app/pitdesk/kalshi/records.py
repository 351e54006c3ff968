"""What the calls of :mod:`pitdesk.kalshi.rest` answer that is not a record of the trade itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from pitdesk.quantities import Count, Dollars


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """Whether anything works, whether trading does, and when it is expected back (Unix ms)."""

    exchange_active: bool
    trading_active: bool
    resume_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A planned time without trading, Unix ms."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Planned maintenance, soonest first. The weekly pause is not always among it (FACTS §14)."""

    maintenance: tuple[Pause, ...] = ()

    def next_pause_ms(self, now_ms: int) -> int | None:
        """When the next planned pause starts, or None."""
        return min((pause.start_ms for pause in self.maintenance if pause.start_ms > now_ms), default=None)


@dataclass(frozen=True, slots=True)
class BucketLimit:
    """One token bucket: tokens added a second, and the most it holds (FACTS §12)."""

    rate: int
    capacity: int


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """The account's two buckets (openapi GetAccountApiLimitsResponse)."""

    read: BucketLimit
    write: BucketLimit


@dataclass(frozen=True, slots=True)
class EndpointCosts:
    """Tokens by (method, path template), and for whatever is not listed (FACTS §12)."""

    default: int
    costs: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Balance:
    """Cash to trade with (FACTS §10).

    ``by_shard``: cash by exchange index, None where the exchange does not break it down; an order draws only
    on its own shard's (FACTS §11).
    """

    cash: Dollars
    by_shard: dict[int, Dollars] | None = None


@dataclass(frozen=True, slots=True)
class CreatedOrder:
    """The thin answer to a create: it names neither market nor price (FACTS §4.2).

    ``average_fill_price`` is of Yes, None where nothing filled; ``average_fee`` is dollars per contract.
    """

    order_id: str
    client_order_id: str
    fill_count: Count
    remaining_count: Count
    average_fill_price: Fraction | None
    ts_ms: int
    average_fee: Fraction | None = None


@dataclass(frozen=True, slots=True)
class CanceledOrder:
    """``reduced_by`` is how much was still resting."""

    reduced_by: Count
    ts_ms: int


@dataclass(frozen=True, slots=True)
class AmendedOrder:
    """The counts are None where the exchange does not state them: a plain change of price (FACTS §6)."""

    remaining_count: Count | None
    fill_count: Count | None
    ts_ms: int


@dataclass(frozen=True, slots=True)
class DecreasedOrder:
    """``remaining_count`` is what rests now, in its old place in the queue."""

    remaining_count: Count
    ts_ms: int
