"""Whatever happens in whatever order, in the end the blotter, the journal and the exchange agree."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.order_facts import state_of
from pitdesk.desk.order_tools import Pace
from pitdesk.orders import BookSide, Source, Verb
from pitdesk.quantities import Count, Price
from tests.unit.desk.small_exchange import SmallExchange
from tests.unit.desk.trading_floor import FED, NYC, Floor, draft, run, trading_floor, until

CREATE_FAULTS = [
    "",
    "",
    "not sent",
    "lost on the way",
    "late",
    "refuse",
    "duplicate",
    "accept, answer lost",
    "accept, 503",
    "wrong echo",
    "stream first",
]
CANCEL_FAULTS = ["", "", "not sent", "refuse", "lost on the way", "done, answer lost"]
CHANGE_FAULTS = ["", "", "not sent", "refuse", "lost on the way", "done, answer lost"]
STEPS = st.one_of(
    st.tuples(st.just("submit"), st.sampled_from(CREATE_FAULTS), st.sampled_from(list(Verb))),
    st.tuples(st.just("cancel"), st.sampled_from(CANCEL_FAULTS), st.integers(0, 9)),
    st.tuples(st.just("amend"), st.sampled_from(CHANGE_FAULTS), st.integers(0, 9)),
    st.tuples(st.just("decrease"), st.sampled_from(CHANGE_FAULTS), st.integers(0, 9)),
    st.tuples(st.just("cancel all"), st.sampled_from(["", "leaves the first", "not sent"]), st.just(0)),
    st.tuples(st.just("exchange"), st.sampled_from(["fill", "end", "elsewhere"]), st.integers(0, 9)),
    st.tuples(st.just("stream"), st.sampled_from(["lost", "back"]), st.just(0)),
    st.tuples(st.just("reads fail"), st.just(""), st.integers(1, 2)),
    st.tuples(st.just("reconcile"), st.just(""), st.just(0)),
    st.tuples(st.just("late arrival"), st.just(""), st.just(0)),
    st.tuples(st.just("restart"), st.just(""), st.just(0)),
)
SWIFT = Pace(lag=(0.0, 0.001), look_up=(0.002, 0.004), fence=0.03, scan_gap=0.002, read_lag=0.02)


@dataclass
class Story:
    """The steps not played yet, and what was pressed so far."""

    exchange: SmallExchange
    left: list[tuple[str, str, object]]
    pressed: list[str] = field(default_factory=list)

    async def play(self, floor: Floor) -> None:
        """Play until the next restart or the end."""
        while self.left:
            what, how, which = self.left.pop(0)
            if what == "restart":
                return
            await self._step(floor, what, how, which)

    async def _step(self, floor: Floor, what: str, how: str, which: object) -> None:
        if what == "submit":
            await self._submit(floor, how, which)
        elif what in ("cancel", "cancel all"):
            await self._cancel(floor, what, how, which)
        elif what in ("amend", "decrease"):
            await self._change(floor, what, how, which)
        elif what == "reconcile":
            await floor.reconciler.reconcile("test")
        else:
            self._exchange_acts(floor, what, how, which)

    async def _submit(self, floor: Floor, fault: str, verb: object) -> None:
        assert isinstance(verb, Verb)
        self.exchange.faults.create.append(fault)
        result = await floor.desk.submit(draft(verb=verb, ticker=NYC), Source.TICKET)
        self.exchange.faults.create.clear()
        self.pressed.append(result.row_key or "")

    async def _cancel(self, floor: Floor, what: str, fault: str, which: object) -> None:
        if what == "cancel all":
            self.exchange.faults.cancel_all.append(fault)
            await floor.desk.cancel_all()
        else:
            self.exchange.faults.cancel.extend([fault] * 3)
            await floor.desk.cancel(_chosen(floor, which))
        self.exchange.faults.cancel_all.clear()
        self.exchange.faults.cancel.clear()

    async def _change(self, floor: Floor, what: str, fault: str, which: object) -> None:
        self.exchange.faults.change.append(fault)
        for key in _chosen(floor, which):
            if what == "amend":
                await floor.desk.amend(key, Price.from_cents(33), Count.of(70))
            else:
                await floor.desk.decrease(key, Count.of(40))
        self.exchange.faults.change.clear()

    def _exchange_acts(self, floor: Floor, what: str, how: str, which: object) -> None:
        exchange, resting = self.exchange, self.exchange.resting()
        number = which if isinstance(which, int) else 0
        if what == "late arrival":
            exchange.deliver_late()
        elif what == "stream":
            exchange.stream = floor.reconciler.order_said if how == "back" else lambda _order: None
        elif what == "reads fail":
            exchange.faults.reads.extend(["no answer"] * number)
        elif how == "elsewhere":
            exchange.place_elsewhere(FED, BookSide.ASK, Price.from_cents(77), Count.of(3))
        elif resting and how == "fill":
            order = resting[number % len(resting)]
            exchange.fill(order.order_id, min(order.remaining_count, Count.of(25)))
        elif resting:
            exchange.end(resting[number % len(resting)].order_id)


def _chosen(floor: Floor, which: object) -> list[str]:
    keys = [row.key for row in floor.blotter.working().values() if not row.phase.is_final]
    return [keys[which % len(keys)]] if keys and isinstance(which, int) else []


async def settled(floor: Floor) -> None:
    """The network is well again: everything is looked up and read."""
    floor.exchange.faults.reads.clear()
    floor.exchange.deliver_late()
    await until(
        lambda: not floor.blotter.count(RowPhase.UNCONFIRMED) and not floor.blotter.count(RowPhase.AMENDING)
    )
    last_word = max((order.updated_ms or 0 for order in floor.exchange.held.values()), default=0)
    await until(lambda: floor.exchange.clock.wall_ms() - last_word > 2 * SWIFT.read_lag * 1_000)
    assert await floor.reconciler.reconcile("test")
    floor.blotter.flush()


async def check(floor: Floor, story: Story) -> None:
    """The exchange's own log against the journal and what the screen would show."""
    exchange = floor.exchange
    arrived = [intent.client_order_id for intent in exchange.arrived]
    assert len(arrived) == len(set(arrived)), "an order was placed twice"
    events = await floor.journal.history(10_000)
    called_absent = {event.subject for event in events if event.to_state == "NOT_PLACED"}
    assert not called_absent.intersection(arrived), "an order was called absent that arrived"
    held = await floor.journal.intents_of(story.pressed)
    assert set(arrived) <= set(held), "an order without a line in the journal"
    resting = {order.order_id: order for order in exchange.resting()}
    shown = {row.order_id: row for row in floor.blotter.working().values()}
    assert set(shown) == set(resting)
    for order_id, row in shown.items():
        order = resting[order_id or ""]
        assert (row.filled, row.remaining) == (order.fill_count, order.remaining_count)
        assert row.yes_price == order.yes_price
        assert (row.source is Source.TICKET) == (order.client_order_id in held)
    by_client = {order.client_order_id: order for order in exchange.held.values()}
    for key, line in held.items():
        if key in by_client:
            assert line.state is state_of(by_client[key])
        else:
            assert line.state.value in ("REJECTED", "NOT_SENT", "NOT_PLACED")
    assert await floor.journal.first_break() is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=14), st.sampled_from([0, 10]))
def test_in_the_end_all_agree(steps: list[tuple[str, str, object]], read_lag_ms: int) -> None:
    async def whole(folder: Path) -> None:
        story = Story(SmallExchange(), list(steps))
        story.exchange.signature_ms = 30
        story.exchange.shown_after_ms = story.exchange.reads_behind_ms = read_lag_ms
        while True:
            async with trading_floor(folder, story.exchange, pace=SWIFT) as floor:
                await floor.reconciler.recover()
                await floor.reconciler.reconcile("start")
                await story.play(floor)
                if not story.left:
                    await settled(floor)
                    await check(floor, story)
                    return

    with tempfile.TemporaryDirectory() as folder:
        run(whole(Path(folder)))
