"""Whatever is pressed, sent as a batch, changed, filled, lost and begun anew, in whatever order: no order
that adds to what is at stake arrives at the exchange beyond a hard limit."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pitdesk.desk.batch.rows import Field, Texts, texts_of
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.results import SubmitKind
from pitdesk.limits import Risks
from pitdesk.orders import Source, TimeInForce, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Price
from tests.unit.desk.limit_ground import TICKERS, LimitedFloor, StrictExchange, breathe, limited_floor
from tests.unit.desk.trading_floor import draft, run, until
from tests.unit.practice.floor import how_many

FAULTS = ["", "", "", "lost on the way", "late", "accept, answer lost", "accept, 503", "wrong echo", "refuse"]
ORDERS = st.tuples(
    st.sampled_from(TICKERS),
    st.sampled_from(list(Verb)),
    st.sampled_from([10, 30, 45, 60, 90]),
    st.sampled_from([5, 20, 50, 80, 140]),
)
CHANGE_FAULTS = ["", "", "lost on the way", "done, answer lost", "refuse"]
STEPS = st.one_of(
    st.tuples(st.just("press"), ORDERS, st.sampled_from(FAULTS)),
    st.tuples(st.just("press"), ORDERS, st.just("")),
    st.tuples(
        st.just("batch"),
        st.lists(ORDERS, min_size=1, max_size=5),
        st.sampled_from(["", "", "lost on the way", "accept, answer lost"]),
    ),
    st.tuples(st.just("both"), st.lists(ORDERS, min_size=2, max_size=4), st.integers(0, 6)),
    st.tuples(st.just("amend"), st.integers(0, 9), ORDERS, st.sampled_from(CHANGE_FAULTS)),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.sampled_from(["", "done, answer lost"])),
    st.tuples(st.just("fill"), st.integers(0, 9), st.sampled_from([10, 40, 200])),
    st.tuples(st.just("trades at once"), st.sampled_from(TICKERS), st.sampled_from([0, 10, 60])),
    st.tuples(st.just("stream"), st.booleans(), st.just(0)),
    st.tuples(st.just("fills come"), st.integers(1, 4), st.just(0)),
    st.tuples(st.just("late arrival"), st.just(0), st.just(0)),
    st.tuples(st.just("reconcile"), st.just(0), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)


def row(order: tuple[str, Verb, int, int]) -> Texts:
    ticker, verb, cents, count = order
    return texts_of(
        {Field.MARKET: ticker, Field.VERB: verb.value, Field.PRICE: str(cents), Field.COUNT: str(count)}
    )


async def press(ground: LimitedFloor, order: tuple[str, Verb, int, int]) -> SubmitKind:
    ticker, verb, cents, count = order
    asked = draft(ticker=ticker, verb=verb, price=Price.from_cents(cents), count=Count.of(count))
    return (await ground.floor.desk.submit(asked, Source.TICKET, confirmed=True)).kind


async def send_batch(ground: LimitedFloor, orders: list[tuple[str, Verb, int, int]]) -> None:
    ground.draft.replace_all([row(order) for order in orders])
    await ground.sender.send(confirmed=True)


async def both(ground: LimitedFloor, orders: list[tuple[str, Verb, int, int]], turns: int) -> None:
    """A press while a batch is just being written down."""
    sending = asyncio.ensure_future(send_batch(ground, orders[1:]))
    await breathe(turns)
    await press(ground, orders[0])
    await sending


async def step(ground: LimitedFloor, what: str, first: object, *more: object) -> None:
    exchange, blotter = ground.exchange, ground.floor.blotter
    exchange.begin_step()
    working = [one for one in blotter.working().values() if not one.phase.is_final]
    row_meant = working[first % len(working)] if isinstance(first, int) and working else None
    if what == "press":
        exchange.faults.create.append(str(more[0]))
        await press(ground, first)  # type: ignore[arg-type]
        exchange.faults.create.clear()
    elif what == "batch":
        exchange.whole.append(str(more[0]))
        await send_batch(ground, first)  # type: ignore[arg-type]
        exchange.whole.clear()
    elif what == "both":
        await both(ground, first, more[0])  # type: ignore[arg-type]
    elif what == "amend" and row_meant is not None:
        _, _, cents, count = more[0]  # type: ignore[misc]
        exchange.faults.change.append(str(more[1]))
        await ground.floor.desk.amend(row_meant.key, Price.from_cents(cents), Count.of(count), confirmed=True)
        exchange.faults.change.clear()
    elif what == "cancel" and row_meant is not None:
        exchange.faults.cancel.extend([str(more[0])] * 3)
        await ground.floor.desk.cancel([row_meant.key])
        exchange.faults.cancel.clear()
    else:
        await exchange_acts(ground, what, first, more[0])


async def exchange_acts(ground: LimitedFloor, what: str, first: object, second: object) -> None:
    exchange, resting = ground.exchange, ground.exchange.resting()
    if what == "fill" and resting:
        order = resting[first % len(resting)]  # type: ignore[operator]
        exchange.fill(order.order_id, min(order.remaining_count, Count.of(second)))  # type: ignore[arg-type]
    elif what == "trades at once":
        exchange.takes[str(first)] = Count.of(second)  # type: ignore[arg-type]
    elif what == "stream":
        exchange.stream = ground.floor.reconciler.order_said if first else lambda _order: None
    elif what == "fills come":
        ground.deliver(first)  # type: ignore[arg-type]
    elif what == "late arrival":
        exchange.deliver_late()
    elif what == "reconcile":
        await ground.floor.reconciler.reconcile("test")
    await breathe()


async def told_all(ground: LimitedFloor) -> None:
    """At a start nothing is sent before the account was read."""
    await ground.floor.reconciler.recover()
    assert await ground.floor.reconciler.reconcile("start")
    await until(lambda: not ground.floor.blotter.count(RowPhase.AMENDING))


async def play(folder: Path, exchange: StrictExchange, steps: list[tuple[object, ...]]) -> None:
    left = list(steps)
    while True:
        async with limited_floor(folder, exchange) as ground:
            await told_all(ground)
            while left:
                what, *more = left.pop(0)
                if what == "restart":
                    break
                await step(ground, str(what), *more)
                assert exchange.passed == []
            else:
                exchange.deliver_late()
                assert exchange.passed == []
                return


@pytest.mark.sequences
@settings(
    max_examples=how_many(60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(STEPS, min_size=4, max_size=24))
def test_no_order_passes_a_hard_limit(steps: list[tuple[object, ...]]) -> None:
    exchange = StrictExchange()
    exchange.signature_ms = 30
    with tempfile.TemporaryDirectory() as folder:
        run(play(Path(folder), exchange, steps), 30.0)


def test_the_exchange_of_this_test_sees_an_order_beyond_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what is known of the risks each of the four, and the number of open orders, is passed."""
    from pitdesk.desk.risk import RiskBook
    from tests.unit.test_limits import AT_EASE

    monkeypatch.setattr(RiskBook, "risks", lambda *_: AT_EASE)

    async def whole() -> list[str]:
        exchange = StrictExchange()
        exchange.takes["F-A"] = Count.of(50)
        async with limited_floor(tmp_path, exchange) as ground:
            await press(ground, ("E-A", Verb.BUY_YES, 60, 140))
            await press(ground, ("E-B", Verb.BUY_NO, 60, 140))
            await press(ground, ("F-A", Verb.BUY_YES, 90, 50))
            await press(ground, ("F-A", Verb.SELL_YES, 10, 50))
            exchange.begin_step()
            await press(ground, ("F-A", Verb.BUY_YES, 10, 5))
        return exchange.passed

    passed = "\n".join(run(whole()))
    assert Risks() != AT_EASE
    for what in ("in the market", "in the event", "spent", "the day had lost"):
        assert what in passed


