"""One press, one order, and its fate always known: submit against a small exchange and a journal on disk."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.order_desk import SubmitKind
from pitdesk.journal import IntentState, Journal, JournalError
from pitdesk.kalshi.outcomes import Accepted, CallOutcome
from pitdesk.kalshi.records import CreatedOrder
from pitdesk.limits import Issue, IssueKind
from pitdesk.orders import Intent, Order, OrderDraft, Source, TimeInForce, Verb
from pitdesk.quantities import Count, Price
from tests.unit.desk.small_exchange import LOST, SmallExchange
from tests.unit.desk.trading_floor import FED, QUICK, draft, run, trading_floor, until


def test_an_order_is_placed_and_rests(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            result = await floor.desk.submit(draft(), Source.TICKET)
            assert result.kind is SubmitKind.PLACED
            assert result.sentence == "Order accepted: Buy 100 Yes at 42¢"
            assert result.market, "told where another market is in view"
            row = floor.row(result.row_key)
            assert (row.phase, row.status_text, row.source) == (RowPhase.WORKING, "Resting", Source.TICKET)
            assert uuid.UUID(result.row_key).version == 4
            assert [intent.client_order_id for intent in floor.exchange.arrived] == [result.row_key]
            assert await floor.states() == [
                IntentState.SUBMITTED,
                IntentState.RESTING,
            ] or await floor.states() == [IntentState.SUBMITTED, IntentState.ACKED, IntentState.RESTING]

    run(story())


def test_the_intent_is_durable_and_the_row_visible_before_the_request_leaves(tmp_path: Path) -> None:
    seen: list[object] = []

    async def story() -> None:
        async with trading_floor(tmp_path) as floor:

            def look(intent: object) -> None:
                rows = list(floor.blotter.working().values())
                seen.extend((rows[0].phase, rows[0].status_text))
                seen.append(_state_on_disk(tmp_path))

            floor.exchange.before_create = look
            await floor.desk.submit(draft(), Source.TICKET)

    run(story())
    assert seen == [RowPhase.SENDING, "Sending…", "SUBMITTED"]


def _state_on_disk(folder: Path) -> str:
    import sqlite3

    connection = sqlite3.connect(folder / "state" / "journal.sqlite")
    try:
        return str(connection.execute("SELECT state FROM intent").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize(
    "fault, kind, phase, state, arrived",
    [
        ("refuse", SubmitKind.REFUSED, RowPhase.REFUSED, IntentState.REJECTED, 0),
        ("not sent", SubmitKind.NOT_SENT, RowPhase.NOT_SENT, IntentState.NOT_SENT, 0),
        ("lost on the way", SubmitKind.UNCONFIRMED, RowPhase.UNCONFIRMED, IntentState.UNKNOWN, 0),
        ("duplicate", SubmitKind.UNCONFIRMED, RowPhase.UNCONFIRMED, IntentState.UNKNOWN, 0),
        ("accept, answer lost", SubmitKind.UNCONFIRMED, RowPhase.UNCONFIRMED, IntentState.UNKNOWN, 1),
        ("accept, 503", SubmitKind.UNCONFIRMED, RowPhase.UNCONFIRMED, IntentState.UNKNOWN, 1),
        ("wrong echo", SubmitKind.UNCONFIRMED, RowPhase.UNCONFIRMED, IntentState.UNKNOWN, 1),
    ],
)
def test_each_answer_has_its_own_end(
    tmp_path: Path, fault: str, kind: SubmitKind, phase: RowPhase, state: IntentState, arrived: int
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.faults.create.append(fault)
            result = await floor.desk.submit(draft(), Source.TICKET)
            assert result.kind is kind
            assert floor.row(result.row_key).phase is phase
            assert await floor.state(result.row_key or "") is state
            assert len(floor.exchange.arrived) == arrived
            assert floor.exchange.requests.count("create") == 1

    run(story())


@pytest.mark.parametrize("fault", ["accept, answer lost", "accept, 503", "wrong echo", "late"])
def test_an_order_whose_answer_was_lost_is_found_and_never_sent_again(tmp_path: Path, fault: str) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.faults.create.append(fault)
            result = await floor.desk.submit(draft(), Source.TICKET)
            floor.exchange.deliver_late()
            await until(lambda: floor.row(result.row_key).phase is RowPhase.WORKING)
            assert floor.exchange.requests.count("create") == 1
            assert len(floor.exchange.arrived) == 1
            await until(lambda: not floor.notices.current())
            assert await floor.state(result.row_key or "") is IntentState.RESTING

    run(story())


def test_an_order_lost_on_the_way_is_proven_absent_and_may_be_sent_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            floor.exchange.faults.create.append("lost on the way")
            asked = draft()
            result = await floor.desk.submit(asked, Source.TICKET)
            assert "do not send it again" in floor.notices.current()[0].advice
            assert (await floor.desk.submit(asked, Source.TICKET)).kind is SubmitKind.DENIED
            await until(lambda: floor.row(result.row_key).phase is RowPhase.NOT_SENT)
            assert await floor.state(result.row_key or "") is IntentState.NOT_PLACED
            assert floor.exchange.requests.count("create") == 1
            again = await floor.desk.submit(asked, Source.TICKET)
            assert again.kind is SubmitKind.PLACED

    run(story())


def test_absence_is_not_concluded_while_reads_are_behind_or_unanswered_or_a_fill_is_unexplained(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.reads_behind_ms = 3_600_000
            floor.exchange.faults.create.append("late")
            result = await floor.desk.submit(draft(), Source.TICKET)
            key = result.row_key or ""
            await until(lambda: floor.exchange.requests.count("orders") > 25)
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            floor.exchange.reads_behind_ms = -3_600_000
            floor.exchange.deliver_late()
            await until(lambda: floor.row(key).phase is RowPhase.WORKING)

    run(story())


def test_an_order_the_reads_do_not_show_yet_is_not_taken_for_absent_when_its_fill_shows(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.faults.create.append("accept, answer lost")
            floor.exchange.before_create = lambda _intent: None
            task_result = await floor.desk.submit(draft(), Source.TICKET)
            order_id = floor.exchange.resting()[0].order_id
            floor.exchange.hidden.add(order_id)
            floor.exchange.fill(order_id, Count.of(1))
            key = task_result.row_key or ""
            await until(lambda: floor.exchange.requests.count("orders") > 25)
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            floor.exchange.hidden.clear()
            await until(lambda: floor.row(key).phase is RowPhase.WORKING)
            assert floor.row(key).filled == Count.of(1)

    run(story())


def test_a_wrong_date_that_is_set_right_does_not_shorten_the_fence(tmp_path: Path) -> None:
    """A page from a cache may bear an old date: for a moment the exchange's clock seems an hour behind."""

    async def story() -> None:
        offset, slow = [0], replace(QUICK, fence=30.0)
        async with trading_floor(tmp_path, stream=False, pace=slow, offset_ms=lambda: offset[0]) as floor:
            floor.exchange.before_create = lambda _: offset.__setitem__(0, -3_600_000)
            floor.exchange.faults.create.append("late")
            result = await floor.desk.submit(draft(), Source.TICKET)
            offset[0] = 0
            scans = floor.exchange.requests.count
            await until(lambda: scans("orders") > 4)
            assert floor.row(result.row_key).phase is RowPhase.UNCONFIRMED
            floor.exchange.deliver_late()
            await until(lambda: floor.row(result.row_key).phase is RowPhase.WORKING)

    run(story())


