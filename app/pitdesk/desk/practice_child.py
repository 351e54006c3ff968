"""One child process that runs the practice exchange, and the thread that reads it and waits for it.

What the thread learns is handed over in futures that need no event loop, so it works on every loop and system
alike. When the application dies, the child's input closes and it ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

import pitdesk
from pitdesk.paths import private_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG = logging.getLogger(__name__)
_STOP_DEADLINE_S = 3.0
_MOST_LINE = 64 * 1024


class PracticeChild:
    """One process and the thread that reads it. ``line`` is its first line, ``exit`` its exit code."""

    def __init__(self, command: Sequence[str], log_file: Path) -> None:
        self.line: Future[bytes] = Future()
        self.exit: Future[int] = Future()
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
            self.line.set_result(f"not started: {error.strerror or error}".encode())
            self.exit.set_result(-1)
            return
        self.process = process
        if self._ending:
            self._close_input()
        with process:
            output = process.stdout
            if output is not None:
                self.line.set_result(output.readline(_MOST_LINE))
                while output.read(_MOST_LINE):
                    pass
            code = process.wait()
        self.exit.set_result(code)

    async def end(self) -> None:
        """Close its input; terminate and at last kill it where it does not go."""
        self._ending = True
        gone = asyncio.wrap_future(self.exit)
        for step in (self._close_input, self._terminate, self._kill):
            step()
            done, _ = await asyncio.wait({gone}, timeout=_STOP_DEADLINE_S)
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


def launch(
    state_dir: Path, options: Sequence[str] = (), *, program: Sequence[str] = (), port: int = 0
) -> PracticeChild:
    """Start the practice exchange and return at once. It needs no event loop, so that it can be the very
    first thing a program does. Raises OSError where the folder cannot be made or written.

    ``program`` is what is started, our own package unless another is named.
    """
    private_folder(state_dir)
    ports = ("--port", str(port)) if port else ()
    told = ("--json", "--parent-pipe", "--state", str(state_dir))
    return PracticeChild((*(program or _own_program()), *told, *ports, *options), log_file_in(state_dir))


def log_file_in(state_dir: Path) -> Path:
    """Where the child's error output goes."""
    return state_dir / "practice.log"


def _own_program() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "--practice")
    return (sys.executable, "-m", "pitdesk.practice")


def _spawn(command: Sequence[str], errors: int) -> subprocess.Popen[bytes]:
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
    """Ours, with the place that this package was found, so that a checkout finds its own child.

    Without certificate authorities: it connects to nobody, and aiohttp reads them all when it is imported.
    """
    environment = {**os.environ, "SSL_CERT_FILE": os.devnull}
    root = str(Path(pitdesk.__file__).resolve().parents[1])
    held = environment.get("PYTHONPATH", "")
    if root not in held.split(os.pathsep):
        environment["PYTHONPATH"] = f"{root}{os.pathsep}{held}" if held else root
    return environment
