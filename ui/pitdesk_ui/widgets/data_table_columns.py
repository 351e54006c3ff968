"""How a data table tells a record in one column: text, order, place and the meaning of its colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

Row = TypeVar("Row")


class ColorRole(Enum):
    """What a cell's colour means; the theme decides which colour that is."""

    TEXT = "text"
    MUTED = "muted"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    ACCENT = "accent"
    WARNING = "warning"


class Align(Enum):
    """Where a column's text stands: words left, figures right."""

    LEFT = Qt.AlignmentFlag.AlignLeft
    RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class ColumnSpec(Generic[Row]):
    """One column: how a row is told, sorted and coloured in it.

    ``sort_key`` returns values that compare with each other, never None. ``width`` is in pixels at the start;
    the person may drag it. A ``rare`` column is hidden until it is shown. ``in_file`` is what a file gets in
    place of the text, such as a bare number, and ``file_title`` its title there, which may tell the unit.
    """

    key: str
    title: str
    text: Callable[[Row], str]
    sort_key: Callable[[Row], Any]
    align: Align = Align.LEFT
    width: int = 100
    color: Callable[[Row], ColorRole] | None = None
    tip: str = ""
    rare: bool = False
    in_file: Callable[[Row], str] | None = None
    file_title: str = ""
