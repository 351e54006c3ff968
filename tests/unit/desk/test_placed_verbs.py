"""A fill is told by the verb that its order was placed by, whenever that comes to be known."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.placed_verbs import PlacedVerbs
from pitdesk.journal import IntentState, Journal, JournaledIntent, JournalError
from pitdesk.orders import BookSide, Fill, Intent, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Dollars, Price
from pitdesk.tasks import TaskOwner
from tests.unit.desk.test_order_history import order

HERE = "Practice"
SOLD_NO = OrderDraft(
    ticker="KXFED-26DEC-C25", verb=Verb.SELL_NO, count=Count.of(5), price=Price.from_cents(60)
)


def fill(order_id: str = "o1", side: BookSide = BookSide.BID) -> Fill:
    return Fill(
        trade_id=f"t-{order_id}",
        order_id=order_id,
        ticker=SOLD_NO.ticker,
        book_side=side,
        yes_price=Price.from_cents(40),
        count=Count.of(5),
        fee=Dollars(0),
        is_taker=False,
        created_ms=1_000,
    )


class Ground:
    """An open journal, a blotter, and the verbs that are told."""

    def __init__(self, journal: Journal) -> None:
        self.failures: list[str] = []
        self.journal, self.blotter = journal, Blotter(Clock())
        self.owner = TaskOwner(lambda name, error: self.failures.append(f"{name}: {error}"))
        self.verbs = PlacedVerbs(journal, self.blotter, self.owner, HERE)
        self.told: list[frozenset[str]] = []
        self.verbs.learned.connect(self.told.append)

    async def write(self, key: str, order_id: str, environment: str = HERE) -> Intent:
        intent = Intent(key, SOLD_NO, Source.TICKET, 1_000)
        await self.journal.write_intent(intent, b"{}", environment)
        await self.journal.record(key, IntentState.ACKED, "accepted", order_id=order_id)
        return intent


@pytest.fixture
def play(tmp_path: Any, run_async: Any) -> Any:
    def run(scene: Any) -> None:
        async def whole() -> None:
            journal = Journal()
            assert (await journal.open(tmp_path / "journal.db")).usable
            ground = Ground(journal)
            try:
                await scene(ground)
                await ground.owner.drain(60.0)
            finally:
                ground.verbs.close()
                await journal.close()
            assert ground.failures == []

        run_async(whole())

    return run


def test_an_order_of_another_day_is_told_as_it_was_placed(play: Any) -> None:
    async def scene(ground: Ground) -> None:
        await ground.write("mine", "o1")
        assert ground.verbs.verb_of(fill()) is Verb.BUY_YES
        ground.verbs.ask([fill(), fill("elsewhere")])
        await ground.owner.drain(60.0)
        assert ground.told == [frozenset({"o1"})]
        assert ground.verbs.verb_of(fill()) is Verb.SELL_NO
        assert ground.verbs.verb_of(fill("elsewhere")) is Verb.BUY_YES

    play(scene)


def test_an_order_of_ours_that_was_met_without_its_intent_is_told_as_it_was_placed(play: Any) -> None:
    """As when its row was forgotten and the exchange lists it once more."""

    async def scene(ground: Ground) -> None:
        await ground.write("mine", "o1")
        ground.blotter.apply_order(order(1, OrderStatus.EXECUTED))
        ground.verbs.ask([fill()])
        await ground.owner.drain(60.0)
        assert ground.verbs.verb_of(fill()) is Verb.SELL_NO

    play(scene)


def test_what_the_journal_could_not_tell_once_is_asked_again(
    play: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(ground: Ground) -> None:
        await ground.write("mine", "o1")

        async def broken(_: object) -> dict[str, JournaledIntent]:
            raise JournalError("The disk does not answer.")

        with monkeypatch.context() as patch:
            patch.setattr(ground.journal, "intents_of_orders", broken)
            ground.verbs.ask([fill()])
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        ground.verbs.ask([fill()])
        await ground.owner.drain(60.0)
        assert ground.verbs.verb_of(fill()) is Verb.SELL_NO

    play(scene)


def test_the_same_order_id_of_another_exchange_tells_nothing(play: Any) -> None:
    async def scene(ground: Ground) -> None:
        await ground.write("mine", "o1", "Demo")
        ground.verbs.ask([fill()])
        await ground.owner.drain(60.0)
        assert ground.verbs.verb_of(fill()) is Verb.BUY_YES

    play(scene)


def test_a_fill_before_its_answer_is_told_once_the_answer_has_come(play: Any) -> None:
    async def scene(ground: Ground) -> None:
        intent = Intent("mine", SOLD_NO, Source.TICKET, 1_000)
        ground.blotter.add_intent(intent)
        ground.verbs.ask([fill()])
        assert ground.verbs.verb_of(fill()) is Verb.BUY_YES
        said = replace(order(1, OrderStatus.EXECUTED), client_order_id="mine", fill_count=Count.of(5))
        ground.blotter.apply_order(replace(said, remaining_count=COUNT_ZERO))
        assert ground.told == [frozenset({"o1"})]
        assert ground.verbs.verb_of(fill()) is Verb.SELL_NO

    play(scene)


def test_a_verb_of_the_other_side_is_not_believed(play: Any) -> None:
    async def scene(ground: Ground) -> None:
        await ground.write("mine", "o1")
        ground.verbs.ask([fill()])
        await ground.owner.drain(60.0)
        assert ground.verbs.verb_of(fill(side=BookSide.ASK)) is Verb.SELL_YES

    play(scene)


def test_each_order_is_looked_up_once(play: Any) -> None:
    async def scene(ground: Ground) -> None:
        await ground.write("mine", "o1")
        for _ in range(3):
            ground.verbs.ask([fill(), fill("elsewhere")])
        await ground.owner.drain(60.0)
        assert ground.told == [frozenset({"o1"})]

    play(scene)