def test_a_second_press_before_the_fill_of_the_first_has_come(tmp_path: Path) -> None:
    async def whole() -> list[SubmitKind]:
        exchange = StrictExchange()
        exchange.takes["E-A"] = Count.of(100)
        async with limited_floor(tmp_path, exchange) as ground:
            first = await press(ground, ("E-A", Verb.BUY_YES, 50, 100))
            ground.floor.blotter.flush()
            second = await press(ground, ("E-A", Verb.BUY_YES, 45, 50))
            ground.deliver()
            third = await press(ground, ("E-A", Verb.BUY_YES, 10, 80))
            shrinks = await press(ground, ("E-A", Verb.SELL_YES, 60, 100))
        assert exchange.passed == []
        return [first, second, third, shrinks]

    assert run(whole()) == [SubmitKind.PLACED, SubmitKind.DENIED, SubmitKind.PLACED, SubmitKind.PLACED]


def test_a_change_whose_answer_was_lost_counts_as_the_worse_of_the_two(tmp_path: Path) -> None:
    async def whole() -> list[SubmitKind]:
        exchange = StrictExchange()
        async with limited_floor(tmp_path, exchange) as ground:
            await press(ground, ("E-A", Verb.BUY_YES, 30, 100))
            (key,) = ground.floor.blotter.working_keys
            exchange.stream = lambda _order: None
            exchange.faults.reads.extend(["no answer"] * 1_000)
            exchange.faults.change.append("done, answer lost")
            changed = await ground.floor.desk.amend(key, Price.from_cents(50), Count.of(100), confirmed=True)
            kinds = [changed.kind, await press(ground, ("E-A", Verb.BUY_YES, 10, 101))]
            kinds.append(await press(ground, ("E-A", Verb.BUY_YES, 10, 100)))
            exchange.faults.reads.clear()
            await until(lambda: not ground.floor.blotter.count(RowPhase.AMENDING))
            kinds.append(await press(ground, ("E-A", Verb.BUY_YES, 1, 1)))
        assert exchange.passed == []
        return kinds

    unconfirmed, placed, denied = SubmitKind.UNCONFIRMED, SubmitKind.PLACED, SubmitKind.DENIED
    assert run(whole()) == [unconfirmed, denied, placed, denied]


