"""The commands of a socket: subscribe, unsubscribe, update_subscription, list_subscriptions (FACTS §15).

Every complaint carries the number the exchange documents for it (asyncapi x-error-codes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from pitdesk.kalshi.wire.stream import MarketsMessage, SubscribedMessage
from pitdesk.practice.stream_session import StreamSession, Subscription

# Called with the markets newly followed; sends what a newcomer has to know first.
Welcome = Callable[[StreamSession, Subscription, Iterable[str], int | None], None]

_UNFILTERED = frozenset({"market_lifecycle_v2", "order_group_updates"})
CHANNELS = frozenset(
    {"orderbook_delta", "ticker", "trade", "fill", "user_orders", "market_positions", *_UNFILTERED}
)


class CommandFault(Exception):
    """A command that cannot be obeyed: its documented number and text."""

    def __init__(self, code: int, text: str, subscription: Subscription | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.subscription = subscription


class Commands:
    """Obeys the commands of any socket. ``listed`` holds every market's ticker by its ticker and its UUID."""

    def __init__(self, listed: Mapping[str, str], welcome: Welcome) -> None:
        self._listed = listed
        self._welcome = welcome

    def obey(self, session: StreamSession, text: str | bytes) -> None:
        """Obey one message or answer it with an error; never raises for what the other side sent."""
        command_id: int | None = None
        try:
            command = _parse(text)
            command_id = _command_id(command)
            self._dispatch(session, command, command_id)
        except CommandFault as fault:
            session.say_error(fault.code, fault.text, command_id, fault.subscription)

    def _dispatch(self, session: StreamSession, command: dict[str, object], command_id: int | None) -> None:
        name = command.get("cmd")
        if name == "list_subscriptions":
            listing = [{"channel": sub.channel, "sid": sub.sid} for sub in session.subscriptions.values()]
            session.say("ok", list(listing), command_id=command_id)
            return
        actions = {
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "update_subscription": self._update,
        }
        action = actions.get(name) if isinstance(name, str) else None
        if action is None:
            raise CommandFault(5, "Unknown command")
        params = command.get("params")
        if not isinstance(params, dict):
            raise CommandFault(2, "Params required")
        action(session, params, command_id)

    def _subscribe(self, session: StreamSession, params: dict[str, object], command_id: int | None) -> None:
        channels = _texts(params, "channels")
        if not channels:
            raise CommandFault(3, "Channels required")
        for channel in dict.fromkeys(channels):
            if channel not in CHANNELS:
                session.say_error(8, "Unknown channel name", command_id)
                continue
            try:
                self._subscribe_one(session, channel, params, command_id)
            except CommandFault as fault:
                session.say_error(fault.code, fault.text, command_id, fault.subscription)

    def _subscribe_one(
        self, session: StreamSession, channel: str, params: dict[str, object], command_id: int | None
    ) -> None:
        named = self._markets(params, by_id=channel == "ticker") if channel not in _UNFILTERED else ()
        if channel == "orderbook_delta" and not named:
            raise CommandFault(14, "Market Ticker required")
        flags = {name: _flag(params, name) for name in ("use_yes_price", "skip_ticker_ack")}
        send_snapshot = _flag(params, "send_initial_snapshot")
        wanted, unknown = self._known(named) if channel == "orderbook_delta" else (tuple(named), ())
        if unknown:
            session.say_error(11, "Invalid parameter", command_id, tickers=unknown)
        if unknown and not wanted:
            return
        subscription, new = _merge(session, channel, wanted)
        subscription.use_yes_price = bool(flags["use_yes_price"])
        subscription.skip_ticker_ack = bool(flags["skip_ticker_ack"])
        ack = SubscribedMessage(channel=channel, sid=subscription.sid)
        session.say("subscribed", ack, command_id=command_id)
        if channel == "orderbook_delta" or send_snapshot:
            self._welcome(session, subscription, new, None)

    def _unsubscribe(self, session: StreamSession, params: dict[str, object], command_id: int | None) -> None:
        sids = _numbers(params, "sids")
        if not sids:
            raise CommandFault(4, "Subscription IDs required")
        for sid in sids:
            subscription = session.by_sid(sid)
            if subscription is None:
                session.say_error(7, "Unknown subscription ID", command_id)
                continue
            session.say("unsubscribed", None, subscription, command_id=command_id, numbered=True)
            del session.subscriptions[subscription.channel]

    def _update(self, session: StreamSession, params: dict[str, object], command_id: int | None) -> None:
        subscription = _the_one(session, params)
        action = _action(subscription, params)
        named = self._markets(params, by_id=subscription.channel == "ticker")
        if not named:
            raise CommandFault(14, "Market Ticker required", subscription)
        known, unknown = self._known(named)
        if unknown and subscription.channel == "orderbook_delta":
            session.say_error(11, "Invalid parameter", command_id, subscription, tickers=unknown)
            if not known:
                return
        if action == "get_snapshot":
            self._welcome(session, subscription, known, command_id)
        elif action == "delete_markets":
            if subscription.tickers is not None:
                subscription.tickers.difference_update(named)
            _say_markets(session, subscription, command_id)
        else:
            new = _add(subscription, known)
            _say_markets(session, subscription, command_id)
            if subscription.channel == "orderbook_delta" or _flag(params, "send_initial_snapshot"):
                self._welcome(session, subscription, new, None)

    def _markets(self, params: dict[str, object], *, by_id: bool) -> tuple[str, ...]:
        """The markets a command names, in its order, each once."""
        named = [*_one_text(params, "market_ticker"), *_texts(params, "market_tickers")]
        ids = [*_one_text(params, "market_id"), *_texts(params, "market_ids")] if by_id else []
        named += [self._listed.get(market_id, market_id) for market_id in ids]
        return tuple(dict.fromkeys(named))

    def _known(self, named: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        known = tuple(ticker for ticker in named if ticker in self._listed)
        return known, tuple(ticker for ticker in named if ticker not in self._listed)


def _parse(text: str | bytes) -> dict[str, object]:
    try:
        command = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        command = None
    if not isinstance(command, dict):
        raise CommandFault(1, "Unable to process message")
    return command


def _command_id(command: dict[str, object]) -> int | None:
    found = command.get("id")
    if found is None or (type(found) is int and 0 <= found < 2**63):
        return found if isinstance(found, int) else None
    raise CommandFault(1, "Unable to process message")


def _merge(
    session: StreamSession, channel: str, wanted: tuple[str, ...]
) -> tuple[Subscription, tuple[str, ...]]:
    """Follow more on a channel; one that is followed already keeps its number (FACTS §15)."""
    held = session.subscriptions.get(channel)
    if held is None:
        return session.new_subscription(channel, set(wanted) or None), wanted
    if not wanted:
        held.tickers = None
        return held, ()
    return held, _add(held, wanted)


def _add(subscription: Subscription, tickers: Iterable[str]) -> tuple[str, ...]:
    """Those of ``tickers`` that were not followed yet, now followed."""
    if subscription.tickers is None:
        return ()
    new = tuple(ticker for ticker in tickers if ticker not in subscription.tickers)
    subscription.tickers.update(new)
    return new


def _say_markets(session: StreamSession, subscription: Subscription, command_id: int | None) -> None:
    tickers = None
    if subscription.tickers is not None and not subscription.skip_ticker_ack:
        tickers = tuple(sorted(subscription.tickers))
    session.say("ok", MarketsMessage(market_tickers=tickers), subscription, command_id=command_id)


def _the_one(session: StreamSession, params: dict[str, object]) -> Subscription:
    sids = list(_numbers(params, "sids"))
    if params.get("sid") is not None:
        sids.append(_number(params["sid"]))
    if len(sids) != 1:
        raise CommandFault(12, "Exactly one subscription ID is required")
    subscription = session.by_sid(sids[0])
    if subscription is None:
        raise CommandFault(7, "Unknown subscription ID")
    return subscription


def _action(subscription: Subscription, params: dict[str, object]) -> object:
    """What an update asks for, if the subscription's channel can do it."""
    action = params.get("action")
    if not action:
        raise CommandFault(15, "Action required", subscription)
    known = ["add_markets", "delete_markets"] if subscription.channel not in _UNFILTERED else []
    if subscription.channel == "orderbook_delta":
        known.append("get_snapshot")
    if action not in known:
        raise CommandFault(13, "Unsupported action", subscription)
    return action


def _texts(params: dict[str, object], name: str) -> tuple[str, ...]:
    found = params.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
        raise CommandFault(11, "Invalid parameter")
    return tuple(found)


def _one_text(params: dict[str, object], name: str) -> tuple[str, ...]:
    found = params.get(name)
    if found in (None, ""):
        return ()
    if not isinstance(found, str):
        raise CommandFault(11, "Invalid parameter")
    return (found,)


def _numbers(params: dict[str, object], name: str) -> tuple[int, ...]:
    found = params.get(name)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise CommandFault(11, "Invalid parameter")
    return tuple(_number(item) for item in found)


def _number(value: object) -> int:
    if type(value) is not int:
        raise CommandFault(11, "Invalid parameter")
    return value


def _flag(params: dict[str, object], name: str) -> bool:
    found = params.get(name, False)
    if not isinstance(found, bool):
        raise CommandFault(11, "Invalid parameter")
    return found
