"""Looks after a session from second to second: the gate, readings of the account, the exchange's state."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.damage_watch import DamageWatch
from pitdesk.desk.dead_man import DeadMan
from pitdesk.desk.exchange_watch import PAUSED, TRADING_PAUSED, ExchangeWatch
from pitdesk.desk.gatekeeper import CLOCK, CLOSING, EXCHANGE, READ_ONLY, SLEEP, SNAPSHOT, STREAM, Gatekeeper
from pitdesk.desk.health import clock_reason, stream_reason
from pitdesk.desk.order_news import OrderNews
from pitdesk.desk.periodic import Periodic
from pitdesk.desk.reconciler import PERIODIC
from pitdesk.desk.resync import Resync
from pitdesk.desk.sleep_watch import SleepWatch
from pitdesk.desk.stream_notices import StreamNotices
from pitdesk.kalshi.stream import LIFECYCLE, TRADES
from pitdesk.notices import Notice, NoticeKind, Severity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pitdesk.desk.blotter import BlotterChanges
    from pitdesk.desk.rooms import Rooms
    from pitdesk.kalshi.outcomes import Refused
    from pitdesk.kalshi.stream import StreamState
    from pitdesk.orders import Fill

_LOG = logging.getLogger(__name__)
_TICK_S = 1.0
_EXCHANGE_S, _PAUSED_S = 30.0, 5.0
_PAUSED_CODES = frozenset({"trading_is_paused", "exchange_is_paused"})
_ACCOUNT_BUSY_S, _ACCOUNT_QUIET_S = 15.0, 60.0
_QUEUE_S = 5.0
_LISTING_S, _LISTING_RETRY_S = 600.0, 5.0
_MONEY_S = 30.0
_READING = "Your orders and positions are being read from the exchange."
_READ_ONLY = "This account is read-only here: only cancels are sent. Settings → Accounts changes that."
_SLEPT = "The computer was asleep, so your orders are being read again."


class Caretaker:
    """Closes the gate the moment something is not known, and opens it when everything was read again."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._keeper = Gatekeeper(rooms.gate)
        self.exchange = ExchangeWatch(rooms.rest, rooms.clock)
        self._sleep = SleepWatch(rooms.clock)
        self.dead_man = self._dead_man()
        self.damage = DamageWatch(
            rooms.journal, rooms.environment.key, self._keeper, rooms.notices, rooms.activity, rooms.clock
        )
        self._news = self._order_news()
        self._stream_notices = StreamNotices(rooms.notices, rooms.activity, rooms.clock)
        self._follows = False  # whether the stream tells of everything, so that a reading can be trusted
        self._resync = Resync(rooms.owner, self._read_account, self._account_read)
        self._exchange_work = self._periodic("ask for the exchange's state", self._ask_exchange)
        self._account_work = self._periodic("check the account", self._check_account)
        self._money_work = self._periodic("read cash and positions", self._read_money)
        self._queue_work = self._periodic("read places in the queue", rooms.reconciler.refresh_queue)
        self._listing_work = self._periodic("read the markets", self._read_listing)
        self._ends = (
            rooms.stream.state_changed.connect(self._on_stream),
            rooms.stream.connected.connect(self._on_connected),
            rooms.stream.missed.connect(self._on_missed),
            rooms.stream.order_said.connect(rooms.reconciler.order_said),
            rooms.reconciler.read_so_far.connect(self._on_read),
            rooms.stream.fill_said.connect(self._on_fill),
            rooms.stream.holding_said.connect(rooms.portfolio.holding_said),
            rooms.stream.position_said.connect(lambda _: self._money_work.ask()),  # tells of settlements too
            rooms.market_data.unlisted.connect(lambda _: self._listing_work.ask()),
            rooms.blotter.changed.connect(self._on_orders),
            rooms.order_desk.unconfirmed.connect(rooms.reconciler.check),
            rooms.rest.refused.connect(self._on_refused),
            rooms.finder.listed.connect(rooms.market_data.learn),
        )

    def begin(self) -> None:
        """Start to look after things, on the running loop."""
        self._listing_work.ask()
        self._listing_work.look(_LISTING_S)
        self._rooms.owner.spawn("session tick", self._tick())

    def hold_read_only(self) -> None:
        """No new orders as long as the session lives; cancels work."""
        self._keeper.close(READ_ONLY, _READ_ONLY)

    def read_again(self, reason: str) -> None:
        """Read orders, fills, positions and cash; new orders wait for it."""
        self._keeper.close(SNAPSHOT, _READING)
        self._resync.ask(reason)

    def close(self) -> None:
        """The session ends: no new orders, nothing listened to."""
        self._keeper.close(CLOSING, "Pitdesk is closing.")
        self._news.close()
        for end in self._ends:
            end()

    def _order_news(self) -> OrderNews:
        rooms = self._rooms
        return OrderNews(
            rooms.portfolio.fill_kept,
            rooms.blotter,
            rooms.notices,
            rooms.finder.label,
            rooms.clock,
            lambda: rooms.transport.clock_offset_ms or 0,
            rooms.environment.subaccount,
        )

    def _dead_man(self) -> DeadMan:
        rooms = self._rooms
        return DeadMan(
            rooms.order_desk,
            self._may_work,
            rooms.settings,
            rooms.notices,
            rooms.owner,
            rooms.clock,
            self._keeper,
        )

    def _may_work(self) -> int:
        """How many orders may trade; before they were read it is not known that none does."""
        return len(self._rooms.blotter.working_keys) or int(not self._rooms.reconciler.has_read)

    def _periodic(self, name: str, work: Callable[[], Awaitable[object]]) -> Periodic:
        return Periodic(name, work, self._rooms.owner, self._rooms.clock)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self._look()

    def _look(self) -> None:
        rooms = self._rooms
        missed = self._sleep.slept()
        if missed is not None:
            self._woke(missed)
        self.dead_man.look()
        rooms.market_data.turn(rooms.clock.wall_ms())
        self._look_at_clock()
        busy = bool(rooms.blotter.working())
        self._exchange_work.look(_PAUSED_S if self.exchange.reason else _EXCHANGE_S)
        self._account_work.look(_ACCOUNT_BUSY_S if busy else _ACCOUNT_QUIET_S)
        self._listing_work.look(_LISTING_RETRY_S if rooms.finder.is_loading else _LISTING_S)
        if self._resync.is_running:
            return  # every page of its orders asks for these two, and they would take the time of the next
        self._money_work.look(_MONEY_S)
        if busy:
            self._queue_work.look(_QUEUE_S)

    def _woke(self, missed_s: float) -> None:
        """After a sleep nothing may be trusted: not the books, not the socket, not the orders shown."""
        self._follows = False
        self._keeper.close(SLEEP, _SLEPT)
        self._keeper.close(SNAPSHOT, _READING)
        self._note("Sleep", f"{missed_s:.0f} s were missed", "Reading everything again", Severity.WARNING)
        self.dead_man.woke()
        self._rooms.market_data.gap()
        self._exchange_work.ask()
        self._listing_work.ask()
        self._rooms.stream.renew()

    def _look_at_clock(self) -> None:
        rooms = self._rooms
        offset = rooms.transport.clock_offset_ms
        reason = clock_reason(offset)
        if reason:
            self._keeper.close(CLOCK, reason)
        else:
            self._keeper.lift(CLOCK)
        warning = rooms.transport.clock_sentence()
        if warning:
            rooms.notices.say(Notice(warning, severity=Severity.WARNING, key="clock"))
        else:
            rooms.notices.clear("clock")

    def _on_stream(self, state: StreamState) -> None:
        reason = stream_reason(state)
        self._follows = state.phase == "live"
        if self._follows:
            self._keeper.lift(STREAM)
            self.read_again("the stream is live")
        else:
            self._keeper.close(STREAM, reason)
            self._keeper.close(SNAPSHOT, _READING)
        if state.phase in ("down", "stale"):
            self._rooms.market_data.gap()
        self._stream_notices.say(state, reason)

    def _on_connected(self, _: None) -> None:
        """All is followed from here on, so a reading from now on misses nothing."""
        self.read_again("the stream connected")
        if not self._rooms.finder.is_loading:
            self._listing_work.ask()
        self._read_missed_trades()

    def _on_missed(self, channel: str) -> None:
        """What was lost on a channel that is numbered is read instead."""
        if channel == LIFECYCLE:
            self._listing_work.ask()
        elif channel == TRADES:
            self._read_missed_trades()

    def _read_missed_trades(self) -> None:
        self._rooms.owner.spawn("read missed trades", self._rooms.market_data.catch_up())

    def _on_read(self, count: int) -> None:
        if self._keeper.holds(SNAPSHOT):
            self._keeper.close(SNAPSHOT, f"{_READING} {count:,} orders so far.")

    def _on_fill(self, fill: Fill) -> None:
        if self._rooms.portfolio.fill_said(fill):
            self._money_work.ask()

    def _on_orders(self, changes: BlotterChanges) -> None:
        if changes.added or changes.removed:
            self._money_work.ask()
            self._queue_work.ask()

    def _on_refused(self, refused: Refused) -> None:
        """A refusal for a pause says more than the state asked for half a minute ago (FACTS §3)."""
        if refused.code in _PAUSED_CODES:
            self._exchange_work.ask()
            self._exchange_work.look(_EXCHANGE_S)

    async def _read_account(self, reason: str) -> bool:
        _LOG.info("Reading the account: %s.", reason)
        rooms = self._rooms
        answered = await asyncio.gather(
            rooms.reconciler.reconcile(reason),
            rooms.portfolio.refresh_fills(),
            rooms.portfolio.refresh(),
            rooms.risk.refresh(),
            self._ask_exchange(),
        )
        if not all(answered):
            advice = (
                "Orders shown may be old until then. It is tried again by itself; cancels are still sent."
            )
            rooms.notices.say(
                Notice(
                    "The exchange did not answer while your account was read.",
                    advice=advice,
                    severity=Severity.WARNING,
                    key="account",
                )
            )
        return all(answered)

    def _account_read(self) -> None:
        self._rooms.notices.clear("account")
        if self._follows:
            self._keeper.lift(SLEEP)
            self._keeper.lift(SNAPSHOT)

    async def _check_account(self) -> None:
        """The regular check for private messages that were lost: the gate stays as it is."""
        if self._resync.is_running:
            return
        await self._rooms.reconciler.reconcile(PERIODIC)
        await self._rooms.portfolio.refresh_fills()
        await self._rooms.portfolio.refresh()
        await self._rooms.risk.refresh()

    async def _read_money(self) -> None:
        await self._rooms.portfolio.refresh()
        if self._rooms.risk.awaits_results:
            await self._rooms.risk.refresh()

    async def _ask_exchange(self) -> bool:
        before = self.exchange.word
        answered = await self.exchange.ask()
        reason = self.exchange.reason
        if reason:
            self._keeper.close(EXCHANGE, reason)
            self._rooms.notices.say(
                Notice(reason, severity=Severity.WARNING, key="exchange", kind=NoticeKind.PAUSE)
            )
        else:
            self._keeper.lift(EXCHANGE)
            self._rooms.notices.clear("exchange")
            if before in (PAUSED, TRADING_PAUSED):
                self._rooms.notices.say(Notice("Trading on the exchange goes on.", kind=NoticeKind.PAUSE))
        if self.exchange.word != before:
            self._note("Exchange", reason, self.exchange.word)
        return answered

    async def _read_listing(self) -> None:
        await self._rooms.finder.load()

    def _note(self, what: str, detail: str, outcome: str, severity: Severity = Severity.INFO) -> None:
        entry = ActivityEntry(self._rooms.clock.wall_ms(), what, "", detail, outcome, severity=severity)
        self._rooms.activity.add(entry)
