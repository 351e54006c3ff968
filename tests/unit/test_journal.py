"""The journal: durable before it returns, honest about its states and its disk, and its edits show."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pitdesk.journal import ActionStep, IntentState, Journal, JournalError, Statement
from pitdesk.journal.states import StateError
from pitdesk.orders import Intent, OrderDraft, SelfTradePrevention, Source, TimeInForce, Verb
from pitdesk.quantities import Count, Price

ROOT = Path(__file__).resolve().parents[2]
Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    async def bounded() -> Result:
        async with asyncio.timeout(60):
            return await work

    return asyncio.run(bounded())


def intent(number: int = 1, **changes: Any) -> Intent:
    asked: dict[str, Any] = {
        "ticker": "KXFED-C25",
        "verb": Verb.BUY_NO,
        "count": Count.from_wire("2.50"),
        "price": Price.from_wire("0.5810"),
    }
    draft = OrderDraft(**{**asked, **changes})
    return Intent(f"2f1f4ab2-3c5d-4b62-9d51-{number:012d}", draft, Source.TICKET, 1_700_000_000_000 + number)


async def opened(path: Path) -> Journal:
    journal = Journal()
    report = await journal.open(path)
    assert report.usable, report.sentence
    return journal


def test_an_intent_reads_back_as_it_was_written(tmp_path: Path) -> None:
    whole = intent(
        time_in_force=TimeInForce.GOOD_TILL_CANCELED,
        expiration_s=1_800_000_000,
        post_only=True,
        cancel_order_on_pause=True,
        self_trade_prevention=SelfTradePrevention.MAKER,
        order_group_id="group",
        subaccount=3,
        exchange_index=2,
    )

    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        await journal.write_intent(whole, b"body", "Practice", "key id", 250)
        await journal.close()
        journal = await opened(tmp_path / "journal.sqlite")
        (held,) = await journal.open_intents("Practice")
        assert held.intent == whole
        assert held.state is IntentState.SUBMITTED
        assert held.sent_server_ms == held.sent_ms + 250
        assert await journal.open_intents("Live") == ()
        await journal.close()

    run(story())


def test_the_key_id_and_the_body_are_kept_as_hashes_only(tmp_path: Path) -> None:
    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        await journal.write_intent(intent(), b"the very body", "Practice", "the-very-key-id")
        await journal.close()

    run(story())
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"the-very-key-id" not in kept
    assert b"the very body" not in kept


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_the_journal_is_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"

    async def story() -> None:
        journal = await opened(folder / "journal.sqlite")
        await journal.write_intent(intent(), b"", "Practice")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        await journal.close()

    run(story())


def test_the_file_is_opened_for_the_utmost_durability(tmp_path: Path) -> None:
    from pitdesk.journal.store import Store

    store = Store(tmp_path / "journal.sqlite")
    assert store.open().usable
    assert store.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert store.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    store.close()


def test_one_id_is_written_down_once(tmp_path: Path) -> None:
    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        await journal.write_intent(intent(), b"", "Practice")
        with pytest.raises(JournalError, match="written down before"):
            await journal.write_intent(intent(), b"", "Practice")
        assert await journal.first_break() is None
        await journal.close()

    run(story())


@pytest.mark.parametrize(
    "steps, ends",
    [
        ([IntentState.ACKED, IntentState.RESTING, IntentState.PARTIAL, IntentState.FILLED], "FILLED"),
        ([IntentState.UNKNOWN, IntentState.ACKED, IntentState.CANCELED], "CANCELED"),
        ([IntentState.UNKNOWN, IntentState.NOT_PLACED], "NOT_PLACED"),
        ([IntentState.UNKNOWN, IntentState.UNKNOWN], "UNKNOWN"),
        ([IntentState.REJECTED], "REJECTED"),
        # What the exchange says counts even after we had concluded otherwise, and late words undo nothing.
        ([IntentState.UNKNOWN, IntentState.NOT_PLACED, IntentState.RESTING], "RESTING"),
        ([IntentState.FILLED, IntentState.ACKED, IntentState.RESTING], "FILLED"),
        ([IntentState.PARTIAL, IntentState.RESTING], "PARTIAL"),
        ([IntentState.RESTING, IntentState.UNKNOWN], "RESTING"),
        ([IntentState.EXPIRED, IntentState.REJECTED], "EXPIRED"),
    ],
)
def test_states_follow_one_another(tmp_path: Path, steps: list[IntentState], ends: str) -> None:
    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        await journal.write_intent(intent(), b"", "Practice")
        for step in steps:
            await journal.record(intent().client_order_id, step, "test")
        held = (await journal.intents_of([intent().client_order_id]))[intent().client_order_id]
        assert held.state.value == ends
        await journal.close()

    run(story())


@pytest.mark.parametrize(
    "before, wrong",
    [
        (IntentState.UNKNOWN, IntentState.REJECTED),
        (IntentState.UNKNOWN, IntentState.NOT_SENT),
        (None, IntentState.NOT_PLACED),
        (IntentState.REJECTED, IntentState.UNKNOWN),
        (None, IntentState.DISCARDED),
    ],
)
def test_an_unknown_order_never_becomes_a_failure_by_itself(
    tmp_path: Path, before: IntentState | None, wrong: IntentState
) -> None:
    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        await journal.write_intent(intent(), b"", "Practice")
        if before is not None:
            await journal.record(intent().client_order_id, before, "test")
        with pytest.raises(StateError):
            await journal.record(intent().client_order_id, wrong, "test")
        await journal.close()

    run(story())


def test_notes_are_written_in_order_and_before_closing(tmp_path: Path) -> None:
    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        for number in range(50):
            await journal.write_intent(intent(number), b"", "Practice")
        for state in (IntentState.RESTING, IntentState.PARTIAL, IntentState.FILLED):
            for number in range(50):
                journal.note(Statement(intent(number).client_order_id, state, "exchange", f"order {number}"))
        journal.note(ActionStep("action", "cancel", IntentState.ACKED, "accepted"))
        await journal.close()
        journal = await opened(tmp_path / "journal.sqlite")
        held = await journal.intents_of(intent(number).client_order_id for number in range(50))
        assert {one.state for one in held.values()} == {IntentState.FILLED}
        assert held[intent(7).client_order_id].order_id == "order 7"
        assert await journal.first_break() is None
        await journal.close()

    run(story())


def test_a_note_that_must_not_follow_is_told_and_takes_no_other_with_it(tmp_path: Path) -> None:
    failures: list[str] = []

    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        journal.failed.connect(failures.append)
        for number in range(3):
            await journal.write_intent(intent(number), b"", "Practice")
        keys = [intent(number).client_order_id for number in range(3)]
        journal.note(Statement(keys[0], IntentState.FILLED, "exchange"))
        journal.note(Statement(keys[1], IntentState.NOT_PLACED, "concluded too early"))
        journal.note(Statement(keys[2], IntentState.CANCELED, "exchange"))
        held = await journal.intents_of(keys)
        assert [held[key].state.value for key in keys] == ["FILLED", "SUBMITTED", "CANCELED"]
        while not failures:  # noqa: ASYNC110 (told by the journal's thread)
            await asyncio.sleep(0.002)
        assert "NOT_PLACED cannot follow SUBMITTED" in failures[0]
        assert await journal.first_break() is None
        await journal.close()

    run(story())


def test_a_note_of_an_order_never_written_down_is_told_and_harms_no_other(tmp_path: Path) -> None:
    failures: list[str] = []

    async def story() -> None:
        journal = await opened(tmp_path / "journal.sqlite")
        journal.failed.connect(failures.append)
        await journal.write_intent(intent(), b"", "Practice")
        journal.note(Statement("stranger", IntentState.FILLED, "exchange"))
        journal.note(Statement(intent().client_order_id, IntentState.FILLED, "exchange"))
        while not failures:  # noqa: ASYNC110 (told by the journal's thread)
            await asyncio.sleep(0.002)
        held = await journal.intents_of([intent().client_order_id])
        assert held[intent().client_order_id].state is IntentState.FILLED
        await journal.close()

    run(story())
    assert "stranger" in failures[0]


def test_lines_are_only_ever_added(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"

    async def story() -> None:
        journal = await opened(path)
        await journal.write_intent(intent(), b"", "Practice")
        await journal.close()

    run(story())
    connection = sqlite3.connect(path)
    for wrong in ("UPDATE event SET cause = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            connection.execute(wrong)
    connection.close()


@pytest.mark.parametrize(
    "edit, line",
    [
        ("UPDATE event SET cause = 'edited' WHERE seq = 3", 3),
        ("DELETE FROM event WHERE seq = 3", 3),
        ("UPDATE event SET data = replace(data, '2.50', '9.50') WHERE seq = 2", 2),
        ("UPDATE event SET seq = 99 WHERE seq = 5", 5),
        ("DELETE FROM event WHERE seq = 1", 1),
    ],
)
def test_an_edit_behind_our_back_shows(tmp_path: Path, edit: str, line: int) -> None:
    path = tmp_path / "journal.sqlite"

    async def fill() -> None:
        journal = await opened(path)
        for number in range(4):
            await journal.write_intent(intent(number), b"", "Practice")
        await journal.close()

    async def look() -> None:
        journal = Journal()
        report = await journal.open(path)
        assert report.tampered_at == line
        assert f"line {line}" in report.sentence
        assert await journal.first_break() == line
        await journal.close()

    run(fill())
    connection = sqlite3.connect(path)
    connection.executescript(f"DROP TRIGGER event_is_not_edited; DROP TRIGGER event_is_not_deleted; {edit};")
    connection.close()
    run(look())


@pytest.mark.parametrize("damage", ["no database", "torn page", "empty table"])
def test_a_damaged_journal_is_kept_aside_and_a_new_one_begun(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "journal.sqlite"

    async def fill() -> None:
        journal = await opened(path)
        for number in range(200):
            await journal.write_intent(intent(number), b"", "Practice")
        await journal.close()

    async def look() -> None:
        journal = Journal()
        report = await journal.open(path)
        assert report.usable
        assert report.quarantined is not None
        assert report.quarantined.read_bytes() == spoiled
        assert "damaged" in report.sentence
        assert str(report.quarantined) in report.sentence
        await journal.write_intent(intent(), b"", "Practice")
        await journal.close()

    run(fill())
    content = bytearray(path.read_bytes())
    if damage == "no database":
        content[:100] = b"x" * 100
    elif damage == "torn page":
        content[4096 * 3 : 4096 * 8] = os.urandom(4096 * 5)
    else:
        content[4096:8192] = bytes(4096)
    spoiled = bytes(content)
    path.write_bytes(spoiled)
    run(look())


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()

    async def story() -> None:
        journal = Journal()
        report = await journal.open(path)
        assert not report.usable
        assert "newer Pitdesk" in report.sentence
        with pytest.raises(JournalError, match="newer Pitdesk"):
            await journal.write_intent(intent(), b"", "Practice")
        await journal.close()

    run(story())
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a folder")

    async def story() -> None:
        journal = Journal()
        report = await journal.open(tmp_path / "state" / "journal.sqlite")
        assert not report.usable
        assert "send again" in report.sentence
        with pytest.raises(JournalError):
            await journal.write_intent(intent(), b"", "Practice")
        await journal.close()

    run(story())


# In a process of its own: killed, or with a disk that takes no more

_CHILD = """
import asyncio, os, sys
from pathlib import Path
sys.path[:0] = [{app!r}, {root!r}]
from pitdesk.journal import IntentState, Journal, JournalError
from tests.unit.test_journal import intent

