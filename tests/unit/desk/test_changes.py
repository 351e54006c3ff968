"""Amend and decrease: written down first, sent once, looked up when the answer is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.order_desk import SubmitKind
from pitdesk.kalshi.outcomes import CallOutcome
from pitdesk.kalshi.records import AmendedOrder
from pitdesk.limits import Issue
from pitdesk.orders import BookSide, Order, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price
from tests.unit.desk.small_exchange import SmallExchange
from tests.unit.desk.trading_floor import FED, Floor, draft, run, trading_floor, until


async def placed(floor: Floor, **changes: object) -> str:
    result = await floor.desk.submit(draft(**changes), Source.TICKET)
    assert result.row_key is not None
    return result.row_key


def test_an_amend_of_a_partly_filled_order_keeps_what_is_filled(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.exchange.fill(floor.row(key).order_id or "", Count.of(30))
            result = await floor.desk.amend(key, Price.from_cents(40), Count.of(50))
            assert result.kind is SubmitKind.PLACED
            order = floor.exchange.resting()[0]
            assert (order.yes_price, order.fill_count, order.remaining_count) == (
                Price.from_cents(40),
                Count.of(30),
                Count.of(50),
            )
            row = floor.row(key)
            assert (row.price, row.filled, row.remaining, row.count) == (
                Price.from_cents(40),
                Count.of(30),
                Count.of(50),
                Count.of(80),
            )
            assert row.phase is RowPhase.WORKING

    run(story())


def test_an_amend_in_no_prices_is_sent_in_yes_prices(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor, verb=Verb.BUY_NO, price=Price.from_cents(61))
            await floor.desk.amend(key, Price.from_cents(60), Count.of(100))
            assert floor.exchange.resting()[0].yes_price == Price.from_cents(40)
            assert floor.row(key).price == Price.from_cents(60)
            assert floor.row(key).verb is Verb.BUY_NO

    run(story())


def test_an_amend_is_judged_in_the_subaccount_of_its_order(tmp_path: Path) -> None:
    """An order in another subaccount closes nothing of what is held in ours."""
    judged: list[OrderDraft] = []

    def check(draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
        judged.append(draft)
        return ()

    async def story() -> None:
        async with trading_floor(tmp_path, check=check) as floor:
            order = floor.exchange.place_elsewhere(FED, BookSide.ASK, Price.from_cents(60), Count.of(5))
            floor.exchange.held[order.order_id] = replace(order, subaccount=3)
            assert await floor.reconciler.reconcile("start")
            result = await floor.desk.amend(order.order_id, Price.from_cents(61), Count.of(9))
            assert result.kind is SubmitKind.PLACED
            assert [draft.subaccount for draft in judged] == [3]

    run(story())


def test_a_decrease_works_while_the_gate_is_closed_and_an_amend_does_not(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.gate.close("Trading is paused.")
            amended = await floor.desk.amend(key, Price.from_cents(40), Count.of(50))
            assert (amended.kind, "Trading is paused." in amended.sentence) == (SubmitKind.DENIED, True)
            assert (await floor.desk.decrease(key, Count.of(25))).kind is SubmitKind.PLACED
            assert floor.exchange.resting()[0].remaining_count == Count.of(25)
            assert floor.row(key).remaining == Count.of(25)

    run(story())


@pytest.mark.parametrize("remaining", [Count(0), Count.of(100), Count.of(101)])
def test_a_decrease_takes_away_some_but_not_all(tmp_path: Path, remaining: Count) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            result = await floor.desk.decrease(key, remaining)
            assert result.kind is SubmitKind.DENIED
            assert floor.exchange.requests == ["create"]

    run(story())


@pytest.mark.parametrize(
    "fault, kind, says",
    [
        ("refuse", SubmitKind.REFUSED, "not on this market's grid"),
        ("not sent", SubmitKind.NOT_SENT, "Nothing was sent."),
    ],
)
def test_a_change_that_did_not_happen_leaves_the_row_as_it_was(
    tmp_path: Path, fault: str, kind: SubmitKind, says: str
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            before = floor.row(key).order
            floor.exchange.faults.change.append(fault)
            result = await floor.desk.amend(key, Price.from_cents(40), Count.of(50))
            assert result.kind is kind
            assert says in result.sentence
            row = floor.row(key)
            assert (row.order, row.phase) == (before, RowPhase.WORKING)
            assert says in row.note

    run(story())


@pytest.mark.parametrize("fault", ["done, answer lost", "lost on the way"])
@pytest.mark.parametrize("kind", ["amend", "decrease"])
def test_a_change_without_an_answer_is_looked_up_and_never_repeated(
    tmp_path: Path, fault: str, kind: str
) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            floor.exchange.faults.change.append(fault)
            if kind == "amend":
                result = await floor.desk.amend(key, Price.from_cents(40), Count.of(50))
            else:
                result = await floor.desk.decrease(key, Count.of(50))
            assert result.kind is SubmitKind.UNCONFIRMED
            assert floor.row(key).phase is RowPhase.AMENDING
            await until(lambda: floor.row(key).phase is RowPhase.WORKING)
            assert floor.exchange.requests.count(kind) == 1
            done = fault == "done, answer lost"
            assert floor.row(key).remaining == Count.of(50 if done else 100)
            assert ("did not happen" in floor.row(key).note) is not done

    run(story())


def test_an_order_gone_before_its_change_says_how_it_ended(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path, stream=False) as floor:
            key = await placed(floor)
            floor.exchange.fill(floor.row(key).order_id or "", Count.of(100))
            result = await floor.desk.amend(key, Price.from_cents(40), Count.of(50))
            assert result.sentence == "Not changed: the order is already filled."
            assert floor.row(key).status_text == "Filled"

    run(story())


def test_every_step_of_a_change_is_written_down(tmp_path: Path) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            await floor.desk.decrease(key, Count.of(50))
            await floor.journal.first_break()
            events = [event for event in await floor.journal.history() if event.kind == "decrease"]
            assert [event.to_state for event in events] == ["ACKED", "SUBMITTED"]
            assert '"remaining": "50.00"' in events[0].data

    run(story())


class BusyExchange(SmallExchange):
    """Its tokens come late: what stands before an amend is asked again only then."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] = lambda: None

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, before: Callable[[], str] | None = None
    ) -> CallOutcome[AmendedOrder]:
        self.meanwhile()
        return await super().amend_order(order, price, total_count, before)


