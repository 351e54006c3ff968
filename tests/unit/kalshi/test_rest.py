"""Calls end in outcomes: what counts as placed, what as canceled, and lists that are whole or not at all."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import pytest

from pitdesk.kalshi import calls
from pitdesk.kalshi.outcomes import Accepted, Gone, NotSent, Refused, Unknown
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.rest import Rest
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from pitdesk.markets import MarketStatus
from pitdesk.orders import Order, OrderStatus, SelfTradePrevention, TimeInForce, Verb
from pitdesk.quantities import Count, Dollars, Price
from tests.unit.kalshi.exchange_words import (
    OURS,
    an_intent,
    an_order,
    answers,
    created_body,
    event_body,
    fill_body,
    market_body,
    order_body,
)
from tests.unit.kalshi.ground import PATIENT, RawServer, StillClock, http_reply, reply_with

T = TypeVar("T")


@pytest.fixture
def ask(raw_server: RawServer, signer: Signer) -> Callable[[Callable[[Rest], Awaitable[Any]]], Any]:
    """``ask(lambda rest: rest.balance())``: one call on a client of its own."""

    def run(act: Callable[[Rest], Awaitable[T]]) -> T:
        async def whole() -> T:
            transport = Transport(raw_server.environment, signer, timing=PATIENT)
            try:
                return await act(Rest(transport, Pacer()))
            finally:
                await transport.close()

        return asyncio.run(whole())

    return run


def body_of(request: bytes) -> Any:
    return json.loads(request.partition(b"\r\n\r\n")[2])


def target_of(request: bytes) -> str:
    return request.split(b" ")[1].decode().removeprefix("/trade-api/v2")


def test_a_placed_order(raw_server: RawServer, ask) -> None:
    said = created_body(
        fill_count="40.00", remaining_count="60.00", average_fill_price="0.4150", average_fee_paid="0.0175"
    )
    raw_server.answer = answers(said, status="201 Created")
    outcome = ask(lambda rest: rest.create_order(an_intent()))
    assert isinstance(outcome, Accepted)
    assert (outcome.value.order_id, outcome.value.client_order_id) == ("o1", OURS)
    assert (outcome.value.fill_count, outcome.value.remaining_count) == (Count.of(40), Count.of(60))
    assert outcome.value.average_fill_price == Fraction(83, 200)
    assert outcome.value.ts_ms == 1_795_219_200_123


@pytest.mark.parametrize(
    "status,said",
    [
        ("201 Created", created_body(client_order_id="another")),
        ("201 Created", {key: value for key, value in created_body().items() if key != "client_order_id"}),
        ("201 Created", created_body(order_id="")),
        ("201 Created", created_body(fill_count=40)),
        ("201 Created", created_body(fill_count="NaN")),
        ("201 Created", {}),
        ("201 Created", b""),
        ("201 Created", b"\xef\xbb\xbf{}"),
        ("201 Created", b'{"order_id":"o1",'),
        ("201 Created", b"[" * 100_000),
        ("201 Created", json.dumps(created_body()).replace("1795219200123", "9" * 5000).encode()),
        ("201 Created", json.dumps(created_body()).replace("1795219200123", "1e999").encode()),
        ("201 Created", json.dumps(created_body()).replace("1795219200123", "NaN").encode()),
        ("201 Created", json.dumps(created_body(order_id="X")).replace('"X"', '"\\ud800"').encode()),
        ("200 OK", created_body()),
        ("202 Accepted", created_body()),
        ("500 Internal Server Error", created_body()),
    ],
)
def test_what_is_not_our_order_is_unknown(raw_server: RawServer, ask, status: str, said: Any) -> None:
    raw_server.answer = answers(said, status=status)
    outcome = ask(lambda rest: rest.create_order(an_intent()))
    assert isinstance(outcome, Unknown)
    assert len(raw_server.requests) == 1


def test_the_bytes_sent_are_the_bytes_journaled(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers(created_body(), status="201 Created")
    intent = an_intent(
        verb=Verb.BUY_NO,
        price=Price.from_wire("0.325"),
        count=Count.from_wire("2.5"),
        time_in_force=TimeInForce.GOOD_TILL_CANCELED,
        expiration_s=1_795_300_000,
        post_only=True,
        cancel_order_on_pause=True,
        self_trade_prevention=SelfTradePrevention.MAKER,
        subaccount=3,
        order_group_id="g1",
    )
    bodies = []

    async def act(rest: Rest) -> None:
        bodies.append(rest.create_body(intent))
        await rest.create_order(intent)

    ask(act)
    assert raw_server.requests[0].endswith(b"\r\n\r\n" + bodies[0])
    assert body_of(raw_server.requests[0]) == {
        "ticker": "KXFED-26DEC-C25",
        "side": "ask",
        "count": "2.50",
        "price": "0.6750",
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "maker",
        "client_order_id": OURS,
        "expiration_time": 1_795_300_000,
        "post_only": True,
        "cancel_order_on_pause": True,
        "subaccount": 3,
        "order_group_id": "g1",
    }


def test_a_cancel_names_the_market_so_that_it_finds_the_shard(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers({"order_id": "o1", "reduced_by": "75.00", "ts_ms": 7})
    outcome = ask(lambda rest: rest.cancel_order(an_order(subaccount=2)))
    assert isinstance(outcome, Accepted)
    assert outcome.value.reduced_by == Count.of(75)
    assert target_of(raw_server.requests[0]) == (
        "/portfolio/events/orders/o1?market_ticker=KXFED-26DEC-C25&subaccount=2"
    )


def test_a_cancel_of_a_done_order_asks_to_look_it_up(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers(
        {"error": {"code": "not_found", "message": "not found"}}, status="404 Not Found"
    )
    assert isinstance(ask(lambda rest: rest.cancel_order(an_order())), Gone)


def test_an_answer_about_another_order_is_unknown(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers(
        {"order_id": "o2", "reduced_by": "75.00", "remaining_count": "1.00", "ts_ms": 7}
    )
    assert isinstance(ask(lambda rest: rest.cancel_order(an_order())), Unknown)
    assert isinstance(ask(lambda rest: rest.amend_order(an_order(), Price(4_000), Count.of(9))), Unknown)
    assert isinstance(ask(lambda rest: rest.decrease_order(an_order(), Count.of(9))), Unknown)


def test_an_amend_states_the_total(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers({"order_id": "o1", "ts_ms": 7})
    outcome = ask(lambda rest: rest.amend_order(an_order(), Price.from_cents(41), Count.of(90)))
    assert isinstance(outcome, Accepted)
    assert outcome.value.remaining_count is None
    assert target_of(raw_server.requests[0]) == "/portfolio/events/orders/o1/amend"
    assert body_of(raw_server.requests[0]) == {
        "ticker": "KXFED-26DEC-C25",
        "side": "bid",
        "price": "0.4100",
        "count": "90.00",
    }


def test_a_decrease_states_what_shall_rest(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers({"order_id": "o1", "remaining_count": "10.00", "ts_ms": 7})
    outcome = ask(lambda rest: rest.decrease_order(an_order(), Count.of(10)))
    assert isinstance(outcome, Accepted)
    assert outcome.value.remaining_count == Count.of(10)
    assert body_of(raw_server.requests[0]) == {"reduce_to": "10.00", "market_ticker": "KXFED-26DEC-C25"}


def test_cancel_all_is_done_with_204_alone(raw_server: RawServer, ask) -> None:
    raw_server.answer = reply_with(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert isinstance(ask(lambda rest: rest.cancel_all()), Accepted)
    raw_server.answer = reply_with(http_reply("200 OK", b"<html>sign in to the network</html>"))
    assert isinstance(ask(lambda rest: rest.cancel_all()), Unknown)


def test_all_pages_make_one_list(raw_server: RawServer, ask) -> None:
    pages = [
        {"orders": [order_body(order_id="o1")], "cursor": "a/b=="},
        {"orders": [order_body(order_id="o2")], "cursor": "c"},
        {"orders": [], "cursor": ""},
    ]
    raw_server.answer = answers(*pages)
    outcome = ask(lambda rest: rest.orders(status="resting", min_ts_s=5))
    assert isinstance(outcome, Accepted)
    assert [order.order_id for order in outcome.value] == ["o1", "o2"]
    assert [target_of(request) for request in raw_server.requests] == [
        "/portfolio/orders?status=resting&min_ts=5&limit=1000",
        "/portfolio/orders?status=resting&min_ts=5&limit=1000&cursor=a%2Fb%3D%3D",
        "/portfolio/orders?status=resting&min_ts=5&limit=1000&cursor=c",
    ]


def test_a_page_is_given_on_before_the_list_is_whole_and_read_by_a_thread(
    raw_server: RawServer, ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_on: list[int] = []
    classify = calls.classify

    def noting(*given: Any) -> Any:
        read_on.append(threading.get_ident())
        return classify(*given)

    monkeypatch.setattr(calls, "classify", noting)
    raw_server.answer = answers({"orders": [order_body(order_id="o1")], "cursor": "a"}, b"<html>")
    taken: list[str] = []

    async def take(page: Sequence[Order]) -> None:
        taken.extend(order.order_id for order in page)

    outcome = ask(lambda rest: rest.resting_orders(take))
    assert isinstance(outcome, Unknown), "the list has a hole: nothing is proven absent"
    assert taken == ["o1"]
    assert threading.get_ident() not in read_on


def test_the_next_page_is_asked_for_before_this_one_is_read(
    raw_server: RawServer, ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    classify, second = calls.classify, threading.Event()

    def waiting(*given: Any) -> Any:
        asked.append(second.wait(60.0))
        return classify(*given)

    monkeypatch.setattr(calls, "classify", waiting)
    page = answers({"orders": [order_body(order_id="o1")], "cursor": "a"}, {"orders": [], "cursor": ""})

    def answer(connection: Any) -> None:
        if len(raw_server.requests) == 2:
            second.set()
        page(connection)

    raw_server.answer = answer
    outcome = ask(lambda rest: rest.orders())
    assert isinstance(outcome, Accepted)
    assert asked == [True, True]


@pytest.mark.parametrize(
    "pages",
    [
        [{"orders": [order_body()], "cursor": "again"}],
        [{"orders": [order_body()], "cursor": "a"}, b"<html>"],
        [
            {"orders": [order_body()], "cursor": "a"},
            {"orders": [order_body(yes_price_dollars="x")], "cursor": ""},
        ],
        [{"orders": None, "cursor": ""}],
    ],
    ids=["a cursor without end", "a page that is none", "an order that cannot be read", "no list"],
)
def test_a_list_with_a_hole_is_no_list(raw_server: RawServer, ask, pages: list[Any]) -> None:
    raw_server.answer = answers(*pages)
    assert isinstance(ask(lambda rest: rest.orders()), Unknown)
    assert len(raw_server.requests) <= 2


def test_an_order_reads_whole(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers({"order": order_body(status="a new word", subaccount_number=1)})
    outcome = ask(lambda rest: rest.order("o1"))
    assert isinstance(outcome, Accepted)
    order = outcome.value
    assert (order.status, order.status_word) == (OrderStatus.UNKNOWN, "a new word")
    assert (order.fill_cost, order.fees) == (Dollars.from_wire("10.5"), Dollars.from_wire("0.43"))
    assert (order.created_ms, order.updated_ms) == (1_795_269_787_123, 1_795_269_788_500)
    assert order.subaccount == 1


def test_fills_read_whole(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers({"fills": [fill_body()], "cursor": ""})
    outcome = ask(lambda rest: rest.fills(order_id="o1"))
    assert isinstance(outcome, Accepted)
    (fill,) = outcome.value
    assert (fill.count, fill.fee, fill.created_ms) == (
        Count.of(25),
        Dollars.from_wire("0.43"),
        1_795_269_788_000,
    )


def test_the_latest_fills_are_one_page(raw_server: RawServer, ask) -> None:
    raw_server.answer = answers({"fills": [fill_body()], "cursor": "more"})
    outcome = ask(lambda rest: rest.fills(limit=20))
    assert isinstance(outcome, Accepted)
    assert len(raw_server.requests) == 1


def test_a_page_of_events_leaves_out_what_it_cannot_read(raw_server: RawServer, ask) -> None:
    good, bad = market_body(), market_body(ticker="BAD", price_ranges=[])
    raw_server.answer = answers({"events": [event_body(good, bad)], "cursor": "next"})
    outcome = ask(lambda rest: rest.events_page(""))
    assert isinstance(outcome, Accepted)
    ((event,), cursor) = outcome.value
    assert cursor == "next"
    assert [market.ticker for market in event.markets] == ["KXFED-26DEC-C25"]
    assert event.markets[0].quote.ask == Price.from_cents(43)


def test_an_unquoted_side_is_no_price(raw_server: RawServer, ask) -> None:
    body = market_body(yes_bid_dollars="0.0000", yes_ask_dollars="1.0000", status="paused for lunch")
    raw_server.answer = answers({"market": body})
    outcome = ask(lambda rest: rest.market("KXFED-26DEC-C25"))
    assert isinstance(outcome, Accepted)
    assert (outcome.value.quote.bid, outcome.value.quote.ask) == (None, None)
    assert outcome.value.status is MarketStatus.UNKNOWN
    assert outcome.value.status_word == "paused for lunch"


def test_a_book_is_told_in_yes_prices(raw_server: RawServer, ask) -> None:
    levels = {"yes_dollars": [["0.4000", "5.00"], ["0.4100", "7.00"]], "no_dollars": [["0.5700", "3.00"]]}
    raw_server.answer = answers({"orderbook_fp": levels})
    outcome = ask(lambda rest: rest.book("A/B"))
    assert isinstance(outcome, Accepted)
    assert outcome.value.best_bid is not None
    assert outcome.value.best_bid.price == Price.from_cents(41)
    assert outcome.value.asks == {Price.from_cents(43): Count.of(3)}
    assert target_of(raw_server.requests[0]) == "/markets/A%2FB/orderbook"


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable", "504 Gateway Timeout"])
def test_the_exchange_tells_its_state_even_when_it_is_down(raw_server: RawServer, ask, status: str) -> None:
    raw_server.answer = answers({"exchange_active": False, "trading_active": False}, status=status)
    outcome = ask(lambda rest: rest.exchange_status())
    assert isinstance(outcome, Accepted)
    assert not outcome.value.exchange_active


def test_limits_set_the_pace(raw_server: RawServer, signer: Signer) -> None:
    bucket = {"refill_rate": 300, "bucket_capacity": 600}
    raw_server.answer = answers({"usage_tier": "advanced", "read": bucket, "write": bucket, "grants": []})

    async def run() -> tuple[int, int]:
        transport, pacer = Transport(raw_server.environment, signer), Pacer()
        outcome = await Rest(transport, pacer).limits()
        await transport.close()
        assert isinstance(outcome, Accepted)
        return pacer.write_level()

    assert asyncio.run(run()) == (600, 600)


def test_costs_are_learned(raw_server: RawServer, signer: Signer) -> None:
    costs = [{"method": "DELETE", "path": "/trade-api/v2/portfolio/events/orders/:order_id", "cost": 33}]
    raw_server.answer = answers(
        {"default_cost": 10, "endpoint_costs": costs}, {"order_id": "o1", "reduced_by": "1.00", "ts_ms": 1}
    )

    async def run() -> int:
        transport, pacer = Transport(raw_server.environment, signer), Pacer(StillClock())
        rest = Rest(transport, pacer)
        await rest.endpoint_costs()
        await rest.cancel_order(an_order())
        level = pacer.write_level()[0]
        await transport.close()
        return level

    assert asyncio.run(run()) == 67


def test_an_empty_bucket_there_empties_ours(raw_server: RawServer, signer: Signer) -> None:
    raw_server.answer = reply_with(http_reply("429 Too Many Requests", b'{"error": "too many requests"}'))

    async def run() -> tuple[Any, int]:
        transport, pacer = Transport(raw_server.environment, signer), Pacer(StillClock())
        outcome = await Rest(transport, pacer).create_order(an_intent())
        level = pacer.write_level()[0]
        await transport.close()
        return outcome, level

    outcome, level = asyncio.run(run())
    assert isinstance(outcome, Refused)
    assert level == 0
    assert len(raw_server.requests) == 1


def test_nobody_there() -> None:
    async def run() -> Any:
        from pitdesk.kalshi.environment import practice

        transport = Transport(practice("http://127.0.0.1:9/trade-api/v2", "ws://127.0.0.1:9/x"), None)
        try:
            return await Rest(transport, Pacer()).create_order(an_intent())
        finally:
            await transport.close()

    outcome = asyncio.run(run())
    assert isinstance(outcome, NotSent)
    assert outcome.sentence == "The exchange could not be reached. Nothing was sent."
