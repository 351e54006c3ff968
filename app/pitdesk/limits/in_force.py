"""The figures in force: made stricter at once, made looser only after a while.

Whoever raises a limit in the heat of the moment has a minute to think better of it. A start of the program
takes the figures as they were last chosen.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pitdesk.clock import Clock
from pitdesk.events import Listeners
from pitdesk.limits.model import LimitValues

WAIT_S = 60.0
STRICTER_WHEN_MORE = frozenset({"repeat_hard_s", "repeat_confirm_s"})
"""Of these figures more is stricter; of all others less is."""


def names() -> tuple[str, ...]:
    """Every figure, in their order."""
    return tuple(field.name for field in fields(LimitValues))


def stricter(one: LimitValues, other: LimitValues) -> LimitValues:
    """Of each figure the stricter of the two."""
    return replace(one, **{name: _stricter(name, one, other) for name in names()})


def raised(before: LimitValues, after: LimitValues) -> tuple[str, ...]:
    """The figures that are looser afterwards."""
    return tuple(name for name in names() if getattr(stricter(before, after), name) != getattr(after, name))


class LimitsInForce:
    """Of one account, for as long as the program runs, whatever session it is in."""

    def __init__(self, values: LimitValues, clock: Clock | None = None) -> None:
        self.changed: Listeners[None] = Listeners()
        """Told when a change was asked for; what is raised comes into force later without a word."""
        self._clock = clock or Clock()
        self._now = self._chosen = values
        self._due = 0.0

    @property
    def values(self) -> LimitValues:
        """What the rules go by at this moment."""
        if self._now != self._chosen and self._clock.monotonic() >= self._due:
            self._now = self._chosen
        return self._now

    @property
    def chosen(self) -> LimitValues:
        """What was chosen last; in force at the latest after :attr:`waits_s`."""
        return self._chosen

    @property
    def waits_s(self) -> float:
        """Seconds until all that was chosen is in force; 0 when it is."""
        return 0.0 if self.values == self._chosen else max(self._due - self._clock.monotonic(), 0.0)

    def change(self, chosen: LimitValues) -> None:
        """Go by ``chosen``: what is stricter at once, what is looser in a minute from now."""
        if chosen == self._chosen:
            return
        now = stricter(self.values, chosen)
        self._chosen = chosen
        self._now, self._due = now, self._clock.monotonic() + WAIT_S
        self.changed.emit(None)

    def __call__(self) -> LimitValues:
        """As :attr:`values`."""
        return self.values


def _stricter(name: str, one: LimitValues, other: LimitValues) -> Any:
    pick = max if name in STRICTER_WHEN_MORE else min
    return pick(getattr(one, name), getattr(other, name))
