"""Which rows a table shows and in what order: its own sort and filter index, without Qt.

The shown keys stand in three parallel lists, rising by sort value and then by age of the row, so that a
row is found, taken out and put in by bisection however many there are. Values are those of the last sort:
a row that changes keeps its place until the next one, and so never jumps while it is being read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from pitdesk_ui.widgets.in_parts import parts, sorting, to_the_end

Row = TypeVar("Row")
SortKey = Callable[[Row], Any]


class RowOrder(Generic[Row]):
    """Rows by key, and the keys that are shown in their order. Row numbers count from the top of the view."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._sequence: dict[str, int] = {}
        self._next_sequence = 0
        self._sort_key: SortKey[Row] | None = None
        self._descending = False
        self._keys: list[str] = []
        self._values: list[Any] = []
        self._sequences: list[int] = []
        self._value_of: dict[str, Any] = {}
        self.folded: frozenset[str] = frozenset()
        """The groups whose rows stand folded under their headings."""

    @property
    def grouping(self) -> Any:
        """What its rows stand under; None without headings."""
        return None

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def shown(self) -> list[str]:
        """The shown keys from top to bottom, a list of the caller's own."""
        return self._keys[::-1] if self._descending else self._keys[:]

    def is_shown(self, key: str) -> bool:
        """Whether ``key`` has a row in the view or, folded, under its heading."""
        return key in self._value_of

    def key_at(self, row: int) -> str:
        """The key shown at ``row``; raises IndexError outside."""
        return self._keys[self._index(row)]

    def row_of(self, key: str) -> int | None:
        """Where ``key`` is shown, None where it has no line. Logarithmic in the rows shown."""
        if key not in self._value_of:
            return None
        return self._index(self._find(self._value_of[key], self._sequence[key]))

    def sort(self, sort_key: SortKey[Row] | None, descending: bool) -> None:
        """Sort what is shown; without a sort key, by the order in which rows came."""
        self.sort_next_by(sort_key, descending)
        self.show_only(self._shown_as_they_came())

    def sort_next_by(self, sort_key: SortKey[Row] | None, descending: bool) -> None:
        """How the next :meth:`show_only` sorts."""
        self._sort_key, self._descending = sort_key, descending

    def show_only(self, keys: Sequence[str]) -> None:
        """Show exactly ``keys``, which stand in the order in which they came, as :attr:`rows` does."""
        to_the_end(self.showing(keys))

    def showing(self, keys: Sequence[str]) -> Iterator[None]:
        """:meth:`show_only` in small steps; nothing else is shown before the last. A row that goes meanwhile
        is left out, one that changes stands where its former or its new value belongs."""
        held: list[str] = []
        values: list[Any] = []
        for some in parts(keys):
            here = [key for key in some if key in self.rows]
            held += here
            values += self._values_of(here)
            yield
        places: list[int] = []
        if self._sort_key is None:
            places.extend(range(len(held)))
        else:
            yield from sorting(values, places)
        yield from self._laying(held, values, places)

    def _values_of(self, keys: Sequence[str]) -> list[Any]:
        rows, sort_key = self.rows, self._sort_key
        if sort_key is None:
            return [self._sequence[key] for key in keys]
        return [sort_key(rows[key]) for key in keys]

    def _laying(self, held: list[str], values: list[Any], places: list[int]) -> Iterator[None]:
        """Write the lists anew, the rows at ``places`` in their order."""
        keys: list[str] = []
        rising: list[Any] = []
        sequences: list[int] = []
        value_of: dict[str, Any] = {}
        for some in parts(places):
            here = [held[place] for place in some if held[place] in self.rows]
            there = [values[place] for place in some if held[place] in self.rows]
            keys += here
            rising += there
            sequences += [self._sequence[key] for key in here]
            value_of.update(zip(here, there, strict=True))
            yield
        self._keys, self._values, self._sequences, self._value_of = keys, rising, sequences, value_of

    def store(self, key: str, row: Row) -> None:
        """Keep ``row`` as the current one of ``key``, without showing or moving anything."""
        if key not in self.rows:
            self._sequence[key] = self._next_sequence
            self._next_sequence += 1
        self.rows[key] = row

    def is_half_forgotten(self, key: str) -> bool:
        """Whether the row was dropped and its age was kept."""
        return key in self._sequence and key not in self.rows

    def forget(self, key: str, *, keep_age: bool = False) -> None:
        """Drop a row that is not shown. ``keep_age``: another order of these rows may still show it."""
        self.rows.pop(key, None)
        if not keep_age:
            self._sequence.pop(key, None)

    def take_over(self, held: RowOrder[Row]) -> None:
        """Hold the rows of another order, by the same age."""
        self.rows, self._sequence = held.rows, held._sequence
        self.count_on_from(held)

    def count_on_from(self, held: RowOrder[Row]) -> None:
        """New rows are younger than all of ``held``, whose rows these are."""
        self._next_sequence = held._next_sequence

    # Lines that are no rows; an order without groups has none.

    def heading_to_add(self, key: str) -> int | None:
        """See :class:`pitdesk_ui.widgets.data_table_groups.GroupedOrder`."""
        return None

    def add_heading(self, key: str) -> None:
        """As above."""

    def heading_to_drop(self) -> int | None:
        """As above."""
        return None

    def drop_heading(self) -> None:
        """As above."""

    def place_for(self, key: str) -> int | None:
        """The row number that showing ``key`` would give it, None where it comes under a folded heading."""
        value, sequence = self._value(key), self._sequence[key]
        index = self._find(value, sequence)
        return len(self._keys) - index if self._descending else index

    def show(self, key: str) -> None:
        """Show a stored row at :meth:`place_for`."""
        value, sequence = self._value(key), self._sequence[key]
        index = self._find(value, sequence)
        self._keys.insert(index, key)
        self._values.insert(index, value)
        self._sequences.insert(index, sequence)
        self._value_of[key] = value

    def newcomers_place(self) -> int | None:
        """Where all new rows go together while rows stand in the order they came, else None."""
        if self._sort_key is not None:
            return None
        return 0 if self._descending else len(self._keys)

    def hide(self, key: str) -> None:
        """Show a row no longer."""
        index = self._find(self._value_of.pop(key), self._sequence[key])
        del self._keys[index], self._values[index], self._sequences[index]

    def hide_run(self, first: int, last: int) -> None:
        """Show the rows from ``first`` to ``last``, which are no headings, no longer."""
        low, high = sorted((self._index(first), self._index(last)))
        for key in self._keys[low : high + 1]:
            del self._value_of[key]
        del self._keys[low : high + 1], self._values[low : high + 1], self._sequences[low : high + 1]

    def replace_shown(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Show and hide many at once with a single sort."""
        shown = (self._value_of.keys() | set(added)) - set(removed)
        self.show_only([key for key in self.rows if key in shown])

    def is_out_of_order(self, keys: Iterable[str]) -> bool:
        """Whether a shown row among ``keys`` no longer has the value that it was sorted by."""
        return self._sort_key is not None and any(
            key in self._value_of and self._value(key) != self._value_of[key] for key in keys
        )

    def _index(self, row: int) -> int:
        if not 0 <= row < len(self._keys):
            raise IndexError(row)
        return len(self._keys) - 1 - row if self._descending else row

    def _value(self, key: str) -> Any:
        return self._sequence[key] if self._sort_key is None else self._sort_key(self.rows[key])

    def _find(self, value: Any, sequence: int) -> int:
        return place_in(self._values, self._sequences, value, sequence)

    def _shown_as_they_came(self) -> list[str]:
        if len(self._value_of) == len(self.rows):
            return list(self.rows)
        return [key for key in self.rows if key in self._value_of]


def place_in(values: list[Any], sequences: list[int], value: Any, sequence: int) -> int:
    """Where that value of that age stands, or is to stand, among rising ones."""
    low = bisect_left(values, value)
    high = bisect_right(values, value, lo=low)
    return bisect_left(sequences, sequence, lo=low, hi=high)
