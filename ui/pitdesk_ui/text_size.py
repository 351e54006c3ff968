"""The size of text, and of the rows, columns and chips around it: set before Qt is there, by Qt's scale."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FACTOR = "QT_SCALE_FACTOR"


@contextlib.contextmanager
def text_at(percent: int) -> Iterator[None]:
    """Whatever ``QApplication`` is made inside is drawn at ``percent``, in addition to what the person's own
    variable says; the variable is as before afterwards, for programs that are started from here."""
    before = os.environ.get(_FACTOR)
    if percent != 100:
        os.environ[_FACTOR] = f"{_number(before) * percent / 100:g}"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_FACTOR, None)
        else:
            os.environ[_FACTOR] = before


def _number(text: str | None) -> float:
    try:
        factor = float(text or 1)
    except ValueError:
        return 1.0
    return factor if 0.1 <= factor <= 10 else 1.0
