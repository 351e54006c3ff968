"""Cash that orders hold back where they close what is held."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price

CENTS = Price.from_cents


def order(number: int, side: BookSide, cents: int, contracts: int) -> Order:
    count = Count.of(contracts)
    return Order(
        f"ex-{number}",
        "",
        "FED",
        side,
        CENTS(cents),
        count,
        COUNT_ZERO,
        count,
        OrderStatus.RESTING,
        created_ms=1_000 + number,
        updated_ms=1_000 + number,
    )


def ended(one: Order) -> Order:
    return replace(one, status=OrderStatus.CANCELED, remaining_count=COUNT_ZERO, updated_ms=9_000)


def test_an_order_that_closes_what_is_held_holds_back_nothing() -> None:
    blotter = Blotter()
    blotter.apply_order(order(1, BookSide.ASK, 66, 10))
    assert blotter.committed() == Dollars.from_cents(340)
    blotter.holds("FED", Count.of(100))
    assert blotter.committed() == DOLLARS_ZERO
    blotter.apply_order(order(2, BookSide.BID, 60, 10))
    assert blotter.committed() == Dollars.of(6), "it adds to what is held"
    blotter.holds("FED", COUNT_ZERO)
    assert blotter.committed() == Dollars.from_cents(940)


def test_the_oldest_orders_close_first_and_the_rest_holds_back_its_price() -> None:
    blotter = Blotter()
    blotter.holds("FED", Count.of(-15))
    for one in (order(2, BookSide.BID, 30, 10), order(1, BookSide.BID, 50, 10)):
        blotter.apply_order(one)
    assert blotter.committed() == Dollars.from_cents(150), "5 of the younger open"
    blotter.apply_order(ended(order(1, BookSide.BID, 50, 10)))
    assert blotter.committed() == DOLLARS_ZERO


def test_what_a_row_holds_back_is_told_with_the_frame() -> None:
    blotter = Blotter()
    blotter.apply_order(order(1, BookSide.ASK, 66, 10))
    blotter.flush()
    changes = []
    blotter.changed.connect(changes.append)
    blotter.holds("FED", Count.of(4))
    blotter.flush()
    assert [change.updated for change in changes] == [("ex-1",)]
    assert blotter.working()["ex-1"].committed == CENTS(34) * Count.of(6)


def test_an_order_that_is_not_confirmed_closes_nothing() -> None:
    blotter = Blotter()
    blotter.holds("FED", Count.of(100))
    draft = OrderDraft("FED", Verb.SELL_YES, Count.of(10), CENTS(66))
    blotter.add_intent(Intent("ours", draft, Source.TICKET, 500))
    assert blotter.committed() == DOLLARS_ZERO
    blotter.set_phase("ours", RowPhase.UNCONFIRMED, "Checking.")
    assert blotter.committed() == Dollars.from_cents(340)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("order", "end", "hold")), st.integers(0, 4), st.integers(-30, 30), st.integers(1, 99)
    ),
    max_size=30,
)


@given(_STEPS)
def test_the_sum_is_that_of_the_exchange_whatever_comes(steps: list[tuple[str, int, int, int]]) -> None:
    """Against the rule told a second time: contract by contract, the oldest first."""
    blotter, resting, held = Blotter(), dict[int, Order](), 0
    for number, (what, which, size, cents) in enumerate(steps):
        if what == "hold":
            held = size
            blotter.holds("FED", Count.of(size))
        elif what == "order" and size:
            side = BookSide.BID if size > 0 else BookSide.ASK
            resting[number] = order(number, side, cents, abs(size))
            blotter.apply_order(resting[number])
        elif what == "end" and len(resting) > which:
            blotter.apply_order(ended(resting.pop(sorted(resting)[which])))
        assert blotter.committed().units == _held_back(resting, held)
        assert blotter.committed() == sum((row.committed for row in blotter.working().values()), DOLLARS_ZERO)


def _held_back(resting: dict[int, Order], held: int) -> int:
    left, total = held, 0
    for _, one in sorted(resting.items()):
        is_bid = one.book_side is BookSide.BID
        leg = one.yes_price.units if is_bid else 10_000 - one.yes_price.units
        for _ in range(one.remaining_count.units // 100):
            if left * (-1 if is_bid else 1) > 0:
                left += 1 if is_bid else -1
            else:
                total += leg * 100
    return total
