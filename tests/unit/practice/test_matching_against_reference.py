"""The engine beside a plain, slow matcher, over made-up sequences of requests: same trades, same queues,
no crossed book, no cent lost."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.kalshi.wire.orders import DecreaseOrderRequest
from pitdesk.practice.accounts import Account
from pitdesk.practice.facts import Traded
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Dollars
from tests.unit.practice.floor import CENT, Floor, how_many


@dataclass
class Plain:
    """One order of the slow matcher."""

    owner: str
    is_bid: bool
    price: int
    remaining: int
    filled: int = 0


@dataclass
class SlowMatcher:
    """A list of resting orders in queue order; everything is looked for from the start."""

    queue: list[Plain] = field(default_factory=list)
    trades: list[tuple[int, int, bool]] = field(default_factory=list)

    def best_against(self, order: Plain) -> Plain | None:
        sign = 1 if order.is_bid else -1
        reachable = [
            other
            for other in self.queue
            if other.is_bid != order.is_bid and sign * other.price <= sign * order.price
        ]
        return min(reachable, key=lambda other: sign * other.price, default=None)

    def volume(self, order: Plain) -> int:
        sign = 1 if order.is_bid else -1
        return sum(
            other.remaining
            for other in self.queue
            if other.is_bid != order.is_bid and sign * other.price <= sign * order.price
        )

    def send(self, order: Plain, *, rests: bool, cancels_own: bool) -> None:
        while order.remaining and (other := self.best_against(order)) is not None:
            if other.owner == order.owner:
                if not cancels_own:
                    order.remaining = 0
                    return
                self.drop(other)
                continue
            count = min(order.remaining, other.remaining)
            for one in (order, other):
                one.remaining -= count
                one.filled += count
            self.trades.append((other.price, count, order.is_bid))
            if not other.remaining:
                self.queue.remove(other)
        if rests and order.remaining:
            self.queue.append(order)
        elif not rests:
            order.remaining = 0

    def drop(self, order: Plain) -> None:
        order.remaining = 0
        self.queue = [other for other in self.queue if other is not order]

    def ahead(self, order: Plain) -> int:
        sign = -1 if order.is_bid else 1
        place = next(index for index, other in enumerate(self.queue) if other is order)
        return sum(
            other.remaining
            for index, other in enumerate(self.queue)
            if other.is_bid == order.is_bid
            and (sign * other.price < sign * order.price or (other.price == order.price and index < place))
        )


create = st.tuples(
    st.just("create"),
    st.sampled_from(("ann", "bob", "cid")),
    st.sampled_from(("bid", "ask")),
    st.integers(44, 56),
    st.sampled_from((1, 50, 100, 300, 725, 2_000)),
    st.sampled_from(("good_till_canceled",) * 4 + ("immediate_or_cancel", "fill_or_kill")),
    st.sampled_from(("taker_at_cross", "maker")),
    st.booleans(),
)
change = st.tuples(
    st.sampled_from(("cancel", "decrease", "amend")),
    st.integers(0, 40),
    st.integers(44, 56),
    st.sampled_from((1, 60, 150, 900)),
)


@dataclass
class Both:
    """The engine and the slow matcher, told the same."""

    floor: Floor = field(default_factory=lambda: Floor("quadratic_with_maker_fees"))
    slow: SlowMatcher = field(default_factory=SlowMatcher)
    sent: list[tuple[Account, str, Plain, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        cid = self.floor.exchange.open_account("cid")
        self.accounts = {"ann": self.floor.ann, "bob": self.floor.bob, "cid": cid}
        self.start = self.floor.total()

    def create(
        self, who: str, side: str, cents: int, count: int, tif: str, prevention: str, post: bool
    ) -> None:
        plain = Plain(who, side == "bid", cents * 100, count)
        post = post and tif == "good_till_canceled"
        refused = None
        if post and self.slow.best_against(plain) is not None:
            refused = "post only cross"
        elif tif == "fill_or_kill" and self.slow.volume(plain) < count:
            refused = "fill_or_kill"
        text = f"{count // 100}.{count % 100:02d}"
        terms = {"time_in_force": tif, "prevention": prevention, "post_only": post}
        account = self.accounts[who]
        if refused:
            with pytest.raises(ExchangeRefusal, match=refused):
                self.floor.send(account, side, text, f"0.{cents}", **terms)  # type: ignore[arg-type]
            return
        answer = self.floor.send(account, side, text, f"0.{cents}", **terms)  # type: ignore[arg-type]
        self.slow.send(plain, rests=tif == "good_till_canceled", cancels_own=prevention == "maker")
        self.sent.append((account, answer.order_id, plain, prevention))

    def change(self, what: str, which: int, cents: int, count: int) -> None:
        working = [sent for sent in self.sent if any(plain is sent[2] for plain in self.slow.queue)]
        if not working:
            return
        account, order_id, plain, prevention = working[which % len(working)]
        exchange = self.floor.exchange
        text = f"{count // 100}.{count % 100:02d}"
        if what == "cancel":
            exchange.cancel(account, order_id)
            self.slow.drop(plain)
        elif what == "decrease":
            if count < plain.remaining:
                exchange.decrease(account, order_id, DecreaseOrderRequest(reduce_to=text))
                plain.remaining = count
        else:
            self._amend(account, order_id, plain, prevention, cents, count)

    def _amend(
        self, account: Account, order_id: str, plain: Plain, prevention: str, cents: int, count: int
    ) -> None:
        order = self.floor.exchange.read.order(account, order_id)
        moves = cents * 100 != plain.price or count > plain.remaining
        target = Plain(plain.owner, plain.is_bid, cents * 100, count)
        total = plain.filled + count
        text = f"{total // 100}.{total % 100:02d}"
        side = order.side.value
        if order.post_only and moves and self.slow.best_against(target) is not None:
            with pytest.raises(ExchangeRefusal, match="post only cross"):
                self.floor.amend(account, order_id, side, text, f"0.{cents}")
            return
        self.floor.amend(account, order_id, side, text, f"0.{cents}")
        plain.remaining, plain.price = count, cents * 100
        if moves:
            self.slow.queue = [other for other in self.slow.queue if other is not plain]
            self.slow.send(plain, rests=True, cancels_own=prevention == "maker")

    def compare(self) -> None:
        read = self.floor.exchange.read
        for account, order_id, plain, _ in self.sent:
            order = read.order(account, order_id)
            assert (order.fill_count.units, order.remaining_count.units) == (plain.filled, plain.remaining)
        for account in self.accounts.values():
            for order, ahead in read.queue_positions(account):
                plain = next(sent[2] for sent in self.sent if sent[1] == order.order_id)
                assert ahead.units == self.slow.ahead(plain)
        made = [fact.trade for fact in self.floor.said if isinstance(fact, Traded)]
        told = [(trade.yes_price.units, trade.count.units, trade.taker_side.value == "bid") for trade in made]
        assert told == self.slow.trades
        quote = read.quote(CENT)
        assert quote.bid is None or quote.ask is None or quote.bid < quote.ask

    def check_money(self) -> None:
        assert self.floor.total() == self.start
        positions = sum(account.holding(CENT).position for account in self.accounts.values())
        assert positions == 0
        for account in self.accounts.values():
            assert account.reserved == plain_reserve(account)
            assert account.holding(CENT).exposure >= 0


def plain_reserve(account: Account) -> int:
    """What resting orders hold back, from the rule alone: the oldest close, the others cost their price."""
    reserved = 0
    for is_bid in (True, False):
        position = account.holding(CENT).position
        closable = max(-position if is_bid else position, 0)
        orders = [order for order in account.live.values() if order.is_bid is is_bid]
        for order in sorted(orders, key=lambda order: order.seq):
            closing = min(order.remaining, closable)
            closable -= closing
            reserved += (order.remaining - closing) * (order.price if is_bid else 10_000 - order.price)
    return reserved


@pytest.mark.sequences
@settings(max_examples=how_many(150), deadline=None)
@given(st.lists(create | change, max_size=40))
def test_the_engine_matches_as_the_slow_matcher_does(requests: list[tuple[object, ...]]) -> None:
    both = Both()
    for what, *terms in requests:
        if what == "create":
            both.create(*terms)  # type: ignore[arg-type]
        else:
            both.change(what, *terms)  # type: ignore[arg-type]
        both.compare()
        both.check_money()


fixed = st.tuples(st.sampled_from(("bid", "ask")), st.integers(2, 98), st.integers(1, 900_000), st.booleans())


@pytest.mark.sequences
@settings(max_examples=how_many(100), deadline=None)
@given(st.lists(fixed, max_size=30))
def test_cash_never_falls_below_what_is_held_back(orders: list[tuple[str, int, int, bool]]) -> None:
    """With a fee on top of each fill, but for the hundredths of a cent that rounding may add per fill."""
    floor = Floor()
    rich = floor.exchange.open_account("rich", Dollars.of(10**9))
    start = floor.total()
    for side, cents, count, is_ann in orders:
        account = floor.ann if is_ann else rich
        text = f"{count // 100}.{count % 100:02d}"
        with suppress(ExchangeRefusal):
            floor.send(account, side, text, f"{cents / 100:.2f}", prevention="maker")
        fills = len(floor.ann.fills)
        assert floor.ann.cash - floor.ann.reserved >= -200 * fills
        assert floor.total() == start
