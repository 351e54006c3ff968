"""The blotter agrees with the exchange after a start, a gap, a restart after a kill, and lost messages."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.ended_lists import FEW
from pitdesk.journal import IntentState, Journal
from pitdesk.kalshi.outcomes import Accepted, CallOutcome
from pitdesk.orders import BookSide, Order, Source, Verb
from pitdesk.quantities import Count, Price
from tests.unit.desk.small_exchange import SmallExchange
from tests.unit.desk.trading_floor import FED, NYC, Floor, draft, run, trading_floor, until


class WeeksAgo(Clock):
    """Three weeks before now."""

    def wall_ms(self) -> int:
        return super().wall_ms() - 21 * 24 * 3_600_000


def test_orders_placed_elsewhere_are_shown_as_such(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(40), Count.of(5))
            floor.exchange.place_elsewhere(NYC, BookSide.ASK, Price.from_cents(64), Count.of(30))
            assert await floor.reconciler.reconcile("start")
            rows = list(floor.blotter.working().values())
            assert [(row.verb, row.price, row.source, row.time_in_force) for row in rows] == [
                (Verb.BUY_YES, Price.from_cents(40), Source.ELSEWHERE, "GTC"),
                (Verb.SELL_YES, Price.from_cents(64), Source.ELSEWHERE, "GTC"),
            ]
            assert [row.queue_ahead for row in floor.blotter.working().values()] == [Count.of(7)] * 2

    run(story())


def test_a_restart_shows_own_orders_with_their_verb_and_source_again(tmp_path: Path) -> None:
    exchange = SmallExchange()

    async def first() -> str:
        async with trading_floor(tmp_path, exchange) as floor:
            asked = draft(verb=Verb.BUY_NO, price=Price.from_cents(61))
            return (await floor.desk.submit(asked, Source.LADDER)).row_key or ""

    async def second(key: str) -> None:
        async with trading_floor(tmp_path, exchange) as floor:
            await floor.reconciler.recover()
            assert await floor.reconciler.reconcile("start")
            row = floor.row(key)
            assert (row.verb, row.price, row.source) == (Verb.BUY_NO, Price.from_cents(61), Source.LADDER)
            assert row.phase is RowPhase.WORKING

    key = run(first())
    run(second(key))


class TwoPages(SmallExchange):
    """Lists its resting orders one by one, and says between them what the desk shows."""

    def __init__(self) -> None:
        super().__init__()
        self.between: Callable[[], object] = lambda: None

    async def resting_orders(self, take: Callable[[tuple[Order, ...]], Awaitable[None]]) -> CallOutcome[int]:
        for order in self.resting():
            await take((order,))
            self.between()
        return Accepted(len(self.resting()), 1.0)


def test_rows_are_shown_while_the_others_are_still_read(tmp_path: Path) -> None:
    exchange = TwoPages()
    shown: list[int] = []
    told: list[int] = []

    async def story() -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(40), Count.of(5))
            exchange.place_elsewhere(NYC, BookSide.ASK, Price.from_cents(64), Count.of(30))
            exchange.between = lambda: shown.append(len(floor.blotter.working()))
            floor.reconciler.read_so_far.connect(told.append)
            assert await floor.reconciler.reconcile("start")

    run(story())
    assert shown == [1, 2]
    assert told == [1, 2, 2], "after each part, and at the end"


def test_a_page_from_before_its_orders_ended_brings_none_of_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when everything is canceled while very many are read."""
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT", 3)
    exchange = TwoPages()

    async def story() -> None:
        async with trading_floor(tmp_path, exchange) as floor:
            for cents in range(10, 30):
                exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(cents), Count.of(5))
            assert await floor.reconciler.reconcile("start")
            floor.blotter.flush()

            def end_all() -> None:
                for order in exchange.resting():
                    exchange.end(order.order_id)
                floor.blotter.flush()

            exchange.between = end_all
            assert await floor.reconciler.reconcile("test")
            floor.blotter.flush()
            assert not floor.blotter.working()

    run(story())


