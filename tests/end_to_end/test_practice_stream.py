"""The practice exchange's WebSocket over its real socket: acknowledgements, numbering, books, complaints."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.exchange_specs import StreamSpec
from tests.practice_fixture import PracticeExchange, running_exchange

pytestmark = pytest.mark.api
ORDERS = "/portfolio/events/orders"
Frame = dict[str, Any]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    """One quiet exchange without rate limits for the whole file."""
    folder = tmp_path_factory.mktemp("exchange") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited") as running:
        yield running


@pytest.fixture(scope="module")
def market(exchange: PracticeExchange) -> Frame:
    """A market on whole cents, quoted on both sides, with room between them."""
    listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    return next(
        market
        for market in listed
        if market["price_level_structure"] == "linear_cent"
        and float(market["yes_bid_dollars"]) > 0.1
        and float(market["yes_ask_dollars"]) < 0.9
        and float(market["yes_ask_dollars"]) - float(market["yes_bid_dollars"]) > 0.015
    )


class Stream:
    """A socket whose every frame is checked before it is looked at."""

    def __init__(self, socket: ClientConnection, spec: StreamSpec) -> None:
        self._socket = socket
        self._spec = spec
        self._ids = 0

    def send(self, command: Any) -> None:
        self._socket.send(command if isinstance(command, str) else json.dumps(command))

    def ask(self, cmd: str, **params: Any) -> int:
        """Send a command; its id."""
        self._ids += 1
        self.send({"id": self._ids, "cmd": cmd, "params": params})
        return self._ids

    def next(self) -> Frame:
        text = self._socket.recv(timeout=60)
        assert isinstance(text, str)
        frame: Frame = json.loads(text)
        self._spec.check(frame)
        return frame

    def until(self, wanted: Callable[[Frame], bool]) -> list[Frame]:
        """Frames up to and including the first that is wanted."""
        frames = [self.next()]
        while not wanted(frames[-1]):
            frames.append(self.next())
        return frames

    def of_type(self, kind: str) -> Frame:
        """The next frame of that type."""
        return self.until(lambda frame: frame["type"] == kind)[-1]

    def subscribe(self, *channels: str, **params: Any) -> dict[str, int]:
        """Subscribe and answer each channel's sid."""
        command_id = self.ask("subscribe", channels=list(channels), **params)
        sids: dict[str, int] = {}
        while len(sids) < len(channels):
            frame = self.of_type("subscribed")
            assert frame["id"] == command_id
            sids[frame["msg"]["channel"]] = frame["msg"]["sid"]
        return sids


@contextmanager
def opened(exchange: PracticeExchange, spec: StreamSpec) -> Iterator[Stream]:
    with connect(exchange.ws, additional_headers=exchange.stream_headers(), proxy=None) as socket:
        yield Stream(socket, spec)


@pytest.fixture
def stream(exchange: PracticeExchange, stream_spec: StreamSpec) -> Iterator[Stream]:
    """A signed-in socket."""
    with opened(exchange, stream_spec) as found:
        yield found


def place(exchange: PracticeExchange, market: Frame, **changes: Any) -> Frame:
    body = {
        "ticker": market["ticker"],
        "side": "bid",
        "count": "2.00",
        "price": "0.0100",
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "taker_at_cross",
        **changes,
    }
    answer = exchange.call("POST", ORDERS, body)
    assert answer.status == 201, answer.body
    made: Frame = answer.json
    return made


def error(stream: Stream) -> tuple[int, int | None]:
    frame = stream.next()
    assert frame["type"] == "error"
    return frame["msg"]["code"], frame.get("id")


def test_a_socket_needs_a_signature(exchange: PracticeExchange) -> None:
    with pytest.raises(InvalidStatus) as caught, connect(exchange.ws, proxy=None):
        pass
    assert caught.value.response.status_code == 401
    assert json.loads(caught.value.response.body or b"")["error"]["code"] == "key_is_missing_from_headers"


def test_each_channel_is_acknowledged_by_itself_with_a_sid_of_its_own(stream: Stream, market: Frame) -> None:
    channels = (
        "orderbook_delta",
        "ticker",
        "trade",
        "fill",
        "user_orders",
        "market_positions",
        "market_lifecycle_v2",
    )
    sids = stream.subscribe(*channels, market_ticker=market["ticker"])
    assert set(sids) == set(channels)
    assert len(set(sids.values())) == len(channels)
    command_id = stream.ask("list_subscriptions")
    listed = stream.of_type("ok")
    assert listed["id"] == command_id
    assert {item["channel"]: item["sid"] for item in listed["msg"]} == sids


