"""Verdicts: each row by itself, the rows among each other, and the sum; judged anew equals judged at once."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.clock import Clock
from pitdesk.desk.batch.draft import BatchDraft
from pitdesk.desk.batch.facts import BatchFacts
from pitdesk.desk.batch.judge import BatchJudge
from pitdesk.desk.batch.results import SentOrder
from pitdesk.desk.batch.rows import Field, Texts, texts_of
from pitdesk.desk.batch.verdicts import Standing
from pitdesk.desk.blotter import Blotter
from pitdesk.kalshi.batch_calls import WriteBudget
from pitdesk.limits import LimitValues
from pitdesk.markets import FeeSchedule, Market, MarketStatus, Quote
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Dollars, Price, PriceRanges
from tests.unit.desk.risk_ground import Holdings, risk_book

NOW = Clock().wall_ms()


def market(ticker: str, status: MarketStatus = MarketStatus.ACTIVE, shard: int = 0) -> Market:
    quote = Quote(Price.from_cents(40), Price.from_cents(42), Count.of(10), Count.of(10))
    return Market(
        ticker,
        "E",
        "t",
        "y",
        "n",
        status,
        PriceRanges.of_cents(),
        0,
        NOW + 10**9,
        quote,
        exchange_index=shard,
    )


class Ground:
    """Markets A, B (on another shard), one closed; $100 on shard 0 and $5 on shard 2; 10 Yes of A held."""

    def __init__(self, pause_ms: int | None = None) -> None:
        self.held = {
            it.ticker: it for it in (market("A"), market("B", shard=2), market("C", MarketStatus.CLOSED))
        }
        self.blotter = Blotter()
        self.values = LimitValues(batch_cost_hard=Dollars.of(80), batch_cost_confirm=Dollars.of(50))
        self.draft = BatchDraft()
        holdings = Holdings()
        holdings.hold("A", Count.of(10), Dollars.of(4))
        self.facts = BatchFacts(
            markets=self,  # type: ignore[arg-type]
            account=self,
            fees=self,
            blotter=self.blotter,
            clock=Clock(),
            budget=lambda: WriteBudget(100, 100, 10, 2, 20),
            risk=risk_book(self.blotter, holdings),
            limits=lambda: self.values,
            next_pause_ms=lambda: pause_ms,
        )
        self.judge = BatchJudge(self.draft, self.facts)

    def market(self, ticker: str) -> Market | None:
        return self.held.get(ticker)

    def book(self, _: str) -> Any:
        return SimpleNamespace(book=None, fresh=False, age_s=0.0)

    def quote(self, ticker: str) -> Quote:
        return self.held[ticker].quote

    def cash_on(self, shard: int) -> Dollars | None:
        return Dollars.of(5 if shard == 2 else 100)

    def position(self, ticker: str) -> Count:
        return Count.of(10 if ticker == "A" else 0)

    def fees(self, _: str) -> FeeSchedule:
        return FeeSchedule("quadratic", Fraction(1))

    def put(self, *rows: Texts) -> list[str]:
        self.draft.replace_all(rows)
        self.judge.judge_all()
        return [self.judge.verdict(row.row_id).text for row in self.draft.rows]


def row(market: str = "A", verb: str = "Buy Yes", price: str = "30", count: str = "10", **more: str) -> Texts:
    cells = {Field.MARKET: market, Field.VERB: verb, Field.PRICE: price, Field.COUNT: count}
    return texts_of({**cells, **{Field[name.upper()]: text for name, text in more.items()}})


@pytest.mark.parametrize(
    "texts,says",
    [
        (row(), "Ready"),
        (row("a"), "Ready"),
        (texts_of({}), ""),
        (row("ZZZ"), "“ZZZ” is not among the listed markets. Use a ticker of the market finder."),
        (row("C"), "This market is closed: it takes no orders now. What you typed is kept."),
        (row(price="3.25"), "Price must be a multiple of 1¢ here: 3¢ or 4¢."),
        (row(price="0,56"), "“0,56” can be read two ways. Write 0.56 with a dot for decimals, or 056 "
         "without a separator."),
        (row(count="0"), "Enter at least 0.01 contracts."),
        (row(verb="yes"), "“yes” is not a side. Use Buy Yes, Buy No, Sell Yes or Sell No."),
        (row(time_in_force="GTT"), "“GTT” is not a time in force. Use GTC, IOC or FOK."),
        (row(post_only="maybe"), "“maybe” is neither yes nor no."),
        (row(price="30", post_only="yes", time_in_force="IOC"),
         "Post only needs good till canceled: the other times in force never rest."),
        (row(price="42", post_only="yes"),
         "Post only at 42¢ meets 42¢: the exchange refuses it unless the market moves. Send anyway?"),
        (row("B", count="20"), "You have $5.00 free on exchange shard 2; the rows down to here need $6.30."),
        (row(subaccount="64"), "A subaccount is a whole number from 0 to 63, or nothing."),
        (row(client_order_id="a.b"), "“a.b” is not an order id: letters, digits and dashes, 64 at most."),
        (row(expires="2020-01-01 10:00"), "The expiry has passed. Choose a later time, or none."),
        (row("A\u202e"), "There is a character that cannot be seen here (a mark of writing direction). "
         "Type the cell anew."),
    ],
)  # fmt: skip
def test_one_row(texts: Texts, says: str) -> None:
    assert Ground().put(texts) == [says]


def test_rows_among_each_other() -> None:
    ground = Ground()
    said = ground.put(row(), row(), row(verb="Sell Yes", price="30"), row(client_order_id="x", price="9"),
                      row(client_order_id="x", price="8"))  # fmt: skip
    assert said[1] == "Row 1 asks for the same. Send both?"
    assert any("meet row" in it.sentence for it in ground.judge.verdict(1).remarks)
    assert said[4] == "Row 4 has the same id; each order needs its own."
    assert ground.judge.summary.first_to_fix == 5
    assert ground.judge.verdict(5).field is Field.CLIENT_ORDER_ID


def test_cash_runs_out_row_by_row_and_the_sum_obeys_the_limits() -> None:
    ground = Ground()
    ground.put(*(row("A", "Buy No", "50", str(60 + place)) for place in range(4)))
    summary = ground.judge.summary
    assert summary.ready == 3
    assert summary.to_fix == 1
    assert "need $" in ground.judge.verdict(4).text
    assert summary.remarks[0].standing is Standing.FIX
    assert not summary.may_be_sent
    assert summary.text.startswith("4 rows · 1 to fix · 1 request of 3 · all-in at most $")


def test_what_is_held_is_closed_once_only() -> None:
    ground = Ground()
    ground.put(row(verb="Sell Yes", price="50"), row(verb="Sell Yes", price="51"))
    assert [ground.judge.verdict(it).opening for it in (1, 2)] == [Count.of(0), Count.of(10)]
    own = OrderDraft("A", Verb.SELL_YES, Count.of(10), Price.from_cents(60))
    ground.blotter.add_intent(Intent("k", own, Source.TICKET, NOW - 10**6))
    ground.judge.judge_all()
    assert ground.judge.verdict(1).opening == Count.of(10)


def test_a_pause_ahead_is_told() -> None:
    ground = Ground(NOW + 20 * 60_000)
    assert "Trading pauses at" in ground.put(row())[0]
    assert ground.judge.verdict(1).standing is Standing.NOTE
    assert ground.put(row(time_in_force="IOC", price="42")) == ["Ready"]


ROWS = st.builds(
    row,
    st.sampled_from(["A", "B", "C", "Z", ""]),
    st.sampled_from(["Buy Yes", "Buy No", "Sell Yes", "Sell No", "?"]),
    st.sampled_from(["20", "41", "42", "60", "4.5"]),
    st.sampled_from(["1", "10", "40", "x"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8), st.lists(st.tuples(st.integers(0, 7), ROWS), max_size=6))
def test_editing_row_by_row_ends_where_judging_all_at_once_does(
    rows: list[Texts], edits: list[tuple[int, Texts]]
) -> None:
    step, whole = Ground(), Ground()
    step.put(*rows)
    for place, texts in edits:
        row_id = step.draft.rows[place % len(rows)].row_id
        step.draft.edit({(row_id, field): texts[field.place] for field in Field})
    whole.put(*(each.texts for each in step.draft.rows))
    mine = [step.judge.verdict(each.row_id) for each in step.draft.rows]
    assert mine == [whole.judge.verdict(each.row_id) for each in whole.draft.rows]
    assert step.judge.summary.text == whole.judge.summary.text
    reviewed = asyncio.run(step.judge.review())
    assert len(reviewed.orders) == step.judge.summary.ready
    assert mine == [step.judge.verdict(each.row_id) for each in step.draft.rows]


@pytest.mark.parametrize(
    "crossing, told",
    [((1,), "Row 2: "), ((0, 2), "Rows 1, 3: "), ((0, 1, 2, 3, 4), "Rows 1, 2, 3 and 2 more: ")],
)
def test_a_question_about_rows_says_which(crossing: tuple[int, ...], told: str) -> None:
    ground = Ground()
    prices = ["42" if place in crossing else "30" for place in range(5)]
    ground.put(*(row(price=price, count=str(n), post_only="yes") for n, price in enumerate(prices, 1)))
    (question,) = asyncio.run(ground.judge.review()).questions
    assert question.sentence.startswith(f"{told}Post only at 42¢ meets 42¢")


def test_what_is_typed_in_a_long_sheet_has_its_verdict_at_once_and_the_sum_once_all_are_judged() -> None:
    async def scene() -> None:
        ground, other = Ground(), Ground()
        for each in (ground, other):
            each.values = replace(each.values, open_orders_hard=5_000)
        rows = [row(price=str(1 + n % 40), count=f"0.{1 + n // 40:02}") for n in range(1_200)]
        ground.put(*rows)
        typed = ground.draft.rows[1_100]
        before = ground.judge.summary
        for price, says in (("3.25", "multiple of 1¢"), ("9", "Row 9 asks for the same")):
            count = "0.01" if price == "9" else "0.28"
            ground.draft.edit({(typed.row_id, Field.PRICE): price, (typed.row_id, Field.COUNT): count})
            assert says in ground.judge.verdict(typed.row_id).text, "in the same turn"
            assert not ground.judge.summary.judged
            assert ground.judge.summary.to_fix == before.to_fix, "the sum is of the last whole look"
        async with asyncio.timeout(10):
            while not ground.judge.is_settled:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert ground.judge.summary.judged
        other.put(*(each.texts for each in ground.draft.rows))
        assert ground.judge.summary == other.judge.summary
        assert [ground.judge.verdict(it.row_id) for it in ground.draft.rows] == [
            other.judge.verdict(it.row_id) for it in other.draft.rows
        ]
        ground.judge.close()

    asyncio.run(scene())


def test_a_verdict_told_at_once_is_that_of_a_look_from_the_top() -> None:
    """The sums are kept every so many rows; what a row above took is in them."""

    async def scene() -> None:
        ground, other = Ground(), Ground()
        for each in (ground, other):
            each.values = replace(each.values, open_orders_hard=400)
        ground.put(*(row(count="0.1", price=str(2 + n % 30), subaccount=str(n % 60)) for n in range(600)))
        for place, price in ((320, "41"), (90, "41"), (400, "20"), (599, "7")):
            row_id = ground.draft.rows[place].row_id
            ground.draft.edit({(row_id, Field.PRICE): price})
            told = ground.judge.verdict(row_id)
            ground.judge.judge_all()
            other.put(*(each.texts for each in ground.draft.rows))
            assert told == other.judge.verdict(other.draft.rows[place].row_id), place
        ground.judge.close()

    asyncio.run(scene())


def test_an_order_asked_for_while_the_rows_are_looked_at_a_last_time_counts() -> None:
    """What is sent together obeys the limits together with what was asked for beside it, at whatever turn."""

    async def scene(turns: int) -> bool:
        ground = Ground()
        most = Dollars.of(999)
        ground.values = replace(ground.values, market_cost_hard=Dollars.of(40), batch_cost_hard=most)
        ground.put(*(row(price="30", count="0.1", client_order_id=f"own-{n}") for n in range(400)))
        assert ground.judge.summary.ready == 400, ground.judge.summary
        reviewing = asyncio.ensure_future(ground.judge.review())
        for _ in range(turns):
            await asyncio.sleep(0)
        came_between = not reviewing.done()
        beside = OrderDraft("A", Verb.BUY_YES, Count.of(100), Price.from_cents(30))
        ground.blotter.add_intent(Intent("beside", beside, Source.TICKET, NOW))
        reviewed = await reviewing
        if came_between:
            assert len(reviewed.orders) == 200, "$4 are held, $30 asked for beside it, $6 are left"
        ground.judge.close()
        return came_between

    turns = 1
    while asyncio.run(scene(turns)):
        turns += 1
    assert turns > 1, "it lets others have their turn"


def test_a_row_that_turns_out_not_to_be_sent_is_judged_as_things_are_now() -> None:
    """Its market came to be known while the row counted as sent."""
    ground, sent = Ground(), dict[int, SentOrder]()
    judge = BatchJudge(ground.draft, ground.facts, sent.get)
    known = ground.held.pop("A")
    (row_id,) = ground.draft.append([row()])
    assert judge.verdict(row_id).standing is Standing.FIX
    ground.held["A"] = known
    sent[row_id] = SentOrder(OrderDraft("A", Verb.BUY_YES, Count.of(10), Price.from_cents(30)))

    async def scene() -> None:
        judge.results_changed([row_id])
        await until(lambda: judge.verdict(row_id).standing is Standing.DONE)
        sent.clear()
        judge.results_changed([row_id])
        await until(lambda: judge.verdict(row_id).text == "Ready")
        judge.close()

    asyncio.run(scene())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