def test_an_order_that_the_stream_tells_of_first_after_a_restart_keeps_its_source(tmp_path: Path) -> None:
    exchange = SmallExchange()

    async def first() -> str:
        async with trading_floor(tmp_path, exchange) as floor:
            return (await floor.desk.submit(draft(), Source.LADDER)).row_key or ""

    async def second(key: str) -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            floor.reconciler.order_said(exchange.resting()[0])
            assert floor.blotter.row(key) is None, "the journal is still being read"
            await until(lambda: floor.blotter.row(key) is not None)
            assert floor.row(key).source is Source.LADDER

    key = run(first())
    run(second(key))


def test_what_ended_while_away_is_written_down(tmp_path: Path) -> None:
    exchange = SmallExchange()

    async def first() -> list[str]:
        async with trading_floor(tmp_path, exchange) as floor:
            return [(await floor.desk.submit(draft(), Source.TICKET)).row_key or "" for _ in range(2)]

    async def second(keys: list[str]) -> None:
        async with trading_floor(tmp_path, exchange) as floor:
            await floor.reconciler.recover()
            assert await floor.reconciler.reconcile("start")
            assert await floor.state(keys[0]) is IntentState.FILLED
            assert await floor.state(keys[1]) is IntentState.CANCELED
            floor.blotter.flush()
            assert not floor.blotter.working()
            assert not (await floor.journal.live_intents("Practice", 10))[0]

    keys = run(first())
    orders = exchange.resting()
    exchange.fill(orders[0].order_id, Count.of(100))
    del exchange.held[orders[1].order_id]
    run(second(keys))


@pytest.mark.parametrize("reads", ["answered", "not answered at first"])
def test_what_ended_weeks_ago_while_away_is_written_down_as_it_ended(tmp_path: Path, reads: str) -> None:
    exchange = SmallExchange()

    async def first() -> str:
        journal = Journal(WeeksAgo())
        async with trading_floor(tmp_path, exchange, stream=False, journal=journal) as floor:
            key = (await floor.desk.submit(draft(), Source.TICKET)).row_key or ""
            order_id = floor.row(key).order_id or ""
        exchange.fill(order_id, Count.of(100))
        exchange.archived.add(order_id)
        return key

    async def second(key: str) -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            if reads != "answered":
                exchange.faults.reads.extend(["", "", "no answer"])
                assert not await floor.reconciler.reconcile("start")
            assert await floor.reconciler.reconcile("start")
            assert await floor.state(key) is IntentState.FILLED

    key = run(first())
    run(second(key))


def test_an_order_that_arrived_late_is_not_written_off_while_reads_lag(tmp_path: Path) -> None:
    """Sent long ago, yet too young to be listed: its absence from a lagging read proves nothing."""
    exchange = SmallExchange()
    exchange.faults.create.append("late")

    async def first() -> str:
        async with trading_floor(tmp_path, exchange) as floor:
            key = (await floor.desk.submit(draft(), Source.TICKET)).row_key or ""
            exchange.deliver_late()
            assert await floor.state(key) is IntentState.RESTING
            return key

    async def second(key: str) -> None:
        async with trading_floor(tmp_path, exchange) as floor:
            await floor.reconciler.recover()
            whole = await floor.reconciler.reconcile("start")
            assert not whole, "it may rest, and is neither shown nor counted: nothing is sent until it is"
            assert await floor.state(key) is IntentState.RESTING
            exchange.shown_after_ms = exchange.reads_behind_ms = 0
            assert await floor.reconciler.reconcile("test")
            assert floor.row(key).phase is RowPhase.WORKING

    key = run(first())
    exchange.shown_after_ms = exchange.reads_behind_ms = 60_000
    run(second(key))


async def _lived(
    tmp_path: Path, exchange: SmallExchange, orders: int, journal: Journal | None = None
) -> None:
    """A run in which so many of our orders came to rest, then Pitdesk was closed."""
    async with trading_floor(tmp_path, exchange, journal=journal) as floor:
        for number in range(orders):
            cents = Price.from_cents(1 + number % 90)
            await floor.desk.submit(draft(price=cents, ticker=(FED, NYC)[number % 2]), Source.TICKET)
    exchange.requests.clear()