def test_an_amend_does_not_leave_through_a_gate_that_closed_while_it_waited(tmp_path: Path) -> None:
    async def story() -> None:
        exchange = BusyExchange()
        async with trading_floor(tmp_path, exchange) as floor:
            key = await placed(floor)
            exchange.meanwhile = lambda: floor.gate.close("The stream is lost.")
            result = await floor.desk.amend(key, Price.from_cents(50), Count.of(100))
            assert result.kind is SubmitKind.NOT_SENT
            assert "The stream is lost." in result.sentence
            assert exchange.resting()[0].yes_price == Price.from_cents(42)
            assert (floor.row(key).phase, floor.row(key).price) == (RowPhase.WORKING, Price.from_cents(42))

    run(story())


def test_contracts_that_filled_on_the_way_do_not_rest_after_a_reprice(tmp_path: Path) -> None:
    """The answer to a plain re-price leaves the counts out (FACTS §6)."""

    async def story() -> None:
        exchange = BusyExchange()
        async with trading_floor(tmp_path, exchange) as floor:
            key = await placed(floor)
            exchange.meanwhile = lambda: exchange.fill(floor.row(key).order_id or "", Count.of(30))
            exchange.faults.change.append("no counts")
            result = await floor.desk.amend(key, Price.from_cents(41), Count.of(100))
            assert result.kind is SubmitKind.PLACED
            row = floor.row(key)
            assert (row.price, row.filled, row.remaining) == (
                Price.from_cents(41),
                Count.of(30),
                Count.of(70),
            )

    run(story())


@pytest.mark.parametrize("change", ["amend", "decrease"])
def test_a_fill_that_the_stream_tells_before_the_answer_stays(tmp_path: Path, change: str) -> None:
    async def story() -> None:
        async with trading_floor(tmp_path) as floor:
            key = await placed(floor)
            floor.exchange.faults.change.append("filled before the answer")
            if change == "amend":
                await floor.desk.amend(key, Price.from_cents(41), Count.of(80))
            else:
                await floor.desk.decrease(key, Count.of(80))
            row = floor.row(key)
            assert (row.filled, row.remaining) == (Count.of(10), Count.of(70))

    run(story())
