"""Rows under headings: the order of a table whose rows stand together by group, each group under its heading.

A heading is a line of the view and no row: it has a key of its own kind, is never selected, filtered or
counted, and is there while its group shows any row. Groups stand by title; one that comes later stands last
until the next sort, as rows keep their places until then. The rows of a folded group have no lines and count
on; a heading that comes is open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pitdesk_ui.widgets.data_table_grouping import Grouping, group_of_heading, heading_key
from pitdesk_ui.widgets.data_table_order import RowOrder, place_in
from pitdesk_ui.widgets.in_parts import parts, sorting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pitdesk_ui.widgets.data_table_order import SortKey

Row = TypeVar("Row")
_NO_SEQUENCE = -1


class _Stretch(NamedTuple):
    """The rows of one group, in three lists as the order has them."""

    keys: list[str]
    values: list[Any]
    sequences: list[int]

    def part(self, start: int, end: int) -> _Stretch:
        """Lists of its own."""
        return _Stretch(self.keys[start:end], self.values[start:end], self.sequences[start:end])


class GroupedOrder(RowOrder[Row]):
    """A :class:`RowOrder` whose values are (rank of the group, 1, value of the row). Ranks are negative while
    the order descends, so that groups stand the same way round whichever way their rows do."""

    def __init__(self, grouping: Grouping[Row], folded: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._grouping = grouping
        self.folded = folded
        self._away: dict[int, _Stretch] = {}
        self._ranks: dict[str, int] = {}
        self._by_rank: dict[int, str] = {}
        self._members: Counter[int] = Counter()
        self._emptied: str | None = None
        self._came_late = False

    @property
    def grouping(self) -> Grouping[Row]:
        """What its rows stand under."""
        return self._grouping

    @property
    def groups(self) -> frozenset[str]:
        """Those that have a heading."""
        return frozenset(self._by_rank[rank] for rank in self._members)

    @property
    def passing(self) -> list[str]:
        """As for rows: no headings, and what stands folded in its place."""
        keys = [key for rank in sorted(self._members) for key in self._stretch(rank).keys]
        return keys[::-1] if self._descending else keys

    def fold_only(self, groups: frozenset[str]) -> None:
        """Fold these groups and no others."""
        stretches = [(rank, self._stretch(rank)) for rank in sorted(self._members)]
        self.folded = groups
        self._begin_lines()
        for rank, stretch in stretches:
            self._put(rank, stretch)
        self._forget_folds()

    def place_for(self, key: str) -> int | None:
        """As for rows; None where it comes under a folded heading."""
        is_away = self._grouping.group_of(self.rows[key]) in self.folded
        return None if is_away else super().place_for(key)

    def is_shown(self, key: str) -> bool:
        """Whether ``key``, of a row or a heading, has a line in the view, or a folded row under one."""
        group = group_of_heading(key)
        return super().is_shown(key) if group is None else self._has_members(group)

    def row_of(self, key: str) -> int | None:
        """As for rows, and for headings too."""
        group = group_of_heading(key)
        if group is None:
            is_away = key in self._value_of and self._value_of[key][0] in self._away
            return None if is_away else super().row_of(key)
        return self._index(self._find_heading(group)) if self._has_members(group) else None

    def shown_in(self, group: str) -> int:
        """How many rows of a group are shown."""
        rank = self._ranks.get(group)
        return 0 if rank is None else self._members[rank]

    def showing(self, keys: Sequence[str]) -> Iterator[None]:
        """As for rows: sorted by group, and by value within each."""
        rows, group_of = self.rows, self._grouping.group_of
        groups: set[str] = set()
        for some in parts(keys):
            groups.update(group_of(rows[key]) for key in some if key in rows)
            yield
        self._rank(groups)
        held: list[str] = []
        values: list[Any] = []
        for some in parts(keys):
            here = [key for key in some if key in rows]
            held += here
            values += [self._value(key) for key in here]
            yield
        places: list[int] = []
        yield from sorting(values, places)
        yield from self._laying(held, values, places)
        yield from self._heading_them()

    def heading_to_add(self, key: str) -> int | None:
        """The line that the heading of the group of ``key`` is to have before ``key`` is shown, None where it
        is there. Then call :meth:`add_heading`."""
        group = self._grouping.group_of(self.rows[key])
        if self._has_members(group):
            return None
        self._rank_of(group)
        index = self._find_heading(group)
        return len(self._keys) - index if self._descending else index

    def add_heading(self, key: str) -> None:
        """Give the group of ``key`` its heading."""
        group = self._grouping.group_of(self.rows[key])
        index, value = self._find_heading(group), self._heading_value(group)
        self._keys.insert(index, heading_key(group))
        self._values.insert(index, value)
        self._sequences.insert(index, _NO_SEQUENCE)

    def heading_to_drop(self) -> int | None:
        """The line of a heading whose last row was just hidden. Then call :meth:`drop_heading`."""
        return None if self._emptied is None else self._index(self._find_heading(self._emptied))

    def drop_heading(self) -> None:
        """Take that heading away."""
        if self._emptied is not None:
            index = self._find_heading(self._emptied)
            del self._keys[index], self._values[index], self._sequences[index]
            self._emptied = None

    def show(self, key: str) -> None:
        """Show a stored row under its heading, which is there."""
        value = self._value(key)
        away = self._away.get(value[0])
        if away is None:
            super().show(key)
        else:
            index = place_in(away.values, away.sequences, value, self._sequence[key])
            away.keys.insert(index, key)
            away.values.insert(index, value)
            away.sequences.insert(index, self._sequence[key])
            self._value_of[key] = value
        self._members[value[0]] += 1

    def hide(self, key: str) -> None:
        """Show a row no longer."""
        rank = self._value_of[key][0]
        away = self._away.get(rank)
        if away is None:
            super().hide(key)
        else:
            index = place_in(away.values, away.sequences, self._value_of.pop(key), self._sequence[key])
            del away.keys[index], away.values[index], away.sequences[index]
        self._members[rank] -= 1
        if not self._members[rank]:
            del self._members[rank]
            self._away.pop(rank, None)
            self._emptied = self._by_rank[rank]
            self.folded -= {self._emptied}

    def newcomers_place(self) -> int | None:
        """New rows go to their groups, not together."""
        return None

    def is_out_of_order(self, keys: Any) -> bool:
        """Also where a group that came late stands out of its place."""
        return self._came_late or super().is_out_of_order(keys)

    def _heading_them(self) -> Iterator[None]:
        """A heading before each group or, while the order descends, behind it."""
        laid = _Stretch(self._keys, self._values, self._sequences)
        self._begin_lines()
        self._members = Counter()
        start = 0
        for rank in sorted(self._by_rank):
            end = bisect_left(laid.values, (rank, 2), lo=start)
            if end == start:
                continue
            self._members[rank] = end - start
            self._put(rank, laid.part(start, end))
            start = end
            yield
        self._forget_folds()

    def _begin_lines(self) -> None:
        self._keys, self._values, self._sequences, self._away = [], [], [], {}

    def _put(self, rank: int, stretch: _Stretch) -> None:
        """The next group, its rows in lines or folded."""
        group = self._by_rank[rank]
        if not self._descending:
            self._put_heading(group)
        if group in self.folded:
            self._away[rank] = stretch
        else:
            self._keys += stretch.keys
            self._values += stretch.values
            self._sequences += stretch.sequences
        if self._descending:
            self._put_heading(group)

    def _stretch(self, rank: int) -> _Stretch:
        away = self._away.get(rank)
        if away is not None:
            return away
        start = bisect_left(self._values, (rank, 1))
        end = bisect_left(self._values, (rank, 2), lo=start)
        return _Stretch(self._keys, self._values, self._sequences).part(start, end)

    def _forget_folds(self) -> None:
        """Of groups that have no heading now."""
        self.folded = frozenset(self._by_rank[rank] for rank in self._away)

    def _put_heading(self, group: str) -> None:
        self._keys.append(heading_key(group))
        self._values.append(self._heading_value(group))
        self._sequences.append(_NO_SEQUENCE)

    def _rank(self, groups: set[str]) -> None:
        title_of, sign = self._grouping.title_of, -1 if self._descending else 1
        ordered = sorted(groups, key=lambda group: (title_of(group).casefold(), group))
        self._ranks = {group: sign * place for place, group in enumerate(ordered, 1)}
        self._by_rank = {rank: group for group, rank in self._ranks.items()}
        self._emptied, self._came_late = None, False

    def _rank_of(self, group: str) -> int:
        rank = self._ranks.get(group)
        if rank is None:
            sign = -1 if self._descending else 1
            rank = self._ranks[group] = sign * (len(self._ranks) + 1)
            self._by_rank[rank] = group
            self._came_late = True
        return rank

    def _has_members(self, group: str) -> bool:
        return self.shown_in(group) > 0

    def _heading_value(self, group: str) -> tuple[int, int]:
        return (self._ranks[group], 2 if self._descending else 0)

    def _find_heading(self, group: str) -> int:
        return self._find(self._heading_value(group), _NO_SEQUENCE)

    def _value(self, key: str) -> tuple[int, int, Any]:
        row = self.rows[key]
        value = self._sequence[key] if self._sort_key is None else self._sort_key(row)
        return (self._rank_of(self._grouping.group_of(row)), 1, value)


def order_like(
    held: RowOrder[Row],
    grouping: Grouping[Row] | None,
    sort_key: SortKey[Row] | None,
    *,
    descending: bool,
    folded: frozenset[str],
) -> RowOrder[Row]:
    """An order over the rows of ``held``, grouped or not, showing none yet."""
    made: RowOrder[Row] = RowOrder() if grouping is None else GroupedOrder(grouping, folded)
    made.take_over(held)
    made.sort_next_by(sort_key, descending)
    return made
