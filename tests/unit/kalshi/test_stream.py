"""The stream against a small exchange: what is asked for, what is heard, and what silence and gaps do."""

import asyncio
import base64
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.stream import LIFECYCLE, Stream
from pitdesk.markets import Book
from pitdesk.orders import BookSide, OrderStatus
from pitdesk.quantities import Count, Price
from tests.unit.kalshi.ground import RawServer, StillClock, http_reply, reply_with
from tests.unit.kalshi.stream_ground import QUICK, Ears, FaultOfOurs, streaming

FED = "KXFED-26DEC-C25"
CPI = "KXCPI-26DEC-T3"
PRIVATE = ("user_orders", "fill", "market_positions")


def test_the_handshake_is_signed_for_its_own_path() -> None:
    key = Ed25519PrivateKey.generate()

    async def run() -> None:
        async with streaming(Signer("key", key)) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.start()
            await connected.next()
            assert exchange.sockets[0].request is not None
            headers = exchange.sockets[0].request.headers
            signed = f"{headers['KALSHI-ACCESS-TIMESTAMP']}GET/trade-api/ws/v2".encode()
            key.public_key().verify(base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"]), signed)

    asyncio.run(run())


def test_every_channel_is_asked_for_and_then_it_is_live(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected, states = Ears(stream.connected), Ears(stream.state_changed)
            stream.follow(*PRIVATE, "ticker")
            stream.watch_books(frozenset({FED}))
            assert stream.state.phase == "connecting"
            stream.start()
            await connected.next()
            assert stream.state.phase == "live"
            assert [state.phase for state in states.heard] == ["live"]
            books = await exchange.asked(
                lambda command: command["params"].get("channels") == ["orderbook_delta"]
            )
            assert books["params"]["use_yes_price"] is True
            assert books["params"]["market_tickers"] == [FED]
            await exchange.asked(lambda command: command["params"].get("channels") == ["trade"])
            ids = [command["id"] for command in exchange.commands]
            assert sorted(set(ids)) == sorted(ids)
            assert {command["params"]["channels"][0] for command in exchange.commands} >= {*PRIVATE, "ticker"}

    asyncio.run(run())


def test_a_book_is_put_together_from_a_snapshot_and_changes(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books = Ears(stream.book_said)
            stream.watch_books(frozenset({FED}))
            stream.start()
            first = await books.next()
            assert first == Book(FED, {Price(4_100): Count.of(10)}, {Price(4_300): Count.of(20)})
            await exchange.delta(FED, "0.4100", "2.50")
            await exchange.delta(FED, "0.4200", "1.00")
            await exchange.delta(FED, "0.4300", "-20.00", side="no")
            last = await books.next(lambda book: not book.asks)
            assert last.bids == {Price(4_100): Count.from_wire("12.5"), Price(4_200): Count.of(1)}
            assert first.bids == {Price(4_100): Count.of(10)}, "a book that was told never changes"

    asyncio.run(run())


@pytest.mark.parametrize("step", [2, 0, -1], ids=["a gap", "a duplicate", "out of order"])
def test_numbers_that_do_not_follow_on_drop_the_book_and_ask_for_it(signer: Signer, step: int) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books, lost = Ears(stream.book_said), Ears(stream.book_lost)
            stream.watch_books(frozenset({FED, CPI}))
            stream.start()
            await books.next(lambda book: book.ticker == FED)
            await books.next(lambda book: book.ticker == CPI) if len(books.heard) < 2 else None
            sid = exchange.sids["orderbook_delta"]
            exchange.seqs[sid] += step - 1
            await exchange.delta(FED, "0.4100", "99.00")
            assert {await lost.next(), await lost.next()} == {FED, CPI}
            asked = await exchange.asked(lambda command: command["params"].get("action") == "get_snapshot")
            assert asked["params"]["market_tickers"] == sorted([FED, CPI])
            fresh = await books.next(lambda book: book.ticker == FED)
            assert fresh.bids == {Price(4_100): Count.of(10)}
            assert not any(book.count_at(BookSide.BID, Price(4_100)) == Count.of(109) for book in books.heard)

    asyncio.run(run())


def test_a_loss_on_any_numbered_channel_is_told(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected, missed = Ears(stream.connected), Ears(stream.missed)
            stream.follow(LIFECYCLE)
            stream.start()
            await connected.next()
            sid = exchange.sids[LIFECYCLE]
            await exchange.numbered(sid, LIFECYCLE, CLOSES)
            exchange.seqs[sid] += 1
            await exchange.numbered(sid, LIFECYCLE, CLOSES)
            assert await missed.next() == LIFECYCLE
            assert len(missed.heard) == 1

    asyncio.run(run())


def test_a_level_below_zero_drops_the_book(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books, lost = Ears(stream.book_said), Ears(stream.book_lost)
            stream.watch_books(frozenset({FED}))
            stream.start()
            await books.next()
            await exchange.delta(FED, "0.4100", "-11.00")
            assert await lost.next() == FED
            assert (await books.next()).bids == {Price(4_100): Count.of(10)}

    asyncio.run(run())


def test_a_book_that_does_not_come_is_asked_for_again(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pitdesk.kalshi.stream.dispatch._ASK_BOOKS_AGAIN_S", 0.05)

    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books = Ears(stream.book_said)
            stream.watch_books(frozenset({FED}))
            stream.start()
            await books.next()
            exchange.answers = False
            exchange.seqs[exchange.sids["orderbook_delta"]] += 5
            await exchange.delta(FED, "0.4100", "1.00")
            await exchange.asked(lambda command: command["params"].get("action") == "get_snapshot")
            exchange.commands.clear()
            exchange.answers = True
            await exchange.asked(lambda command: command["params"].get("action") == "get_snapshot")
            await books.next()

    asyncio.run(run())


def test_watching_other_markets_moves_the_subscription(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books = Ears(stream.book_said)
            stream.watch_books(frozenset({FED}))
            stream.start()
            await books.next(lambda book: book.ticker == FED)
            stream.watch_books(frozenset({CPI}))
            await books.next(lambda book: book.ticker == CPI)
            added = await exchange.asked(lambda command: command["params"].get("action") == "add_markets")
            assert added["params"]["market_tickers"] == [CPI]
            dropped = await exchange.asked(
                lambda command: command["params"].get("action") == "delete_markets"
            )
            assert dropped["params"]["market_tickers"] == [FED]
            stream.watch_books(frozenset())
            await exchange.asked(lambda command: command["cmd"] == "unsubscribe")
            stream.watch_books(frozenset({FED}))
            await books.next(lambda book: book.ticker == FED)

    asyncio.run(run())


def test_a_market_that_is_left_and_looked_at_again_at_once_has_its_book(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (_, stream):
            books = Ears(stream.book_said)
            stream.watch_books(frozenset({FED}))
            stream.start()
            await books.next(lambda book: book.ticker == FED)
            stream.watch_books(frozenset({CPI}))
            stream.watch_books(frozenset({FED}))
            await books.next(lambda book: book.ticker == FED)
            stream.watch_books(frozenset())
            stream.watch_books(frozenset({FED}))
            await books.next(lambda book: book.ticker == FED)

    asyncio.run(run())


def test_a_book_that_comes_after_nobody_looks_is_not_told(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books, quotes = Ears(stream.book_said), Ears(stream.quote_said)
            stream.watch_books(frozenset({FED, CPI}))
            stream.start()
            await books.next()
            await books.next()
            stream.watch_books(frozenset({CPI}))
            await exchange.snapshots([FED])
            await exchange.delta(FED, "0.4100", "1.00")
            await exchange.send({"type": "ticker", "sid": 99, "msg": TICKER})
            await quotes.next()
            assert [book.ticker for book in books.heard[2:]] == []

    asyncio.run(run())


ORDER = {
    "order_id": "o1",
    "user_id": "u1",
    "ticker": FED,
    "exchange_index": 0,
    "status": "resting",
    "outcome_side": "yes",
    "book_side": "bid",
    "yes_price_dollars": "0.4200",
    "fill_count_fp": "1.00",
    "remaining_count_fp": "2.00",
    "initial_count_fp": "3.00",
    "taker_fill_cost_dollars": "0.420000",
    "maker_fill_cost_dollars": "0.000000",
    "taker_fees_dollars": "0.017500",
    "maker_fees_dollars": "0.000000",
    "client_order_id": "c1",
    "created_ts_ms": None,
    "last_updated_ts_ms": 1_795_219_200_123,
    "last_update_reason": "Trade",
}
FILL = {
    "trade_id": "t1",
    "order_id": "o1",
    "market_ticker": FED,
    "exchange_index": 0,
    "is_taker": True,
    "yes_price_dollars": "0.4200",
    "count_fp": "1.00",
    "fee_cost": "0.017500",
    "post_position_fp": "-4.00",
    "outcome_side": "yes",
    "book_side": "bid",
    "ts_ms": 1_795_219_200_123,
    "action": "sell_partial",
    "a_field_of_next_month": {"x": [1]},
}
TICKER = {
    "market_ticker": FED,
    "market_id": "m",
    "price_dollars": "0.4200",
    "yes_bid_dollars": "0.4100",
    "yes_ask_dollars": "1.0000",
    "volume_fp": "5.00",
    "open_interest_fp": "6.00",
    "dollar_volume": 5,
    "dollar_open_interest": -6,
    "yes_bid_size_fp": "7.00",
    "yes_ask_size_fp": "0.00",
    "last_trade_size_fp": "1.00",
}
TRADE = {
    "trade_id": "t9",
    "market_ticker": FED,
    "yes_price_dollars": "0.4200",
    "no_price_dollars": "0.5800",
    "count_fp": "2.00",
    "taker_outcome_side": "yes",
    "taker_book_side": "bid",
    "is_block_trade": False,
    "ts_ms": 5,
}
POSITION = {
    "user_id": "u1",
    "market_ticker": FED,
    "position_fp": "-4.00",
    "position_cost_dollars": "2.3200",
    "realized_pnl_dollars": "-0.1000",
    "fees_paid_dollars": "0.0500",
    "position_fee_cost_dollars": "0.0100",
    "volume_fp": "9.00",
}
CLOSES = {"event_type": "close_date_updated", "market_ticker": FED, "close_ts": 1_795_219_200}


def test_private_and_public_messages_reach_their_listeners(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            orders, fills, holdings = (
                Ears(stream.order_said),
                Ears(stream.fill_said),
                Ears(stream.holding_said),
            )
            quotes, trades = Ears(stream.quote_said), Ears(stream.trade_said)
            positions, lives = Ears(stream.position_said), Ears(stream.lifecycle_said)
            stream.start()
            await connected.next()
            messages = {
                "user_order": ORDER,
                "fill": FILL,
                "ticker": TICKER,
                "trade": TRADE,
                "market_position": POSITION,
                LIFECYCLE: CLOSES,
            }
            for kind, message in messages.items():
                await exchange.send({"type": kind, "sid": 99, "msg": message})
            order = await orders.next()
            assert (order.status, order.fill_count, order.updated_ms) == (
                OrderStatus.RESTING,
                Count.of(1),
                1_795_219_200_123,
            )
            assert (await fills.next()).trade_id == "t1"
            held = await holdings.next()
            assert (held.fill.ticker, held.position_after) == (FED, Count.of(-4))
            ticker, quote = await quotes.next()
            assert (ticker, quote.bid, quote.ask) == (FED, Price(4_100), None)
            assert (await trades.next()).taker_side is BookSide.BID
            assert (await positions.next()).count == Count.of(-4)
            life = await lives.next()
            assert (life.event, life.close_ms) == ("close_date_updated", 1_795_219_200_000)

    asyncio.run(run())


BAD_FRAMES: list[Any] = [
    "",
    "not json",
    "[]",
    "null",
    '{"type":5}',
    '{"type":"a new kind","msg":{}}',
    b"\xff\xfe\x00",
    "[" * 50_000,
    {"type": "user_order"},
    {"type": "user_order", "msg": None},
    {"type": "user_order", "msg": {**ORDER, "fill_count_fp": 1}},
    {"type": "user_order", "msg": {**ORDER, "yes_price_dollars": "NaN"}},
    {"type": "user_order", "msg": {**ORDER, "book_side": "sideways"}},
    {"type": "fill", "msg": {"trade_id": "t1"}},
    {"type": "ticker", "msg": {**TICKER, "yes_bid_dollars": "1e3"}},
    {"type": "orderbook_delta", "sid": 7, "seq": 3, "msg": {}},
    {
        "type": "orderbook_snapshot",
        "msg": {"market_ticker": FED, "market_id": "m", "yes_dollars_fp": [["x"]]},
    },
    {"type": "subscribed", "id": 1, "msg": {}},
    {"type": "error", "msg": {"code": "five", "msg": "x"}},
    {"type": "error", "id": 12345, "msg": {"code": 11, "msg": "x"}},
]


def test_a_bad_message_is_counted_and_skipped(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected, orders = Ears(stream.connected), Ears(stream.order_said)
            stream.start()
            await connected.next()
            for frame in BAD_FRAMES:
                await exchange.send(frame if isinstance(frame, bytes) else frame or " ")
            await exchange.send({"type": "user_order", "msg": ORDER})
            assert (await orders.next()).order_id == "o1"
            assert len(orders.heard) == 1
            assert len(exchange.sockets) == 1
            assert stream.skipped.total() == len(BAD_FRAMES) - 1

    asyncio.run(run())


def test_a_listener_that_fails_does_not_end_the_stream(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.order_said.connect(lambda order: {}[order.order_id])
            orders = Ears(stream.order_said)
            stream.start()
            await connected.next()
            await exchange.send({"type": "user_order", "msg": ORDER})
            await orders.next()

    asyncio.run(run())


def test_silence_makes_it_stale_then_it_connects_again_and_says_so(
    signer: Signer, still_clock: StillClock
) -> None:
    async def run() -> None:
        async with streaming(signer, QUICK, still_clock) as (exchange, stream):
            connected, states, lost = (
                Ears(stream.connected),
                Ears(stream.state_changed),
                Ears(stream.book_lost),
            )
            stream.follow(*PRIVATE)
            stream.watch_books(frozenset({FED}))
            books = Ears(stream.book_said)
            stream.start()
            await connected.next()
            await books.next()
            exchange.sockets[0].transport.pause_reading()
            still_clock.advance(15.1)
            await states.next(lambda state: state.phase == "stale")
            still_clock.advance(10.0)
            await states.next(lambda state: state.phase == "down")
            assert await lost.next() == FED
            await connected.next()
            await books.next()
            assert stream.state.phase == "live"
            assert len(exchange.sockets) == 2

    asyncio.run(run())


async def heard_again(stream: Stream) -> None:
    """Wait for an answer to a ping: nothing announces one."""
    async with asyncio.timeout(60.0):
        while stream.state.age_s > 0:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_a_quiet_exchange_that_answers_pings_stays_live(signer: Signer, still_clock: StillClock) -> None:
    async def run() -> None:
        async with streaming(signer, QUICK, still_clock) as (exchange, stream):
            connected, states = Ears(stream.connected), Ears(stream.state_changed)
            stream.start()
            await connected.next()
            for _ in range(10):
                still_clock.advance(10.1)
                await heard_again(stream)
            assert [state.phase for state in states.heard] == ["live"]
            assert len(exchange.sockets) == 1

    asyncio.run(run())


def test_a_stall_that_ends_in_time_is_live_again(signer: Signer, still_clock: StillClock) -> None:
    async def run() -> None:
        async with streaming(signer, QUICK, still_clock) as (exchange, stream):
            connected, states = Ears(stream.connected), Ears(stream.state_changed)
            stream.start()
            await connected.next()
            exchange.sockets[0].transport.pause_reading()
            still_clock.advance(15.1)
            await states.next(lambda state: state.phase == "stale")
            exchange.sockets[0].transport.resume_reading()
            await states.next(lambda state: state.phase == "live")
            assert len(exchange.sockets) == 1

    asyncio.run(run())


def test_a_lost_connection_is_made_again_with_a_new_signature(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.follow(*PRIVATE)
            stream.start()
            await connected.next()
            exchange.sockets[0].transport.abort()
            await connected.next()
            first, second = (socket.request.headers for socket in exchange.sockets if socket.request)
            assert first["KALSHI-ACCESS-SIGNATURE"] != second["KALSHI-ACCESS-SIGNATURE"]
            subscribed = [command["params"]["channels"][0] for command in exchange.commands]
            assert sorted(subscribed) == sorted(PRIVATE * 2)

    asyncio.run(run())


def test_a_fault_in_its_own_watch_makes_the_connection_anew(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would notice any more that it is silent, while it is shown as live."""

    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.start()
            await connected.next()
            look, fails = stream._ask_lost_books, [True]

            def fail_once() -> None:
                if fails:
                    fails.clear()
                    raise FaultOfOurs
                look()

            monkeypatch.setattr(stream, "_ask_lost_books", fail_once)
            await connected.next()
            assert len(exchange.sockets) == 2

    asyncio.run(run())


def test_a_fault_that_ends_the_stream_is_shown_as_lost(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            states, connected = Ears(stream.state_changed), Ears(stream.connected)
            stream.follow(*PRIVATE)
            stream.start()
            await connected.next()

            def fail() -> None:
                raise FaultOfOurs

            monkeypatch.setattr(stream, "_pump", fail)
            await exchange.send({"type": "ok"})
            assert (await states.next(lambda state: state.phase != "live")).phase == "down"

    asyncio.run(run())


def test_after_a_sleep_it_connects_anew_without_waiting(signer: Signer) -> None:
    patient = replace(QUICK, first_wait=3_600.0, longest_wait=3_600.0)

    async def run() -> None:
        async with streaming(signer, patient) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.start()
            await connected.next()
            stream.renew()
            await connected.next()
            assert len(exchange.sockets) == 2

    asyncio.run(run())


@pytest.mark.parametrize("code", [10, 25])
def test_a_subscription_that_ends_is_asked_for_again(
    signer: Signer, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pitdesk.kalshi.stream.subscriptions._RETRY_S", 0.02)

    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected, states = Ears(stream.connected), Ears(stream.state_changed)
            stream.follow("user_orders", "fill")
            stream.start()
            await connected.next()
            sid = exchange.sids["fill"]
            await exchange.send(
                {"type": "error", "sid": sid, "msg": {"code": code, "msg": "buffer overflow"}}
            )
            await states.next(lambda state: state.phase == "stale")
            await connected.next()
            asked = [command["params"]["channels"] for command in exchange.commands]
            assert asked.count(["fill"]) == 2
            assert asked.count(["user_orders"]) == 1
            assert len(exchange.sockets) == 1

    asyncio.run(run())


def test_a_book_subscription_that_ends_loses_its_books(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pitdesk.kalshi.stream.subscriptions._RETRY_S", 0.02)

    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books, lost = Ears(stream.book_said), Ears(stream.book_lost)
            stream.watch_books(frozenset({FED}))
            stream.start()
            await books.next()
            sid = exchange.sids["orderbook_delta"]
            await exchange.send({"type": "error", "sid": sid, "msg": {"code": 25, "msg": "buffer overflow"}})
            assert await lost.next() == FED
            await books.next()

    asyncio.run(run())


def test_an_end_that_names_nothing_ends_the_connection(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.start()
            await connected.next()
            await exchange.send({"type": "error", "msg": {"code": 25, "msg": "buffer overflow"}})
            await connected.next()
            assert len(exchange.sockets) == 2

    asyncio.run(run())


def test_a_refused_channel_does_not_hold_up_the_others(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            answer = exchange.answer

            async def refuse_one(command: dict[str, Any]) -> None:
                if command["params"].get("channels") == ["a_channel_of_old"]:
                    fault = {"code": 8, "msg": "Unknown channel name"}
                    await exchange.send({"type": "error", "id": command["id"], "msg": fault})
                else:
                    await answer(command)

            exchange.answer = refuse_one  # type: ignore[method-assign]
            stream.follow("user_orders", "a_channel_of_old")
            stream.start()
            await connected.next()
            assert len(exchange.commands) == 2

    asyncio.run(run())


def test_a_market_that_is_refused_does_not_spoil_the_others(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            books = Ears(stream.book_said)
            answer = exchange.answer

            async def refuse_one(command: dict[str, Any]) -> None:
                if "GONE" in command["params"].get("market_tickers", ()):
                    fault = {"code": 11, "msg": "Invalid parameter"}
                    await exchange.send({"type": "error", "id": command["id"], "msg": fault})
                else:
                    await answer(command)

            exchange.answer = refuse_one  # type: ignore[method-assign]
            stream.watch_books(frozenset({FED}))
            stream.start()
            await books.next()
            stream.watch_books(frozenset({FED, "GONE"}))
            await exchange.asked(lambda command: "GONE" in command["params"].get("market_tickers", ()))
            stream.watch_books(frozenset({FED, "GONE", CPI}))
            assert (await books.next()).ticker == CPI

    asyncio.run(run())


def test_commands_without_an_answer_end_the_connection(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer, replace(QUICK, answer=0.1)) as (exchange, stream):
            connected = Ears(stream.connected)
            exchange.answers = False
            stream.follow("fill")
            stream.start()
            await exchange.asked(lambda command: command["cmd"] == "subscribe")
            exchange.answers = True
            await connected.next()
            assert len(exchange.sockets) >= 2

    asyncio.run(run())


def test_a_refused_handshake_is_told_and_tried_again(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected, states = Ears(stream.connected), Ears(stream.state_changed)
            exchange.refuse_with = 401
            stream.start()
            down = await states.next(lambda state: state.phase == "down")
            assert "API key" in down.reason
            exchange.refuse_with = None
            await connected.next()
            assert stream.state.phase == "live"

    asyncio.run(run())


def test_a_handshake_is_not_led_elsewhere(signer: Signer, raw_server: RawServer) -> None:
    from pitdesk.kalshi.stream.door import DoorError, open_stream

    elsewhere = RawServer()
    where = f"Location: ws://127.0.0.1:{elsewhere.port}/trade-api/ws/v2"
    raw_server.answer = reply_with(http_reply("302 Found", b"", where))

    async def run() -> None:
        with pytest.raises(DoorError, match="302"):
            await open_stream(raw_server.environment, signer, 30.0)

    asyncio.run(run())
    elsewhere.close()
    assert elsewhere.connections == 0


def test_closing_while_it_connects_leaves_nothing(signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            exchange.refuse_with = 503
            states = Ears(stream.state_changed)
            stream.start()
            await states.next(lambda state: state.phase == "down")
            await stream.close()
            await stream.close()

    asyncio.run(run())


def test_it_runs_on_the_windows_own_loop(run_async: Any, signer: Signer) -> None:
    async def run() -> None:
        async with streaming(signer) as (exchange, stream):
            connected, orders, states = (
                Ears(stream.connected),
                Ears(stream.order_said),
                Ears(stream.state_changed),
            )
            stream.start()
            await connected.next()
            await exchange.send({"type": "user_order", "msg": ORDER})
            await orders.next()
            exchange.sockets[0].transport.abort()
            await states.next(lambda state: state.phase == "down")
            await connected.next()

    run_async(run())
