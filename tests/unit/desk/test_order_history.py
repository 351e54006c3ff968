"""The orders that are over: merged from every list, newest first, page by page, none lost, none twice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.desk.order_history import HistoryState, OrderHistory, ReadPhase
from pitdesk.journal import IntentState, Journal, Statement
from pitdesk.kalshi.history_calls import EndedList
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent
from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Price

PAGE = 3
HERE = "Practice"


class Lists:
    """The exchange's three lists in pages of three. ``fail``: what the next call ends with."""

    def __init__(self, **orders: list[Order]) -> None:
        self.orders = {which: orders.get(which.value, []) for which in EndedList}
        self.calls: list[tuple[EndedList, str]] = []
        self.fail: CallOutcome[Any] | None = None
        self.endless = False

    async def ended_orders(self, which: EndedList, cursor: str = "") -> CallOutcome[Any]:
        self.calls.append((which, cursor))
        await asyncio.sleep(0)
        if self.fail is not None:
            return self.fail
        ordered = sorted(self.orders[which], key=lambda order: order.created_ms or 0, reverse=True)
        start = int(cursor or 0)
        more = "0" if self.endless else str(start + PAGE) if start + PAGE < len(ordered) else ""
        return Accepted((tuple(ordered[start : start + PAGE]), more))


def order(number: int, status: OrderStatus = OrderStatus.CANCELED, **changes: Any) -> Order:
    made = Order(
        order_id=f"o{number}",
        client_order_id="",
        ticker="KXFED-26DEC-C25",
        book_side=BookSide.BID,
        yes_price=Price.from_cents(40),
        initial_count=Count.of(5),
        fill_count=COUNT_ZERO,
        remaining_count=COUNT_ZERO,
        status=status,
        created_ms=number * 1_000,
        updated_ms=number * 1_000 + 500,
    )
    return replace(made, **changes)


def intent(number: int, verb: Verb = Verb.BUY_NO) -> Intent:
    draft = OrderDraft("KXFED-26DEC-C25", verb, Count.of(5), Price.from_cents(60))
    return Intent(f"c{number}", draft, Source.TICKET, number * 1_000)


_opened: list[Journal] = []


