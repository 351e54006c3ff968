"""Over made-up sequences on two exchange indices, with subaccounts, groups, transfers and settlements: no
cent is lost at any step, and a restart at any moment changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.markets import MarketStatus
from pitdesk.practice.accounts import Account
from pitdesk.practice.engine import Rules
from pitdesk.practice.listings import Grid
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.store import Store
from pitdesk.quantities import Price
from tests.unit.practice.floor import CENT, NOW_MS, how_many
from tests.unit.practice.floor_whole import COIN, COINS, OTHER_COIN, WholeFloor

TICKERS = (CENT, COIN, OTHER_COIN)

create = st.tuples(
    st.just("create"),
    st.sampled_from(("you", "you", "bob")),
    st.sampled_from(("bid", "ask")),
    st.integers(46, 54),
    st.integers(1, 400_000),
    st.sampled_from(TICKERS),
    st.sampled_from(("good_till_canceled", "good_till_canceled", "immediate_or_cancel", "fill_or_kill")),
    st.sampled_from(("taker_at_cross", "maker")),
    st.integers(0, 2),
    st.integers(-1, 3),
)
transfer = st.tuples(
    st.just("transfer"), st.integers(0, 2), st.integers(0, 2), st.integers(1, 40_000_000_000), st.booleans()
)
group = st.tuples(
    st.sampled_from(("new_group", "reset", "trigger", "limit", "delete")),
    st.integers(0, 3),
    st.integers(1, 40),
)
step = st.tuples(
    st.sampled_from(("cancel", "cancel_all", "subaccount", "tick", "pause", "grid", "settle", "free")),
    st.integers(0, 30),
)
ANYTHING = create | create | create | transfer | group | step


class Whole:
    """A floor with the person's account on disk, told anything."""

    def __init__(self, path: Path, rules: Rules) -> None:
        self.path = path
        self.rules = rules
        self.now_ms = NOW_MS
        self.sent = 0
        self.open()

    def open(self) -> None:
        self.floor = WholeFloor(rules=self.rules)
        self.floor.clock.now_ms = self.now_ms
        self.store = Store(self.path)
        self.you = self.store.restore(self.floor.exchange, "you")
        self.floor.exchange.facts.connect(self.store.append)
        self.total = self.floor.total()

    def request(self, terms: tuple[object, ...]) -> None:
        with suppress(ExchangeRefusal, ValueError):
            getattr(self, f"do_{terms[0]}")(*terms[1:])
        batch = self.store.take()
        if batch is not None:
            self.store.commit(batch)
        assert self.floor.total() == self.total
        for purse in self.you.purses.all():
            held = sum(order.held for order in self.you.live.values() if order.holding.purse is purse)
            assert purse.reserved == held
            assert purse.cash % 100 == 0

    def do_create(
        self, who: str, side: str, cents: int, count: int, ticker: str, tif: str, prevention: str,
        subaccount: int, group: int,
    ) -> None:  # fmt: skip
        self.sent += 1
        groups = list(self.you.groups)
        mine = who == "you"
        self.floor.send(
            self.you if mine else self.floor.bob,
            side,
            f"{count // 100}.{count % 100:02d}",
            f"0.{cents}",
            ticker=ticker,
            time_in_force=tif,
            prevention=prevention,
            client_order_id=f"n{self.sent}",
            subaccount=subaccount if mine else 0,
            order_group_id=groups[group] if mine and 0 <= group < len(groups) else None,
        )

    def do_transfer(self, source: int, target: int, amount: int, crosses: bool) -> None:
        places = (source, 0), (target, 2 if crosses else 0)
        self.floor.exchange.cashier.transfer(self.you, *places, amount // 100 * 100, "")

    def do_new_group(self, where: int, contracts: int) -> None:
        self.floor.exchange.groups.create(self.you, contracts * 100, where // 2, where % 2 * 2)

    def _group(self, which: int):
        return list(self.you.groups.values())[which] if which < len(self.you.groups) else None

    def do_reset(self, which: int, _contracts: int) -> None:
        if (group := self._group(which)) is not None:
            self.floor.exchange.groups.reset(group)

    def do_trigger(self, which: int, _contracts: int) -> None:
        if (group := self._group(which)) is not None:
            self.floor.exchange.groups.trigger(group)

    def do_limit(self, which: int, contracts: int) -> None:
        if (group := self._group(which)) is not None:
            self.floor.exchange.groups.set_limit(group, contracts * 100)

    def do_delete(self, which: int, _contracts: int) -> None:
        if (group := self._group(which)) is not None:
            self.floor.exchange.groups.delete(self.you, group)

    def do_cancel(self, which: int) -> None:
        live = list(self.you.live)
        if live:
            self.floor.exchange.cancel(self.you, live[which % len(live)])

    def do_cancel_all(self, which: int) -> None:
        self.floor.exchange.cancel_all(self.you, which % 3)

    def do_subaccount(self, _which: int) -> None:
        self.floor.exchange.cashier.open_subaccount(self.you)

    def do_tick(self, seconds: int) -> None:
        self.now_ms += seconds * 1_000
        self.floor.clock.now_ms = self.now_ms
        self.floor.exchange.tick(self.now_ms)

    def do_pause(self, which: int) -> None:
        ticker = TICKERS[which % 3]
        if self.floor.exchange.read.market(ticker).status is MarketStatus.INACTIVE:
            self.floor.exchange.activate_market(ticker)
        else:
            self.floor.exchange.deactivate_market(ticker)

    def do_grid(self, which: int) -> None:
        self.floor.exchange.change_grid(TICKERS[which % 3], list(Grid)[which % len(Grid)])

    def do_settle(self, which: int) -> None:
        ticker, result = TICKERS[which % 3], ("yes", "no", "scalar")[which // 3 % 3]
        if which > 20:
            self.floor.exchange.settle_market(ticker, result, Price(which * 7 + 1))

    def do_free(self, which: int) -> None:
        self.floor.exchange.fees.plan(COINS, None, self.now_ms) if which % 2 else None

    def restart(self) -> None:
        before = picture(self)
        self.store.close()
        self.open()
        assert picture(self) == before


def picture(whole: Whole) -> dict[str, object]:
    """Everything that a member could ask."""
    account: Account = whole.you
    read, engine = whole.floor.exchange.read, whole.floor.exchange.engine
    return {
        "orders": read.orders(account, limit=1_000).items,
        "fills": read.fills(account, limit=1_000).items,
        "positions": read.positions(account, settled=None),
        "purses": [(p.place, p.cash, p.reserved) for p in account.purses.all() if p.cash or p.reserved],
        "groups": {
            key: (group.record(), sorted(group.orders), group.is_full(whole.now_ms))
            for key, group in account.groups.items()
        },
        "transfers": account.transfers,
        "under way": engine.cashier.under_way,
        "settlements": account.settlements,
        "subaccounts": account.subaccounts,
        "ids": sorted(account.client_order_ids),
        "markets": [
            (venue.status, venue.close_ms, venue.result, venue.value, venue.settled_ms, venue.listed.grid)
            for venue in engine.venues.values()
        ],
    }


def play(requests: Iterable[tuple[object, ...]], rules: Rules) -> None:
    with TemporaryDirectory() as folder:
        whole = Whole(Path(folder) / "practice.sqlite3", rules)
        for number, terms in enumerate(requests):
            whole.request(terms)
            if number % 7 == 6:
                whole.restart()
        whole.restart()
        whole.store.close()


RULES = st.builds(Rules, cash_moves=st.booleans())


@pytest.mark.sequences
@settings(max_examples=how_many(120), deadline=None)
@given(st.lists(ANYTHING, max_size=40), RULES)
def test_no_cent_is_lost_and_a_restart_changes_nothing(
    requests: list[tuple[object, ...]], rules: Rules
) -> None:
    play([("subaccount", 0), ("transfer", 0, 1, 10**9, True), ("tick", 1), *requests], rules)
