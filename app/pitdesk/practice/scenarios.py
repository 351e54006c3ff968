"""Scenarios: how lively the market is, and a script of news, faults and clearings that plays by itself.

A scenario is a TOML file, read with the standard library. The gallery lies in the program's resources; its
names and every field are told in ``resources/help/practice.md``.
"""

from __future__ import annotations

import asyncio
import logging
import tomllib
from fnmatch import fnmatchcase
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pitdesk.practice.ladder import Mood
from pitdesk.practice.trouble import BadFault, FaultRequest, parse_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.practice.trouble_desk import TroubleDesk
    from pitdesk.practice.world import World

_LOG = logging.getLogger(__name__)
_LARGEST_FILE = 1024 * 1024
_MOST_STEPS = 1_000
_SHORTEST_ROUND_S = 1.0


class BadScenario(ValueError):
    """A scenario that cannot be played. Its text is a plain sentence."""


class NewsStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From now on each event's first market whose ticker is like ``market`` is worth ``worth`` dollars."""

    market: str
    worth: float


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens ``at`` seconds after the start of a round: exactly one of the three."""

    at: float
    news: NewsStep | None = None
    fault: dict[str, object] | None = None
    clear: bool = False


class _MoodWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    depth: float = 1.0
    trades: float = 1.0
    spread: float = 1.0
    restless: float = 1.0


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file. ``repeat_every`` seconds the steps begin anew; None: they are played once."""

    title: str
    about: str = ""
    mood_words: _MoodWords = msgspec.field(name="mood", default=_MoodWords())
    step: tuple[Step, ...] = ()
    repeat_every: float | None = None

    @property
    def mood(self) -> Mood:
        """How lively the market is."""
        words = self.mood_words
        return Mood(words.depth, words.trades, words.spread, words.restless)


def gallery() -> dict[str, Path]:
    """The scenarios that come with the program, by name."""
    folder = _resources() / "scenarios"
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def load(name: str) -> Scenario:
    """The scenario of the gallery with that name, else the one in the file; raises :class:`BadScenario`."""
    known = gallery()
    file = known.get(name) or Path(name)
    if name not in known and not file.is_file():
        raise BadScenario(
            f"There is no scenario {name!r}: give a file, or one of {', '.join(known) or 'none'}."
        )
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST_FILE + 1)
        if len(text) > _LARGEST_FILE:
            raise BadScenario(f"{file} is longer than a scenario can be.")
        return read(text.decode("utf-8"))
    except OSError as error:
        raise BadScenario(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadScenario(f"{file} is not a text file.") from None
    except BadScenario as wrong:
        raise BadScenario(f"{file}: {wrong}") from None


def read(text: str) -> Scenario:
    """The scenario in a TOML text; raises :class:`BadScenario`."""
    try:
        scenario = msgspec.convert(tomllib.loads(text), Scenario)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise BadScenario(f"This is not a scenario: {error}.") from None
    mood = scenario.mood_words
    if not all(0.0 <= value <= 100.0 for value in (mood.depth, mood.trades, mood.spread, mood.restless)):
        raise BadScenario("Each value of the mood must be from 0 to 100.")
    if len(scenario.step) > _MOST_STEPS:
        raise BadScenario(f"A scenario has {_MOST_STEPS} steps at most.")
    every = scenario.repeat_every
    last = max((step.at for step in scenario.step), default=0.0)
    if every is not None and not max(last, _SHORTEST_ROUND_S) <= every <= 86_400.0:
        raise BadScenario("repeat_every must be at least one second and not before the last step.")
    for number, step in enumerate(scenario.step, 1):
        _check_step(number, step)
    return scenario


def _check_step(number: int, step: Step) -> None:
    if not 0.0 <= step.at <= 86_400.0:
        raise BadScenario(f"Step {number}: at must be from 0 to 86400 seconds.")
    if (step.news is not None) + (step.fault is not None) + step.clear != 1:
        raise BadScenario(f"Step {number}: give exactly one of news, fault and clear = true.")
    if step.news is not None and not 0.0 < step.news.worth < 1.0:
        raise BadScenario(f"Step {number}: worth must be above 0 and below 1 dollar.")
    if step.fault is not None:
        _fault_of(number, step.fault)


def _fault_of(number: int, fields: dict[str, object]) -> FaultRequest:
    try:
        return parse_fault(fields)
    except BadFault as wrong:
        raise BadScenario(f"Step {number}: {wrong}") from None


class Player:
    """Plays one scenario on a running exchange."""

    def __init__(
        self, scenario: Scenario, world: World, desk: TroubleDesk, tickers_by_event: Iterable[tuple[str, ...]]
    ) -> None:
        """Raises :class:`BadScenario` where a step names a market that is not listed."""
        self._scenario = scenario
        self._desk = desk
        self._events = tuple(tickers_by_event)
        self._world = world
        self._steps = sorted(
            ((step.at, self._deed(number, step)) for number, step in enumerate(scenario.step, 1)),
            key=lambda timed: timed[0],
        )

    async def play(self) -> None:
        """All steps, and again where the scenario says so."""
        if not self._steps:
            return
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in count():
            begin = start + number * (self._scenario.repeat_every or 0.0)
            for at, deed in self._steps:
                await asyncio.sleep(max(begin + at - loop.time(), 0.0))
                deed()
            if self._scenario.repeat_every is None:
                return

    def _deed(self, number: int, step: Step) -> Callable[[], object]:
        if step.news is not None:
            return self._news(number, step.news)
        if step.fault is not None:
            asked = _fault_of(number, step.fault)
            return lambda: self._arm(asked)
        return self._desk.clear

    def _arm(self, asked: FaultRequest) -> None:
        try:
            self._desk.arm(asked)
        except BadFault as wrong:
            _LOG.warning("A step of the scenario was left out: %s", wrong)

    def _news(self, number: int, news: NewsStep) -> Callable[[], object]:
        found = [
            next(ticker for ticker in event if fnmatchcase(ticker, news.market))
            for event in self._events
            if any(fnmatchcase(ticker, news.market) for ticker in event)
        ]
        if not found:
            raise BadScenario(f"Step {number}: no market is listed that is like {news.market!r}.")

        def tell() -> None:
            for ticker in found:
                self._world.news(ticker, news.worth)

        return tell


def _resources() -> Path:
    """The resources folder: of a checkout, else the installed data package."""
    checkout = Path(__file__).resolve().parents[3] / "resources"
    if (checkout / "__init__.py").is_file():
        return checkout
    spec = find_spec("pitdesk_resources")
    places = spec.submodule_search_locations if spec is not None else None
    return Path(places[0]) if places else checkout