def run(work: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        try:
            async with asyncio.timeout(60):
                await work
        finally:
            while _opened:
                await _opened.pop().close()

    asyncio.run(bounded())


async def journal_in(folder: Path, *unplaced: tuple[Intent, IntentState, str]) -> Journal:
    journal = Journal()
    _opened.append(journal)
    assert (await journal.open(folder / "journal.sqlite")).usable
    for one, state, cause in unplaced:
        await journal.write_intent(one, b"{}", HERE)
        if state is IntentState.NOT_PLACED:
            await journal.record(one.client_order_id, IntentState.UNKNOWN, "no answer")
        await journal.record(one.client_order_id, state, cause)
    return journal


def newest_first(history: OrderHistory) -> list[str]:
    return [row.key for row in sorted(history.rows.values(), key=lambda row: -row.created_ms)]


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    async def story() -> None:
        lists, journal = Lists(executed=[order(1)]), await journal_in(tmp_path)
        history = OrderHistory(lists, journal, Blotter(), HERE)
        await asyncio.sleep(0)
        assert (lists.calls, history.state) == ([], HistoryState())
        await journal.close()

    run(story())


def test_every_list_is_merged_newest_first_to_its_end(tmp_path: Path) -> None:
    async def story() -> None:
        lists = Lists(
            executed=[order(n, OrderStatus.EXECUTED) for n in (9, 5)],
            canceled=[order(n) for n in (8, 7, 3, 2)],
            archived=[order(n) for n in (1, 4)],
        )
        refused = (intent(6), IntentState.REJECTED, "insufficient_balance")
        history = OrderHistory(lists, await journal_in(tmp_path, refused), Blotter(), HERE)
        await history.read_more()
        assert newest_first(history) == ["o9", "o8", "o7", "c6", "o5", "o4", "o3", "o2", "o1"]
        assert history.state.phase is ReadPhase.COMPLETE
        row = history.rows["c6"]
        assert (row.status_text, row.verb) == ("Refused", Verb.BUY_NO)
        assert row.note.startswith("There is not enough cash")

    run(story())


def test_the_journal_gives_orders_of_ours_their_verb_and_source(tmp_path: Path) -> None:
    async def story() -> None:
        journal = await journal_in(tmp_path)
        await journal.write_intent(intent(3), b"{}", HERE)
        journal.note(Statement("c3", IntentState.CANCELED, "exchange", "o3"))
        await journal.write_intent(intent(4), b"{}", "Demo")
        lists = Lists(
            canceled=[
                order(3, client_order_id="c3", book_side=BookSide.ASK),
                order(4, client_order_id="c4", book_side=BookSide.ASK),
            ]
        )
        history = OrderHistory(lists, journal, Blotter(), HERE)
        await history.read_more()
        ours, other = history.rows["c3"], history.rows["o4"]
        assert (ours.verb, ours.price, ours.source) == (Verb.BUY_NO, Price.from_cents(60), Source.TICKET)
        assert (other.verb, other.source) == (Verb.SELL_YES, Source.ELSEWHERE)

    run(story())


def test_what_never_reached_the_exchange_is_there_with_its_reason(tmp_path: Path) -> None:
    async def story() -> None:
        journal = await journal_in(
            tmp_path,
            (intent(1), IntentState.NOT_SENT, "No connection could be made."),
            (intent(2), IntentState.NOT_PLACED, "absent from two whole scans"),
        )
        history = OrderHistory(Lists(), journal, Blotter(), HERE)
        await history.read_more()
        told = {row.key: (row.status_text, row.note) for row in history.rows.values()}
        assert told == {
            "c1": ("Not sent", "No connection could be made."),
            "c2": ("Not sent", "The exchange never got this order."),
        }

    run(story())


def test_a_failure_is_said_and_the_next_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async def story() -> None:
        lists = Lists(canceled=[order(n) for n in range(1, 8)])
        lists.fail = NotSent("The exchange cannot be reached.")
        history = OrderHistory(lists, await journal_in(tmp_path), Blotter(), HERE)
        states: list[ReadPhase] = []
        history.state_changed.connect(lambda state: states.append(state.phase))
        await history.read_more()
        assert history.state.problem == "The exchange cannot be reached."
        lists.fail = None
        await history.read_more()
        assert states == [ReadPhase.READING, ReadPhase.FAILED, ReadPhase.READING, ReadPhase.COMPLETE]
        assert newest_first(history) == [f"o{n}" for n in range(7, 0, -1)]
        assert history.state.problem == ""

    run(story())


def test_a_list_without_an_end_is_left_with_what_it_gave(tmp_path: Path) -> None:
    async def story() -> None:
        lists = Lists(canceled=[order(n) for n in range(1, 4)])
        lists.endless = True
        history = OrderHistory(lists, await journal_in(tmp_path), Blotter(), HERE)
        await history.read_more()
        assert history.state.phase is ReadPhase.FAILED
        assert "no end" in history.state.problem

    run(story())


def test_what_ends_while_the_desk_is_open_comes_at_once_and_once(tmp_path: Path) -> None:
    async def story() -> None:
        blotter, lists = Blotter(), Lists()
        history = OrderHistory(lists, await journal_in(tmp_path), blotter, HERE)
        told: list[frozenset[str]] = []
        history.changed.connect(told.append)
        blotter.add_intent(intent(1))
        blotter.set_phase("c1", RowPhase.REFUSED, "No.")
        blotter.apply_order(order(2, OrderStatus.EXECUTED))
        blotter.flush()
        assert sorted(history.rows) == ["c1", "o2"]
        lists.orders[EndedList.EXECUTED] = [order(2, OrderStatus.EXECUTED)]
        await history.read_more()
        assert sorted(history.rows) == ["c1", "o2"]
        assert told == [frozenset({"c1", "o2"})], "a cancel of everything is one change, not one for each row"
        history.close()

    run(story())


def test_of_what_ended_before_anybody_looked_only_so_much_is_held(tmp_path: Path) -> None:
    async def story() -> None:
        blotter = Blotter()
        history = OrderHistory(Lists(), await journal_in(tmp_path), blotter, HERE)
        for number in range(1, 5_011):
            blotter.apply_order(order(number))
        blotter.flush()
        assert len(history.rows) == 5_000
        assert "o10" not in history.rows
        assert "o5010" in history.rows

    run(story())


@settings(deadline=None, max_examples=60)
@given(
    placed=st.lists(
        st.tuples(st.sampled_from(list(EndedList)), st.integers(1, 400)),
        max_size=60,
        unique_by=lambda it: it[1],
    ),
    wanted=st.integers(1, 30),
)
def test_no_reading_puts_an_order_in_between_those_that_are_shown(
    tmp_path_factory: Any, placed: list[tuple[EndedList, int]], wanted: int
) -> None:
    async def story() -> None:
        lists = Lists()
        for which, number in placed:
            lists.orders[which].append(order(number))
        journal = await journal_in(tmp_path_factory.mktemp("journal"))
        history = OrderHistory(lists, journal, Blotter(), HERE, portion=wanted)
        shown: list[str] = []
        while history.state.phase is not ReadPhase.COMPLETE:
            await history.read_more()
            now = newest_first(history)
            assert now[: len(shown)] == shown
            assert len(now) - len(shown) >= wanted or history.state.phase is ReadPhase.COMPLETE
            shown = now
        assert shown == [f"o{number}" for number in sorted((it[1] for it in placed), reverse=True)]
        await journal.close()

    run(story())
