"""Which of two statements about an order is the newer truth, in whatever order they arrive."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.orders import (
    BookSide,
    Order,
    OrderDraft,
    OrderStatus,
    Outcome,
    TimeInForce,
    Verb,
    apply_update,
    resting_cost,
)
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price

RESTING = Order(
    order_id="ex-1",
    client_order_id="ours-1",
    ticker="KXFED-C25",
    book_side=BookSide.BID,
    yes_price=Price.from_cents(42),
    initial_count=Count.of(100),
    fill_count=COUNT_ZERO,
    remaining_count=Count.of(100),
    status=OrderStatus.RESTING,
    created_ms=1_000,
    updated_ms=1_000,
)


def executed(order: Order, contracts: int) -> Order:
    remaining = order.remaining_count - Count.of(contracts)
    return replace(
        order,
        fill_count=order.fill_count + Count.of(contracts),
        remaining_count=remaining,
        fill_cost=order.fill_cost + order.yes_price * Count.of(contracts),
        status=OrderStatus.RESTING if remaining else OrderStatus.EXECUTED,
        last_update_reason="Trade",
    )


def canceled(order: Order) -> Order:
    return replace(
        order, status=OrderStatus.CANCELED, remaining_count=COUNT_ZERO, last_update_reason="MarginCancel"
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Order]:
    """Everything the exchange truly said of one order, oldest first."""
    said = [RESTING]
    for step in draw(st.lists(st.sampled_from(["trade", "amend", "decrease"]), max_size=8)):
        order = said[-1]
        left = order.remaining_count.units // 100
        if left < 2:
            break
        if step == "trade":
            order = executed(order, draw(st.integers(1, left)))
        elif step == "amend":
            order = replace(
                order,
                yes_price=Price.from_cents(draw(st.integers(1, 99))),
                remaining_count=Count.of(draw(st.integers(1, 300))),
                last_update_reason="Amend",
            )
        else:
            order = replace(
                order, remaining_count=Count.of(draw(st.integers(1, left - 1))), last_update_reason="Decrease"
            )
        said.append(replace(order, updated_ms=(said[-1].updated_ms or 0) + draw(st.integers(1, 50))))
        if order.status.is_final:
            return said
    if draw(st.booleans()):
        said.append(replace(canceled(said[-1]), updated_ms=(said[-1].updated_ms or 0) + 1))
    return said


@given(st.data())
def test_whatever_the_order_of_messages_the_last_truth_is_held(data: st.DataObject) -> None:
    said = data.draw(histories())
    repeated = said + data.draw(st.lists(st.sampled_from(said), max_size=6))
    shuffled = data.draw(st.permutations(repeated))
    held: Order | None = reduce(apply_update, shuffled, None)
    assert held == said[-1]


@given(st.data())
def test_without_times_fills_never_fall_and_an_end_is_never_left(data: st.DataObject) -> None:
    said = [
        replace(order, updated_ms=order.updated_ms if data.draw(st.booleans()) else None)
        for order in data.draw(histories())
    ]
    shuffled = data.draw(st.permutations(said))
    held = [apply_update(None, shuffled[0])]
    for statement in shuffled[1:]:
        held.append(apply_update(held[-1], statement))
    for before, after in pairwise(held):
        assert after.fill_count >= before.fill_count
        assert after.status.is_final or not before.status.is_final
        assert after.fill_cost >= before.fill_cost


@pytest.mark.parametrize(
    "held, said, wins",
    [
        (RESTING, replace(RESTING, updated_ms=900, yes_price=Price.from_cents(1)), "held"),
        (RESTING, replace(RESTING, updated_ms=1_100, yes_price=Price.from_cents(1)), "said"),
        (RESTING, replace(RESTING, updated_ms=1_000, yes_price=Price.from_cents(1)), "said"),
        (canceled(RESTING), replace(RESTING, updated_ms=9_000), "held"),
        (RESTING, replace(canceled(RESTING), updated_ms=500), "said"),
        (executed(RESTING, 40), replace(RESTING, updated_ms=9_000), "held"),
        (RESTING, replace(executed(RESTING, 40), updated_ms=None), "said"),
    ],
)
def test_one_statement_against_another(held: Order, said: Order, wins: str) -> None:
    after = apply_update(held, said)
    assert after.yes_price == (held if wins == "held" else said).yes_price
    assert after.status is (held if wins == "held" else said).status


def test_a_thin_statement_keeps_what_a_fuller_one_told() -> None:
    full = replace(
        executed(RESTING, 40),
        cancel_order_on_pause=True,
        order_group_id="group",
        subaccount=3,
        exchange_index=2,
        fees=Dollars.from_wire("0.6820"),
        self_trade_prevention="maker",
    )
    thin = replace(RESTING, client_order_id="", fill_count=Count.of(40), created_ms=None, updated_ms=1_000)
    after = apply_update(full, thin)
    assert after == replace(
        full, remaining_count=thin.remaining_count, last_update_reason=full.last_update_reason
    )


@pytest.mark.parametrize(
    "verb, side, yes_cents, mirror",
    [
        (Verb.BUY_YES, BookSide.BID, 42, Verb.SELL_NO),
        (Verb.SELL_YES, BookSide.ASK, 42, Verb.BUY_NO),
        (Verb.BUY_NO, BookSide.ASK, 58, Verb.SELL_YES),
        (Verb.SELL_NO, BookSide.BID, 58, Verb.BUY_YES),
    ],
)
def test_the_four_verbs_go_to_the_yes_book(verb: Verb, side: BookSide, yes_cents: int, mirror: Verb) -> None:
    # FACTS §4.3
    draft = OrderDraft("T", verb, Count.of(1), Price.from_cents(42))
    assert (draft.book_side, draft.yes_price) == (side, Price.from_cents(yes_cents))
    assert verb.mirror is mirror
    assert mirror.mirror is verb
    assert mirror.book_side is side
    assert mirror.outcome is not verb.outcome
    assert Outcome.YES.word == "Yes"


def test_a_draft_says_itself() -> None:
    assert OrderDraft("T", Verb.SELL_NO, Count.from_wire("1240.5"), Price.from_wire("0.032")).sentence() == (
        "Sell 1,240.5 No at 3.2¢"
    )
    assert [(tif.short, tif.words) for tif in TimeInForce] == [
        ("GTC", "Good till canceled"),
        ("IOC", "Immediate or cancel"),
        ("FOK", "Fill or kill"),
    ]


@pytest.mark.parametrize(
    "order, dollars",
    [
        (RESTING, "42"),
        (replace(RESTING, book_side=BookSide.ASK), "58"),
        (executed(RESTING, 40), "25.2"),
        (executed(RESTING, 100), "0"),
        (canceled(RESTING), "0"),
    ],
)
def test_what_a_resting_order_holds_back(order: Order, dollars: str) -> None:
    assert resting_cost(order) == Dollars.from_wire(dollars)
    assert resting_cost(order) >= DOLLARS_ZERO