def test_a_press_while_a_batch_is_written_down_sees_what_the_batch_will_cost(tmp_path: Path) -> None:
    async def whole() -> int:
        exchange = StrictExchange()
        async with limited_floor(tmp_path, exchange) as ground:
            sending = asyncio.ensure_future(send_batch(ground, [("E-A", Verb.BUY_YES, 45, 80)] * 1))
            for _ in range(40):
                await breathe(1)
                await press(ground, ("E-A", Verb.BUY_YES, 30, 140))
                if sending.done():
                    break
            await sending
        assert exchange.passed == []
        return len(exchange.arrived)

    assert run(whole()) == 1


def test_the_days_spend_survives_a_restart(tmp_path: Path) -> None:
    async def whole() -> list[SubmitKind]:
        exchange = StrictExchange()
        kinds = []
        for ticker in TICKERS:
            exchange.takes[ticker] = Count.of(100)
            async with limited_floor(tmp_path, exchange) as ground:
                await told_all(ground)
                kinds.append(await press(ground, (ticker, Verb.BUY_YES, 45, 100)))
                ground.deliver()
                kinds.append(await press(ground, (ticker, Verb.SELL_YES, 45, 100)))
        async with limited_floor(tmp_path, exchange) as ground:
            await told_all(ground)
            kinds.append(await press(ground, ("F-A", Verb.BUY_YES, 30, 60)))
            kinds.append(await press(ground, ("F-A", Verb.BUY_YES, 30, 50)))
        assert exchange.passed == []
        return kinds

    assert run(whole()) == [*[SubmitKind.PLACED] * 6, SubmitKind.DENIED, SubmitKind.PLACED]


@pytest.mark.parametrize(
    "verb, kind", [(Verb.SELL_YES, SubmitKind.PLACED), (Verb.BUY_YES, SubmitKind.DENIED)]
)
def test_after_the_days_loss_only_what_shrinks_is_sent(tmp_path: Path, verb: Verb, kind: SubmitKind) -> None:
    async def whole() -> SubmitKind:
        exchange = StrictExchange()
        exchange.takes["E-A"] = Count.of(60)
        async with limited_floor(tmp_path, exchange) as ground:
            await press(ground, ("E-A", Verb.BUY_YES, 60, 60))
            await press(ground, ("E-A", Verb.SELL_YES, 10, 50))
            ground.deliver()
            exchange.takes["E-A"] = COUNT_ZERO
            assert str(ground.holdings.positions["E-A"].count) == "10"
            return await press(ground, ("E-A", verb, 60, 10))

    assert run(whole()) is kind


def test_a_loss_whose_fills_are_on_their_way_counts_already(tmp_path: Path) -> None:
    async def whole() -> list[SubmitKind]:
        exchange = StrictExchange()
        exchange.takes["F-A"] = Count.of(60)
        async with limited_floor(tmp_path, exchange) as ground:
            opened = await press(ground, ("F-A", Verb.BUY_YES, 90, 50))
            other = await press(ground, ("E-B", Verb.BUY_NO, 45, 5))
            closed = await press(ground, ("F-A", Verb.SELL_YES, 40, 50))
            kinds = [opened, other, closed, await press(ground, ("E-B", Verb.BUY_NO, 45, 6))]
            ground.deliver()
            kinds.append(await press(ground, ("E-B", Verb.BUY_NO, 45, 7)))
        assert exchange.passed == []
        return kinds

    placed, denied = SubmitKind.PLACED, SubmitKind.DENIED
    assert run(whole()) == [placed, placed, placed, denied, denied]


def test_reduce_only_passes_whatever_the_limits_say(tmp_path: Path) -> None:
    async def whole() -> SubmitKind:
        exchange = StrictExchange()
        exchange.takes["E-A"] = Count.of(100)
        async with limited_floor(tmp_path, exchange) as ground:
            await press(ground, ("E-A", Verb.BUY_YES, 60, 100))
            ground.deliver()
            ground.holdings.positions_known = False
            asked = draft(
                ticker="E-A",
                verb=Verb.SELL_YES,
                price=Price.from_cents(50),
                count=Count.of(100),
                reduce_only=True,
                time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
            )
            assert await press(ground, ("E-A", Verb.BUY_YES, 1, 1)) is SubmitKind.DENIED
            return (await ground.floor.desk.submit(asked, Source.TICKET, confirmed=True)).kind

    assert run(whole()) is SubmitKind.PLACED
