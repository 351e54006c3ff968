"""What the screen said, line by line, on disk before anything else happens: a kill takes none of it back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Reach = Callable[[str], None]


class Said:
    """Appends JSON lines with fsync. ``reach`` is told before and after, so that a kill can fall there."""

    def __init__(self, path: Path, life: int, reach: Reach) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._life = life
        self._reach = reach

    def tell(self, what: str, **more: Any) -> None:
        """One statement."""
        self.tell_all([{"what": what, **more}])

    def tell_all(self, statements: list[dict[str, Any]]) -> None:
        """Many statements made at once."""
        self._reach("before telling")
        lines = "".join(
            json.dumps({"life": self._life, "at": time.monotonic(), **one}) + "\n" for one in statements
        )
        os.write(self._file, lines.encode())
        os.fsync(self._file)
        self._reach("after telling")


def read_said(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line; one that a kill cut in two was never said."""
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue
