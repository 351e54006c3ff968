"""The practice exchange beside the application: started, watched, restarted once, and ended with it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pitdesk.desk.practice_child import PracticeChild, launch, log_file_in
from pitdesk.events import Listeners

if TYPE_CHECKING:
    from pitdesk.tasks import TaskOwner

__all__ = ["PracticeAddress", "PracticeChild", "PracticeError", "PracticeProcess", "launch"]

_LOG = logging.getLogger(__name__)
_START_DEADLINE_S = 20.0
_RESTART_AFTER_S = 0.5
_TAIL_CHARACTERS = 400


class PracticeError(RuntimeError):
    """The practice exchange did not start. Its text is a plain sentence with what to do."""


@dataclass(frozen=True, slots=True)
class PracticeAddress:
    """Where the practice exchange serves, and the key it made for the person."""

    rest_url: str
    stream_url: str
    key_id: str
    private_key_file: Path

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.rest_url).port or 0


class PracticeProcess:
    """Owns one child process and ends only that one.

    After an unexpected end it says so through ``died`` and starts a new child, on the same port where that is
    free; then ``returned`` carries the address. When the second child does not start either, or dies within a
    minute, ``gave_up`` says what to do.
    """

    def __init__(
        self,
        state_dir: Path,
        owner: TaskOwner,
        options: tuple[str, ...] = (),
        *,
        program: tuple[str, ...] = (),
        deadline_s: float = _START_DEADLINE_S,
        begun: PracticeChild | None = None,
    ) -> None:
        """``options`` are further words of the practice exchange's command line. ``program`` is what is
        started, our own package unless another is named; it has ``deadline_s`` to say where it serves.
        ``begun`` is a child that :func:`launch` has started already, which the first start takes over.
        """
        self.died: Listeners[str] = Listeners()
        self.returned: Listeners[PracticeAddress] = Listeners()
        self.gave_up: Listeners[str] = Listeners()
        self._state_dir = state_dir
        self._owner = owner
        self._options = options
        self._program = program
        self._begun = begun
        self._deadline_s = deadline_s
        self._child: PracticeChild | None = None
        self._port = 0
        self._last_death = float("-inf")

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        process = self._child.process if self._child is not None else None
        return process.pid if process is not None and process.poll() is None else None

    async def start(self) -> PracticeAddress:
        """Start and wait until it serves; raises :class:`PracticeError`."""
        child, self._begun = self._begun, None
        if child is None:
            try:
                child = launch(self._state_dir, self._options, program=self._program, port=self._port)
            except OSError as error:
                raise PracticeError(self._sentence(f"cannot use its folder: {error.strerror}")) from None
        self._child = child
        try:
            async with asyncio.timeout(self._deadline_s):
                line = await asyncio.shield(asyncio.wrap_future(child.line))
        except TimeoutError:
            await child.end()
            raise PracticeError(self._sentence(f"did not answer within {self._deadline_s:.0f} s")) from None
        try:
            address = _address(line)
        except ValueError as error:
            await child.end()
            raise PracticeError(self._sentence(f"did not start ({error})")) from None
        self._port = address.port
        self._owner.spawn("watch the practice exchange", self._watch(child))
        return address

    async def restart(self) -> PracticeAddress:
        """End what is left of the child and start again; raises :class:`PracticeError`."""
        await self.stop()
        try:
            return await self.start()
        except PracticeError:
            if not self._port:
                raise
            self._port = 0  # somebody else may have taken the old port
            return await self.start()

    async def stop(self) -> None:
        """End the child: its input is closed, then it is asked, then killed; three seconds each."""
        children, self._child, self._begun = (self._child, self._begun), None, None
        for child in children:
            if child is not None:
                await child.end()

    async def _watch(self, child: PracticeChild) -> None:
        code = await asyncio.shield(asyncio.wrap_future(child.exit))
        if child is not self._child:
            return
        loop = asyncio.get_running_loop()
        again = loop.time() - self._last_death < 60.0
        self._last_death = loop.time()
        _LOG.warning("The practice exchange ended with %s: %s", code, self._tail())
        self.died.emit(
            f"The practice exchange stopped unexpectedly ({_how(code)}). It is being started again."
        )
        if again:
            self._give_up("It stopped twice within a minute.")
            return
        await asyncio.sleep(_RESTART_AFTER_S)
        try:
            address = await self.restart()
        except PracticeError as error:
            self._give_up(str(error))
            return
        self.returned.emit(address)

    def _give_up(self, why: str) -> None:
        self.gave_up.emit(
            f"{why} Close Pitdesk and open it again; your practice orders and cash are kept. "
            f"What it said last is in {log_file_in(self._state_dir)}."
        )

    def _sentence(self, what: str) -> str:
        tail = self._tail()
        said = f" It said: {tail}" if tail else ""
        return f"The practice exchange {what}.{said}"

    def _tail(self) -> str:
        """The last line of what the child said on its error output, shortened."""
        try:
            text = log_file_in(self._state_dir).read_text("utf-8", errors="replace").strip()
        except OSError:
            return ""
        return text.rsplit("\n", 1)[-1][:_TAIL_CHARACTERS]


def _address(line: bytes) -> PracticeAddress:
    """The address in the child's one line; ValueError says what is wrong with it."""
    if not line.strip():
        raise ValueError("it ended without saying where it serves")
    try:
        said = json.loads(line)
        return PracticeAddress(
            str(said["rest"]), str(said["ws"]), str(said["key_id"]), Path(said["private_key_file"])
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(line[:_TAIL_CHARACTERS].decode("utf-8", "replace").strip()) from None


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
