"""The store of orders: rows from intents and orders, change sets by frames, figures that stay right."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pitdesk.desk.blotter import Blotter, BlotterChanges, RowPhase
from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, TimeInForce, Verb
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price
from tests.unit.desk.trading_floor import run

CENTS = Price.from_cents


def order(number: int = 1, **changes: object) -> Order:
    plain = Order(
        order_id=f"ex-{number}",
        client_order_id="",
        ticker="FED",
        book_side=BookSide.BID,
        yes_price=CENTS(40),
        initial_count=Count.of(100),
        fill_count=COUNT_ZERO,
        remaining_count=Count.of(100),
        status=OrderStatus.RESTING,
        created_ms=1_000 + number,
        updated_ms=1_000 + number,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def intent(key: str = "ours", **changes: object) -> Intent:
    draft = replace(OrderDraft("FED", Verb.BUY_NO, Count.of(100), CENTS(61)), **changes)  # type: ignore[arg-type]
    return Intent(key, draft, Source.LADDER, 500)


def filled(held: Order, contracts: int) -> Order:
    left = held.remaining_count - Count.of(contracts)
    return replace(
        held,
        fill_count=held.fill_count + Count.of(contracts),
        remaining_count=left,
        status=OrderStatus.RESTING if left else OrderStatus.EXECUTED,
        updated_ms=(held.updated_ms or 0) + 1,
    )


def told(blotter: Blotter) -> list[BlotterChanges]:
    changes: list[BlotterChanges] = []
    blotter.changed.connect(changes.append)
    return changes


def test_a_row_keeps_its_key_verb_and_price_from_intent_to_order() -> None:
    blotter = Blotter()
    blotter.add_intent(intent())
    row = blotter.apply_order(order(client_order_id="ours", book_side=BookSide.ASK, yes_price=CENTS(39)))
    assert (row.key, row.verb, row.price, row.source) == ("ours", Verb.BUY_NO, CENTS(61), Source.LADDER)
    assert blotter.by_order_id("ex-1") is row
    assert list(blotter.working_keys) == ["ours"]
    assert row.yes_price == CENTS(39)


def test_the_texts_of_the_columns() -> None:
    blotter = Blotter()
    blotter.add_intent(intent(time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL))
    row = blotter.row("ours")
    assert row is not None
    assert (row.status_text, row.time_in_force, row.expires_ms) == ("Sending…", "IOC", None)
    assert (row.count, row.filled, row.remaining) == (Count.of(100), COUNT_ZERO, Count.of(100))
    row = blotter.apply_order(order(2, expiration_ms=9_000))
    assert (row.status_text, row.time_in_force, row.expires_ms) == ("Resting", "GTC", 9_000)
    row = blotter.apply_order(filled(order(2), 45))
    assert (row.status_text, row.filled, row.remaining) == ("Partly filled", Count.of(45), Count.of(55))
    ends = {
        "Filled": filled(order(3), 100),
        "Canceled": order(4, status=OrderStatus.CANCELED, remaining_count=COUNT_ZERO),
        "Expired": order(5, status=OrderStatus.CANCELED, last_update_reason="ExpiryCancel"),
        "Partly filled, rest canceled": replace(filled(order(6), 1), status=OrderStatus.CANCELED),
        "Held for review": order(7, status=OrderStatus.UNKNOWN, status_word="held for review"),
    }
    assert {blotter.apply_order(end).status_text for end in ends.values()} == set(ends)


def test_what_is_done_leaves_working_with_its_change_set_and_can_still_be_asked_for() -> None:
    blotter = Blotter()
    changes = told(blotter)
    blotter.apply_order(order())
    blotter.flush()
    blotter.apply_order(filled(order(), 100))
    assert "ex-1" in blotter.working()
    assert blotter.own_orders("FED") == []
    blotter.flush()
    assert [(one.added, one.updated, one.removed) for one in changes] == [
        (("ex-1",), (), ()),
        ((), (), ("ex-1",)),
    ]
    assert not blotter.working()
    row = blotter.row("ex-1")
    assert row is not None
    assert row.status_text == "Filled"


def test_a_row_that_comes_and_goes_within_a_frame_is_not_told_of() -> None:
    blotter = Blotter()
    changes = told(blotter)
    blotter.apply_order(filled(order(), 100))
    blotter.flush()
    assert changes == []
    assert blotter.row("ex-1") is not None


def test_what_tells_nothing_new_changes_nothing() -> None:
    blotter = Blotter()
    changes = told(blotter)
    blotter.apply_order(order())
    blotter.flush()
    blotter.apply_order(order())
    blotter.apply_order(order(updated_ms=1))
    blotter.apply_queue({"ex-9": Count.of(1)})
    blotter.flush()
    assert len(changes) == 1


def test_a_row_given_up_comes_back_when_the_exchange_says_it_rests() -> None:
    blotter = Blotter()
    blotter.apply_order(order())
    blotter.set_phase("ex-1", RowPhase.DONE, "The exchange does not list this order.")
    blotter.flush()
    assert not blotter.working()
    changes = told(blotter)
    blotter.apply_order(order(updated_ms=2_000))
    blotter.flush()
    assert changes[0].added == ("ex-1",)
    assert blotter.count(RowPhase.WORKING) == 1
    assert blotter.committed() == Dollars.of(40)


def test_what_we_do_to_a_row_stands_until_it_ends() -> None:
    blotter = Blotter()
    blotter.apply_order(order())
    blotter.set_phase("ex-1", RowPhase.CANCELING)
    row = blotter.apply_order(filled(order(), 10))
    assert (row.phase, row.status_text) == (RowPhase.CANCELING, "Canceling…")
    assert blotter.apply_order(filled(order(), 100)).phase is RowPhase.DONE


def test_a_place_in_the_queue_is_not_told_of_another_price_or_of_more_contracts() -> None:
    blotter = Blotter()
    for number in (1, 2, 3):
        blotter.apply_order(order(number))
    blotter.apply_queue({f"ex-{number}": Count.of(740) for number in (1, 2, 3)})
    moved = blotter.apply_order(order(1, yes_price=CENTS(99), updated_ms=2_000))
    larger = blotter.apply_order(
        order(2, initial_count=Count.of(101), remaining_count=Count.of(101), updated_ms=2_000)
    )
    assert (moved.queue_ahead, larger.queue_ahead) == (None, None)
    assert blotter.apply_order(filled(order(3), 10)).queue_ahead == Count.of(740), "less keeps its place"


def test_an_unconfirmed_order_counts_in_full() -> None:
    blotter = Blotter()
    blotter.add_intent(intent())
    blotter.set_phase("ours", RowPhase.UNCONFIRMED, "Checking.")
    assert blotter.committed() == Dollars.of(61)
    assert blotter.keys_in(RowPhase.UNCONFIRMED) == ("ours",)
    blotter.set_phase("ours", RowPhase.NOT_SENT, "Never reached the exchange.")
    assert blotter.committed() == DOLLARS_ZERO
    assert blotter.keys_in(RowPhase.UNCONFIRMED) == ()


def test_an_order_in_a_state_that_is_not_known_holds_its_cash_until_it_is_known_to_have_ended() -> None:
    blotter = Blotter()
    blotter.apply_order(order(1))
    held = order(1, status=OrderStatus.UNKNOWN, status_word="under review", updated_ms=2_000)
    blotter.apply_order(held)
    assert blotter.committed() == Dollars.of(40)
    over = replace(held, status=OrderStatus.CANCELED, remaining_count=COUNT_ZERO, updated_ms=3_000)
    blotter.apply_order(over)
    assert blotter.committed() == DOLLARS_ZERO


def test_an_order_remembered_from_the_journal_is_ours() -> None:
    blotter = Blotter()
    blotter.remember([intent()])
    assert blotter.knows("ours")
    row = blotter.apply_order(order(client_order_id="ours", book_side=BookSide.ASK, yes_price=CENTS(39)))
    assert (row.key, row.source) == ("ours", Source.LADDER)


def test_frames_gather_changes_and_listeners_are_told_by_themselves() -> None:
    async def story() -> list[BlotterChanges]:
        blotter = Blotter()
        changes = told(blotter)
        heard = asyncio.Event()
        blotter.changed.connect(lambda _: heard.set())
        for number in range(50):
            blotter.apply_order(order(number))
        assert changes == []
        await heard.wait()
        blotter.close()
        return changes

    (change,) = run(story())
    assert len(change.added) == 50


@given(st.data())
def test_the_running_figures_equal_those_counted_anew(data: st.DataObject) -> None:
    blotter = Blotter()
    seen: set[str] = set()

    def follow(change: BlotterChanges) -> None:
        assert not seen.intersection(change.added)
        seen.update(change.added)
        assert seen.issuperset(change.updated)
        assert seen.issuperset(change.removed)
        seen.difference_update(change.removed)

    blotter.changed.connect(follow)
    held = {number: order(number, ticker=f"M{number % 3}") for number in range(6)}
    for _ in range(data.draw(st.integers(0, 25))):
        number = data.draw(st.integers(0, 5))
        step = data.draw(st.sampled_from(["say", "fill", "phase", "flush", "intent"]))
        if step == "fill" and held[number].remaining_count:
            held[number] = filled(held[number], data.draw(st.sampled_from([1, 20])))
        if step in ("say", "fill"):
            blotter.apply_order(held[number])
        elif step == "phase":
            blotter.set_phase(f"ex-{number}", data.draw(st.sampled_from(list(RowPhase))))
        elif step == "intent":
            key = f"ours-{number}"
            if blotter.row(key) is None:
                blotter.add_intent(intent(key))
        else:
            blotter.flush()
    blotter.flush()
    rows = list(blotter.working().values())
    assert seen == {row.key for row in rows}
    assert blotter.committed() == sum((row.committed for row in rows), DOLLARS_ZERO)
    for phase in RowPhase:
        assert blotter.count(phase) == sum(row.phase is phase for row in rows)
    for ticker in ("M0", "M1", "M2", "FED"):
        assert blotter.own_orders(ticker) == [row for row in rows if row.ticker == ticker]
