"""What the list below a cell offers: markets by the finder's search, few words in the other columns."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import Field
from pitdesk.orders import SelfTradePrevention, TimeInForce, Verb
from pitdesk_ui.batch.suggest import Suggest, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pitdesk.desk.finder import Finder

_MOST = 30


def choices(finder: Finder) -> Mapping[Field, Suggest]:
    """The suggestions of every column that has some."""
    yes_no = _words(("yes", ""), ("no", ""))
    return {
        Field.MARKET: lambda text: _markets(finder, text),
        Field.VERB: _words(*((verb.value, "") for verb in Verb)),
        Field.TIME_IN_FORCE: _words(*((each.short, each.words) for each in TimeInForce)),
        Field.SELF_TRADE: _words(*((each.value.replace("_", " "), "") for each in SelfTradePrevention)),
        Field.POST_ONLY: yes_no,
        Field.REDUCE_ONLY: yes_no,
        Field.CANCEL_ON_PAUSE: yes_no,
    }


def _markets(finder: Finder, text: str) -> tuple[Suggestion, ...]:
    """The finder's best; the dot between event and outcome, as the screen shows it, parts words only."""
    words = " ".join(text.replace("·", " ").split())
    if not words:
        return ()

    def found() -> Iterator[Suggestion]:
        for event in finder.search(words):
            for market in event.markets:
                yield Suggestion(finder.label(market.ticker), market.ticker, market.ticker)

    best = tuple(islice(found(), _MOST))
    exact = [one for one in best if words.casefold() in (one.value.casefold(), _plain(one.text))]
    return tuple(exact) + tuple(one for one in best if one not in exact)


def _plain(label: str) -> str:
    return " ".join(label.replace("·", " ").split()).casefold()


def _words(*offered: tuple[str, str]) -> Suggest:
    """A fixed list; a text narrows it by how words begin, or by their first letters: ``bn`` is Buy No."""
    every = tuple(Suggestion(word, word, detail) for word, detail in offered)

    def suggest(text: str) -> tuple[Suggestion, ...]:
        typed = text.strip().casefold()
        if not typed:
            return every
        return tuple(one for one in every if _begins(one, typed))

    return suggest


def _begins(one: Suggestion, typed: str) -> bool:
    for shown in (one.text.casefold(), one.detail.casefold()):
        if shown.startswith(typed) or "".join(word[0] for word in shown.split()).startswith(typed):
            return True
    return False
