"""The exchange's state and hours, the account's limits, the four shapes of an error (FACTS §2.1, §3, §12)."""

from __future__ import annotations

from pitdesk.kalshi.wire.base import Wire


class BucketLimitBody(Wire, frozen=True, kw_only=True):
    """openapi BucketLimit."""

    refill_rate: int
    bucket_capacity: int


class UsageGrantBody(Wire, frozen=True, kw_only=True):
    """openapi ApiUsageLevelGrant."""

    exchange_instance: str
    level: str
    source: str
    expires_ts: int | None = None


class AccountLimitsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetAccountApiLimitsResponse."""

    usage_tier: str
    read: BucketLimitBody
    write: BucketLimitBody
    grants: tuple[UsageGrantBody, ...]


class ShardStatusBody(Wire, frozen=True, kw_only=True):
    """openapi ExchangeIndexStatus."""

    exchange_index: int
    description: str
    exchange_active: bool
    trading_active: bool
    intra_exchange_transfers_active: bool


class ExchangeStatusAnswer(Wire, frozen=True, kw_only=True):
    """openapi ExchangeStatus."""

    exchange_active: bool
    trading_active: bool
    intra_exchange_transfers_active: bool | None = None
    exchange_estimated_resume_time: str | None = None
    exchange_index_statuses: tuple[ShardStatusBody, ...] | None = None


class EndpointCostBody(Wire, frozen=True, kw_only=True):
    """openapi EndpointTokenCost."""

    method: str
    path: str
    cost: int


class EndpointCostsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetAccountEndpointCostsResponse: only the calls that differ from ``default_cost``."""

    default_cost: int
    endpoint_costs: tuple[EndpointCostBody, ...]


class UserDataTimestampAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetUserDataTimestampResponse: how fresh the portfolio answers are."""

    as_of_time: str


class ErrorBody(Wire, frozen=True, kw_only=True):
    """openapi ErrorResponse: the flat shape, and the inside of the nested one."""

    code: str | None = None
    message: str | None = None
    details: str | None = None


class NestedErrorAnswer(Wire, frozen=True, kw_only=True):
    """``{"error": {…}}``, or ``{"error": "too many requests"}`` from the rate limiter (FACTS §3)."""

    error: ErrorBody | str


class BareErrorAnswer(Wire, frozen=True, kw_only=True):
    """``{"msg": "…"}``: a query that failed validation (FACTS §3)."""

    msg: str


class MaintenanceWindowBody(Wire, frozen=True, kw_only=True):
    """openapi MaintenanceWindow."""

    start_datetime: str
    end_datetime: str


class TradingHoursBody(Wire, frozen=True, kw_only=True):
    """openapi DailySchedule: ``HH:MM`` Eastern Time."""

    open_time: str
    close_time: str


class WeeklyHoursBody(Wire, frozen=True, kw_only=True):
    """openapi WeeklySchedule."""

    start_time: str
    end_time: str
    monday: tuple[TradingHoursBody, ...]
    tuesday: tuple[TradingHoursBody, ...]
    wednesday: tuple[TradingHoursBody, ...]
    thursday: tuple[TradingHoursBody, ...]
    friday: tuple[TradingHoursBody, ...]
    saturday: tuple[TradingHoursBody, ...]
    sunday: tuple[TradingHoursBody, ...]


class ScheduleBody(Wire, frozen=True, kw_only=True):
    """openapi Schedule."""

    standard_hours: tuple[WeeklyHoursBody, ...]
    maintenance_windows: tuple[MaintenanceWindowBody, ...]


class ExchangeScheduleAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetExchangeScheduleResponse."""

    schedule: ScheduleBody
