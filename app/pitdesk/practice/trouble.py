"""Faults on demand: which there are, which are armed, and whom each meets.

A fault is armed by a control call or a scenario, meets what it matches, and is used up after ``times``.
Nothing here does anything: the door, the streams and the control desk ask what has been armed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from itertools import count
from typing import TYPE_CHECKING

import msgspec

from pitdesk.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_MOST_ARMED = 1_000
_LONGEST_S = 86_400.0
_LOOK_EVERY_S = 0.1


class Kind(Enum):
    """Every fault, by the word that arms it. What each does is told in ``resources/help/practice.md``."""

    ACCEPT_THEN_HANG = "accept_then_hang"
    ACCEPT_THEN_RESET = "accept_then_reset"
    ACCEPT_THEN_500 = "accept_then_500"
    ACCEPT_THEN_HTML = "accept_then_html"
    SLOW_ANSWER = "slow_answer"
    TRUNCATED_ANSWER = "truncated_answer"
    WRONG_ECHO = "wrong_echo"
    REFUSE_THEN_RESET = "refuse_then_reset"
    HTML_PAGE = "html_page"
    TOO_MANY_REQUESTS = "too_many_requests"
    LATE_DELIVERY = "late_delivery"
    READ_LAG = "read_lag"
    LOST_MESSAGE = "lost_message"
    REPEATED_MESSAGE = "repeated_message"
    SEQUENCE_GAP = "sequence_gap"
    STALL = "stall"
    DROP_STREAMS = "drop_streams"
    CLOCK_SHIFT = "clock_shift"
    TRADING_PAUSE = "trading_pause"
    EXCHANGE_PAUSE = "exchange_pause"
    CLOSE_MARKET = "close_market"


REQUEST_KINDS = frozenset(list(Kind)[: list(Kind).index(Kind.READ_LAG)])
MESSAGE_KINDS = frozenset({Kind.LOST_MESSAGE, Kind.REPEATED_MESSAGE, Kind.SEQUENCE_GAP})
PRIVATE_CHANNELS = frozenset({"user_orders", "fill", "market_positions", "order_group_updates"})
_NEEDS_SECONDS = frozenset(
    {Kind.SLOW_ANSWER, Kind.LATE_DELIVERY, Kind.READ_LAG, Kind.STALL, Kind.CLOCK_SHIFT}
)
_CUTS = ("status_line", "headers", "body")


class Match(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a fault meets; what is left out meets all. ``path`` is below the base path; it and ``ticker`` may
    hold ``*``."""

    method: str | None = None
    path: str | None = None
    ticker: str | None = None
    client_order_id: str | None = None
    channel: str | None = None


class FaultRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The body of ``POST /practice/faults``. ``times`` None: once for requests and gaps, else until cleared.
    ``one_in`` N meets every Nth only. ``seconds`` is a delay, lag, shift or length, as the kind says."""

    kind: str
    match: Match = Match()
    times: int | None = None
    seconds: float | None = None
    one_in: int = 1
    status: int | None = None
    where: str = "body"
    value: str = "another-order"


class BadFault(ValueError):
    """A fault that cannot be armed. Its text is a plain sentence."""


@dataclass(slots=True)
class ArmedFault:
    """One fault in force. ``left`` None: until cleared; ``met`` counts what it was done to."""

    number: int
    kind: Kind
    asked: FaultRequest
    left: int | None
    armed_s: float
    met: int = 0
    seen: int = 0

    def strike(self) -> bool:
        """One more thing that it matches has come: whether this one is met."""
        self.seen += 1
        if self.left == 0 or self.seen % self.asked.one_in:
            return False
        if self.left is not None:
            self.left -= 1
        self.met += 1
        return True


@dataclass(frozen=True, slots=True)
class RequestTraits:
    """What of a request a fault can match. ``path`` is below the base path."""

    method: str
    path: str
    tickers: Collection[str] = ()
    client_order_ids: Collection[str] = ()


@dataclass(slots=True)
class Troubles:
    """All that is armed, oldest first."""

    clock: Clock
    _armed: dict[int, ArmedFault] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def armed(self) -> tuple[ArmedFault, ...]:
        """Every fault since the last clearing, used up ones too."""
        return tuple(self._armed.values())

    def arm(self, asked: FaultRequest) -> ArmedFault:
        """Put a fault in force; raises :class:`BadFault`."""
        kind = _checked(asked)
        for number in [number for number, fault in self._armed.items() if fault.left == 0]:
            if len(self._armed) < _MOST_ARMED:
                break
            del self._armed[number]
        if len(self._armed) >= _MOST_ARMED:
            raise BadFault(f"{_MOST_ARMED} faults are armed; clear them first.")
        once = kind in REQUEST_KINDS or kind is Kind.SEQUENCE_GAP or kind is Kind.REPEATED_MESSAGE
        times = asked.times if asked.times is not None else 1 if once else None
        fault = ArmedFault(next(self._numbers), kind, asked, times, self.clock.monotonic())
        self._armed[fault.number] = fault
        return fault

    def clear(self, number: int | None = None) -> tuple[ArmedFault, ...]:
        """Take one fault, or all, out of force; answers which they were."""
        chosen = [fault for fault in self.armed if number in (None, fault.number)]
        for fault in chosen:
            del self._armed[fault.number]
        return tuple(chosen)

    def any_for_requests(self) -> bool:
        """Whether a request may be met at all: the quick question."""
        return any(fault.left != 0 and fault.kind in REQUEST_KINDS for fault in self._armed.values())

    def for_request(self, traits: RequestTraits) -> ArmedFault | None:
        """The oldest armed fault that meets a request, which is thereby used once."""
        for fault in self.armed:
            if fault.kind in REQUEST_KINDS and _meets(fault.asked.match, traits) and fault.strike():
                return fault
        return None

    def for_message(self, channel: str, ticker: str, *, numbered: bool) -> Kind | None:
        """What happens to one stream message; ``ticker`` is empty where it is of no single market. A gap is
        for numbered channels; a loss for the private ones unless another is named, because there nothing
        shows it."""
        for fault in self._armed.values():
            if fault.kind not in MESSAGE_KINDS or fault.left == 0:
                continue
            match = fault.asked.match
            if match.channel is None:
                meets = numbered if fault.kind is Kind.SEQUENCE_GAP else channel in PRIVATE_CHANNELS
            else:
                meets = match.channel == channel
            if match.ticker is not None and not fnmatchcase(ticker, match.ticker):
                continue
            if meets and fault.strike():
                return fault.kind
        return None

    async def calm(self) -> None:
        """Return when the streams may speak."""
        while self.is_stalled():  # noqa: ASYNC110 (a stall ends by time or by clearing)
            await asyncio.sleep(_LOOK_EVERY_S)

    def is_stalled(self) -> bool:
        """Whether the streams are to say nothing now."""
        fault = self.standing(Kind.STALL)
        return fault is not None and self.clock.monotonic() - fault.armed_s < (fault.asked.seconds or 0.0)

    def standing(self, kind: Kind) -> ArmedFault | None:
        """The newest fault of a kind that stands until it is cleared."""
        return next((fault for fault in reversed(self._armed.values()) if fault.kind is kind), None)

    def seconds_of(self, kind: Kind) -> float:
        """The ``seconds`` of :meth:`standing`; 0 where nothing of the kind stands."""
        fault = self.standing(kind)
        return (fault.asked.seconds or 0.0) if fault is not None else 0.0


def parse_fault(fields: Mapping[str, object]) -> FaultRequest:
    """A fault from the words of a control call or a scenario; raises :class:`BadFault`."""
    try:
        asked = msgspec.convert(fields, FaultRequest)
    except msgspec.ValidationError as error:
        raise BadFault(f"This is not a fault: {error}.") from None
    _checked(asked)
    return asked


def _checked(asked: FaultRequest) -> Kind:
    try:
        kind = Kind(asked.kind)
    except ValueError:
        raise BadFault(
            f"There is no fault {asked.kind[:40]!r}. There are {', '.join(known.value for known in Kind)}."
        ) from None
    if kind in _NEEDS_SECONDS and asked.seconds is None:
        raise BadFault(f"{kind.value} needs seconds.")
    if asked.seconds is not None and not _fits(kind, asked.seconds):
        raise BadFault("seconds must be a number from 0 to 86400; only a clock_shift may be below 0.")
    if (asked.times is not None and asked.times < 1) or asked.one_in < 1:
        raise BadFault("times and one_in must be at least 1.")
    if asked.where not in _CUTS:
        raise BadFault(f"where must be one of {', '.join(_CUTS)}.")
    if asked.status is not None and not 500 <= asked.status <= 599 and kind is not Kind.HTML_PAGE:
        raise BadFault("status must be from 500 to 599.")
    if asked.status is not None and not 200 <= asked.status <= 599:
        raise BadFault("status must be from 200 to 599.")
    if kind is Kind.CLOSE_MARKET and asked.match.ticker is None:
        raise BadFault("close_market needs match.ticker.")
    return kind


def _fits(kind: Kind, seconds: float) -> bool:
    lowest = -_LONGEST_S if kind is Kind.CLOCK_SHIFT else 0.0
    return lowest <= seconds <= _LONGEST_S


def _meets(match: Match, traits: RequestTraits) -> bool:
    """Where a match names neither method nor path it means creates."""
    if match.method is None and match.path is None:
        if traits.method != "POST" or not fnmatchcase(traits.path, "/portfolio/*orders"):
            return False
    elif match.method not in (None, traits.method) or not fnmatchcase(traits.path, match.path or "*"):
        return False
    if match.ticker is not None and not any(fnmatchcase(one, match.ticker) for one in traits.tickers):
        return False
    return match.client_order_id in (None, *traits.client_order_ids)


class ShiftedClock(Clock):
    """What the door believes the time is: the machine's clock, moved by a ``clock_shift``."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles

    def wall_ms(self) -> int:
        """Unix milliseconds."""
        return super().wall_ms() + int(self._troubles.seconds_of(Kind.CLOCK_SHIFT) * 1000)
