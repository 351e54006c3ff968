"""Work over very many rows in small steps, so that the window goes on between them. Without Qt.

Each step looks at no more than :data:`PART` rows. Who takes the steps decides how many make a turn.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PART = 2_000
_SAMPLES = 32  # looked at for each part that the values are to be cut into

Item = TypeVar("Item")


def parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in their order, :data:`PART` at a time."""
    for start in range(0, len(items), PART):
        yield items[start : start + PART]


def sorting(values: Sequence[Any], places: list[int]) -> Iterator[None]:
    """Fill ``places`` with the places of ``values`` in rising order, equal ones as they stand.

    Values are first put into buckets of about one part, then bucket after bucket is sorted: to merge large
    sorted parts would take one long step at last.
    """
    borders = _borders(values)
    buckets: list[list[int]] = [[] for _ in range(len(borders) + 1)]
    for some in parts(range(len(values))):
        for place in some:
            buckets[bisect_right(borders, values[place])].append(place)
        yield
    for bucket in buckets:
        bucket.sort(key=values.__getitem__)
        places += bucket
        yield


def _borders(values: Sequence[Any]) -> list[Any]:
    """Values that cut all of them into buckets of about a part each, by a sample; none twice."""
    count = len(values) // PART
    if not count:
        return []
    sample = sorted(values[:: max(1, len(values) // (count * _SAMPLES))])
    found = sample[_SAMPLES // 2 :: _SAMPLES]
    return [value for place, value in enumerate(found) if not place or value != found[place - 1]]


def to_the_end(steps: Iterator[None]) -> None:
    """All steps at once."""
    for _ in steps:
        pass


def unbroken(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rising row numbers as unbroken stretches, first and last of each."""
    if rows and rows[-1] - rows[0] == len(rows) - 1:
        return [(rows[0], rows[-1])]
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
