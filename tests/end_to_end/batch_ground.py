"""A session on a practice exchange in its own process, with a batch on its sheet.

``python -m tests.end_to_end.batch_ground REST WS KEY_ID KEY_FILE FOLDER`` sends twenty orders and kills
itself between the first request and the second.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pitdesk.desk.batch.rows import Field, Texts, texts_of
from pitdesk.desk.session import Session
from pitdesk.kalshi import environment
from pitdesk.kalshi.rest import Rest
from pitdesk.kalshi.signer import Signer
from pitdesk.limits.figures import LOOSEST
from pitdesk.notices import Notices
from pitdesk.paths import Folders
from pitdesk.settings import Settings

WIDE = LOOSEST


@asynccontextmanager
async def session_at(
    rest: str, stream: str, key_id: str, key_file: Path, folder: Path
) -> AsyncIterator[Session]:
    """A session that is ready to trade."""
    folders, pem = Folders.under(folder), _bytes_of(key_file)
    settings, failed = Settings(folders.settings_file), []
    session = Session(
        environment.practice(rest, stream),
        Signer.from_pem(key_id, pem),
        folders=folders,
        settings=settings,
        notices=Notices(),
        report=lambda name, error: failed.append(f"{name}: {error!r}"),
        limits=lambda: WIDE,
    )
    await session.start()
    try:
        await until(lambda: session.gate.open_for_risk and not session.finder.is_loading)
        yield session
    finally:
        await session.close()
        settings.close()
    assert failed == []


def _bytes_of(file: Path) -> bytes:
    return file.read_bytes()


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until ``condition`` holds."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def ticker(session: Session) -> str:
    """A market whose exchange index holds the cash."""
    markets = (market for event in session.finder.events() for market in event.markets)
    return next(market.ticker for market in markets if market.exchange_index == 0)


def row(session: Session, count: int, price: str = "1", **more: str) -> Texts:
    """Buy Yes at a cent, so that it rests."""
    cells = {
        Field.MARKET: ticker(session),
        Field.VERB: "Buy Yes",
        Field.PRICE: price,
        Field.COUNT: str(count),
    }
    return texts_of({**cells, **{Field[name.upper()]: text for name, text in more.items()}})


async def send_and_die(words: Sequence[str]) -> None:
    """Twenty orders, and a kill after the first request was answered."""
    rest, stream, key_id, key_file, folder = words
    create, calls = Rest.create_batch, 0

    async def until_the_second(self: Rest, *given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return await create(self, *given)

    Rest.create_batch = until_the_second  # type: ignore[method-assign]
    async with session_at(rest, stream, key_id, Path(key_file), Path(folder)) as session:
        session.batch.draft.append([row(session, count) for count in range(1, 21)])
        await session.batch.sender.send(confirmed=True)


if __name__ == "__main__":
    asyncio.run(send_and_die(sys.argv[1:]))
