"""Puts faults in force on a running exchange, and takes them out of force again.

Most faults only wait to be met (``trouble``); a pause, a closed market, dropped streams and a read lag are
done here, at once.
"""

from __future__ import annotations

import asyncio
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pitdesk.practice.records import ExchangeState
from pitdesk.practice.trouble import ArmedFault, BadFault, FaultRequest, Kind, Troubles, parse_fault

if TYPE_CHECKING:
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.lagged import LaggedQueries
    from pitdesk.practice.stream_hub import StreamHub
    from pitdesk.tasks import TaskOwner

_PAUSES = (Kind.TRADING_PAUSE, Kind.EXCHANGE_PAUSE)


class TroubleDesk:
    """Arms and clears. Raises :class:`BadFault` for what cannot be armed."""

    def __init__(
        self,
        troubles: Troubles,
        exchange: Exchange,
        reads: LaggedQueries,
        hub: StreamHub,
        owner: TaskOwner,
    ) -> None:
        self._troubles = troubles
        self._exchange = exchange
        self._reads = reads
        self._hub = hub
        self._owner = owner

    @property
    def armed(self) -> tuple[ArmedFault, ...]:
        """Everything since the last clearing."""
        return self._troubles.armed

    def arm(self, asked: FaultRequest) -> ArmedFault:
        """Put one fault in force."""
        like = asked.match.ticker or ""
        tickers = [ticker for ticker in self._exchange.catalogue.markets if fnmatchcase(ticker, like)]
        if asked.kind == Kind.CLOSE_MARKET.value and like and not tickers:
            raise BadFault(f"There is no market {like[:60]!r}.")
        fault = self._troubles.arm(asked)
        if fault.kind in _PAUSES:
            self._pause(fault)
        elif fault.kind is Kind.CLOSE_MARKET:
            for ticker in tickers:
                self._exchange.close_market(ticker)
            fault.left, fault.met = 0, len(tickers)
        elif fault.kind is Kind.DROP_STREAMS:
            for session in self._hub.sessions:
                session.cut_off()
                fault.met += 1
            fault.left = 0
        elif fault.kind is Kind.READ_LAG:
            self._reads.begin()
        return fault

    def arm_fields(self, fields: dict[str, object]) -> ArmedFault:
        """:meth:`arm` from the words of a control call or a scenario."""
        return self.arm(parse_fault(fields))

    def clear(self, number: int | None = None) -> int:
        """Take one fault, or all, out of force; pauses end. A closed market stays closed."""
        cleared = self._troubles.clear(number)
        if any(fault.kind in _PAUSES for fault in cleared):
            self._set_pauses()
        if any(fault.kind is Kind.READ_LAG for fault in cleared) and not self._stands(Kind.READ_LAG):
            self._reads.end()
        return len(cleared)

    def _stands(self, kind: Kind) -> bool:
        fault = self._troubles.standing(kind)
        return fault is not None and fault.left != 0

    def _pause(self, fault: ArmedFault) -> None:
        fault.met = 1
        self._set_pauses(fault.asked.seconds)
        if fault.asked.seconds is not None:
            self._owner.spawn("end of a pause", self._resume(fault.number, fault.asked.seconds))

    async def _resume(self, number: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        for fault in self._troubles.armed:
            if fault.number == number:
                fault.left = 0
                self._set_pauses()

    def _set_pauses(self, seconds: float | None = None) -> None:
        """Make the exchange's state what the armed pauses say."""
        resume_ms = None if seconds is None else self._exchange.clock.wall_ms() + int(seconds * 1000)
        whole = any(fault.kind is Kind.EXCHANGE_PAUSE and fault.left != 0 for fault in self.armed)
        trading = any(fault.kind in _PAUSES and fault.left != 0 for fault in self.armed)
        state = ExchangeState(not whole, not trading, resume_ms if trading else None)
        if state != self._exchange.state:
            self._exchange.set_state(state)
