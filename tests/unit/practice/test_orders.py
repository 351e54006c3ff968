"""What a single order meets: it rests, takes, is refused, changed or ended, as the exchange says."""

from __future__ import annotations

import pytest

from pitdesk.kalshi.wire.orders import DecreaseOrderRequest
from pitdesk.orders import OrderStatus
from pitdesk.practice.facts import BookChanged, Filled, OrderChanged, QuoteChanged, Traded
from pitdesk.practice.records import ExchangeState
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Count, Dollars
from tests.unit.practice.floor import BANDED, CENT, CLOSE_MS, NOW_MS, TENTH, Floor


@pytest.fixture
def floor() -> Floor:
    return Floor()


def refused(floor: Floor, *args: object, account: object = None, **more: object) -> tuple[int, str, str]:
    with pytest.raises(ExchangeRefusal) as caught:
        floor.send(account or floor.ann, *args, **more)  # type: ignore[arg-type]
    return caught.value.http_status, caught.value.code, caught.value.details


def test_a_bid_rests_and_holds_back_its_price(floor: Floor) -> None:
    answer = floor.send(floor.ann, "bid", "100", "0.42", client_order_id="one")
    assert (answer.fill_count, answer.remaining_count, answer.client_order_id) == ("0.00", "100.00", "one")
    assert answer.average_fill_price is None
    assert floor.touch() == ("42¢ x 100", "None x 0")
    balance = floor.exchange.read.balance(floor.ann)
    assert (balance.cash, balance.reserved) == (Dollars.of(9_958), Dollars.of(42))
    assert [type(fact) for fact in floor.said] == [BookChanged, OrderChanged, QuoteChanged]


def test_an_ask_that_opens_holds_back_the_no_price(floor: Floor) -> None:
    floor.send(floor.ann, "ask", "10.5", "0.42")
    assert floor.exchange.read.balance(floor.ann).reserved == Dollars.from_wire("6.09")


def test_the_older_and_the_better_trade_first_at_the_resting_price(floor: Floor) -> None:
    first = floor.send(floor.bob, "ask", "10", "0.45")
    second = floor.send(floor.bob, "ask", "10", "0.45")
    better = floor.send(floor.bob, "ask", "5", "0.44")
    answer = floor.send(floor.ann, "bid", "20", "0.50")
    assert answer.average_fill_price == "0.4475"
    read = floor.exchange.read
    filled = [read.order(floor.bob, one.order_id).fill_count for one in (better, first, second)]
    assert filled == [Count.of(5), Count.of(10), Count.of(5)]
    assert [fact.trade.yes_price.units for fact in floor.said if isinstance(fact, Traded)] == [
        4400,
        4500,
        4500,
    ]


def test_average_price_and_fee_are_exact(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "1", "0.52")
    answer = floor.send(floor.ann, "bid", "1", "0.99", time_in_force="immediate_or_cancel")
    assert (answer.average_fill_price, answer.average_fee_paid) == ("0.5200", "0.0175")
    floor.send(floor.bob, "ask", "1", "0.50")
    floor.send(floor.bob, "ask", "2", "0.51")
    assert floor.send(floor.ann, "bid", "3", "0.51").average_fill_price == "0.506667"


def test_the_rest_of_an_immediate_order_is_canceled(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "4", "0.45")
    answer = floor.send(floor.ann, "bid", "10", "0.45", time_in_force="immediate_or_cancel")
    assert (answer.fill_count, answer.remaining_count) == ("4.00", "0.00")
    order = floor.exchange.read.order(floor.ann, answer.order_id)
    assert (order.status, order.initial_count) == (OrderStatus.CANCELED, Count.of(10))
    assert floor.touch() == ("None x 0", "None x 0")


def test_a_fill_or_kill_order_fills_whole_or_spends_its_id(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "4", "0.45")
    killed = refused(floor, "bid", "5", "0.45", time_in_force="fill_or_kill", client_order_id="k")
    assert killed[:2] == (409, "fill_or_kill_insufficient_resting_volume")
    assert refused(floor, "bid", "1", "0.30", client_order_id="k")[:2] == (409, "order_already_exists")
    assert floor.send(floor.ann, "bid", "4", "0.45", time_in_force="fill_or_kill").fill_count == "4.00"


