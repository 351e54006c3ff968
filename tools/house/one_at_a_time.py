"""One maker of the environment at a time: a second start waits for the first instead of undoing its work."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tools.house.saying import say


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock on this file; the system lets it go when the process ends, however it ends."""
    with path.open("a+b") as file:
        if not _try_lock(file):
            say("Another start is making the environment; waiting for it.")
            while not _try_lock(file):
                time.sleep(0.2)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