def test_a_date_in_the_future_does_not_hide_an_order_from_the_search(tmp_path: Path) -> None:
    async def story() -> None:
        offset = [0]
        async with trading_floor(tmp_path, stream=False, offset_ms=lambda: offset[0]) as floor:
            floor.exchange.before_create = lambda _: offset.__setitem__(0, 3_600_000)
            floor.exchange.faults.create.append("accept, answer lost")
            result = await floor.desk.submit(draft(), Source.TICKET)
            offset[0] = 0
            await until(lambda: floor.row(result.row_key).phase is not RowPhase.UNCONFIRMED)
            assert floor.row(result.row_key).phase is RowPhase.WORKING

    run(story())


def test_another_order_under_our_id_is_not_adopted_and_raises_an_alarm(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.faults.create.append("lost on the way")
            key = "2f1f4ab2-3c5d-4b62-9d51-111111111111"
            await floor.desk.submit(draft(), Source.TICKET, key)
            other = floor.exchange.place_elsewhere(
                FED, Verb.SELL_YES.book_side, Price.from_cents(42), Count.of(100)
            )
            floor.exchange.held.clear()
            from dataclasses import replace

            floor.reconciler.order_said(replace(other, client_order_id=key))
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            assert any("bears the id of yours" in notice.headline for notice in floor.notices.current())

    run(story())


@pytest.mark.parametrize("subaccount", [None, 4])
def test_a_draft_and_an_id_are_sent_once(tmp_path: Path, subaccount: int | None) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, subaccount=subaccount) as floor:
            once = draft()
            key = str(uuid.uuid4())
            assert (await floor.desk.submit(once, Source.TICKET, key)).kind is SubmitKind.PLACED
            assert (await floor.desk.submit(once, Source.TICKET)).kind is SubmitKind.DENIED
            assert (await floor.desk.submit(draft(), Source.TICKET, key)).kind is SubmitKind.DENIED
            assert len(floor.exchange.arrived) == 1

    run(story())


