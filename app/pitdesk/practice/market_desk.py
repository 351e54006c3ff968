"""Steps of a market's life by a control call or a scenario: pause, resume, close, settle, prices, fees.

Bodies are told in ``resources/help/practice.md``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.markets import FeeSchedule
from pitdesk.practice.listings import Grid
from pitdesk.practice.records import ExchangeState
from pitdesk.quantities import Price, QuantityError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pitdesk.practice.exchange import Exchange

_HIGHEST_MULTIPLIER = 100
_FEE_TYPES = ("quadratic", "quadratic_with_maker_fees", "quadratic_with_combo_maker_fees")


class BadStep(ValueError):
    """A step that cannot be taken. Its text is a plain sentence."""


class MarketDesk:
    """Takes one step at a time."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._steps: dict[str, Callable[[str, Mapping[str, object]], None]] = {
            "deactivate": lambda ticker, _: exchange.deactivate_market(ticker),
            "activate": lambda ticker, _: exchange.activate_market(ticker),
            "close": lambda ticker, _: exchange.close_market(ticker),
            "settle": self._settle,
            "determine": self._determine,
            "prices": self._prices,
        }

    def step(self, fields: Mapping[str, object]) -> None:
        """One step; raises :class:`BadStep`.

        ``{"market", "step", …}``: deactivate, activate, close, determine or settle (with ``result`` yes,
        no or scalar, and ``value``), prices (with ``structure``); ``{"event", "step": "fees"}`` with
        ``fee_type`` and ``multiplier``, without both to clear; ``{"exchange_index", "step": "pause"}`` with
        ``whole``, and ``resume``.
        """
        others = {"fees": self._fees, "pause": self._pause, "resume": self._pause}
        other = others.get(str(fields.get("step")))
        if other is not None:
            other(fields)
            return
        ticker, action = fields.get("market"), self._steps.get(str(fields.get("step")))
        if action is None:
            known = ", ".join([*self._steps, "fees", "pause", "resume"])
            raise BadStep(f"step must be one of {known}.")
        if not isinstance(ticker, str) or ticker not in self._exchange.catalogue.markets:
            raise BadStep(f"There is no market {str(ticker)[:60]!r}.")
        action(ticker, fields)

    def _settle(self, ticker: str, fields: Mapping[str, object]) -> None:
        self._determine(ticker, fields)
        self._exchange.settling.pay(self._exchange.engine.venues[ticker], self._exchange.clock.wall_ms())

    def _determine(self, ticker: str, fields: Mapping[str, object]) -> None:
        try:
            value = Price.from_wire(str(fields["value"])) if "value" in fields else None
            self._exchange.determine_market(ticker, str(fields.get("result")), value)
        except QuantityError:
            raise BadStep("value must be dollars with up to 4 decimals.") from None
        except ValueError as error:
            raise BadStep(str(error)) from None

    def _prices(self, ticker: str, fields: Mapping[str, object]) -> None:
        try:
            grid = Grid(fields.get("structure"))
        except ValueError:
            raise BadStep(f"structure must be one of {', '.join(g.value for g in Grid)}.") from None
        self._exchange.change_grid(ticker, grid)

    def _pause(self, fields: Mapping[str, object]) -> None:
        """Trading on one exchange index, all of it where ``whole``; every index where none is named."""
        pauses, whole = fields.get("step") == "pause", fields.get("whole", False)
        index = fields.get("exchange_index")
        known = {market.exchange_index for market in self._exchange.catalogue.markets.values()}
        if not isinstance(whole, bool) or (index is not None and index not in known):
            raise BadStep("whole must be true or false, and exchange_index one that is listed.")
        state = ExchangeState(not (pauses and whole), not pauses)
        self._exchange.set_state(state, [index] if isinstance(index, int) else None)

    def _fees(self, fields: Mapping[str, object]) -> None:
        event = fields.get("event")
        if not isinstance(event, str) or event not in self._exchange.catalogue.events_by_ticker:
            raise BadStep(f"There is no event {str(event)[:60]!r}.")
        now_ms = self._exchange.clock.wall_ms()
        self._exchange.fees.plan(event, _schedule(fields), _at_ms(fields.get("at_ms"), now_ms))


def _at_ms(value: object, now_ms: int) -> int:
    if value is None:
        return now_ms
    if type(value) is not int or not 0 <= value < 2**53:
        raise BadStep("at_ms must be Unix milliseconds.")
    return value


def _schedule(fields: Mapping[str, object]) -> FeeSchedule | None:
    kind, multiplier = fields.get("fee_type"), fields.get("multiplier")
    if kind is None and multiplier is None:
        return None
    if kind not in _FEE_TYPES:
        raise BadStep(f"fee_type must be one of {', '.join(_FEE_TYPES)}.")
    try:
        parts = Fraction(str(1 if multiplier is None else multiplier)[:20])
    except (ValueError, ZeroDivisionError):
        parts = Fraction(-1)
    if not 0 <= parts <= _HIGHEST_MULTIPLIER:
        raise BadStep(f"multiplier must be from 0 to {_HIGHEST_MULTIPLIER}.")
    return FeeSchedule(str(kind), parts)
