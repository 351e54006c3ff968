"""Makes the batch editor's room out of the rooms of a session, and tells it what moves there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.facts import BatchFacts
from pitdesk.desk.batch.names import MarketNames
from pitdesk.desk.batch.room import BatchRoom
from pitdesk.limits import LimitValues

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.rooms import Rooms


def batch_room(
    rooms: Rooms, next_pause_ms: Callable[[], int | None], limits: Callable[[], LimitValues] = LimitValues
) -> BatchRoom:
    """The room, with its verdicts following quotes, markets, money and orders until it is closed."""
    names = MarketNames(rooms.finder)
    facts = BatchFacts(
        markets=rooms.market_data,
        account=rooms.portfolio,
        fees=rooms.finder,
        blotter=rooms.blotter,
        clock=rooms.clock,
        budget=rooms.rest.write_budget,
        risk=rooms.risk,
        limits=limits,
        next_pause_ms=next_pause_ms,
        named=names.ticker_of,
    )
    room = BatchRoom(rooms.rest, rooms.tools, rooms.order_desk, facts)
    judge = room.judge
    room.until_closed(
        names.close,
        rooms.market_data.quotes_changed.connect(judge.look_at),
        rooms.market_data.market_changed.connect(judge.look_again_at),
        rooms.portfolio.changed.connect(lambda _: judge.sums_changed()),
        rooms.finder.changed.connect(lambda _: judge.check_again()),
    )
    return room