class HeldBook:
    """A book kept by a client: a snapshot and the deltas after it, whose numbers leave no gap."""

    def __init__(self, seq: int = 0) -> None:
        self.seq = seq
        self.sides: dict[str, dict[str, float]] = {"yes": {}, "no": {}}
        self.clock = 0

    def apply(self, frame: Frame) -> None:
        if "seq" not in frame:
            return
        assert frame["seq"] == self.seq + 1
        self.seq += 1
        msg = frame["msg"]
        if frame["type"] == "orderbook_snapshot":
            for side in ("yes", "no"):
                self.sides[side] = {p: float(c) for p, c in msg.get(f"{side}_dollars_fp", [])}
            self.clock = msg["clock"]
        elif frame["type"] == "orderbook_delta":
            assert msg["clock"] >= self.clock
            self.clock = msg["clock"]
            levels = self.sides[msg["side"]]
            price = msg["price_dollars"]
            levels[price] = round(levels.get(price, 0.0) + float(msg["delta_fp"]), 2)
            assert levels[price] >= 0
            if not levels[price]:
                del levels[price]


def rest_book(exchange: PracticeExchange, market: Frame) -> dict[str, dict[str, float]]:
    book = exchange.call("GET", f"/markets/{market['ticker']}/orderbook").json["orderbook_fp"]
    return {side: {p: float(c) for p, c in book[f"{side}_dollars"]} for side in ("yes", "no")}


def test_a_snapshot_and_its_deltas_are_the_book_that_rest_tells(
    exchange: PracticeExchange, stream: Stream, market: Frame
) -> None:
    stream.subscribe("orderbook_delta", market_ticker=market["ticker"], use_yes_price=False)
    held = HeldBook()
    held.apply(stream.of_type("orderbook_snapshot"))
    assert held.sides == rest_book(exchange, market)
    made = [place(exchange, market, price=price) for price in ("0.0100", "0.0200", "0.0200")]
    place(exchange, market, count="3", price=market["yes_ask_dollars"], time_in_force="immediate_or_cancel")
    place(exchange, market, side="ask", price="0.9900")
    exchange.call("DELETE", f"{ORDERS}/{made[1]['order_id']}")
    exchange.call("POST", f"{ORDERS}/{made[2]['order_id']}/decrease", {"reduce_by": "0.5"})
    last = place(exchange, market, price="0.0300", client_order_id="the-last")
    assert last["remaining_count"] == "2.00"
    for frame in stream.until(lambda frame: frame["msg"].get("client_order_id") == "the-last"):
        held.apply(frame)
    assert held.sides == rest_book(exchange, market)
    exchange.call("DELETE", ORDERS)


def test_no_levels_are_told_in_either_price(
    exchange: PracticeExchange, stream: Stream, stream_spec: StreamSpec, market: Frame
) -> None:
    stream.subscribe("orderbook_delta", market_ticker=market["ticker"], use_yes_price=True)
    with opened(exchange, stream_spec) as other:
        other.subscribe("orderbook_delta", market_ticker=market["ticker"])
        in_yes = stream.of_type("orderbook_snapshot")["msg"]
        in_no = other.of_type("orderbook_snapshot")["msg"]
        assert in_yes["yes_dollars_fp"] == in_no["yes_dollars_fp"]
        mirrored = [(f"{1 - float(price):.4f}", count) for price, count in in_no["no_dollars_fp"]]
        assert [tuple(level) for level in in_yes["no_dollars_fp"]] == mirrored
        place(exchange, market, side="ask", price="0.9800")
        assert stream.of_type("orderbook_delta")["msg"]["price_dollars"] == "0.9800"
        assert other.of_type("orderbook_delta")["msg"]["price_dollars"] == "0.0200"
    exchange.call("DELETE", ORDERS)


