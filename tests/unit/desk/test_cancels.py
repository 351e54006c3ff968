"""Cancels tell the truth about each order, whatever is lost on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from pitdesk.desk.blotter import RowPhase
from pitdesk.kalshi.outcomes import CallOutcome
from pitdesk.orders import BookSide, Source, Verb
from pitdesk.quantities import Count, Price
from pitdesk.time_slice import TimeSlice
from tests.unit.desk.small_exchange import SmallExchange
from tests.unit.desk.trading_floor import FED, NYC, QUICK, Floor, draft, run, trading_floor, until


async def placed(floor: Floor, **changes: object) -> str:
    result = await floor.desk.submit(draft(**changes), Source.TICKET)
    assert result.row_key is not None
    return result.row_key


def test_a_cancel_works_while_the_gate_is_closed(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.gate.close("Reconnecting.")
            result = await floor.desk.cancel([key])
            assert result.canceled == (key,)
            assert result.sentence == "Canceled: Buy 100 Yes at 42¢."
            assert floor.row(key).status_text == "Canceled"
            assert not floor.exchange.resting()
            floor.blotter.flush()
            assert key not in floor.blotter.working()

    run(story())


@pytest.mark.parametrize("fault", ["not sent", "lost on the way", "done, answer lost"])
def test_a_cancel_without_an_answer_is_repeated_and_settled(tmp_path: Path, fault: str) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            floor.exchange.faults.cancel.append(fault)
            result = await floor.desk.cancel([key])
            assert result.canceled == (key,)
            assert not floor.exchange.resting()

    run(story())


def test_a_cancel_that_never_gets_through_leaves_the_row_working_and_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.exchange.faults.cancel.extend(["lost on the way"] * 9)
            result = await floor.desk.cancel([key])
            assert result.failed == (key,)
            assert "may still be working" in result.sentence
            assert floor.row(key).phase is RowPhase.WORKING
            assert "not confirmed" in floor.row(key).note

    run(story())


def test_a_cancel_of_an_order_filled_meanwhile_says_filled(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            order_id = floor.row(key).order_id or ""
            floor.exchange.fill(order_id, Count.of(100))
            result = await floor.desk.cancel([key])
            assert result.failed == (key,)
            assert result.sentence == "Buy 100 Yes at 42¢ is already filled."
            assert floor.row(key).status_text == "Filled"

    run(story())


def test_a_cancel_of_an_order_canceled_meanwhile_counts_as_canceled(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            floor.exchange.end(floor.row(key).order_id or "")
            assert (await floor.desk.cancel([key])).canceled == (key,)
            assert (await floor.desk.cancel([key])).canceled == (key,)

    run(story())


def test_fills_that_nobody_told_of_show_in_the_canceled_order(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            floor.exchange.fill(floor.row(key).order_id or "", Count.of(30))
            await floor.desk.cancel([key])
            assert floor.row(key).filled == Count.of(30)
            assert floor.row(key).status_text == "Partly filled, rest canceled"

    run(story())


@pytest.mark.parametrize("reads_lag", [False, True])
@pytest.mark.parametrize("others", [0, 5])
def test_what_was_taken_off_elsewhere_is_no_fill(tmp_path: Path, others: int, reads_lag: bool) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            keys = [await placed(floor, price=Price.from_cents(1 + other)) for other in range(others)]
            order = floor.exchange.held[floor.row(key).order_id or ""]
            floor.exchange.stale.extend([order] if reads_lag else [])
            await floor.exchange.decrease_order(order, Count.of(80))
            result = await floor.desk.cancel([key, *keys])
            assert set(result.canceled) == {key, *keys}
            assert (floor.row(key).filled, floor.row(key).status_text) == (Count.of(0), "Canceled")

    run(story())


def test_a_refused_cancel_leaves_the_order_working_with_the_reason(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.exchange.faults.cancel.append("refuse")
            result = await floor.desk.cancel([key])
            assert result.failed == (key,)
            assert "The market is closed." in floor.row(key).note
            assert floor.row(key).phase is RowPhase.WORKING

    run(story())


def test_an_unconfirmed_order_is_canceled_as_soon_as_it_is_found(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.faults.create.append("accept, answer lost")
            key = await placed(floor)
            result = await floor.desk.cancel([key])
            assert "canceled when found" in result.sentence
            await until(lambda: floor.row(key).phase is RowPhase.DONE)
            assert floor.row(key).status_text == "Canceled"
            assert not floor.exchange.resting()

    run(story())


def test_one_market_is_canceled_and_the_others_are_left(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            fed = [await placed(floor), await placed(floor)]
            other = await placed(floor, ticker=NYC)
            result = await floor.desk.cancel_market(FED)
            assert sorted(result.canceled) == sorted(fed)
            assert result.sentence == "Canceled 2 orders."
            assert [order.ticker for order in floor.exchange.resting()] == [NYC]
            assert floor.row(other).phase is RowPhase.WORKING

    run(story())


@pytest.mark.parametrize("fault", ["", "leaves the first", "lost on the way", "not sent"])
@pytest.mark.parametrize("stream", [True, False])
def test_cancel_all_takes_everything_off_and_proves_it(tmp_path: Path, fault: str, stream: bool) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=stream) as floor:
            keys = [await placed(floor), await placed(floor, ticker=NYC)]
            elsewhere = floor.exchange.place_elsewhere(
                FED, Verb.SELL_YES.book_side, Price.from_cents(60), Count.of(5)
            )
            if fault:
                floor.exchange.faults.cancel_all.extend([fault] * (1 if fault == "leaves the first" else 2))
            result = await floor.desk.cancel_all()
            assert not floor.exchange.resting()
            assert set(result.canceled) >= set(keys)
            assert not result.failed
            for key in keys:
                assert floor.row(key).phase is RowPhase.DONE
            if stream:
                assert elsewhere.order_id in result.canceled

    run(story())


def test_cancel_all_says_what_is_left_and_why(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            gone = await placed(floor, ticker=NYC)
            floor.exchange.faults.cancel_all.append("leaves the first")
            floor.exchange.faults.cancel.append("refuse")
            result = await floor.desk.cancel_all()
            assert result.failed == (key,)
            assert result.canceled == (gone,)
            assert "Canceled 1 of 2 orders." in result.sentence
            assert "The market is closed." in result.sentence
            assert "within the next minute may be canceled too" in result.sentence

    run(story())


def test_cancel_all_with_nothing_working(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            assert (await floor.desk.cancel_all()).sentence.startswith("Nothing was working.")

    run(story())


def test_a_young_order_that_reads_do_not_show_is_not_called_gone(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False, pace=replace(QUICK, read_lag=60.0)) as floor:
            key = await placed(floor)
            floor.exchange.hidden.add(floor.row(key).order_id or "")
            floor.exchange.faults.cancel_all.append("leaves the first")
            result = await floor.desk.cancel_all()
            assert result.failed == (key,)
            assert "may still be working" in result.sentence
            assert floor.row(key).phase is RowPhase.WORKING
            floor.exchange.hidden.clear()
            assert (await floor.desk.cancel([key])).canceled == (key,)

    run(story())


@pytest.mark.parametrize("fault", ["", "leaves the first", "lost on the way", "done, answer lost"])
def test_many_rows_are_canceled_many_in_a_call_and_in_doubt_singly(tmp_path: Path, fault: str) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            keys = [await placed(floor, price=Price.from_cents(1 + number)) for number in range(27)]
            floor.exchange.requests.clear()
            floor.exchange.faults.cancel_batch.append(fault)
            result = await floor.desk.cancel(keys)
            assert set(result.canceled) == set(keys)
            assert (result.failed, result.left) == ((), ())
            assert not floor.exchange.resting()
            assert [said for said in floor.exchange.requests if said.startswith("cancel ")] == [
                "cancel 20",
                "cancel 7",
            ]
            singly = {"": 0, "leaves the first": 1}.get(fault, 20)
            assert floor.exchange.requests.count("cancel") == singly

    run(story())


def test_an_empty_bucket_is_waited_for_and_never_leaves_an_order(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.exchange.faults.cancel.extend(["too many", "too many"])
            assert (await floor.desk.cancel([key])).canceled == (key,)
            key = await placed(floor, price=Price.from_cents(7))
            floor.exchange.faults.cancel_all.append("too many")
            assert (await floor.desk.cancel_all()).canceled == (key,)
            assert not floor.exchange.resting()

    run(story())


def test_what_is_left_is_told_apart_from_what_ended_otherwise(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            filled, left = await placed(floor), await placed(floor, price=Price.from_cents(7))
            floor.exchange.fill(floor.row(filled).order_id or "", Count.of(100))
            floor.exchange.faults.cancel.extend(["", "refuse"])
            result = await floor.desk.cancel([filled, left])
            assert set(result.failed) == {filled, left}
            assert result.left == (left,)
            floor.exchange.faults.reads.extend(["no answer"] * 9)
            floor.exchange.faults.cancel_all.append("not sent")
            assert not (await floor.desk.cancel_all()).verified

    run(story())


def test_a_cancel_of_very_many_tells_of_each_though_few_that_ended_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT", 3)
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT_S", 0.0)

    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            for cents in range(10, 30):
                floor.exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(cents), Count.of(5))
            assert await floor.reconciler.reconcile("start")
            result = await floor.desk.cancel_all()
            assert len(result.canceled) == 20, result.sentence
            assert not result.failed
            assert result.sentence.startswith("Canceled 20 orders.")

    run(story())


def test_the_call_that_cancels_all_does_not_wait_for_every_row_to_be_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pitdesk.desk.cancel_all.TimeSlice", lambda: TimeSlice(0.0))
    exchange, marked = SmallExchange(), []

    async def story() -> None:
        async with trading_floor(tmp_path, exchange) as floor:
            for cents in range(10, 60):
                exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(cents), Count.of(5))
            assert await floor.reconciler.reconcile("start")
            cancel_all = exchange.cancel_all

            async def noting() -> CallOutcome[None]:
                marked.append(floor.blotter.count(RowPhase.CANCELING))
                return await cancel_all()

            monkeypatch.setattr(exchange, "cancel_all", noting)
            assert len((await floor.desk.cancel_all()).canceled) == 50

    run(story())
    assert marked[0] < 50


async def _many(floor: Floor, orders: int) -> list[str]:
    """So many placed elsewhere, and read."""
    for number in range(orders):
        floor.exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(1 + number % 90), Count.of(5))
    assert await floor.reconciler.reconcile("start")
    floor.exchange.requests.clear()
    return list(floor.blotter.working())


def test_ends_that_the_stream_lost_are_read_from_lists_and_not_one_by_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            keys = await _many(floor, 2_500)
            for key in keys[::50]:
                floor.exchange.fill(floor.row(key).order_id or "", Count.of(5))
            result = await floor.desk.cancel_all()
            said = floor.exchange.requests
            assert set(result.canceled) == set(keys) - set(keys[::50])
            assert (set(result.failed), result.left) == (set(keys[::50]), ())
            assert result.verified
            assert result.sentence.startswith(
                "Canceled 2,450 of 2,500 orders. Buy 5 Yes at 1¢ is already filled"
            )
            assert said == ["cancel all", "orders", *["canceled orders"] * 3, "executed orders"]
            assert not floor.blotter.count(RowPhase.CANCELING)

    run(story())


def test_pages_that_tell_nothing_of_these_orders_are_not_read_for_ever(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            keys = await _many(floor, 30)
            for _ in range(400):  # placed after them, and over: they fill the first pages
                order = floor.exchange.place_elsewhere(NYC, BookSide.BID, Price.from_cents(9), Count.of(1))
                floor.exchange.end(order.order_id)
            floor.exchange.held = {key: floor.exchange.held[key] for key in reversed(floor.exchange.held)}
            floor.exchange.page = 10
            result = await floor.desk.cancel_all()
            assert set(result.canceled) == set(keys)
            assert floor.exchange.requests.count("order") == 30
            assert floor.exchange.requests.count("canceled orders") < 40

    run(story())


@pytest.mark.parametrize("fault", ["hidden", "no answer"])
def test_what_no_list_tells_is_never_told_as_canceled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("pitdesk.desk.cancel_all._LOOKS", 5)

    async def story() -> None:
        async with trading_floor(tmp_path, stream=False, pace=replace(QUICK, read_lag=60.0)) as floor:
            keys = await _many(floor, 60)
            if fault == "hidden":
                floor.exchange.hidden.update(floor.row(key).order_id or "" for key in keys)
            else:
                floor.exchange.faults.reads.extend(["", *["no answer"] * 200])
            result = await floor.desk.cancel_all()
            assert floor.exchange.requests.count("order") == 5
            assert result.canceled == ()
            assert set(result.left) == set(keys)
            assert result.sentence.startswith("Canceled 0 of 60 orders. Buy 5 Yes at 1¢ may still be working")
            assert all(floor.row(key).phase is RowPhase.WORKING for key in keys)
            floor.exchange.hidden.clear()
            floor.exchange.faults.reads.clear()
            assert set((await floor.desk.cancel_all()).canceled) == set(keys)

    run(story())


@pytest.mark.parametrize("fault", ["", "refuse"])
def test_what_came_to_rest_after_the_call_is_found_by_its_own_look_up_and_canceled(
    tmp_path: Path, fault: str
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            keys = await _many(floor, 60)
            floor.exchange.unlisted.update(floor.row(key).order_id or "" for key in keys)
            floor.exchange.faults.cancel_all.append("leaves the first")
            floor.exchange.faults.cancel.append(fault)
            result = await floor.desk.cancel_all()
            assert set(result.canceled) == set(keys[1 if fault else 0 :])
            assert result.left == ((keys[0],) if fault else ())
            if fault:
                assert floor.row(keys[0]).phase is RowPhase.WORKING
                assert "The market is closed." in floor.row(keys[0]).note

    run(story())


def test_two_cancels_of_all_at_once_each_tell_of_every_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a person presses while Pitdesk cancels for one who was away."""
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT", 3)
    monkeypatch.setattr("pitdesk.desk.blotter.ENDED_KEPT_S", 0.0)

    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            await _many(floor, 40)
            floor.blotter.moved.connect(lambda _: floor.blotter.flush())
            floor.exchange.faults.cancel_all.extend(["lost on the way"] * 3)  # the second waits for longer
            one = asyncio.ensure_future(floor.desk.cancel_all())
            other = asyncio.ensure_future(floor.desk.cancel_all())
            for result in await asyncio.gather(one, other):
                assert (len(result.canceled), result.failed) == (40, ()), result.sentence

    run(story())


@pytest.mark.parametrize(
    "fault, said",
    [
        ("not sent", "Nothing was canceled. No connection to the exchange could be made."),
        ("lost on the way", "No order is known here that could be working. The exchange could not be asked"),
        ("", "No order is known here that could be working. The exchange could not be asked"),
    ],
)
def test_before_anything_was_read_nobody_is_told_that_nothing_is_working(
    tmp_path: Path, fault: str, said: str
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            floor.exchange.place_elsewhere(FED, BookSide.BID, Price.from_cents(9), Count.of(5))
            floor.exchange.faults.cancel_all.extend([fault] * 4)
            floor.exchange.faults.reads.extend(["no answer"] * 9)
            result = await floor.desk.cancel_all()
            assert not result.verified
            assert result.sentence.startswith(said)

    run(story())
