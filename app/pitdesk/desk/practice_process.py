"""The practice exchange as a child process: started, watched, restarted once, and ended with the application.

The child is read and waited for by one thread, which hands what it learns to the event loop; so it works on
every loop and system alike. When the application dies, the child's input closes and it ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pitdesk
from pitdesk.events import Listeners
from pitdesk.paths import private_folder
from pitdesk.tasks import TaskOwner

_LOG = logging.getLogger(__name__)
_START_DEADLINE_S = 20.0
_STOP_DEADLINE_S = 3.0
_RESTART_AFTER_S = 0.5
_MOST_LINE = 64 * 1024
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


class _Child:
    """One process and the thread that reads it. ``line`` and ``exit`` are futures of the loop."""

    def __init__(self, command: list[str], log_file: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self.line: asyncio.Future[bytes] = self._loop.create_future()
        self.exit: asyncio.Future[int] = self._loop.create_future()
        self.process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._log_file = log_file
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="practice exchange", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """On the thread: start, hand over the first line, drain the rest, hand over the exit code."""
        try:
            with self._log_file.open("wb") as errors:
                process = _spawn(self._command, errors.fileno())
        except OSError as error:
            self._hand(self.line, f"not started: {error.strerror or error}".encode())
            self._hand(self.exit, -1)
            return
        self.process = process
        if self._ending:
            self._close_input()
        with process:
            output = process.stdout
            if output is not None:
                self._hand(self.line, output.readline(_MOST_LINE))
                while output.read(_MOST_LINE):
                    pass
            code = process.wait()
        self._hand(self.exit, code)

    def _hand(self, future: asyncio.Future[bytes] | asyncio.Future[int], value: bytes | int) -> None:
        def settle() -> None:
            if not future.done():
                future.set_result(value)  # type: ignore[arg-type]  # each future is given its own kind above

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(settle)

    async def end(self) -> None:
        """Close its input; terminate and at last kill it where it does not go."""
        self._ending = True
        for step in (self._close_input, self._terminate, self._kill):
            step()
            done, _ = await asyncio.wait({self.exit}, timeout=_STOP_DEADLINE_S)
            if done:
                return
        _LOG.warning("The practice exchange did not end.")

    def _close_input(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def _terminate(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def _kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()


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
    ) -> None:
        """``options`` are further words of the practice exchange's command line. ``program`` is what is
        started, our own package unless another is named; it has ``deadline_s`` to say where it serves."""
        self.died: Listeners[str] = Listeners()
        self.returned: Listeners[PracticeAddress] = Listeners()
        self.gave_up: Listeners[str] = Listeners()
        self._state_dir = state_dir
        self._owner = owner
        self._options = options
        self._program = program or _own_program()
        self._deadline_s = deadline_s
        self._child: _Child | None = None
        self._port = 0
        self._last_death = float("-inf")

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        process = self._child.process if self._child is not None else None
        return process.pid if process is not None and process.poll() is None else None

    async def start(self) -> PracticeAddress:
        """Start and wait until it serves; raises :class:`PracticeError`."""
        private_folder(self._state_dir)
        child = _Child(self._command(), self._log_file)
        self._child = child
        try:
            async with asyncio.timeout(self._deadline_s):
                line = await child.line
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
        child, self._child = self._child, None
        if child is not None:
            await child.end()

    async def _watch(self, child: _Child) -> None:
        code = await asyncio.shield(child.exit)
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
            f"What it said last is in {self._log_file}."
        )

    @property
    def _log_file(self) -> Path:
        return self._state_dir / "practice.log"

    def _command(self) -> list[str]:
        port = ["--port", str(self._port)] if self._port else []
        told = ["--json", "--parent-pipe", "--state", str(self._state_dir)]
        return [*self._program, *told, *port, *self._options]

    def _sentence(self, what: str) -> str:
        tail = self._tail()
        said = f" It said: {tail}" if tail else ""
        return f"The practice exchange {what}.{said}"

    def _tail(self) -> str:
        """The last line of what the child said on its error output, shortened."""
        try:
            text = self._log_file.read_text("utf-8", errors="replace").strip()
        except OSError:
            return ""
        return text.rsplit("\n", 1)[-1][:_TAIL_CHARACTERS]


def _own_program() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "--practice")
    return (sys.executable, "-m", "pitdesk.practice")


def _spawn(command: list[str], errors: int) -> subprocess.Popen[bytes]:
    """The child, in a session of its own so that Ctrl+C in a terminal reaches the application first."""
    windows_flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(  # noqa: S603  our own interpreter and our own package
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=_environment(),
        creationflags=windows_flags,
        start_new_session=os.name == "posix",
    )


def _environment() -> dict[str, str]:
    """Ours, with the place that this package was found, so that a checkout finds its own child."""
    environment = dict(os.environ)
    root = str(Path(pitdesk.__file__).resolve().parents[1])
    held = environment.get("PYTHONPATH", "")
    if root not in held.split(os.pathsep):
        environment["PYTHONPATH"] = f"{root}{os.pathsep}{held}" if held else root
    return environment


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
