"""How events and markets are called on the screen: short, plain, and never trusted."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.markets import Event, Market

_MOST_CHARACTERS = 40
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE_AT_END = re.compile(
    rf"\s+(?:in|on|for|by|of|during)\s+(?:{_MONTH}(?:\s+\d{{1,2}})?(?:,?\s+\d{{4}})?|\d{{4}})$", re.IGNORECASE
)


def plain(text: str) -> str:
    """``text`` on one line, with what would steer the screen (control and direction marks) shown as boxes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("□" if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") else sign for sign in text)


def short_title(event: Event) -> str:
    """The event's title without its question mark and the date that its sub-title says: ``Fed decision``."""
    title = plain(event.title).strip().rstrip("?").rstrip()
    if event.sub_title:
        title = _DATE_AT_END.sub("", title)
        title = title.removesuffix(event.sub_title).rstrip(" ·-–,:") or title
    return _cut(title or plain(event.ticker))


def event_label(event: Event) -> str:
    """``Fed decision · Dec 2026``: the short title and the sub-title, unless they say the same."""
    title, sub_title = short_title(event), _cut(plain(event.sub_title).strip())
    if not sub_title or sub_title.casefold() in title.casefold():
        return title
    return f"{title} · {sub_title}"


def outcome_label(market: Market) -> str:
    """``Cut 25 bp``: what Yes means, or the market's own title where the exchange gives no such words."""
    return _cut(plain(market.yes_sub_title).strip() or plain(market.title).strip() or plain(market.ticker))


def _cut(text: str) -> str:
    """At most 40 characters, cut at a word where there is one."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    cut = text[: _MOST_CHARACTERS - 1]
    word = cut.rfind(" ")
    return (cut[:word] if word > _MOST_CHARACTERS // 2 else cut).rstrip(" ,·-") + "…"
