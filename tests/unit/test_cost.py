"""The lines under the ticket: what an order costs, closes, leaves behind and has to be right about."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.cost import contracts_for, order_cost, would_take
from pitdesk.fees import STANDARD_FEES
from pitdesk.markets import Book
from pitdesk.orders import OrderDraft, TimeInForce, Verb
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price

CENTS = Price.from_cents
BOOK = Book(
    "T",
    bids={CENTS(41): Count.of(1_049), CENTS(40): Count.of(286)},
    asks={CENTS(43): Count.of(60), CENTS(44): Count.of(1_645)},
)


def draft(verb: Verb = Verb.BUY_YES, count: int = 100, cents: int = 42, **more: object) -> OrderDraft:
    return OrderDraft("T", verb, Count.of(count), CENTS(cents), **more)  # type: ignore[arg-type]


def test_the_figures_of_a_plain_buy() -> None:
    cost = order_cost(draft(), STANDARD_FEES, position=Count.of(40), cash=Dollars.from_wire("7581.70"))
    assert (str(cost.cost), str(cost.fee.most), str(cost.all_in)) == ("$42.00", "$1.71", "$43.71")
    assert (str(cost.position_after), str(cost.cash_after)) == ("140", "$7,537.99")
    assert (cost.gain_yes.signed(), cost.gain_no.signed()) == ("+$56.29", "−$43.71")
    assert round(float(cost.break_even) * 100, 2) == 43.71


@pytest.mark.parametrize(
    "verb, cents, held, opening, closing, cost, proceeds, after",
    [
        (Verb.BUY_YES, 42, 0, 100, 0, "42", "0", 100),
        (Verb.BUY_NO, 58, 0, 100, 0, "58", "0", -100),
        (Verb.SELL_YES, 42, 40, 60, 40, "34.8", "16.8", -60),
        (Verb.BUY_NO, 58, 40, 60, 40, "34.8", "16.8", -60),
        (Verb.SELL_YES, 42, 250, 0, 100, "0", "42", 150),
        (Verb.SELL_NO, 58, -100, 0, 100, "0", "58", 0),
        (Verb.BUY_YES, 42, -250, 0, 100, "0", "58", -150),
    ],
)
def test_what_is_held_is_closed_before_anything_opens(
    verb: Verb, cents: int, held: int, opening: int, closing: int, cost: str, proceeds: str, after: int
) -> None:
    # FACTS §4.3
    found = order_cost(draft(verb, cents=cents), STANDARD_FEES, position=Count.of(held))
    assert (found.opening, found.closing) == (Count.of(opening), Count.of(closing))
    assert (found.cost, found.proceeds) == (Dollars.from_wire(cost), Dollars.from_wire(proceeds))
    assert found.position_after == Count.of(after)


def test_reduce_only_opens_nothing() -> None:
    asked = draft(Verb.SELL_YES, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL, reduce_only=True)
    found = order_cost(asked, STANDARD_FEES, position=Count.of(40))
    assert (found.opening, found.closing, found.position_after) == (COUNT_ZERO, Count.of(40), COUNT_ZERO)
    assert found.cost == DOLLARS_ZERO


@pytest.mark.parametrize(
    "cents, takes, ahead",
    [(42, 0, 0), (41, 0, 1_049), (40, 0, 1_335), (43, 60, None), (44, 100, None), (39, 0, 1_335)],
)
def test_what_trades_at_once_and_what_queues(cents: int, takes: int, ahead: int | None) -> None:
    asked = draft(cents=cents)
    assert would_take(asked, BOOK) == Count.of(takes)
    found = order_cost(asked, STANDARD_FEES, book=BOOK).ahead_in_queue
    assert found == (None if ahead is None else Count.of(ahead))


@pytest.mark.parametrize(
    "terms, cents, takes",
    [
        ({"post_only": True}, 43, 0),
        ({"time_in_force": TimeInForce.FILL_OR_KILL}, 43, 0),
        ({"time_in_force": TimeInForce.FILL_OR_KILL}, 44, 100),
        ({"time_in_force": TimeInForce.IMMEDIATE_OR_CANCEL}, 43, 60),
        ({"time_in_force": TimeInForce.IMMEDIATE_OR_CANCEL}, 42, 0),
    ],
)
def test_what_never_rests_or_is_refused_has_no_place_in_the_queue(
    terms: dict[str, object], cents: int, takes: int
) -> None:
    asked = draft(cents=cents, **terms)
    assert would_take(asked, BOOK) == Count.of(takes)
    assert order_cost(asked, STANDARD_FEES, book=BOOK).ahead_in_queue is None


def test_without_a_book_the_queue_is_not_guessed() -> None:
    assert order_cost(draft(), STANDARD_FEES).ahead_in_queue is None
    assert order_cost(draft(), STANDARD_FEES).cash_after is None


@given(st.sampled_from(list(Verb)), st.integers(1, 99), st.integers(1, 500), st.integers(-500, 500))
def test_money_in_and_out_agree_with_the_result_at_resolution(
    verb: Verb, cents: int, count: int, held: int
) -> None:
    found = order_cost(draft(verb, count, cents), STANDARD_FEES, position=Count.of(held))
    moved = found.position_after - found.position_before
    yes_before = max(found.position_before, COUNT_ZERO)
    yes_after = max(found.position_after, COUNT_ZERO)
    no_before = max(-found.position_before, COUNT_ZERO)
    no_after = max(-found.position_after, COUNT_ZERO)
    one = CENTS(100)
    paid = found.cost - found.proceeds + found.fee.most
    assert found.gain_yes == one * yes_after - one * yes_before - paid
    assert found.gain_no == one * no_after - one * no_before - paid
    assert moved in (Count.of(count), Count.of(-count))
    assert found.all_in == paid


def test_break_even_is_the_chance_at_which_it_is_worth_nothing() -> None:
    for verb in Verb:
        found = order_cost(draft(verb), STANDARD_FEES)
        chance = found.break_even
        worth = chance * found.gain_yes.units + (1 - chance) * found.gain_no.units
        assert worth == Fraction(0)


@pytest.mark.parametrize(
    "verb, cents, dollars, contracts",
    [
        (Verb.BUY_YES, 64, "50", 76),  # 76 × 64¢ + $1.33, the fee at 50¢
        (Verb.BUY_NO, 42, "43.7052", 100),  # 100 × 42¢ + $1.7052
        (Verb.BUY_NO, 42, "43.7051", 99),
        (Verb.SELL_YES, 50, "25", 50),
        (Verb.BUY_YES, 64, "0.65", 0),
    ],
)
def test_dollars_come_to_whole_contracts(verb: Verb, cents: int, dollars: str, contracts: int) -> None:
    found = contracts_for(Dollars.from_wire(dollars), verb, CENTS(cents), STANDARD_FEES)
    assert found == Count.of(contracts)


@given(
    st.sampled_from([Verb.BUY_YES, Verb.BUY_NO]),
    st.integers(1, 9_999),
    st.integers(1, 5_000_000),
    st.booleans(),
    st.sampled_from([None, BOOK]),
)
def test_an_order_for_dollars_is_never_dearer_than_they_are(
    verb: Verb, price: int, cents: int, post_only: bool, book: Book | None
) -> None:
    amount = Dollars.from_cents(cents)
    count = contracts_for(amount, verb, Price(price), STANDARD_FEES, post_only=post_only)
    if count:
        asked = OrderDraft("T", verb, count, Price(price), post_only=post_only)
        assert order_cost(asked, STANDARD_FEES, book=book).all_in <= amount
    one_more = OrderDraft("T", verb, count + Count.of(1), Price(price), post_only=post_only)
    wide = Book("T", bids={Price(5_000): Count.of(1)}, asks={Price(5_000): Count.of(1)})
    assert order_cost(one_more, STANDARD_FEES, book=wide).all_in > amount or count == Count.of(9_999_999)
