"""The folder that holds the practice account: one process at a time, its files for their owner only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORE_NAME = "practice.sqlite3"


class StateInUse(Exception):
    """Another process has the folder. Its text is a plain sentence."""


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Make ``folder`` if need be and hold it until the end; raises :class:`StateInUse`.

    The lock is the system's own, so that it goes with the process, however that ends.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a+b") as file:
        if not _lock(file):
            raise StateInUse(
                f"Another practice exchange is using {folder}. End it, or name another folder with --state."
            )
        yield folder


def forget_account(folder: Path) -> None:
    """Remove the stored account, its journal files too; the keys stay."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{STORE_NAME}{suffix}").unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def default_folder() -> Path:
    """Where the account is kept when no folder is named."""
    from pitdesk.paths import Folders

    return Folders.of_person().practice
