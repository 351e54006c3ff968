"""Keeps spreadsheet programs from running what a cell says (RELIABILITY I5).

A line of a cell that begins like a formula, spaces before it or not, gets an apostrophe in front. One that
has such an apostrophe already gets another, so that reading takes exactly one away.
"""

from __future__ import annotations

import re

_BEGINS = "=+\\-@\t\r＝＋－＠|%"
_FORMULA = re.compile(rf"[\s\u00a0\u200b\ufeff]*[{_BEGINS}]")
_GUARDED = re.compile(rf"'+[\s\u00a0\u200b\ufeff]*[{_BEGINS}]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")
_LINES = re.compile(r"(\r\n|\n|\r)")


def is_formula(text: str) -> bool:
    """Whether any line of a cell begins like a formula."""
    return any(_FORMULA.match(line) for line in text.splitlines())


def guarded(text: str) -> str:
    """``text`` as it may be written into a file that spreadsheet programs open. Numbers stay numbers."""
    if _NUMBER.match(text):
        return text
    return "".join(_guard(part) for part in _LINES.split(text))


def unguarded(text: str) -> str:
    """What :func:`guarded` made its text from."""
    return "".join(part[1:] if _GUARDED.match(part) else part for part in _LINES.split(text))


def _guard(line: str) -> str:
    if line in ("\r\n", "\n", "\r"):
        return line
    return f"'{line}" if _FORMULA.match(line) or _GUARDED.match(line) else line
