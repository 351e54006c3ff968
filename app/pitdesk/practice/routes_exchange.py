"""The exchange itself: its state, its hours, and how fresh its answers are."""

from __future__ import annotations

from aiohttp import web
from msgspec import structs

from pitdesk.kalshi.wire import account as wire
from pitdesk.kalshi.wire.base import Wire
from pitdesk.practice.answers import rfc3339
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.pauses import maintenance_windows

_SCHEDULE_START_MS = 1_735_689_600_000
_SCHEDULE_END_MS = 4_102_444_800_000


class DailyHours(Wire, frozen=True, kw_only=True):
    """openapi DailySchedule: Eastern Time."""

    open_time: str
    close_time: str


class WeeklyHours(Wire, frozen=True, kw_only=True):
    """openapi WeeklySchedule."""

    start_time: str
    end_time: str
    monday: tuple[DailyHours, ...]
    tuesday: tuple[DailyHours, ...]
    wednesday: tuple[DailyHours, ...]
    thursday: tuple[DailyHours, ...]
    friday: tuple[DailyHours, ...]
    saturday: tuple[DailyHours, ...]
    sunday: tuple[DailyHours, ...]


class Maintenance(Wire, frozen=True, kw_only=True):
    """openapi MaintenanceWindow."""

    start_datetime: str
    end_datetime: str


class Schedule(Wire, frozen=True, kw_only=True):
    """openapi Schedule."""

    standard_hours: tuple[WeeklyHours, ...]
    maintenance_windows: tuple[Maintenance, ...]


class ScheduleAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetExchangeScheduleResponse."""

    schedule: Schedule


_ALL_DAY = (DailyHours(open_time="00:00", close_time="00:00"),)
_SCHEDULE = ScheduleAnswer(
    schedule=Schedule(
        standard_hours=(
            WeeklyHours(
                start_time=rfc3339(_SCHEDULE_START_MS),
                end_time=rfc3339(_SCHEDULE_END_MS),
                monday=_ALL_DAY,
                tuesday=_ALL_DAY,
                wednesday=_ALL_DAY,
                thursday=_ALL_DAY,
                friday=_ALL_DAY,
                saturday=_ALL_DAY,
                sunday=_ALL_DAY,
            ),
        ),
        maintenance_windows=(),
    )
)


class ExchangeRoutes:
    """Status and schedule, for everybody."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(f"{BASE_PATH}/exchange/status", self._status),
            web.get(f"{BASE_PATH}/exchange/schedule", self._schedule),
            web.get(f"{BASE_PATH}/exchange/user_data_timestamp", self._user_data_timestamp),
        ]

    async def _status(self, _request: web.Request) -> web.Response:
        state_of = self._floor.exchange.lifecycle.state_of
        states = {shard: state_of(shard) for shard in self._floor.shards}
        shards = tuple(
            wire.ShardStatusBody(
                exchange_index=shard,
                description="Practice" if shard == 0 else f"Practice shard {shard}",
                exchange_active=state.exchange_active,
                trading_active=state.trading_active,
                intra_exchange_transfers_active=state.exchange_active,
            )
            for shard, state in states.items()
        )
        first = states[0]
        return answer(
            wire.ExchangeStatusAnswer(
                exchange_active=first.exchange_active,
                trading_active=first.trading_active,
                intra_exchange_transfers_active=first.exchange_active,
                exchange_estimated_resume_time=None if first.resume_ms is None else rfc3339(first.resume_ms),
                exchange_index_statuses=shards,
            )
        )

    async def _schedule(self, _request: web.Request) -> web.Response:
        exchange = self._floor.exchange
        if not exchange.engine.rules.maintenance:
            return answer(_SCHEDULE)
        windows = tuple(
            Maintenance(start_datetime=rfc3339(start_ms), end_datetime=rfc3339(end_ms))
            for start_ms, end_ms in maintenance_windows(exchange.clock.wall_ms())
        )
        return answer(
            ScheduleAnswer(schedule=structs.replace(_SCHEDULE.schedule, maintenance_windows=windows))
        )

    async def _user_data_timestamp(self, _request: web.Request) -> web.Response:
        return answer(wire.UserDataTimestampAnswer(as_of_time=rfc3339(self._floor.exchange.read.as_of_ms())))
