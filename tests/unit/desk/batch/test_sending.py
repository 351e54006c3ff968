"""Sending a batch: the journal first, each order its own end, and nothing after a doubt."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pitdesk.desk.batch.results import BatchEnd, RowEnd
from pitdesk.desk.batch.review import Reviewed
from pitdesk.desk.batch.verdicts import Remark, Standing
from pitdesk.desk.blotter import RowPhase
from pitdesk.journal import IntentState
from pitdesk.markets import Market, MarketStatus, Quote
from pitdesk.orders import Intent
from pitdesk.quantities import PriceRanges
from tests.unit.desk.batch.sending_ground import BatchExchange, batch_floor, closed, orders
from tests.unit.desk.trading_floor import FED, NYC, run, trading_floor, until


async def states(at: object) -> dict[IntentState, int]:
    """How many intents of the batch the journal holds in each state."""
    held = await at.floor.journal.intents_of_batch(1)  # type: ignore[attr-defined]
    found: dict[IntentState, int] = {}
    for one in held:
        found[one.state] = found.get(one.state, 0) + 1
    return found


def test_all_of_it_is_placed_in_requests_that_fit(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            outcome = await at.sender.send()
            assert outcome.end is BatchEnd.SENT
            assert outcome.sentence == "Batch 1: 20 placed."
            assert [len(batch) for batch in at.exchange.batches] == [8, 4, 4, 4]
            assert at.ends() == "p" * 20
            row = at.floor.row(at.exchange.batches[0][0])
            assert row.source_text == "Batch 1"
            assert await states(at) == {IntentState.RESTING: 20}
            again = await at.sender.send([])
            assert again.end is BatchEnd.DENIED

    run(scene())


def test_every_row_is_on_disk_and_shown_before_the_first_request(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path, 12) as at:
            seen: list[tuple[int, int]] = []

            def look(_: Sequence[Intent]) -> None:
                file = sqlite3.connect(tmp_path / "state" / "journal.sqlite")
                count = file.execute(
                    "SELECT count(*) FROM intent WHERE state = 'SUBMITTED' AND batch = 1"
                ).fetchone()
                file.close()
                seen.append((count[0], at.floor.blotter.count(RowPhase.SENDING)))

            at.exchange.before_batch = look
            await at.sender.send()
            assert seen[0] == (12, 12)

    run(scene())


def test_one_bad_row_is_refused_and_the_others_are_placed(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            at.exchange.items = {3: "refuse", 10: "refuse"}
            outcome = await at.sender.send()
            assert outcome.sentence == "Batch 1: 18 placed, 2 refused."
            assert outcome.refused == (4, 11)
            result = at.sender.result(4)
            assert result is not None
            assert result.end is RowEnd.REFUSED
            assert "not enough cash" in result.text
            assert at.sender.sendable_again() == (4, 11)
            at.exchange.items = {}
            again = await at.sender.send(at.sender.sendable_again())
            assert again.sentence == "Batch 2: 2 placed."
            ids = [one for batch in at.exchange.batches for one in batch]
            assert len(set(ids)) == len(ids) == 22

    run(scene())


@pytest.mark.parametrize("fault,live", [("accept, answer lost", 4), ("lost on the way", 0)])
def test_after_a_request_of_unknown_fate_nothing_is_sent(tmp_path: Path, fault: str, live: int) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            at.exchange.stream = lambda _: None
            at.exchange.whole.extend(["", fault])
            outcome = await at.sender.send()
            assert outcome.end is BatchEnd.STOPPED
            assert outcome.sentence.startswith("Batch 1: 8 placed, 4 unconfirmed, 8 not sent.")
            assert len(at.exchange.batches) == 2
            assert at.ends() == "p" * 8 + "u" * 4 + "n" * 8
            held = await states(at)
            assert held.get(IntentState.UNKNOWN, 0) + held[IntentState.RESTING] - 8 == 4
            assert held[IntentState.NOT_SENT] == 8
            await until(lambda: "u" not in at.ends())
            assert at.ends() == "p" * 8 + ("p" if live else "n") * 4 + "n" * 8
            assert len(at.exchange.resting()) == 8 + live
            again = await at.sender.send(at.sender.sendable_again())
            assert again.sentence == f"Batch 2: {12 - live} placed."
            assert len(at.exchange.arrived) == 20

    run(scene(), 20)


def test_an_item_that_the_answer_leaves_out_is_looked_up_and_stops_the_rest(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            at.exchange.items = {2: "left out"}
            at.exchange.stream = lambda _: None
            at.exchange.shown_after_ms = 60_000
            outcome = await at.sender.send()
            assert outcome.sentence.startswith("Batch 1: 7 placed, 1 unconfirmed, 12 not sent.")
            assert outcome.unconfirmed == (3,)
            at.exchange.shown_after_ms = 0
            await until(lambda: at.ends()[2] == "p")

    run(scene(), 20)


@pytest.mark.parametrize("fault,asks", [("not sent", 0), ("429", 1)])
def test_a_request_that_was_not_taken_ends_the_sending(tmp_path: Path, fault: str, asks: int) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            at.exchange.whole.append(fault)
            outcome = await at.sender.send()
            assert outcome.placed == ()
            assert len(at.exchange.batches) == 1
            assert at.exchange.asked_limits == asks
            assert not at.floor.blotter.count(RowPhase.SENDING)
            again = await at.sender.send(at.sender.sendable_again())
            assert again.sentence == "Batch 2: 20 placed."

    run(scene())


def test_stopping_waits_for_the_request_in_flight(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            at.exchange.before_batch = lambda _: at.sender.stop()
            outcome = await at.sender.send()
            assert outcome.sentence == "Batch 1: 8 placed, 12 not sent. Stopped."
            assert at.ends() == "p" * 8 + "n" * 12
            result = at.sender.result(20)
            assert result is not None
            assert "stopped" in result.text
            progress = at.sender.progress
            assert progress is not None
            assert progress.finished

    run(scene())


def test_a_gate_that_closes_meanwhile_holds_the_next_request(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            at.exchange.before_batch = lambda _: at.floor.gate.close("Trading is paused.")
            outcome = await at.sender.send()
            assert outcome.sentence == "Batch 1: 8 placed, 12 not sent. Trading is paused."
            assert len(at.exchange.batches) == 1
            again = await at.sender.send(at.sender.sendable_again())
            assert again.end is BatchEnd.DENIED
            assert "Trading is paused." in again.sentence

    run(scene())


def test_a_market_that_closes_meanwhile_gets_no_more_orders(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            market = Market(
                NYC, "", "", "", "", MarketStatus.ACTIVE, PriceRanges.of_cents(), 0, 2**50, Quote()
            )
            at.markets.held[NYC] = market
            at.sheet.orders = [*orders(8), *_numbered(orders(3, NYC), 100), *_numbered(orders(4), 200)]
            at.exchange.before_batch = lambda _: at.markets.held.update({NYC: closed(market)})
            outcome = await at.sender.send()
            assert outcome.sentence == "Batch 1: 12 placed, 3 not sent."
            assert all(intent.draft.ticker == FED for intent in at.exchange.arrived)
            result = at.sender.result(101)
            assert result is not None
            assert "closed meanwhile" in result.text

    run(scene())


def _numbered(rows: list, first: int) -> list:  # type: ignore[type-arg]
    return [replace(row, row_id=first + place + 1) for place, row in enumerate(rows)]


def test_limits_hold_a_batch_back_until_it_is_confirmed(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path, 3) as at:
            question = Remark(Standing.ASK, "The batch costs $900.00. Send anyway?")
            at.sheet.reviewed = lambda it: Reviewed(it.orders, (), (question,))
            outcome = await at.sender.send()
            assert outcome.needs_confirmation
            assert outcome.sentence == question.sentence
            assert at.exchange.batches == []
            confirmed = await at.sender.send(confirmed=True)
            assert confirmed.sentence == "Batch 1: 3 placed."
            at.sheet.reviewed = lambda it: Reviewed(it.orders, (), (), (Remark(Standing.FIX, "Too dear."),))
            held = await at.sender.send(confirmed=True)
            assert held.end is BatchEnd.DENIED
            assert held.sentence == "Too dear."
            assert len(at.exchange.batches) == 1

    run(scene())


def test_a_second_press_while_it_runs_sends_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            first, second = await asyncio.gather(at.sender.send(), at.sender.send())
            assert first.sentence == "Batch 1: 20 placed."
            assert second.end is BatchEnd.DENIED
            assert len(at.exchange.arrived) == 20

    run(scene())


def test_without_a_journal_nothing_is_sent(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            await at.floor.journal.close()
            outcome = await at.sender.send()
            assert outcome.end is BatchEnd.DENIED
            assert outcome.sentence.startswith("Nothing was sent.")
            assert at.exchange.batches == []
            assert at.ends() == "." * 20

    run(scene())


def test_a_stop_while_the_batch_is_written_down_is_not_lost(tmp_path: Path) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            sending = asyncio.ensure_future(at.sender.send())
            await asyncio.sleep(0)
            assert at.sender.is_sending
            at.sender.stop()
            outcome = await sending
            assert (outcome.end, outcome.sentence) == (BatchEnd.STOPPED, "Batch 1: 20 not sent. Stopped.")
            assert at.exchange.batches == []
            assert at.ends() == "n" * 20
            assert (await at.sender.send()).end is BatchEnd.SENT

    run(scene())


@pytest.mark.parametrize("fault", ["", "lost on the way", "done, answer lost"])
def test_a_batch_is_canceled_as_one(tmp_path: Path, fault: str) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:
            await at.sender.send()
            at.exchange.end(at.exchange.resting()[0].order_id)
            at.exchange.cancels.append(fault)
            result = await at.sender.cancel()
            assert result.failed == ()
            assert at.exchange.resting() == []
            assert "of batch 1" in result.sentence
            assert (await at.sender.cancel()).sentence == "Nothing of this batch is working."

    run(scene(), 20)


@pytest.mark.parametrize("fault", ["", "lost on the way", "accept, answer lost"])
def test_canceling_while_it_is_sent_cancels_what_was_on_its_way_too(tmp_path: Path, fault: str) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:

            def hold_the_second(_: Sequence[Intent]) -> None:
                if len(at.exchange.batches) == 1:
                    at.exchange.arrives.clear()

            at.exchange.whole.extend(["", fault])
            at.exchange.before_batch = hold_the_second
            sending = asyncio.ensure_future(at.sender.send())
            await until(lambda: len(at.exchange.batches) == 2)
            canceling = asyncio.ensure_future(at.sender.cancel(1))
            await until(lambda: not at.exchange.resting())  # what had arrived is off at once
            at.exchange.arrives.set()
            result = await canceling
            assert (await sending).end is BatchEnd.STOPPED
            assert len(at.exchange.batches) == 2
            placed = {key for batch in at.exchange.batches for key in batch}
            assert set(result.canceled) | set(result.left) == placed, "one press meant all of them"
            await until(lambda: not at.exchange.resting())

    run(scene(), 20)


@pytest.mark.parametrize("fault", ["", "accept, answer lost"])
def test_cancel_all_stops_a_batch_that_is_being_sent(tmp_path: Path, fault: str) -> None:
    async def scene() -> None:
        async with batch_floor(tmp_path) as at:

            def hold_the_second(_: Sequence[Intent]) -> None:
                if len(at.exchange.batches) == 1:
                    at.exchange.arrives.clear()

            at.exchange.whole.extend(["", fault])
            at.exchange.before_batch = hold_the_second
            sending = asyncio.ensure_future(at.sender.send())
            await until(lambda: len(at.exchange.batches) == 2)
            await at.floor.desk.cancel_all()
            at.exchange.arrives.set()
            outcome = await sending
            assert outcome.end is BatchEnd.STOPPED
            assert len(at.exchange.batches) == 2, "nothing leaves after everything was canceled"
            assert len(outcome.not_sent) == 8
            await until(lambda: not at.exchange.resting())

    run(scene(), 20)


def test_after_a_crash_between_two_requests_the_truth_is_found(tmp_path: Path) -> None:
    """Killed after the first request of three: its orders are found, the others proven never to have come."""
    exchange = BatchExchange()

    class PowerCut(BaseException):
        """Nothing runs after this."""

    async def first() -> None:
        async with batch_floor(tmp_path, 16, exchange) as at:
            at.exchange.stream = lambda _: None

            def cut(_: Sequence[Intent]) -> None:
                if exchange.batches:
                    raise PowerCut

            exchange.before_batch = cut
            with pytest.raises(PowerCut):
                await at.sender.send()

    async def second() -> None:
        exchange.before_batch = lambda _: None
        async with trading_floor(tmp_path, exchange) as floor:
            await floor.reconciler.recover()
            assert floor.blotter.count(RowPhase.UNCONFIRMED) == 8
            await until(lambda: not floor.blotter.count(RowPhase.UNCONFIRMED))
            held = await floor.journal.intents_of_batch(1)
            found = [one.state for one in held]
            assert found.count(IntentState.RESTING) == 8
            assert found.count(IntentState.NOT_PLACED) == 8
            assert len(exchange.arrived) == 8

    run(first(), 20)
    run(second(), 20)