async def _ends(floor: Floor) -> Counter[IntentState]:
    ids = [intent.client_order_id for intent in floor.exchange.arrived]
    return Counter(held.state for held in (await floor.journal.intents_of(ids)).values())


@pytest.mark.parametrize("when", ["lately", "weeks ago"])
def test_very_many_that_ended_while_closed_are_told_by_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT", 3)
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT_S", 0.0)
    exchange, journal = SmallExchange(), Journal(WeeksAgo()) if when == "weeks ago" else None

    async def again() -> None:
        async with trading_floor(tmp_path, exchange) as floor:
            floor.blotter.moved.connect(lambda _: floor.blotter.flush())  # what has ended is soon forgotten
            await floor.reconciler.recover()
            assert await floor.reconciler.reconcile("start")
            expected = {IntentState.CANCELED: 110, IntentState.FILLED: 70, IntentState.EXPIRED: 20}
            assert await _ends(floor) == expected
            assert not (await floor.journal.live_intents("Practice", 300))[0]

    run(_lived(tmp_path, exchange, 200, journal))
    for place, order in enumerate(exchange.resting()):
        if place < 70:
            exchange.fill(order.order_id, Count.of(100))
        else:
            exchange.end(order.order_id, "ExpiryCancel" if place < 90 else "MarginCancel")
        if when == "weeks ago":
            exchange.archived.add(order.order_id)
    exchange.page = 50
    run(again())
    assert exchange.requests.count("order") <= FEW
    assert len(exchange.requests) < FEW + 15, exchange.requests


@pytest.mark.parametrize("fault", ["unlisted", "lists not answered", "listed no more"])
def test_what_no_list_tells_of_very_many_is_looked_up(tmp_path: Path, fault: str) -> None:
    exchange = SmallExchange()

    async def again() -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            if fault == "lists not answered":
                exchange.faults.reads.extend(["", *["no answer"] * 3])
            assert await floor.reconciler.reconcile("start")
            assert await _ends(floor) == {IntentState.CANCELED: 60}
            assert exchange.requests.count("order") == 60

    run(_lived(tmp_path, exchange, 60))
    for order in exchange.resting():
        exchange.end(order.order_id)
        (exchange.hidden if fault == "listed no more" else exchange.unlisted).add(order.order_id)
    run(again())


@pytest.mark.parametrize("fault", ["no answer", "young"])
def test_of_very_many_nothing_is_concluded_without_proof(tmp_path: Path, fault: str) -> None:
    exchange = SmallExchange()

    async def again() -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            exchange.faults.reads.extend(["", *["no answer"] * 500] if fault == "no answer" else [])
            assert not await floor.reconciler.reconcile("start")
            assert await _ends(floor) == {IntentState.RESTING: 60}
            exchange.faults.reads.clear()
            exchange.reads_behind_ms = 0
            exchange.hidden.clear()
            assert await floor.reconciler.reconcile("again")
            assert await _ends(floor) == {IntentState.CANCELED: 60}

    run(_lived(tmp_path, exchange, 60))
    for order in exchange.resting():
        exchange.end(order.order_id)
    if fault == "young":
        exchange.hidden.update(exchange.held)
        exchange.reads_behind_ms = 60_000
    run(again())


