"""Decimal marks and the unit of prices in a pasted table: found out where they show, asked where not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BODY = re.compile(r"\s*(\$?)\s*([0-9][0-9.,    '’]*?)\s*([¢c]?)\s*\Z")
_GROUPED = {
    ".": re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+\Z"),
    ",": re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+\Z"),
}
_SPACED = re.compile(r"[1-9][0-9]{0,2}([    '’][0-9]{3})+([.,][0-9]+)?\Z")


class Mark(Enum):
    """What parts whole from decimal. The value is the character."""

    DOT = "."
    COMMA = ","

    @property
    def other(self) -> Mark:
        """The one that groups thousands where this one marks decimals."""
        return Mark.COMMA if self is Mark.DOT else Mark.DOT


@dataclass(slots=True)
class MarkEvidence:
    """How many numbers of a table can be read with one mark alone, and how many with either.

    ``example`` holds a number for each kind, to be shown with a question.
    """

    dot: int = 0
    comma: int = 0
    either: int = 0
    example: str = ""

    @property
    def decided(self) -> Mark | None:
        """The mark that all numbers agree with and at least one demands; DOT where no number has any."""
        if self.dot and not self.comma:
            return Mark.DOT
        if self.comma and not self.dot:
            return Mark.COMMA
        return None if self.dot or self.either else Mark.DOT

    @property
    def is_mixed(self) -> bool:
        """Some numbers demand one mark, some the other."""
        return bool(self.dot and self.comma)


def gather(texts: Iterable[str]) -> MarkEvidence:
    """What the numbers of some columns say of their decimal mark; what is no number says nothing."""
    found = MarkEvidence()
    for text in texts:
        match = _BODY.match(text)
        if match is None:
            continue
        kind = _kind(match[2])
        if kind is Mark.DOT:
            found.dot += 1
        elif kind is Mark.COMMA:
            found.comma += 1
        elif kind == "either":
            found.either += 1
        if kind is Mark.COMMA or kind == "either":
            found.example = found.example or text.strip()
    return found


def _kind(body: str) -> Mark | str:
    """The mark that the number demands, ``either``, or nothing where it has none."""
    body = re.sub(r"[    '’]", "", body)
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        return Mark.DOT if body.rindex(".") > body.rindex(",") else Mark.COMMA
    if not dots and not commas:
        return ""
    mark = Mark.DOT if dots else Mark.COMMA
    if body.count(mark.value) > 1:
        return mark.other
    return "either" if _GROUPED[mark.value].match(body) else mark


def plain_number(text: str, mark: Mark) -> str | None:
    """``text`` with a dot for decimals and nothing between thousands, its ``$`` or ``¢`` kept.

    None where it is a number written with another mark; what is no number comes back as it is.
    """
    match = _BODY.match(text)
    if match is None:
        return text.strip(" ")
    dollar, body, cent = match.groups()
    if _SPACED.match(body):
        body = re.sub(r"[    '’]", "", body)
    whole, _, decimals = body.rpartition(mark.value) if mark.value in body else (body, "", "")
    grouped = mark.other.value
    if grouped in decimals or mark.value in whole:
        return None
    if grouped in whole:
        if _GROUPED[grouped].match(whole) is None:
            return None
        whole = whole.replace(grouped, "")
    if not whole.isascii() or not whole.isdigit() or (mark.value in body and not decimals.isdigit()):
        return None
    return f"{dollar}{whole}{'.' if decimals else ''}{decimals}{'¢' if cent else ''}"


def is_below_one(text: str) -> bool:
    """A price without its unit below 1, or 1 with decimals: cents or dollars, nobody can tell."""
    return bool(re.match(r"0*\.[0-9]+\Z|0+(\.[0-9]*)?\Z|1\.0+\Z", text))


def has_unit(text: str) -> bool:
    """Whether a price says itself what it is in."""
    return text.startswith("$") or text.endswith("¢")
