"""The same work for each of very many, a few at a time; what waits is no task yet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


async def few_at_once(
    items: Sequence[Item], work: Callable[[Item], Awaitable[Result]], at_once: int
) -> list[Result]:
    """What came of each, in their order."""
    results: dict[int, Result] = {}
    waiting = iter(range(len(items)))

    async def go_on() -> None:
        for place in waiting:
            results[place] = await work(items[place])

    await asyncio.gather(*(go_on() for _ in range(min(at_once, len(items)))))
    return [results[place] for place in range(len(items))]