def test_very_many_rows_that_a_snapshot_leaves_out_are_told_by_lists(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            exchange = floor.exchange
            for number in range(120):
                cents = Price.from_cents(1 + number % 90)
                exchange.place_elsewhere(FED, BookSide.BID, cents, Count.of(5))
            assert await floor.reconciler.reconcile("start")
            for place, order in enumerate(exchange.resting()):
                if place % 4:
                    exchange.end(order.order_id)
            exchange.unlisted.update([order.order_id for order in exchange.held.values()][1:3])
            exchange.requests.clear()
            assert await floor.reconciler.reconcile("test")
            floor.blotter.flush()
            assert len(floor.blotter.working()) == len(exchange.resting()) == 30
            assert exchange.requests.count("order") == 2
            said = {row.status_text for row in map(floor.row, (f"ex-{n}" for n in (2, 3, 4)))}
            assert said == {"Canceled"}

    run(story())


def test_an_unconfirmed_order_of_an_earlier_run_shows_at_once_and_is_found(tmp_path: Path) -> None:
    exchange = SmallExchange()
    exchange.faults.create.append("accept, answer lost")

    async def first() -> str:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            return (await floor.desk.submit(draft(), Source.TICKET)).row_key or ""

    async def second(key: str) -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            assert floor.row(key).status_text == "Unconfirmed"
            assert floor.blotter.committed() == floor.row(key).price * Count.of(100)
            await until(lambda: floor.row(key).phase is RowPhase.WORKING)
            assert floor.row(key).source is Source.TICKET

    key = run(first())
    run(second(key))
    assert len(exchange.arrived) == 1


@pytest.mark.parametrize("filled", [0, 100])
def test_an_order_that_ended_weeks_ago_is_found_in_the_archive(tmp_path: Path, filled: int) -> None:
    exchange = SmallExchange()
    exchange.faults.create.append("accept, answer lost")

    async def first() -> str:
        journal = Journal(WeeksAgo())
        async with trading_floor(tmp_path, exchange, stream=False, journal=journal) as floor:
            key = (await floor.desk.submit(draft(), Source.TICKET)).row_key or ""
            (order,) = exchange.resting()
            if filled:
                exchange.fill(order.order_id, Count.of(filled))
            else:
                exchange.end(order.order_id)
            exchange.archived.add(order.order_id)
            return key

    async def second(key: str) -> None:
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            await floor.reconciler.recover()
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            exchange.faults.reads.extend(["", "no answer"])
            await until(lambda: floor.row(key).phase is not RowPhase.UNCONFIRMED)
            assert floor.row(key).phase is RowPhase.DONE
            assert floor.row(key).filled == Count.of(filled)

    key = run(first())
    run(second(key))


def test_a_row_the_snapshot_leaves_out_is_asked_after_singly(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            keys = []
            for ticker in (FED, NYC):
                key = (await floor.desk.submit(draft(ticker=ticker), Source.TICKET)).row_key or ""
                keys.append(key)
            filled, hidden = (floor.row(key).order_id or "" for key in keys)
            floor.exchange.fill(filled, Count.of(100))
            floor.exchange.hidden.add(hidden)
            assert await floor.reconciler.reconcile("test")
            assert floor.row(keys[0]).status_text == "Filled"
            assert floor.row(keys[1]).status_text == "Not listed"
            floor.exchange.hidden.clear()
            assert await floor.reconciler.reconcile("test")
            assert floor.row(keys[1]).status_text == "Resting"

    run(story())


def test_an_order_sent_while_the_snapshot_is_out_is_not_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            reading = asyncio.ensure_future(floor.reconciler.reconcile("test"))
            await asyncio.sleep(0)
            result = await floor.desk.submit(draft(), Source.TICKET)
            assert await reading
            assert floor.row(result.row_key).phase is RowPhase.WORKING

    run(story())


def test_an_older_snapshot_does_not_undo_what_the_stream_said(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            result = await floor.desk.submit(draft(), Source.TICKET)
            row = floor.row(result.row_key)
            reading = asyncio.ensure_future(floor.reconciler.reconcile("test"))
            await asyncio.sleep(0)
            floor.exchange.fill(row.order_id or "", Count.of(100))
            await reading
            assert floor.row(result.row_key).status_text == "Filled"

    run(story())


def test_a_snapshot_that_is_not_answered_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            result = await floor.desk.submit(draft(), Source.TICKET)
            before = floor.row(result.row_key)
            floor.exchange.faults.reads.append("no answer")
            assert not await floor.reconciler.reconcile("test")
            assert floor.row(result.row_key) == before
            assert floor.notices.current()[0].headline == "Your orders could not be read."
            assert await floor.reconciler.reconcile("test")
            assert not floor.notices.current()

    run(story())
