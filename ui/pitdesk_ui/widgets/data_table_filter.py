"""Which rows of a table hold the words typed. Their texts are written down once, and again as they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = TypeVar("Row")


class TextFilter(Generic[Row]):
    """``text_of`` tells what of a row is looked in; ``rows`` gives those that are held, by key."""

    def __init__(self, text_of: Callable[[Row], str], rows: Callable[[], Mapping[str, Row]]) -> None:
        self._text_of, self._rows = text_of, rows
        self._texts: dict[str, str] = {}
        self._cold: list[str] = []
        self._needles: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether it may hide rows."""
        return bool(self._needles)

    def want(self, text: str) -> bool:
        """From now on every word of ``text``, in whatever case; whether that is another filter."""
        before, self._needles = self._needles, tuple(text.casefold().split())
        return before != self._needles

    def passes(self, key: str) -> bool:
        """Whether the row of ``key`` holds every word."""
        if not self._needles:
            return True
        text = self._text(key)
        return all(needle in text for needle in self._needles)

    def changed(self, key: str) -> None:
        """The row is another, or gone."""
        self._texts.pop(key, None)

    def begin(self, keys: Iterable[str]) -> None:
        """All rows are others."""
        self._texts.clear()
        self._cold = list(keys)

    def prepare(self, most: int) -> bool:
        """Write the texts of at most so many rows more down; whether any are left to do."""
        rows = self._rows()
        for key in self._cold[-most:]:
            if key in rows:
                self._text(key)
        del self._cold[-most:]
        return bool(self._cold)

    def _text(self, key: str) -> str:
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = self._text_of(self._rows()[key]).casefold()
        return text