def test_a_client_order_id_is_used_up_for_good(floor: Floor) -> None:
    answer = floor.send(floor.ann, "bid", "1", "0.30", client_order_id="once")
    floor.exchange.cancel(floor.ann, answer.order_id)
    assert refused(floor, "bid", "1", "0.30", client_order_id="once")[:2] == (409, "order_already_exists")
    floor.send(floor.bob, "bid", "1", "0.30", client_order_id="once")


def test_post_only_never_takes(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "4", "0.45")
    crossing = refused(floor, "bid", "1", "0.45", post_only=True)
    assert crossing == (400, "invalid_order", "post only cross")
    assert floor.send(floor.ann, "bid", "1", "0.44", post_only=True).remaining_count == "1.00"


def test_meeting_ones_own_order_stops_the_taker(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "3", "0.44")
    own = floor.send(floor.ann, "ask", "3", "0.45")
    answer = floor.send(floor.ann, "bid", "10", "0.50")
    assert (answer.fill_count, answer.remaining_count) == ("3.00", "0.00")
    read = floor.exchange.read
    assert read.order(floor.ann, answer.order_id).last_update_reason == "SelfTradeCancel"
    assert read.order(floor.ann, own.order_id).status is OrderStatus.RESTING


def test_or_takes_the_own_order_away_and_goes_on(floor: Floor) -> None:
    own = floor.send(floor.ann, "ask", "3", "0.45")
    floor.send(floor.bob, "ask", "3", "0.46")
    answer = floor.send(floor.ann, "bid", "5", "0.50", prevention="maker")
    assert (answer.fill_count, answer.remaining_count) == ("3.00", "2.00")
    gone = floor.exchange.read.order(floor.ann, own.order_id)
    assert (gone.status, gone.last_update_reason) == (OrderStatus.CANCELED, "SelfTradeCancel")


def test_reduce_only_never_opens(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "5", "0.45")
    floor.send(floor.ann, "bid", "5", "0.45")
    floor.send(floor.bob, "bid", "9", "0.40")
    ioc = {"time_in_force": "immediate_or_cancel", "reduce_only": True}
    answer = floor.send(floor.ann, "ask", "8", "0.40", **ioc)  # type: ignore[arg-type]
    assert (answer.fill_count, answer.remaining_count) == ("5.00", "0.00")
    assert floor.exchange.read.order(floor.ann, answer.order_id).last_update_reason == "ReduceOnlyCancel"
    assert floor.ann.holding(CENT).position == 0
    assert refused(floor, "ask", "1", "0.40", reduce_only=True)[:2] == (400, "invalid_order")


