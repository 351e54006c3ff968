"""Many orders of one market are looked up by one scan, never by one that began before they asked."""

import asyncio

from pitdesk.clock import Clock
from pitdesk.desk.shared_reads import SharedScans
from pitdesk.kalshi.outcomes import Accepted, CallOutcome
from pitdesk.orders import Order
from tests.unit.desk.trading_floor import run


class EarlyClock(Clock):
    """A hundred seconds after 1970: what was asked at 10 is young."""

    def wall_ms(self) -> int:
        return 100_000


class Lists:
    """Answers when told to, and notes when each scan began."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.may_answer = asyncio.Event()

    async def orders(self, *, ticker: str, min_ts_s: int) -> CallOutcome[tuple[Order, ...]]:
        self.asked.append((ticker, min_ts_s))
        await self.may_answer.wait()
        return Accepted((), float(len(self.asked)))


def test_who_asks_while_a_scan_is_out_gets_the_next_one() -> None:
    async def scene() -> None:
        lists = Lists()
        scans = SharedScans(lists, EarlyClock())  # type: ignore[arg-type]
        first = asyncio.ensure_future(scans.orders("A", 50))
        await asyncio.sleep(0)
        assert lists.asked == [("A", 50)]
        later = [asyncio.ensure_future(scans.orders("A", since)) for since in (40, 30, 60)]
        other = asyncio.ensure_future(scans.orders("B", 10))
        await asyncio.sleep(0)
        lists.may_answer.set()
        outcomes = await asyncio.gather(first, *later, other)
        assert sorted(lists.asked) == [("A", 30), ("A", 50), ("B", 10)]
        assert outcomes[1] is outcomes[2] is outcomes[3]
        assert outcomes[0] is not outcomes[1]

    run(scene())
