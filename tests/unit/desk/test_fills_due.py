"""Between an order's word that it filled and the fill itself, what filled still counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pitdesk.desk.blotter import Blotter
from pitdesk.desk.fills_due import READ_LAG_S, FillsDue
from pitdesk.orders import BookSide, Fill, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Price

T = "E-A"
FORTY = Price.from_cents(40)
SENT_MS = 1_800_000_000_000


class Ground:
    """A blotter with one order of ours for 100 at 40¢, on its way, and a clock for what is due."""

    def __init__(self) -> None:
        self.blotter, self.now = Blotter(), 1_000.0
        self.blotter.due = self.due = FillsDue(self.blotter.sums, lambda: self.now)
        draft = OrderDraft(T, Verb.BUY_YES, Count.of(100), FORTY)
        self.blotter.add_intent(Intent("mine", draft, Source.TICKET, SENT_MS))

    @property
    def counted(self) -> int:
        """Contracts that count against the limits."""
        return self.blotter.sums.of(T).sides[BookSide.BID].count // 100

    def order(self, filled: int, at_ms: int, status: OrderStatus = OrderStatus.RESTING) -> None:
        remaining = Count.of(100 - filled) if status is OrderStatus.RESTING else COUNT_ZERO
        self.blotter.apply_order(
            Order(
                "ex-1", "mine", T, BookSide.BID, FORTY, Count.of(100), Count.of(filled), remaining, status,
                updated_ms=at_ms,
            )
        )  # fmt: skip

    def fill(self, trade_id: str, contracts: int, at_ms: int, order_id: str = "ex-1") -> None:
        self.due.fill_seen(
            Fill(
                trade_id, order_id, T, BookSide.BID, FORTY, Count.of(contracts), DOLLARS_ZERO, True, at_ms
            )
        )  # fmt: skip


def test_the_order_first_and_the_fill_later() -> None:
    ground = Ground()
    ground.order(30, SENT_MS + 1)
    assert ground.counted == 100
    ground.fill("t1", 30, SENT_MS + 1)
    assert ground.counted == 70
    ground.order(100, SENT_MS + 2, OrderStatus.EXECUTED)
    ground.blotter.flush()
    assert ground.counted == 70, "it has ended, and its last fills have not come"
    ground.fill("t2", 70, SENT_MS + 2)
    assert ground.counted == 0
    assert not list(ground.blotter.sums.tickers())


def test_the_fill_first_and_the_order_later() -> None:
    ground = Ground()
    ground.fill("t1", 30, SENT_MS + 1)
    assert ground.counted == 100, "until the order says so too"
    ground.order(30, SENT_MS + 1)
    assert ground.counted == 70


def test_what_filled_after_the_order_was_made_dearer_counts_at_its_new_price() -> None:
    ground = Ground()
    ground.order(30, SENT_MS + 1)
    ground.fill("t1", 30, SENT_MS + 1)
    held = ground.blotter.row("mine")
    assert held is not None
    assert held.order is not None
    dearer = replace(held.order, yes_price=Price.from_cents(60), updated_ms=SENT_MS + 2)
    ground.blotter.apply_order(dearer)
    told = replace(dearer, fill_count=Count.of(80), remaining_count=Count.of(20), updated_ms=SENT_MS + 3)
    ground.blotter.apply_order(told)
    side = ground.blotter.sums.of(T).sides[BookSide.BID]
    assert (side.count, side.cost) == (7_000, 7_000 * 6_000)
    ground.fill("t2", 50, SENT_MS + 3)
    assert (side.count, side.cost) == (2_000, 2_000 * 6_000)


def test_fills_of_long_ago_do_not_hide_a_new_one() -> None:
    ground = Ground()
    old = Order(
        "ex-9", "", T, BookSide.BID, FORTY, Count.of(100), Count.of(50), Count.of(50), OrderStatus.RESTING,
        updated_ms=SENT_MS,
    )  # fmt: skip
    ground.blotter.apply_order(old)
    assert ground.counted == 150, "what it had filled is in the position"
    ground.fill("t0", 50, SENT_MS - 1_000, "ex-9")
    assert ground.counted == 150
    ground.blotter.apply_order(
        replace(old, fill_count=Count.of(60), remaining_count=Count.of(40), updated_ms=SENT_MS + 5)
    )
    assert ground.counted == 150
    ground.fill("t1", 10, SENT_MS + 5, "ex-9")
    assert ground.counted == 140


@pytest.mark.parametrize("waited_s, counted", [(READ_LAG_S - 0.1, 100), (READ_LAG_S, 70)])
def test_a_fill_that_never_comes_is_in_the_positions_that_are_read_well_after(
    waited_s: float, counted: int
) -> None:
    ground = Ground()
    ground.order(30, SENT_MS + 1)
    ground.now += 60
    ground.due.positions_read(1_000.0 + waited_s)
    assert ground.counted == counted
    if counted == 70:
        ground.order(50, SENT_MS + 9)
        assert ground.counted == 70
        ground.fill("t1", 30, SENT_MS + 1)
        assert ground.counted == 70, "a late one is not taken for the new one"
        ground.fill("t2", 20, SENT_MS + 9)
        assert ground.counted == 50


def test_an_order_whose_last_word_has_no_time_counts_until_positions_are_read() -> None:
    ground = Ground()
    old = Order(
        "ex-9", "", T, BookSide.BID, FORTY, Count.of(100), COUNT_ZERO, Count.of(100), OrderStatus.RESTING
    )
    ground.blotter.apply_order(old)
    ground.blotter.apply_order(replace(old, fill_count=Count.of(10), remaining_count=Count.of(90)))
    ground.fill("t1", 10, SENT_MS, "ex-9")
    assert ground.counted == 200
    ground.due.positions_read(ground.now + READ_LAG_S)
    assert ground.counted == 190
