"""A batch on disk: all of its rows or none, numbered, in order; and a journal of before batches opens."""

import sqlite3
from pathlib import Path

import pytest

from pitdesk.journal import Journal, JournalError, Submission
from pitdesk.orders import Intent, Source
from tests.unit.desk.trading_floor import draft, run


def submission(key: str, batch: int | None = None) -> Submission:
    source = Source.TICKET if batch is None else Source.BATCH
    return Submission(Intent(key, draft(), source, 1, batch), key.encode(), "Practice", "", 0)


def test_a_batch_is_written_whole_and_read_in_its_order(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal()
        await journal.open(tmp_path / "j.sqlite")
        assert await journal.last_batch() == 0
        await journal.write_batch([submission(key, 3) for key in ("c", "a", "b")])
        assert await journal.last_batch() == 3
        held = await journal.intents_of_batch(3)
        assert [one.intent.client_order_id for one in held] == ["c", "a", "b"]
        assert [one.intent.source_text for one in held] == ["Batch 3"] * 3
        with pytest.raises(JournalError):
            await journal.write_batch([submission("new", 4), submission("a", 4)])
        assert await journal.intents_of(["new"]) == {}
        assert await journal.first_break() is None
        await journal.close()

    run(scene())


def test_a_journal_of_before_batches_opens_and_keeps_what_it_has(tmp_path: Path) -> None:
    file = tmp_path / "j.sqlite"

    async def fill() -> None:
        journal = Journal()
        await journal.open(file)
        sent = submission("old")
        await journal.write_batch([sent])
        await journal.close()

    run(fill())
    with sqlite3.connect(file) as held:
        held.execute("DROP INDEX intent_batch")
        held.execute("ALTER TABLE intent DROP COLUMN batch")
        held.execute("ALTER TABLE intent DROP COLUMN batch_place")
        held.execute("PRAGMA user_version = 1")
    held.close()

    async def scene() -> None:
        journal = Journal()
        assert (await journal.open(file)).usable
        assert (await journal.intents_of(["old"]))["old"].intent.batch is None
        await journal.write_batch([submission("new", 1)])
        assert await journal.last_batch() == 1
        await journal.close()

    run(scene())