class FullOnce(Journal):
    """A disk that is full when the answer is missed, and has room again afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = True

    async def record(self, client_order_id: str, state: IntentState, cause: str, **more: Any) -> None:
        if state is IntentState.UNKNOWN and self.is_full:
            self.is_full = False
            raise JournalError("The disk is full.")
        await super().record(client_order_id, state, cause, **more)


def test_a_disk_that_was_full_for_a_moment_does_not_end_the_search(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, journal=FullOnce()) as floor:
            floor.exchange.faults.create.append("lost on the way")
            result = await floor.desk.submit(draft(), Source.TICKET)
            await until(lambda: floor.row(result.row_key).phase is RowPhase.NOT_SENT)
            assert await floor.state(result.row_key or "") is IntentState.NOT_PLACED

    run(story())


def test_an_order_whose_sending_broke_off_is_searched_for_until_its_fate_is_known(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:

            def break_off(_: object) -> None:
                raise RuntimeError("broken off")

            floor.exchange.before_create = break_off
            with pytest.raises(RuntimeError):
                await floor.desk.submit(draft(), Source.TICKET)
            (key,) = floor.blotter.working_keys
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            await until(lambda: floor.row(key).phase is RowPhase.NOT_SENT)
            assert await floor.state(key) is IntentState.NOT_PLACED

    run(story())


def test_an_order_under_our_id_that_only_its_fill_shows_keeps_ours_unconfirmed(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.faults.create.append("lost on the way")
            result = await floor.desk.submit(draft(), Source.TICKET)
            key = result.row_key or ""
            other = floor.exchange.place_elsewhere(
                FED, Verb.SELL_YES.book_side, Price.from_cents(42), Count.of(100)
            )
            floor.exchange.held[other.order_id] = replace(other, client_order_id=key)
            floor.exchange.fill(other.order_id, Count.of(1))
            floor.exchange.unlisted.add(other.order_id)
            scans = floor.exchange.requests.count
            await until(lambda: scans("orders") > 25)
            assert floor.row(key).phase is RowPhase.UNCONFIRMED
            assert any("bears the id of yours" in notice.headline for notice in floor.notices.current())

    run(story())


def test_a_double_press_while_the_first_is_under_way_sends_once(tmp_path: Path) -> None:
    async def story() -> None:
        import asyncio

        async with trading_floor(tmp_path) as floor:
            once = draft()
            results = await asyncio.gather(*(floor.desk.submit(once, Source.TICKET) for _ in range(5)))
            assert [result.kind for result in results].count(SubmitKind.PLACED) == 1
            assert len(floor.exchange.arrived) == 1

    run(story())


def test_a_refused_draft_may_be_pressed_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            floor.exchange.faults.create.append("refuse")
            same = draft()
            refused = await floor.desk.submit(same, Source.TICKET)
            assert (refused.kind, refused.field) == (SubmitKind.REFUSED, "count")
            assert refused.sentence == "Not enough cash for this order."
            assert (await floor.desk.submit(same, Source.TICKET)).kind is SubmitKind.PLACED

    run(story())


def test_a_closed_gate_and_limits_send_nothing_and_leave_no_row(tmp_path: Path) -> None:
    asks = Issue(IssueKind.CONFIRM, "This costs $420. Send anyway?", "count")

    def check(draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
        return (asks,) if draft.count > Count.of(500) else ()

    async def story() -> None:
        async with trading_floor(tmp_path, check=check) as floor:
            big = draft(count=Count.of(1_000))
            asked = await floor.desk.submit(big, Source.TICKET)
            assert asked.kind is SubmitKind.DENIED
            assert asked.needs_confirmation
            assert asked.issues == (asks,)
            floor.gate.close("Trading is paused until 05:00.")
            paused = await floor.desk.submit(big, Source.TICKET, confirmed=True)
            assert "Trading is paused until 05:00." in paused.sentence
            assert not floor.exchange.requests
            assert not floor.blotter.working()
            floor.gate.open()
            assert (await floor.desk.submit(big, Source.TICKET, confirmed=True)).kind is SubmitKind.PLACED

    run(story())


class HeldJournal(Journal):
    """Its disk is slow: an intent is durable only once ``written`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def begin_intent(self, *asked: Any, **more: Any) -> Future[None]:
        begun, held = super().begin_intent(*asked, **more), Future[None]()

        def end() -> None:
            self.written.wait(10)
            held.set_result(begun.result())

        threading.Thread(target=end).start()
        return held


def test_a_gate_that_closes_while_the_intent_is_written_stops_the_request(tmp_path: Path) -> None:
    async def story() -> None:
        journal = HeldJournal()
        async with trading_floor(tmp_path, journal=journal) as floor:
            sending = asyncio.ensure_future(floor.desk.submit(draft(), Source.TICKET))
            await asyncio.sleep(0)
            floor.gate.close("The stream is lost.")
            journal.written.set()
            result = await sending
            assert result.kind is SubmitKind.NOT_SENT
            assert not floor.exchange.requests
            assert await floor.state(result.row_key or "") is IntentState.NOT_SENT

    run(story())


def test_what_the_stream_said_first_is_not_undone_by_the_answer(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            floor.exchange.faults.create.append("stream first")
            result = await floor.desk.submit(draft(), Source.TICKET)
            assert result.sentence.startswith("Filled 1 of 100, the rest is working")
            assert floor.row(result.row_key).filled == Count.of(1)
            assert floor.row(result.row_key).status_text == "Partly filled"

    run(story())


@pytest.mark.parametrize(
    "takes, tif, says, status",
    [
        (100, TimeInForce.GOOD_TILL_CANCELED, "Filled: Buy 100 Yes at 42¢", "Filled"),
        (40, TimeInForce.GOOD_TILL_CANCELED, "Filled 40 of 100, the rest is working", "Partly filled"),
        (
            40,
            TimeInForce.IMMEDIATE_OR_CANCEL,
            "Filled 40 of 100, the rest was canceled",
            "Partly filled, rest canceled",
        ),
        (0, TimeInForce.IMMEDIATE_OR_CANCEL, "Nothing traded: Buy 100 Yes at 42¢ found nobody", "Canceled"),
    ],
)
def test_the_sentence_says_what_became_of_it(
    tmp_path: Path, takes: int, tif: TimeInForce, says: str, status: str
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.takes[FED] = Count.of(takes)
            result = await floor.desk.submit(draft(time_in_force=tif), Source.TICKET)
            assert result.sentence.startswith(says)
            assert floor.row(result.row_key).status_text == status

    run(story())


def test_a_journal_that_cannot_be_written_sends_nothing_and_cancels_still_work(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            assert not floor.opened.usable
            result = await floor.desk.submit(draft(), Source.TICKET)
            assert result.kind is SubmitKind.NOT_SENT
            assert result.sentence.startswith("Nothing was sent.")
            assert not floor.exchange.requests
            theirs = floor.exchange.place_elsewhere(
                FED, Verb.BUY_YES.book_side, Price.from_cents(40), Count.of(5)
            )
            canceled = await floor.desk.cancel([theirs.order_id])
            assert canceled.canceled == (theirs.order_id,)
            assert not floor.exchange.resting()

    run(story())


class OnceBlind(SmallExchange):
    """Lists nothing until an instant, then once an empty list, then the truth."""

    blind_until_ms = 0
    blinks = 0

    async def orders(
        self, *, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> CallOutcome[tuple[Order, ...]]:
        if self.clock.wall_ms() < self.blind_until_ms:
            return LOST
        if not self.blinks:
            self.blinks += 1
            return Accepted((), 1.0)
        return await super().orders(status=status, ticker=ticker, min_ts_s=min_ts_s)


def test_one_empty_list_proves_no_absence(tmp_path: Path) -> None:
    async def story() -> None:
        exchange = OnceBlind()
        async with trading_floor(tmp_path, exchange, stream=False) as floor:
            exchange.faults.create.append("accept, answer lost")
            result = await floor.desk.submit(draft(), Source.TICKET)
            exchange.blind_until_ms = exchange.clock.wall_ms() + 2 * int(QUICK.fence * 1_000)
            await until(lambda: floor.row(result.row_key).phase is not RowPhase.UNCONFIRMED)
            assert exchange.blinks == 1
            assert floor.row(result.row_key).phase is RowPhase.WORKING

    run(story())


class FullExchange(SmallExchange):
    """An order waits until there are tokens for it."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = asyncio.Event()

    async def create_order(
        self, intent: Intent, before: Callable[[], str] | None = None
    ) -> CallOutcome[CreatedOrder]:
        await self.tokens.wait()
        return await super().create_order(intent, before)


def test_what_still_waits_to_be_sent_when_everything_is_canceled_does_not_leave(tmp_path: Path) -> None:
    async def story() -> None:
        exchange = FullExchange()
        async with trading_floor(tmp_path, exchange) as floor:
            sending = asyncio.ensure_future(floor.desk.submit(draft(), Source.TICKET))
            await until(lambda: bool(floor.blotter.count(RowPhase.SENDING)))
            await floor.desk.cancel_all()
            exchange.tokens.set()
            result = await sending
            assert result.kind is SubmitKind.NOT_SENT
            assert "Everything was canceled before this order was sent." in result.sentence
            assert exchange.arrived == []
            assert await floor.state(result.row_key or "") is IntentState.NOT_SENT
            again = await floor.desk.submit(draft(), Source.TICKET)
            assert again.kind is SubmitKind.PLACED, "what is asked afterwards is sent"

    run(story())
