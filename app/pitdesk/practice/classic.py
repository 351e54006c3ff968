"""The order calls of late 2025 on the engine of today: what their words mean, and the order object."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from pitdesk.kalshi.wire import classic as wire
from pitdesk.kalshi.wire import orders as current
from pitdesk.orders import BookSide, TimeInForce
from pitdesk.practice import answers_portfolio, refusals
from pitdesk.practice.answers import rfc3339
from pitdesk.practice.checks import read_count, read_prevention, read_price, read_time_in_force
from pitdesk.practice.facts import ClientOrderIdSpent
from pitdesk.practice.live import ONE
from pitdesk.practice.records import NewOrder, OrderRecord
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange

MOST_OPEN = 200_000
_CENT = 10_000
_SIDES, _ACTIONS, _TYPES = ("yes", "no"), ("buy", "sell"), ("limit", "market")


class Dialect(Enum):
    """Which order calls are served."""

    CURRENT = "current"
    CLASSIC = "classic"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class _Terms:
    """What was meant: the side of the Yes book, and a Yes price where one is named."""

    side: BookSide
    asked_no: bool
    price: Price | None


class ClassicDesk:
    """Takes the classic requests. Raises ExchangeRefusal, which changed nothing."""

    def __init__(self, exchange: Exchange, most_open: int = MOST_OPEN) -> None:
        self._exchange = exchange
        self._most_open = most_open

    def create(self, account: Account, request: wire.CreateOrderRequest) -> wire.OrderBody:
        """Place one order."""
        if len(account.live) >= self._most_open:
            raise ExchangeRefusal(refusals.INVALID_ORDER, f"more than {self._most_open} open orders")
        order = self._understand(request)
        if request.buy_max_cost is not None:
            self._check_cost(account, order, request)
        placed = self._exchange.place(account, order)
        return order_body(account.orders[placed.order_id].record())

    def cancel(
        self, account: Account, order_id: str, subaccount: int | None = None
    ) -> wire.CancelOrderAnswer:
        """Cancel what rests."""
        done = self._exchange.cancel(account, order_id, subaccount=subaccount)
        body = order_body(account.orders[order_id].record())
        reduced = Count.from_wire(done.reduced_by)
        return wire.CancelOrderAnswer(
            order=body, reduced_by=reduced.units // 100, reduced_by_fp=done.reduced_by
        )

    def amend(
        self, account: Account, order_id: str, request: wire.AmendOrderRequest
    ) -> wire.AmendOrderAnswer:
        """Change price and total count; what is left out stays."""
        live = account.live.get(order_id)
        if live is None:
            raise ExchangeRefusal(refusals.NOT_FOUND, "order not found")
        terms = _terms(request)
        old = live.record()
        total = _count(request) or old.initial_count
        words = current.AmendOrderRequest(
            ticker=request.ticker,
            side=terms.side.value,
            price=(terms.price or old.yes_price).to_wire(),
            count=total.to_wire(),
            client_order_id=request.client_order_id,
            updated_client_order_id=request.updated_client_order_id,
        )
        self._exchange.amend(account, order_id, words, request.subaccount)
        return wire.AmendOrderAnswer(old_order=order_body(old), order=order_body(live.record()))

    def decrease(self, account: Account, order_id: str, request: wire.DecreaseOrderRequest) -> wire.OrderBody:
        """Make what rests smaller."""
        words = current.DecreaseOrderRequest(
            reduce_by=_either(request.reduce_by, request.reduce_by_fp, "reduce_by"),
            reduce_to=_either(request.reduce_to, request.reduce_to_fp, "reduce_to"),
        )
        self._exchange.decrease(account, order_id, words, request.subaccount)
        return order_body(account.orders[order_id].record())

    def _understand(self, request: wire.CreateOrderRequest) -> NewOrder:
        terms = _terms(request)
        count = _count(request)
        if count is None:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "give count or count_fp")
        kind = _word("type", request.type or "limit", _TYPES)
        if request.sell_position_floor not in (None, 0):
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "sell_position_floor only accepts 0")
        price = terms.price
        if price is None:
            if kind == "limit":
                raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "a limit order needs exactly one price")
            price = self._price_to_take(request.ticker, terms.side, count)
        return NewOrder(
            request.ticker,
            terms.side,
            price,
            count,
            _time_in_force(request, kind),
            read_prevention(request.self_trade_prevention_type or "taker_at_cross"),
            request.client_order_id or "",
            request.expiration_ts or None,
            bool(request.post_only),
            bool(request.reduce_only) or request.sell_position_floor == 0,
            bool(request.cancel_order_on_pause),
            request.order_group_id or None,
            request.subaccount or 0,
            asked_no=terms.asked_no,
        )

    def _price_to_take(self, ticker: str, side: BookSide, count: Count) -> Price:
        """How far a market order reaches: to the level that fills it, else to the end of the book."""
        venue = self._exchange.engine.venues.get(ticker)
        if venue is None:
            raise ExchangeRefusal(refusals.NOT_FOUND, "market not found")
        is_bid = side is BookSide.BID
        legal = [price for price in venue.legal if 0 < price < ONE]
        reached = min(legal) if is_bid else max(legal)
        found = 0
        for level in venue.book.side(not is_bid).levels():
            reached = level.price
            found += level.total
            if found >= count.units:
                break
        return Price(reached)

    def _check_cost(self, account: Account, order: NewOrder, request: wire.CreateOrderRequest) -> None:
        """Killed where all of it would cost more, before fees, than ``buy_max_cost`` cents."""
        if request.action != "buy" or (request.buy_max_cost or 0) <= 0:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "buy_max_cost is a buy's, in cents above zero")
        venue = self._exchange.engine.venues.get(order.ticker)
        if venue is None:
            return
        is_bid = order.side is BookSide.BID
        cost, left = 0, order.count.units
        for level in venue.book.side(not is_bid).levels():
            taken = min(left, level.total)
            cost += taken * (level.price if is_bid else ONE - level.price)
            left -= taken
            if not left:
                break
        if cost > (request.buy_max_cost or 0) * _CENT:
            if order.client_order_id:
                account.client_order_ids.add(order.client_order_id)
                self._exchange.engine.say(ClientOrderIdSpent(account.user_id, order.client_order_id))
            raise ExchangeRefusal(refusals.FILL_OR_KILL_KILLED)


def _terms(request: wire.CreateOrderRequest | wire.AmendOrderRequest) -> _Terms:
    """The side of the Yes book and the Yes price: selling one outcome is buying the other (FACTS §4.3)."""
    asked_no = _word("side", request.side, _SIDES) == "no"
    buys = _word("action", request.action, _ACTIONS) == "buy"
    side = BookSide.BID if buys != asked_no else BookSide.ASK
    cents = (request.yes_price, request.no_price)
    dollars = (request.yes_price_dollars, request.no_price_dollars)
    named = [index for index, value in enumerate(cents + dollars) if value is not None]
    if len(named) > 1:
        raise ExchangeRefusal(
            refusals.INVALID_PARAMETERS,
            "give exactly one of yes_price, no_price, yes_price_dollars and no_price_dollars",
        )
    if not named:
        return _Terms(side, asked_no, None)
    index = named[0]
    if index < 2:
        value = cents[index] or 0
        if not 1 <= value <= 99:
            raise ExchangeRefusal(refusals.INVALID_PRICE, "a price in cents is from 1 to 99")
        price = Price(value * 100)
    else:
        price = read_price(dollars[index - 2] or "")
    return _Terms(side, asked_no, price.complement() if index % 2 else price)


def _count(request: wire.CreateOrderRequest | wire.AmendOrderRequest) -> Count | None:
    text = _either(request.count, request.count_fp, "count")
    return None if text is None else read_count(text)


def _either(whole: int | None, text: str | None, name: str) -> str | None:
    """A count given as a number, as a string, or as both where they agree."""
    if whole is None:
        return text
    if not 0 <= whole < 10**12 or (whole == 0 and name == "count"):
        raise ExchangeRefusal(refusals.INVALID_ORDER_SIZE, f"{name} is out of range")
    if text is not None and read_count(text).units != whole * 100:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, f"{name} and {name}_fp must match")
    return Count.of(whole).to_wire()


def _time_in_force(request: wire.CreateOrderRequest, kind: str) -> TimeInForce:
    word = request.time_in_force
    if request.buy_max_cost is not None:
        if word not in (None, "", TimeInForce.FILL_OR_KILL.value):
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "buy_max_cost means fill_or_kill")
        return TimeInForce.FILL_OR_KILL
    named = read_time_in_force(word) if word else None
    if kind == "market":
        kills = named is TimeInForce.FILL_OR_KILL
        return TimeInForce.FILL_OR_KILL if kills else TimeInForce.IMMEDIATE_OR_CANCEL
    return named or TimeInForce.GOOD_TILL_CANCELED


def _word(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, f"{name} must be {' or '.join(known)}")
    return value


def order_body(order: OrderRecord) -> wire.OrderBody:
    """The order object of late 2025, told in the outcome that it was asked for."""
    buys = (order.side is BookSide.BID) != order.asked_no
    yes, no = order.yes_price, order.yes_price.complement()
    return wire.OrderBody(
        order_id=order.order_id,
        user_id=order.user_id,
        client_order_id=order.client_order_id,
        ticker=order.ticker,
        side="no" if order.asked_no else "yes",
        action="buy" if buys else "sell",
        type="limit",
        status=order.status.value,
        yes_price=yes.units // 100,
        no_price=no.units // 100,
        yes_price_dollars=yes.to_wire(),
        no_price_dollars=no.to_wire(),
        fill_count=order.fill_count.units // 100,
        remaining_count=order.remaining_count.units // 100,
        initial_count=order.initial_count.units // 100,
        fill_count_fp=order.fill_count.to_wire(),
        remaining_count_fp=order.remaining_count.to_wire(),
        initial_count_fp=order.initial_count.to_wire(),
        taker_fees=_cents(order.taker_fees),
        maker_fees=_cents(order.maker_fees),
        taker_fill_cost=_cents(order.taker_fill_cost),
        maker_fill_cost=_cents(order.maker_fill_cost),
        taker_fees_dollars=order.taker_fees.to_wire(),
        maker_fees_dollars=order.maker_fees.to_wire(),
        taker_fill_cost_dollars=order.taker_fill_cost.to_wire(),
        maker_fill_cost_dollars=order.maker_fill_cost.to_wire(),
        queue_position=0,
        expiration_time=None if order.expiration_s is None else rfc3339(order.expiration_s * 1000),
        created_time=rfc3339(order.created_ms),
        last_update_time=rfc3339(order.updated_ms),
        self_trade_prevention_type=order.self_trade_prevention.value,
        order_group_id=order.order_group_id,
        cancel_order_on_pause=order.cancel_order_on_pause,
        subaccount_number=order.subaccount,
    )


def teller(dialect: Dialect) -> Callable[[OrderRecord], object]:
    """How an order is told when it is read: in the words of one time, or in both at once."""
    if dialect is Dialect.CURRENT:
        return answers_portfolio.order_body
    if dialect is Dialect.CLASSIC:
        return order_body
    return lambda order: {
        **msgspec.to_builtins(order_body(order)),
        **msgspec.to_builtins(answers_portfolio.order_body(order)),
    }


def _cents(money: Dollars) -> int:
    return money.units // _CENT
