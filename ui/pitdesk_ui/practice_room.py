"""The practice exchange as the window uses it: begun when wanted, followed while it lives, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.practice_process import PracticeAddress, PracticeChild, PracticeProcess, launch
from pitdesk.events import Listeners
from pitdesk.kalshi.environment import PRACTICE
from pitdesk.notices import Notice, Notices, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner

_KEY = "practice"


def practice_words(speed: str) -> tuple[str, ...]:
    """The words of the practice exchange's command line for a speed as the settings keep it."""
    return ("--speed", speed) if speed else ()


class PracticeRoom:
    """One process at a time. ``moved`` carries a new address of a process that had to be started again;
    ``gave_up`` a sentence when it will not come back by itself."""

    def __init__(
        self,
        folder: Path,
        owner: TaskOwner,
        notices: Notices,
        settings: Settings,
        *,
        options: tuple[str, ...] = (),
        begun: PracticeChild | None = None,
    ) -> None:
        """``begun`` is a child started before there was a window; the first start takes it over."""
        self.moved: Listeners[PracticeAddress] = Listeners()
        self.gave_up: Listeners[str] = Listeners()
        self.address: PracticeAddress | None = None
        self._folder, self._owner, self._notices, self._settings = folder, owner, notices, settings
        self._options = options
        self._begun = begun
        self._process: PracticeProcess | None = None
        self._ends: tuple[Callable[[], None], ...] = ()

    async def start(self) -> PracticeAddress:
        """Where it serves, once it does. Raises :class:`PracticeError`."""
        if self.address is not None:
            return self.address
        if self._process is None:
            self._process = self._made(self._begun)
            self._begun = None
        self.address = await self._process.start()
        return self.address

    async def stop(self) -> None:
        """End it; its account stays."""
        process, self._process, self.address = self._process, None, None
        if process is None and self._begun is not None:
            process = self._made(self._begun)
            self._begun = None
        for end in self._ends:
            end()
        self._ends = ()
        self._notices.clear(_KEY)
        if process is not None:
            await process.stop()

    async def forget(self) -> None:
        """End it, and let the next start begin with a new account: $10,000 and no orders."""
        await self.stop()
        self._settings.forget_day(PRACTICE)
        self._begun = launch(self._folder, ("--fresh", *self._words()))

    def _words(self) -> tuple[str, ...]:
        return (*practice_words(self._settings.practice_speed), *self._options)

    def _made(self, begun: PracticeChild | None) -> PracticeProcess:
        process = PracticeProcess(self._folder, self._owner, options=self._words(), begun=begun)
        self._ends = (
            process.died.connect(self._on_died),
            process.returned.connect(self._on_returned),
            process.gave_up.connect(self.give_up),
        )
        return process

    def _on_died(self, sentence: str) -> None:
        self._notices.say(Notice(sentence, severity=Severity.WARNING, key=_KEY))

    def _on_returned(self, address: PracticeAddress) -> None:
        """It serves again; on the same port the session's stream finds it by itself."""
        former, self.address = self.address, address
        self._notices.clear(_KEY)
        self._notices.say(Notice("The practice exchange is back.", "Your orders and cash are as they were."))
        if former is not None and former.rest_url != address.rest_url:
            self.moved.emit(address)

    def give_up(self, sentence: str) -> None:
        """Say that it will not come back by itself."""
        self.address = None
        self._notices.say(Notice(sentence, severity=Severity.ERROR, key=_KEY))
        self.gave_up.emit(sentence)