def test_an_order_that_takes_is_told_to_its_owner_on_every_channel(
    exchange: PracticeExchange, stream: Stream, market: Frame
) -> None:
    stream.subscribe("user_orders", "fill", "market_positions", "trade")
    ask = exchange.call("GET", f"/markets/{market['ticker']}").json["market"]["yes_ask_dollars"]
    made = place(exchange, market, price=ask, count="1", client_order_id="taker-1")
    seen: dict[str, Frame] = {}
    while not {"user_order", "fill", "market_position", "trade"} <= set(seen):
        frame = stream.next()
        seen[frame["type"]] = frame
    order, fill = seen["user_order"]["msg"], seen["fill"]["msg"]
    assert (order["order_id"], order["status"], order["client_order_id"]) == (
        made["order_id"],
        "executed",
        "taker-1",
    )
    assert (fill["yes_price_dollars"], fill["count_fp"], fill["is_taker"]) == (ask, "1.00", True)
    assert seen["trade"]["msg"]["trade_id"] == fill["trade_id"]
    assert seen["market_position"]["msg"]["position_fp"] == fill["post_position_fp"]
    assert ["seq" in seen[kind] for kind in ("user_order", "fill", "market_position", "trade")] == [
        False,
        False,
        False,
        True,
    ]


def test_the_ticker_follows_the_touch(exchange: PracticeExchange, stream: Stream, market: Frame) -> None:
    stream.subscribe("ticker", market_tickers=[market["ticker"]], send_initial_snapshot=True)
    now = exchange.call("GET", f"/markets/{market['ticker']}").json["market"]
    first = stream.of_type("ticker")["msg"]
    assert first["yes_bid_dollars"] == now["yes_bid_dollars"]
    better = f"{float(now['yes_bid_dollars']) + 0.01:.4f}"
    assert better < now["yes_ask_dollars"]
    made = place(exchange, market, price=better)
    moved = stream.until(lambda frame: frame["msg"]["yes_bid_dollars"] == better)[-1]["msg"]
    assert moved["yes_bid_size_fp"] == "2.00"
    exchange.call("DELETE", f"{ORDERS}/{made['order_id']}")
    back = stream.until(lambda frame: frame["msg"]["yes_bid_dollars"] == now["yes_bid_dollars"])[-1]["msg"]
    assert back["yes_bid_size_fp"] == now["yes_bid_size_fp"]


def test_markets_are_added_taken_away_and_told_again(
    exchange: PracticeExchange, stream: Stream, market: Frame
) -> None:
    listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    other = next(found["ticker"] for found in listed if found["ticker"] != market["ticker"])
    sid = stream.subscribe("orderbook_delta", market_ticker=market["ticker"])["orderbook_delta"]
    assert stream.next()["seq"] == 1
    added = stream.ask("update_subscription", sids=[sid], action="add_markets", market_tickers=[other])
    ok = stream.next()
    assert (ok["type"], ok["id"], ok["seq"]) == ("ok", added, 2)
    assert ok["msg"]["market_tickers"] == sorted([market["ticker"], other])
    snapshot = stream.next()
    assert (snapshot["type"], snapshot["seq"], snapshot["msg"]["market_ticker"]) == (
        "orderbook_snapshot",
        3,
        other,
    )
    asked = stream.ask("update_subscription", sid=sid, action="get_snapshot", market_tickers=[other])
    again = stream.next()
    assert (again["id"], again["seq"], again["msg"]) == (asked, 4, snapshot["msg"])
    stream.ask("update_subscription", sid=sid, action="delete_markets", market_tickers=[market["ticker"]])
    assert stream.next()["msg"]["market_tickers"] == [other]
    gone = stream.ask("unsubscribe", sids=[sid])
    last = stream.next()
    assert (last["type"], last["id"], last["sid"], last["seq"]) == ("unsubscribed", gone, sid, 6)
    stream.ask("list_subscriptions")
    assert stream.next()["msg"] == []


def test_following_a_channel_again_keeps_its_number_and_tells_only_what_is_new(
    exchange: PracticeExchange, stream: Stream, market: Frame
) -> None:
    listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    other = next(found["ticker"] for found in listed if found["ticker"] != market["ticker"])
    first = stream.subscribe("orderbook_delta", market_ticker=market["ticker"])
    assert stream.next()["msg"]["market_ticker"] == market["ticker"]
    assert stream.subscribe("orderbook_delta", market_tickers=[market["ticker"], other]) == first
    assert stream.next()["msg"]["market_ticker"] == other