@pytest.mark.parametrize(
    "side, count, price, more, status, code",
    [
        ("bid", "1", "0.515", {}, 400, "invalid_price"),
        ("bid", "1", "0", {}, 400, "invalid_price"),
        ("bid", "1", "1.00", {}, 400, "invalid_price"),
        ("bid", "1", "-0.10", {}, 400, "invalid_price"),
        ("bid", "1", "0.51234", {}, 400, "invalid_price"),
        ("bid", "1", "0.5155", {"ticker": TENTH}, 400, "invalid_price"),
        ("bid", "1", "0.515", {"ticker": BANDED}, 400, "invalid_price"),
        ("bid", "0", "0.50", {}, 400, "invalid_order_size"),
        ("bid", "-1", "0.50", {}, 400, "invalid_order_size"),
        ("bid", "1.001", "0.50", {}, 400, "invalid_order_size"),
        ("bid", "99999999999999", "0.50", {}, 400, "invalid_order_size"),
        ("bid", "1e3", "0.50", {}, 400, "invalid_order_size"),
        ("buy", "1", "0.50", {}, 400, "invalid_parameters"),
        ("bid", "1", "0.50", {"time_in_force": "GTC"}, 400, "invalid_parameters"),
        ("bid", "1", "0.50", {"prevention": "none"}, 400, "invalid_parameters"),
        ("bid", "1", "0.50", {"client_order_id": "a.b"}, 400, "invalid_parameters"),
        ("bid", "1", "0.50", {"client_order_id": "x" * 65}, 400, "invalid_parameters"),
        ("bid", "1", "0.50", {"subaccount": 3}, 400, "invalid_parameters"),
        ("bid", "1", "0.50", {"order_group_id": "g"}, 400, "order_group_not_found"),
        ("bid", "1", "0.50", {"exchange_index": 2}, 404, "not_found"),
        ("bid", "1", "0.50", {"ticker": "KXNONE"}, 404, "not_found"),
        ("bid", "1", "0.50", {"expiration_time": NOW_MS // 1000}, 400, "invalid_order"),
        (
            "bid", "1", "0.50",
            {"expiration_time": NOW_MS, "time_in_force": "immediate_or_cancel"}, 400, "invalid_order",
        ),
        ("bid", "30000", "0.50", {}, 400, "insufficient_balance"),
        ("ask", "15000", "0.30", {}, 400, "insufficient_balance"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_changes_nothing(
    floor: Floor, side: str, count: str, price: str, more: dict[str, object], status: int, code: str
) -> None:
    assert refused(floor, side, count, price, **more)[:2] == (status, code)
    assert floor.said == []
    assert floor.exchange.read.balance(floor.ann).cash == Dollars.of(10_000)


@pytest.mark.parametrize(
    "ticker, price", [(TENTH, "0.515"), (BANDED, "0.055"), (BANDED, "0.51"), (BANDED, "0.985")]
)
def test_finer_grids_take_their_prices(floor: Floor, ticker: str, price: str) -> None:
    assert floor.send(floor.ann, "bid", "1", price, ticker=ticker).remaining_count == "1.00"


def test_the_fee_must_be_affordable_too(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "19000", "0.50")
    assert refused(floor, "bid", "19400", "0.51")[1] == "insufficient_balance"
    floor.send(floor.ann, "bid", "19000", "0.50")
    assert floor.ann.cash > floor.ann.reserved


def test_closing_holds_back_nothing(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "100", "0.40")
    floor.send(floor.ann, "bid", "100", "0.40")
    closing = floor.send(floor.ann, "ask", "60", "0.60")
    assert floor.ann.reserved == 0
    floor.send(floor.ann, "ask", "60", "0.70")
    assert floor.ann.reserved == Dollars.of(6).units
    floor.exchange.cancel(floor.ann, closing.order_id)
    assert floor.ann.reserved == 0
    floor.send(floor.bob, "bid", "60", "0.70")
    position = floor.exchange.read.positions(floor.ann)[0]
    assert (position.count, position.exposure, position.realized) == (
        Count.of(40),
        Dollars.of(16),
        Dollars.of(18),
    )


def test_canceling_twice_finds_nothing(floor: Floor) -> None:
    answer = floor.send(floor.ann, "bid", "3", "0.42")
    assert floor.exchange.cancel(floor.ann, answer.order_id).reduced_by == "3.00"
    with pytest.raises(ExchangeRefusal) as caught:
        floor.exchange.cancel(floor.ann, answer.order_id)
    assert (caught.value.http_status, caught.value.code) == (404, "not_found")
    with pytest.raises(ExchangeRefusal):
        floor.exchange.cancel(floor.bob, answer.order_id)


def test_cancel_all_leaves_others_alone(floor: Floor) -> None:
    for ticker in (CENT, TENTH):
        floor.send(floor.ann, "bid", "3", "0.42", ticker=ticker)
    floor.send(floor.bob, "bid", "5", "0.41")
    assert floor.exchange.cancel_all(floor.ann) == 2
    assert floor.touch() == ("41¢ x 5", "None x 0")
    assert floor.ann.reserved == 0


def test_only_a_smaller_size_or_another_expiry_keeps_the_place(floor: Floor) -> None:
    mine = floor.send(floor.ann, "bid", "10", "0.42").order_id
    floor.send(floor.bob, "bid", "5", "0.42")
    ahead = floor.exchange.read.queue_position
    floor.amend(floor.ann, mine, "bid", "8", "0.42")
    floor.amend(floor.ann, mine, "bid", "8", "0.42", expiration_time=NOW_MS // 1000 + 60)
    assert ahead(floor.ann, mine) == Count.of(0)
    answer = floor.amend(floor.ann, mine, "bid", "9", "0.42")
    assert (answer.remaining_count, answer.fill_count) == ("9.00", "0.00")
    assert ahead(floor.ann, mine) == Count.of(5)
    plain = floor.amend(floor.ann, mine, "bid", "9", "0.41")
    assert (plain.remaining_count, plain.fill_count) == (None, None)
    assert floor.ann.reserved == Dollars.from_wire("3.69").units


def test_the_amended_count_is_the_total(floor: Floor) -> None:
    mine = floor.send(floor.ann, "bid", "10", "0.42").order_id
    floor.send(floor.bob, "ask", "4", "0.42")
    with pytest.raises(ExchangeRefusal, match="invalid_order_size"):
        floor.amend(floor.ann, mine, "bid", "3", "0.42")
    assert floor.amend(floor.ann, mine, "bid", "12", "0.42").remaining_count == "8.00"
    floor.amend(floor.ann, mine, "bid", "4", "0.42")
    order = floor.exchange.read.order(floor.ann, mine)
    assert (order.status, order.fill_count) == (OrderStatus.CANCELED, Count.of(4))


def test_an_amended_price_may_take(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "4", "0.45")
    mine = floor.send(floor.ann, "bid", "10", "0.42").order_id
    answer = floor.amend(floor.ann, mine, "bid", "10", "0.45")
    assert (answer.fill_count, answer.remaining_count, answer.average_fill_price) == (
        "4.00",
        "6.00",
        "0.4500",
    )


@pytest.mark.parametrize(
    "ticker, side, client_order_id, code",
    [
        (TENTH, "bid", None, "order_ticker_mismatch"),
        (CENT, "ask", None, "order_side_mismatch"),
        (CENT, "bid", "other", "order_id_and_client_order_id_mismatch"),
    ],
)
def test_an_amendment_must_name_its_order(
    floor: Floor, ticker: str, side: str, client_order_id: str | None, code: str
) -> None:
    from pitdesk.kalshi.wire.orders import AmendOrderRequest

    mine = floor.send(floor.ann, "bid", "10", "0.42", client_order_id="mine").order_id
    request = AmendOrderRequest(
        ticker=ticker, side=side, price="0.40", count="10", client_order_id=client_order_id
    )
    with pytest.raises(ExchangeRefusal, match=code):
        floor.exchange.amend(floor.ann, mine, request)


def test_a_decrease_keeps_the_place(floor: Floor) -> None:
    mine = floor.send(floor.ann, "bid", "10", "0.42").order_id
    floor.send(floor.bob, "bid", "5", "0.42")
    answer = floor.exchange.decrease(floor.ann, mine, DecreaseOrderRequest(reduce_by="4"))
    assert answer.remaining_count == "6.00"
    assert floor.exchange.read.queue_position(floor.ann, mine) == Count.of(0)
    assert floor.touch() == ("42¢ x 11", "None x 0")
    for wrong in (DecreaseOrderRequest(), DecreaseOrderRequest(reduce_by="1", reduce_to="2")):
        with pytest.raises(ExchangeRefusal, match="invalid_parameters"):
            floor.exchange.decrease(floor.ann, mine, wrong)
    with pytest.raises(ExchangeRefusal, match="invalid_order_size"):
        floor.exchange.decrease(floor.ann, mine, DecreaseOrderRequest(reduce_to="7"))
    floor.exchange.decrease(floor.ann, mine, DecreaseOrderRequest(reduce_to="0"))
    assert floor.exchange.read.order(floor.ann, mine).status is OrderStatus.CANCELED


def test_an_order_expires(floor: Floor) -> None:
    mine = floor.send(floor.ann, "bid", "10", "0.42", expiration_time=NOW_MS // 1000 + 5).order_id
    floor.exchange.tick(NOW_MS + 4_999)
    assert floor.exchange.read.order(floor.ann, mine).status is OrderStatus.RESTING
    floor.exchange.tick(NOW_MS + 5_000)
    order = floor.exchange.read.order(floor.ann, mine)
    assert (order.status, order.last_update_reason) == (OrderStatus.CANCELED, "ExpiryCancel")


def test_a_closing_market_cancels_and_refuses(floor: Floor) -> None:
    mine = floor.send(floor.ann, "bid", "10", "0.42").order_id
    floor.clock.now_ms = CLOSE_MS
    assert refused(floor, "bid", "1", "0.42")[:2] == (400, "market_inactive")
    with pytest.raises(ExchangeRefusal, match="market_inactive"):
        floor.exchange.cancel(floor.ann, mine)
    floor.exchange.tick(CLOSE_MS)
    assert floor.exchange.read.order(floor.ann, mine).last_update_reason == "CloseCancel"
    assert floor.ann.reserved == 0


def test_settlement_pays_a_dollar_for_each_contract_of_the_result(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "10", "0.40")
    floor.send(floor.ann, "bid", "10", "0.40")
    before = floor.total()
    floor.exchange.settle_market(CENT, "no")
    assert floor.bob.cash == Dollars.of(10_004).units
    assert floor.total() == before
    assert floor.exchange.read.positions(floor.ann) == []


def test_a_trading_pause_lets_only_cancels_through(floor: Floor) -> None:
    kept = floor.send(floor.ann, "bid", "1", "0.30").order_id
    gone = floor.send(floor.ann, "bid", "1", "0.31", cancel_order_on_pause=True).order_id
    floor.exchange.set_state(ExchangeState(trading_active=False))
    assert floor.exchange.read.order(floor.ann, gone).last_update_reason == "HaltCancel"
    assert refused(floor, "bid", "1", "0.32")[:2] == (409, "trading_is_paused")
    floor.exchange.cancel(floor.ann, kept)
    floor.exchange.set_state(ExchangeState(exchange_active=False, trading_active=False))
    assert refused(floor, "bid", "1", "0.32")[:2] == (409, "exchange_is_paused")
    with pytest.raises(ExchangeRefusal, match="exchange_is_paused"):
        floor.exchange.cancel_all(floor.ann)


def test_queue_position_counts_better_prices_and_earlier_orders(floor: Floor) -> None:
    floor.send(floor.bob, "bid", "7", "0.43")
    floor.send(floor.bob, "bid", "5", "0.42")
    mine = floor.send(floor.ann, "bid", "1", "0.42").order_id
    floor.send(floor.bob, "bid", "9", "0.42")
    assert floor.exchange.read.queue_position(floor.ann, mine) == Count.of(12)


def test_lists_are_paged_newest_first(floor: Floor) -> None:
    ids = [floor.send(floor.ann, "bid", "1", "0.30").order_id for _ in range(5)]
    floor.exchange.cancel(floor.ann, ids[2])
    read = floor.exchange.read
    first = read.orders(floor.ann, limit=2)
    second = read.orders(floor.ann, limit=3, after=first.after)
    assert [order.order_id for order in (*first.items, *second.items)] == ids[::-1]
    assert second.after is None
    resting = read.orders(floor.ann, status=OrderStatus.RESTING, limit=3)
    assert [order.order_id for order in resting.items] == [ids[4], ids[3], ids[1]]


def test_only_the_account_itself_hears_of_its_orders(floor: Floor) -> None:
    sim = floor.exchange.open_account("sim", simulated=True)
    floor.send(sim, "ask", "5", "0.45")
    assert [type(fact) for fact in floor.said] == [BookChanged, QuoteChanged]
    floor.send(floor.ann, "bid", "5", "0.45")
    assert [fact.fill.user_id for fact in floor.said if isinstance(fact, Filled)] == ["ann"]


def test_a_reset_account_starts_again_and_nothing_is_lost(floor: Floor) -> None:
    floor.send(floor.bob, "ask", "10", "0.40")
    floor.send(floor.ann, "bid", "10", "0.40")
    floor.send(floor.ann, "bid", "10", "0.30", client_order_id="old")
    before = floor.total()
    floor.exchange.reset_account(floor.ann)
    assert floor.total() - before == Dollars.of(10_000)
    assert floor.exchange.read.positions(floor.ann) == []
    assert floor.exchange.read.balance(floor.ann).cash == Dollars.of(10_000)
    assert refused(floor, "bid", "1", "0.30", client_order_id="old")[1] == "order_already_exists"
