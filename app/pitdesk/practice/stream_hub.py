"""From the engine's facts to every socket that follows them, in the order they were said."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING

import msgspec

from pitdesk.kalshi.wire.base import Wire, encode
from pitdesk.practice import facts
from pitdesk.practice import stream_messages as messages
from pitdesk.practice.answers import market_id
from pitdesk.practice.stream_commands import Commands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.stream_session import StreamSession, Subscription


class StreamHub:
    """Knows the open sockets. ``commands`` obeys what they ask; facts reach them through :meth:`tell`."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._sessions: set[StreamSession] = set()
        tickers = {ticker: ticker for ticker in exchange.catalogue.markets}
        ids = {market_id(ticker): ticker for ticker in tickers}
        self.commands = Commands(tickers | ids, self._welcome)

    def enter(self, session: StreamSession) -> None:
        """A socket opened."""
        self._sessions.add(session)

    def leave(self, session: StreamSession) -> None:
        """A socket closed."""
        self._sessions.discard(session)

    @property
    def sessions(self) -> tuple[StreamSession, ...]:
        """The open sockets."""
        return tuple(self._sessions)

    def tell(self, fact: facts.Fact) -> None:
        """Pass one fact on; connected to the engine."""
        if self._sessions:
            self._tell(fact)

    @singledispatchmethod
    def _tell(self, fact: object) -> None:
        """Facts that no channel carries (cash, the exchange's own state) go nowhere."""

    @_tell.register
    def _book_changed(self, change: facts.BookChanged) -> None:
        said: dict[tuple[bool, bool], msgspec.Raw] = {}
        for session, subscription in self._following("orderbook_delta", change.ticker):
            flavor = (subscription.use_yes_price, _may_hear(session, (change.user_id, change.subaccount)))
            if flavor not in said:
                said[flavor] = _raw(messages.delta_message(change, yes_price=flavor[0], mine=flavor[1]))
            session.say("orderbook_delta", said[flavor], subscription, ticker=change.ticker)

    @_tell.register
    def _quote_changed(self, change: facts.QuoteChanged) -> None:
        self._to_all("ticker", "ticker", change.quote.ticker, messages.ticker_message(change.quote))

    @_tell.register
    def _traded(self, fact: facts.Traded) -> None:
        self._to_all("trade", "trade", fact.trade.ticker, messages.trade_message(fact.trade))

    @_tell.register
    def _market_changed(self, change: facts.MarketChanged) -> None:
        if change.event_type:
            message = messages.lifecycle_message(change)
            self._to_all("market_lifecycle_v2", "market_lifecycle_v2", change.ticker, message)

    @_tell.register
    def _order_changed(self, change: facts.OrderChanged) -> None:
        order = change.order
        message = messages.user_order_message(order)
        self._to_owner("user_orders", "user_order", order.ticker, message, (order.user_id, order.subaccount))

    @_tell.register
    def _filled(self, fact: facts.Filled) -> None:
        fill = fact.fill
        message = messages.fill_message(fill)
        self._to_owner("fill", "fill", fill.ticker, message, (fill.user_id, fill.subaccount))

    @_tell.register
    def _position_changed(self, change: facts.PositionChanged) -> None:
        position = change.position
        message = messages.position_message(position)
        owner = (position.user_id, position.subaccount)
        self._to_owner("market_positions", "market_position", position.ticker, message, owner)

    @_tell.register
    def _group_changed(self, change: facts.GroupChanged) -> None:
        group = change.group
        message = messages.group_message(change)
        owner = (group.user_id, group.subaccount)
        self._to_owner("order_group_updates", "order_group_updates", "", message, owner)

    @_tell.register
    def _event_fees_changed(self, change: facts.EventFeesChanged) -> None:
        message = messages.event_fees_message(change)
        self._to_all("market_lifecycle_v2", "event_fee_update", "", message)

    def _to_all(self, channel: str, kind: str, ticker: str, message: Wire) -> None:
        """Send ``message`` to whoever follows."""
        raw = _raw(message)
        for session, subscription in self._following(channel, ticker):
            session.say(kind, raw, subscription, ticker=ticker)

    def _to_owner(self, channel: str, kind: str, ticker: str, message: Wire, owner: tuple[str, int]) -> None:
        """Send ``message`` to the sockets of a user that may hear of the subaccount."""
        raw: msgspec.Raw | None = None
        for session, subscription in self._following(channel, ticker):
            if _may_hear(session, owner):
                raw = _raw(message) if raw is None else raw
                session.say(kind, raw, subscription, ticker=ticker)

    def _following(self, channel: str, ticker: str) -> Iterable[tuple[StreamSession, Subscription]]:
        for session in tuple(self._sessions):
            subscription = session.subscriptions.get(channel)
            if subscription is not None and subscription.follows(ticker):
                yield session, subscription

    def _welcome(
        self,
        session: StreamSession,
        subscription: Subscription,
        tickers: Iterable[str],
        command_id: int | None,
    ) -> None:
        """The first word on markets newly followed: the whole book, or the quote."""
        for ticker in tickers:
            if ticker not in self._exchange.catalogue.markets:
                continue
            if subscription.channel == "orderbook_delta":
                self._say_book(session, subscription, ticker, command_id)
            elif subscription.channel == "ticker":
                quote = self._exchange.read.market(ticker).quote
                session.say("ticker", messages.ticker_message(quote), subscription, ticker=ticker)

    def _say_book(
        self, session: StreamSession, subscription: Subscription, ticker: str, command_id: int | None
    ) -> None:
        read = self._exchange.read
        message = messages.snapshot_message(
            read.book(ticker), read.book_clock(ticker), yes_price=subscription.use_yes_price
        )
        session.say("orderbook_snapshot", message, subscription, command_id=command_id, ticker=ticker)


def _raw(message: Wire) -> msgspec.Raw:
    return msgspec.Raw(encode(message))


def _may_hear(session: StreamSession, owner: tuple[str, int]) -> bool:
    """Whether a socket is told what is private to a user's subaccount."""
    user_id, subaccount = owner
    return session.user_id == user_id and session.subaccount in (None, subaccount)
