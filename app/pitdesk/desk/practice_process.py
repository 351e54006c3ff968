"""The practice exchange as a child process: started, watched, restarted and ended with the application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pitdesk.events import Listeners


class PracticeError(RuntimeError):
    """The practice exchange did not start. Its text is a plain sentence with what to do."""


@dataclass(frozen=True, slots=True)
class PracticeAddress:
    """Where the practice exchange serves, and the key it made for the person."""

    rest_url: str
    stream_url: str
    key_id: str
    private_key_file: Path


class PracticeProcess:
    """Owns one child process and ends only that one."""

    died: Listeners[str]

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    async def start(self) -> PracticeAddress:
        """Start and wait until it serves; raises :class:`PracticeError`."""
        raise NotImplementedError

    async def restart(self) -> PracticeAddress:
        """End what is left of the child and start again."""
        raise NotImplementedError

    async def stop(self) -> None:
        """End the child: its input is closed, then asked, then killed after three seconds."""
        raise NotImplementedError
