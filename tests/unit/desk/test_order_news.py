"""What is said of fills, refusals and cancels by the exchange: one notice for all of a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.desk.order_news import OrderNews
from pitdesk.events import Listeners
from pitdesk.notices import Notice, NoticeKind, Notices, Severity
from pitdesk.orders import BookSide, Fill, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Price

LABELS = {"A": "Fed decision · Cut 25 bp", "B": "CPI · Above 2.7%"}
_SHORT_S = 0.02


class Ground:
    """A blotter, the fills of a portfolio, and what is said."""

    def __init__(self, subaccount: int | None = None, ahead_ms: int = 0) -> None:
        self.clock, self.blotter, self.fills = Clock(), Blotter(), Listeners[Fill]()
        self.said: list[Notice] = []
        notices = Notices()
        notices.said.connect(self.said.append)
        self.news = OrderNews(
            self.fills,
            self.blotter,
            notices,
            LABELS.__getitem__,
            self.clock,
            lambda: ahead_ms,
            subaccount,
            _SHORT_S,
        )

    def order(self, number: int, verb: Verb = Verb.BUY_YES, ticker: str = "A", cents: int = 42) -> Order:
        """An order of ours that rests."""
        draft = OrderDraft(ticker, verb, Count.of(10), Price.from_cents(cents))
        self.blotter.add_intent(Intent(f"c{number}", draft, Source.TICKET, 1_000))
        yes = draft.price if verb.outcome.word == "Yes" else draft.price.complement()
        order = Order(
            f"o{number}", f"c{number}", ticker, verb.book_side, yes, Count.of(10), COUNT_ZERO, Count.of(10),
            OrderStatus.RESTING, updated_ms=1_000,
        )  # fmt: skip
        self.blotter.apply_order(order)
        return order

    def fill(self, number: int, order: Order, count: int = 1, late_ms: int = 0) -> None:
        self.fills.emit(
            Fill(
                f"t{number}",
                order.order_id,
                order.ticker,
                order.book_side,
                order.yes_price,
                Count.of(count),
                DOLLARS_ZERO,
                False,
                self.clock.wall_ms() - late_ms,
            )
        )

    def end(self, order: Order, reason: str | None) -> None:
        self.blotter.apply_order(
            replace(
                order,
                status=OrderStatus.CANCELED,
                remaining_count=COUNT_ZERO,
                last_update_reason=reason,
                updated_ms=2_000,
            )
        )

    async def told(self, number: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(self.said) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return [f"{notice.headline} {notice.advice}".strip() for notice in self.said]


def story(scene: Callable[[Ground], Awaitable[None]], ground: Callable[[], Ground] = Ground) -> None:
    async def whole() -> None:
        made = ground()
        await scene(made)
        made.news.close()
        made.blotter.close()

    asyncio.run(whole())


@pytest.mark.parametrize(
    "verb, cents, words",
    [
        (Verb.BUY_YES, 42, "Buy 10 Yes at 42¢"),
        (Verb.BUY_NO, 58, "Buy 10 No at 58¢"),
        (Verb.SELL_NO, 58, "Sell 10 No at 58¢"),
    ],
)
def test_a_fill_is_told_in_the_words_of_its_order(verb: Verb, cents: int, words: str) -> None:
    async def scene(ground: Ground) -> None:
        ground.fill(1, ground.order(1, verb, cents=cents), 10)
        assert await ground.told(1) == [f"Filled: {words} in Fed decision · Cut 25 bp."]
        assert (ground.said[0].kind, ground.said[0].severity) == (NoticeKind.FILL, Severity.INFO)

    story(scene)


def test_fills_of_a_moment_are_one_notice() -> None:
    async def scene(ground: Ground) -> None:
        order, other = ground.order(1), ground.order(2, ticker="B")
        for number in range(12):
            ground.fill(number, order, 2)
        assert ground.said == []
        assert await ground.told(1) == ["12 fills in Fed decision · Cut 25 bp. 24 contracts."]
        ground.fill(20, order)
        ground.fill(21, other)
        assert (await ground.told(2))[1:] == ["2 fills in 2 markets. 2 contracts."]

    story(scene)


def test_a_fill_of_before_the_start_or_of_another_subaccount_is_no_news() -> None:
    async def scene(ground: Ground) -> None:
        order = ground.order(1)
        ground.fill(1, order, late_ms=60_000)
        ground.fills.emit(
            Fill("t2", "o1", "A", BookSide.BID, order.yes_price, Count.of(1), DOLLARS_ZERO, True,
                 ground.clock.wall_ms(), subaccount=3)
        )  # fmt: skip
        ground.fill(3, order, 5)
        assert await ground.told(1) == ["Filled: Buy 5 Yes at 42¢ in Fed decision · Cut 25 bp."]

    story(scene)


def test_an_exchange_whose_clock_is_behind_tells_its_fills_too() -> None:
    async def scene(ground: Ground) -> None:
        ground.fill(1, ground.order(1), late_ms=30_000)
        assert len(await ground.told(1)) == 1

    story(scene, lambda: Ground(ahead_ms=-30_000))


@pytest.mark.parametrize(
    "reason, words",
    [
        ("ExpiryCancel", "It expired."),
        ("CloseCancel", "The market closed."),
        ("HaltCancel", "Trading was paused."),
        ("TornadoCancel", "TornadoCancel."),
    ],
)
def test_what_the_exchange_canceled_is_told_with_its_reason(reason: str, words: str) -> None:
    async def scene(ground: Ground) -> None:
        order = ground.order(1)
        ground.blotter.flush()
        ground.end(order, reason)
        headline = "Canceled by the exchange: Buy 10 Yes at 42¢ in Fed decision · Cut 25 bp."
        assert await ground.told(1) == [f"{headline} {words}"]
        assert ground.said[0].kind is NoticeKind.CANCELED

    story(scene)


def test_what_a_person_canceled_is_no_news() -> None:
    async def scene(ground: Ground) -> None:
        mine, other = ground.order(1), ground.order(2)
        ground.blotter.flush()
        ground.end(mine, None)
        ground.end(other, "HaltCancel")
        assert len(await ground.told(1)) == 1

    story(scene)


def test_many_that_end_together_are_one_notice_for_each_kind() -> None:
    async def scene(ground: Ground) -> None:
        orders = [ground.order(number, ticker="AB"[number % 2]) for number in range(30)]
        ground.blotter.flush()
        for order in orders:
            ground.end(order, "CloseCancel")
        for number in (50, 51):
            draft = OrderDraft("A", Verb.BUY_YES, Count.of(1), Price.from_cents(3))
            ground.blotter.add_intent(Intent(f"c{number}", draft, Source.TICKET, 1_000))
            ground.blotter.set_phase(f"c{number}", RowPhase.REFUSED, "Not enough cash.")
        assert await ground.told(2) == [
            "Canceled by the exchange: 30 orders in 2 markets. The market closed.",
            "Refused: 2 orders in Fed decision · Cut 25 bp. Not enough cash.",
        ]
        assert ground.said[1].kind is NoticeKind.REFUSED

    story(scene)
