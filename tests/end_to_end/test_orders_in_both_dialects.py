"""Order entry over the wire with the real client, in the words of today and in those of late 2025."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest

from pitdesk.dialect import Dialect
from pitdesk.kalshi.classic_rest import rest_for
from pitdesk.kalshi.environment import Environment
from pitdesk.kalshi.outcomes import Accepted, Gone, Refused, Unknown
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.records import AccountLimits, BucketLimit, CreatedOrder
from pitdesk.kalshi.rest import Rest
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from pitdesk.markets import Market
from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, TimeInForce, Verb
from pitdesk.quantities import Count, Price
from tests.practice_fixture import PracticeExchange, running_exchange

NUMBERS = itertools.count(1)
IOC, FOK = TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL


@dataclass
class Desk:
    """A client of the exchange, and one market that is quoted on both sides."""

    rest: Rest
    market: Market

    @property
    def bid(self) -> Price:
        assert self.market.quote.bid is not None
        return self.market.quote.bid

    @property
    def ask(self) -> Price:
        assert self.market.quote.ask is not None
        return self.market.quote.ask

    def intent(
        self, verb: Verb = Verb.BUY_YES, cents: int = 2, count: str = "10.00", **more: object
    ) -> Intent:
        draft = OrderDraft(self.market.ticker, verb, Count.from_wire(count), Price.from_cents(cents), **more)  # type: ignore[arg-type]
        return Intent(f"both-{next(NUMBERS)}", draft, Source.TICKET, time.time_ns() // 1_000_000)

    async def place(self, intent: Intent) -> CreatedOrder:
        outcome = await self.rest.create_order(intent)
        assert isinstance(outcome, Accepted), outcome
        return outcome.value

    async def order(self, order_id: str) -> Order:
        outcome = await self.rest.order(order_id)
        assert isinstance(outcome, Accepted), outcome
        return outcome.value

    async def resting(self, **more: object) -> tuple[Order, Order]:
        """A new resting order as it is read."""
        made = await self.place(self.intent(**more))  # type: ignore[arg-type]
        return await self.order(made.order_id), await self.order(made.order_id)


@dataclass(frozen=True)
class Ground:
    exchange: PracticeExchange
    dialect: Dialect


@pytest.fixture(scope="module", params=list(Dialect), ids=lambda dialect: dialect.value)
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    dialect: Dialect = request.param
    folder = tmp_path_factory.mktemp(dialect.value) / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited", "--dialect", dialect.value) as exchange:
        yield Ground(exchange, dialect)


def roomy_pacer() -> Pacer:
    """Buckets large enough for any batch: the exchange has none here."""
    limit = BucketLimit(10_000, 10_000)
    pacer = Pacer()
    pacer.adopt(AccountLimits(limit, limit))
    return pacer


Play = Callable[[Callable[[Desk], Awaitable[None]]], None]


@pytest.fixture
def play(ground: Ground) -> Play:
    def run(scene: Callable[[Desk], Awaitable[None]]) -> None:
        exchange = ground.exchange
        environment = Environment(
            "Practice", exchange.rest, exchange.ws, is_real=False, dialect=ground.dialect
        )
        signer = Signer.from_pem(exchange.key_id, exchange.private_key_file.read_bytes())

        async def whole() -> None:
            transport = Transport(environment, signer)
            try:
                rest = rest_for(environment.dialect, transport, roomy_pacer())
                events = await rest.events_page("")
                assert isinstance(events, Accepted)
                market = next(
                    market
                    for event in events.value[0]
                    for market in event.markets
                    if market.quote.bid is not None
                    and market.quote.ask is not None
                    and market.quote.bid > Price.from_cents(10)
                    and market.quote.ask < Price.from_cents(90)
                )
                async with asyncio.timeout(240):
                    await scene(Desk(rest, market))
                    assert isinstance(await rest.cancel_all(), Accepted)
            finally:
                await transport.close()

        asyncio.run(whole())

    return run


@pytest.mark.parametrize(
    "verb, cents, side, yes_cents",
    [
        (Verb.BUY_YES, 2, BookSide.BID, 2),
        (Verb.SELL_YES, 98, BookSide.ASK, 98),
        (Verb.BUY_NO, 3, BookSide.ASK, 97),
        (Verb.SELL_NO, 96, BookSide.BID, 4),
    ],
)
def test_each_verb_rests_on_its_side_of_the_book(
    play: Play, verb: Verb, cents: int, side: BookSide, yes_cents: int
) -> None:
    async def scene(desk: Desk) -> None:
        intent = desk.intent(verb, cents)
        made = await desk.place(intent)
        assert (made.client_order_id, made.fill_count, made.remaining_count) == (
            intent.client_order_id,
            Count(0),
            Count.of(10),
        )
        order = await desk.order(made.order_id)
        assert (order.book_side, order.yes_price) == (side, Price.from_cents(yes_cents))
        assert (order.client_order_id, order.status) == (intent.client_order_id, OrderStatus.RESTING)
        assert (order.initial_count, order.fill_count) == (Count.of(10), Count(0))

    play(scene)


def test_every_field_of_a_draft_arrives(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        until_s = int(time.time()) + 3_600
        intent = desk.intent(
            count="7.25", expiration_s=until_s, cancel_order_on_pause=True, post_only=True, subaccount=0
        )
        order = await desk.order((await desk.place(intent)).order_id)
        assert order.initial_count == Count.from_wire("7.25")
        assert order.expiration_ms == until_s * 1000
        assert order.cancel_order_on_pause
        assert order.self_trade_prevention == "taker_at_cross"
        assert order.created_ms is not None

    play(scene)


def test_a_taker_learns_what_it_paid(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        cents = desk.ask.units // 100
        made = await desk.place(desk.intent(cents=cents + 3, time_in_force=IOC))
        assert (made.fill_count, made.remaining_count) == (Count.of(10), Count(0))
        assert made.average_fill_price is not None
        assert Fraction(cents, 100) <= made.average_fill_price <= Fraction(cents + 3, 100)
        assert made.average_fee
        order = await desk.order(made.order_id)
        assert order.status is OrderStatus.EXECUTED
        fills = await desk.rest.fills(order_id=made.order_id)
        assert isinstance(fills, Accepted)
        assert sum(fill.count.units for fill in fills.value) == 1_000
        sold = await desk.place(desk.intent(Verb.SELL_YES, 1, time_in_force=IOC, reduce_only=True))
        assert sold.fill_count == Count.of(10)

    play(scene)


def test_what_cannot_be_placed_is_refused_with_the_same_code(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        cents = desk.ask.units // 100
        cases = [
            (desk.intent(cents=cents, post_only=True), "invalid_order", "post_only"),
            (
                desk.intent(cents=1, count="5.00", time_in_force=FOK),
                "fill_or_kill_insufficient_resting_volume",
                None,
            ),
            (desk.intent(cents=50, count="100000000.00"), "insufficient_balance", "count"),
            (desk.intent(expiration_s=5), "invalid_order", "expiration"),
            (desk.intent(subaccount=7), "invalid_parameters", None),
            (desk.intent(order_group_id="none"), "order_group_not_found", None),
        ]
        for intent, code, field in cases:
            outcome = await desk.rest.create_order(intent)
            assert isinstance(outcome, Refused), (intent, outcome)
            assert (outcome.code, outcome.field) == (code, field or outcome.field)

    play(scene)


def test_an_id_that_is_used_proves_nothing(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        intent = desk.intent()
        await desk.place(intent)
        outcome = await desk.rest.create_order(intent)
        assert isinstance(outcome, Unknown)
        assert outcome.duplicate

    play(scene)


def test_a_cancel_ends_it_once(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        order, _ = await desk.resting()
        outcome = await desk.rest.cancel_order(order)
        assert isinstance(outcome, Accepted)
        assert outcome.value.reduced_by == Count.of(10)
        assert outcome.value.ts_ms > 0
        assert (await desk.order(order.order_id)).status is OrderStatus.CANCELED
        assert isinstance(await desk.rest.cancel_order(order), Gone)

    play(scene)


def test_an_amend_changes_price_and_total(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        for verb, cents in ((Verb.BUY_YES, 2), (Verb.BUY_NO, 3)):
            order, _ = await desk.resting(verb=verb, cents=cents)
            price = Price(order.yes_price.units + (100 if order.book_side is BookSide.BID else -100))
            outcome = await desk.rest.amend_order(order, price, Count.from_wire("12.50"))
            assert isinstance(outcome, Accepted), outcome
            after = await desk.order(order.order_id)
            assert (after.yes_price, after.remaining_count) == (price, Count.from_wire("12.50"))
            assert after.book_side is order.book_side

    play(scene)


def test_a_decrease_keeps_the_rest(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        order, _ = await desk.resting()
        for left in ("6.00", "2.50"):
            outcome = await desk.rest.decrease_order(order, Count.from_wire(left))
            assert isinstance(outcome, Accepted), outcome
            assert outcome.value.remaining_count == Count.from_wire(left)
        refused = await desk.rest.decrease_order(order, Count.of(9))
        assert isinstance(refused, Refused)
        assert refused.code == "invalid_order_size"

    play(scene)


def test_many_at_once_and_each_items_own_end(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        intents = [desk.intent() for _ in range(23)]
        intents[5] = desk.intent(order_group_id="none")
        outcome = await desk.rest.create_batch(intents, lambda: "")
        assert isinstance(outcome, Accepted), outcome
        ends = outcome.value
        assert [isinstance(end, Accepted) for end in ends] == [place != 5 for place in range(23)]
        assert isinstance(ends[5], Refused)
        made = [end.value.order_id for end in ends if isinstance(end, Accepted)]
        listed = await desk.rest.orders(status="resting", ticker=desk.market.ticker)
        assert isinstance(listed, Accepted)
        assert {order.order_id for order in listed.value} == set(made)
        one = listed.value[0]
        assert isinstance(await desk.rest.cancel_order(one), Accepted)
        gone = await desk.rest.cancel_batch(listed.value)
        assert isinstance(gone, Accepted)
        assert [type(end) for end in gone.value] == [Gone] + [Accepted] * 21

    play(scene)


def test_all_that_rests_is_canceled(play: Play) -> None:
    async def scene(desk: Desk) -> None:
        for _ in range(25):
            await desk.place(desk.intent())
        assert isinstance(await desk.rest.cancel_all(), Accepted)
        left = await desk.rest.orders(status="resting")
        assert isinstance(left, Accepted)
        assert left.value == ()

    play(scene)


def test_an_answer_that_names_another_order_proves_nothing(ground: Ground, play: Play) -> None:
    async def scene(desk: Desk) -> None:
        ground.exchange.arm("wrong_echo")
        intent = desk.intent()
        assert isinstance(await desk.rest.create_order(intent), Unknown)
        listed = await desk.rest.orders(status="resting")
        assert isinstance(listed, Accepted)
        assert intent.client_order_id in {order.client_order_id for order in listed.value}

    play(scene)


def test_the_other_times_calls_are_not_there(ground: Ground) -> None:
    current = ground.exchange.call("POST", "/portfolio/events/orders", {})
    classic = ground.exchange.call("POST", "/portfolio/orders", {})
    if ground.dialect is Dialect.CURRENT:
        assert (current.status, classic.status) == (400, 410)
        assert classic.json["error"]["code"] == "deprecated_v1_order_endpoint"
    else:
        assert (current.status, classic.status) == (404, 400)