async def story():
    journal = Journal()
    report = await journal.open(Path({path!r}))
    if not report.usable:
        print("closed", report.sentence, flush=True)
        return
    {body}

asyncio.run(story())
"""


def child(path: Path, body: str) -> subprocess.Popen[str]:
    code = _CHILD.format(
        app=str(ROOT / "app"),
        root=str(ROOT),
        path=str(path),
        body=textwrap.indent(textwrap.dedent(body), "    ").strip(),
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
@pytest.mark.parametrize("after", [1, 2, 7, 31])
def test_what_returned_is_there_after_a_kill(tmp_path: Path, after: int) -> None:
    path = tmp_path / "journal.sqlite"
    writes = """
        for number in range(100_000):
            await journal.write_intent(intent(number), b"", "Practice")
            print(intent(number).client_order_id, flush=True)
            await journal.record(intent(number).client_order_id, IntentState.UNKNOWN, "test")
    """
    process = child(path, writes)
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    assert told
    assert all(told)

    async def look() -> None:
        journal = await opened(path)
        held = {one.intent.client_order_id for one in await journal.open_intents("Practice")}
        assert held.issuperset(told[:-1])
        assert told[-1] in held or len(told[-1]) < 36
        assert await journal.first_break() is None
        await journal.close()

    run(look())


@pytest.mark.skipif(os.name != "posix", reason="a limit on file sizes is POSIX's")
@pytest.mark.parametrize("room", [70_000, 90_000, 130_000, 200_000])
def test_a_disk_that_takes_no_more_refuses_and_keeps_what_is_there(tmp_path: Path, room: int) -> None:
    path = tmp_path / "journal.sqlite"
    writes = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
        for number in range(100_000):
            try:
                await journal.write_intent(intent(number), b"", "Practice")
            except JournalError as error:
                print("refused", error, flush=True)
                return
            print(intent(number).client_order_id, flush=True)
    """
    process = child(path, writes)
    output, _ = process.communicate(timeout=60)
    *told, last = output.splitlines()
    assert last.startswith("refused"), last
    assert "send again" in last

    async def look() -> None:
        journal = await opened(path)
        held = {one.intent.client_order_id for one in await journal.open_intents("Practice")}
        assert held == set(told)
        assert await journal.first_break() is None
        await journal.write_intent(intent(200_000), b"", "Practice")
        await journal.close()

    run(look())
