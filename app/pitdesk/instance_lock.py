"""One Pitdesk for one set of files: a lock that the system itself holds, and lets go when the process ends.

It goes with the process however that ends, so that nothing is left to clear away after a crash. It says
nothing of another computer: two may trade one account, each with files of its own.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NAME = "running.lock"


class AlreadyRunningError(RuntimeError):
    """Another Pitdesk holds the files. Its text is a plain sentence."""


class InstanceLock:
    """Held from :meth:`take` until :meth:`release`, or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is where the files lie that only one Pitdesk may use at a time."""
        self._file = folder / _NAME
        self._folder = folder
        self._handle: int | None = None

    def take(self) -> None:
        """Raises :class:`AlreadyRunningError` where another process holds it, OSError where it cannot be."""
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)  # a child process does not inherit it
        try:
            _lock(handle)
        except BlockingIOError:
            os.close(handle)
            raise AlreadyRunningError(
                f"Pitdesk is already running with the files in {self._folder}."
            ) from None
        except OSError:
            os.close(handle)
            raise
        self._handle = handle

    def release(self) -> None:
        """Let another one in. The file stays: to delete it would let two in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:  # what Windows answers where another process holds it
            raise BlockingIOError from error

else:

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
