"""Over made-up sequences of requests: what is on disk is what the engine holds, at every step."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.practice.accounts import Account
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.store import Store
from pitdesk.quantities import Count
from tests.unit.practice.floor import CENT, TENTH, Floor, how_many

create = st.tuples(
    st.sampled_from(("you", "bob")),
    st.sampled_from(("bid", "ask")),
    st.integers(46, 54),
    st.integers(1, 3_000),
    st.sampled_from((CENT, TENTH)),
    st.sampled_from(("good_till_canceled", "immediate_or_cancel", "fill_or_kill")),
    st.sampled_from(("taker_at_cross", "maker")),
)
change = st.tuples(st.sampled_from(("cancel", "amend")), st.integers(0, 30), st.integers(46, 54))
again = st.tuples(st.just("restart"))


def picture(exchange: Exchange, account: Account) -> tuple[object, ...]:
    read = exchange.read
    return (
        read.orders(account, limit=1_000).items,
        read.fills(account, limit=1_000).items,
        read.positions(account),
        read.balance(account),
        sorted(account.client_order_ids),
        {(order.seq, order.closing) for order in account.live.values()},
    )


class Session:
    """A floor with the person's account on disk, that can be left at any time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sent = 0
        self.open()

    def open(self) -> None:
        self.floor = Floor()
        self.store = Store(self.path)
        self.you = self.store.restore(self.floor.exchange, "you")
        self.floor.exchange.facts.connect(self.store.append)

    def request(self, terms: tuple[object, ...]) -> None:
        with suppress(ExchangeRefusal):
            if len(terms) == 3:
                self.change(*terms)  # type: ignore[arg-type]
            else:
                self.create(*terms)  # type: ignore[arg-type]
        batch = self.store.take()
        if batch is not None:
            self.store.commit(batch)

    def create(
        self, who: str, side: str, cents: int, count: int, ticker: str, tif: str, prevention: str
    ) -> None:
        self.sent += 1
        self.floor.send(
            self.you if who == "you" else self.floor.bob,
            side,
            f"{count // 100}.{count % 100:02d}",
            f"0.{cents}",
            ticker=ticker,
            time_in_force=tif,
            prevention=prevention,
            client_order_id=f"n{self.sent}",
        )

    def change(self, what: str, which: int, cents: int) -> None:
        live = [order for order in self.you.live.values() if order.ticker == CENT]
        if not live:
            return
        order = live[which % len(live)]
        if what == "cancel":
            self.floor.exchange.cancel(self.you, order.order_id)
        else:
            self.sent += 1
            side, total = ("bid" if order.is_bid else "ask"), Count(order.initial).to_wire()
            renamed = f"n{self.sent}"
            self.floor.amend(
                self.you, order.order_id, side, total, f"0.{cents}", updated_client_order_id=renamed
            )

    def restart(self) -> None:
        before = picture(self.floor.exchange, self.you)
        self.store.close()
        self.open()
        assert picture(self.floor.exchange, self.you) == before


@pytest.mark.sequences
@settings(max_examples=how_many(60), deadline=None)
@given(st.lists(create | change | again, max_size=25))
def test_a_restart_at_any_moment_changes_nothing(requests: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as folder:
        session = Session(Path(folder) / "practice.sqlite3")
        for terms in requests:
            if terms == ("restart",):
                session.restart()
            else:
                session.request(terms)
        session.restart()
        session.store.close()