@pytest.mark.parametrize(
    "command,code",
    [
        ("not json", 1),
        ("[]", 1),
        ("\ud7ff", 1),
        ({"id": "one", "cmd": "subscribe"}, 1),
        ({"id": 5, "cmd": "subscribe"}, 2),
        ({"id": 5, "cmd": "subscribe", "params": {}}, 3),
        ({"id": 5, "cmd": "subscribe", "params": {"channels": []}}, 3),
        ({"id": 5, "cmd": "unsubscribe", "params": {}}, 4),
        ({"id": 5, "cmd": "dance", "params": {}}, 5),
        ({"id": 5}, 5),
        ({"id": 5, "cmd": "unsubscribe", "params": {"sids": [99]}}, 7),
        ({"id": 5, "cmd": "subscribe", "params": {"channels": ["gossip"]}}, 8),
        ({"id": 5, "cmd": "subscribe", "params": {"channels": "ticker"}}, 11),
        ({"id": 5, "cmd": "subscribe", "params": {"channels": ["ticker"], "market_ticker": 7}}, 11),
        (
            {
                "id": 5,
                "cmd": "subscribe",
                "params": {"channels": ["orderbook_delta"], "market_ticker": "NONE"},
            },
            11,
        ),
        ({"id": 5, "cmd": "update_subscription", "params": {"action": "add_markets"}}, 12),
        ({"id": 5, "cmd": "update_subscription", "params": {"action": "add_markets", "sids": [1, 2]}}, 12),
        ({"id": 5, "cmd": "update_subscription", "params": {"action": "add_markets", "sid": 99}}, 7),
        ({"id": 5, "cmd": "update_subscription", "params": {"action": "shuffle", "sid": 1}}, 13),
        ({"id": 5, "cmd": "subscribe", "params": {"channels": ["orderbook_delta"]}}, 14),
        ({"id": 5, "cmd": "update_subscription", "params": {"action": "add_markets", "sid": 1}}, 14),
        ({"id": 5, "cmd": "update_subscription", "params": {"sid": 1}}, 15),
    ],
)
def test_a_command_that_cannot_be_obeyed_gets_its_number(stream: Stream, command: Any, code: int) -> None:
    assert stream.subscribe("trade") == {"trade": 1}
    stream.send(command)
    expected_id = command["id"] if isinstance(command, dict) and command.get("id") == 5 else None
    assert error(stream) == (code, expected_id)
    stream.ask("list_subscriptions")
    assert stream.next()["msg"] == [{"channel": "trade", "sid": 1}]


def test_the_exchange_answers_a_ping(stream: Stream) -> None:
    assert stream._socket.ping().wait(60)


def test_other_peoples_orders_are_not_told(exchange: PracticeExchange, stream: Stream, market: Frame) -> None:
    stream.subscribe("user_orders", "fill", market_tickers=["SOMETHING-ELSE"])
    place(exchange, market, client_order_id="elsewhere")
    stream.ask("list_subscriptions")
    assert stream.next()["type"] == "ok"
    exchange.call("DELETE", ORDERS)


def levels(frame: Frame) -> dict[str, dict[str, float]]:
    """Both sides of a snapshot."""
    msg = frame["msg"]
    return {side: {p: float(c) for p, c in msg.get(f"{side}_dollars_fp", [])} for side in ("yes", "no")}


def test_every_book_of_a_lively_market_stays_what_a_new_snapshot_says(
    tmp_path: Path, stream_spec: StreamSpec
) -> None:
    with (
        running_exchange(tmp_path / "lively", "--unlimited", "--speed", "40") as lively,
        opened(lively, stream_spec) as stream,
    ):
        listed = lively.call("GET", "/markets?status=open&limit=1000").json["markets"]
        tickers = [found["ticker"] for found in listed]
        sid = stream.subscribe("orderbook_delta", market_tickers=tickers)["orderbook_delta"]
        books: dict[str, HeldBook] = {}
        numbers = []
        changes = 0
        asked = 0
        checked = 0
        while checked < len(tickers):
            frame = stream.next()
            numbers.append(frame["seq"])
            ticker = frame["msg"]["market_ticker"]
            if asked and frame.get("id") == asked:
                assert levels(frame) == books[ticker].sides, ticker
                checked += 1
                continue
            held = books.setdefault(ticker, HeldBook())
            held.seq = frame["seq"] - 1
            held.apply(frame)
            changes += frame["type"] == "orderbook_delta"
            if changes == 500 and not asked:
                asked = stream.ask(
                    "update_subscription", sid=sid, action="get_snapshot", market_tickers=tickers
                )
        assert numbers == list(range(1, len(numbers) + 1))
