"""The bundle helps whoever reads it, shows the sender all that is in it, and gives nothing away."""

import asyncio
import os
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pitdesk.diagnostics import as_text, collect, save
from pitdesk.journal import Journal
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.paths import Folders
from pitdesk.profiles import ProfileKind, Profiles
from pitdesk.settings import Settings

KEY_ID = "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"
ORDER_ID = "7d1c6a52-1111-4222-8333-944455556666"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.under(tmp_path)


@pytest.fixture
def settings(folders: Folders) -> Settings:
    made = Settings(folders.settings_file)
    profiles = Profiles(made)
    live = profiles.put(profiles.new(name="Jane's savings", kind=ProfileKind.LIVE, key_id=KEY_ID))
    profiles.put(
        profiles.new(name="Lab", kind=ProfileKind.CUSTOM, key_id=KEY_ID, address="https://secret-lab.example")
    )
    profiles.use(live.profile_id)
    made.proxy = "http://proxy.internal:3128"
    assert made.close() == ""
    return made


def text_of(folders: Folders, settings: Settings, **more: str) -> str:
    return as_text(collect(folders, settings, {"LD_PRELOAD": "/x.so"}, more))


def test_it_says_what_is_needed(folders: Folders, settings: Settings) -> None:
    asyncio.run(with_a_journal(folders))
    text = text_of(folders, settings, window="size 800")
    for wanted in (
        "Pitdesk 0.",
        "Python 3.",
        "cryptography ",
        "LD_PRELOAD is set",
        "2 profiles, a proxy is set",
    ):
        assert wanted in text
    for wanted in ("profile 1 (in use): kind live", "limits small", "check: ok", "no intents", "size 800"):
        assert wanted in text


async def with_a_journal(folders: Folders) -> None:
    journal = Journal()
    await journal.open(folders.journal_file)
    await journal.close()


def test_it_does_not_say_what_is_private(folders: Folders, settings: Settings) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (folders.logs / "pitdesk.log").write_text(
        f"INFO signed in as {KEY_ID}\nERROR {pem}\nERROR {SecretKey(key).compact()}\n"
        f"INFO order {ORDER_ID} rests\nKALSHI-ACCESS-SIGNATURE: {'aB3/' * 22}\n"
        f"INFO {Path.home()}/state/journal.sqlite3\n"
    )
    text = text_of(folders, settings)
    assert "rests" in text
    for private in (
        KEY_ID, ORDER_ID, pem.splitlines()[1], SecretKey(key).compact(), "aB3/aB3/", str(Path.home()),
        "Jane", "secret-lab", "proxy.internal",
    ):  # fmt: skip
        assert private not in text
    assert "~/state/journal.sqlite3" in text
    assert "7d1c6a52-…" in text, "enough to follow one order through a log"


def test_a_log_is_cut_at_a_line(folders: Folders, settings: Settings) -> None:
    lines = [f"line {number} {'x' * 80}" for number in range(20_000)]
    (folders.logs / "pitdesk.log").write_text("\n".join(lines))
    text = text_of(folders, settings)
    assert lines[-1] in text
    assert lines[0] not in text
    assert len(text) < 600_000
    log = text.partition("==== logs/pitdesk.log ====\n")[2]
    assert log.startswith("line ")


@pytest.mark.parametrize("harm", ["missing", "no database", "a folder"])
def test_a_journal_that_cannot_be_read_is_said(folders: Folders, settings: Settings, harm: str) -> None:
    if harm == "no database":
        folders.journal_file.write_bytes(os.urandom(5_000))
    elif harm == "a folder":
        folders.journal_file.mkdir()
    text = text_of(folders, settings).partition("==== journal.txt ====\n")[2]
    assert text.startswith(("There is no journal yet.", "The journal could not be read:"))


@pytest.mark.parametrize("name", ["bundle.zip", "bundle.txt"])
def test_what_is_saved_was_shown(folders: Folders, settings: Settings, name: str, tmp_path: Path) -> None:
    sections = collect(folders, settings, {})
    path = tmp_path / name
    save(sections, path)
    if name.endswith(".txt"):
        assert path.read_text(encoding="utf-8") == as_text(sections)
        return
    with zipfile.ZipFile(path) as archive:
        assert {member: archive.read(member).decode() for member in archive.namelist()} == {
            each.name: each.text for each in sections
        }


def test_collecting_changes_nothing(folders: Folders, settings: Settings) -> None:
    asyncio.run(with_a_journal(folders))
    before = {path: path.read_bytes() for path in folders.state.rglob("*") if path.is_file()}
    collect(folders, settings, {})
    assert {path: path.read_bytes() for path in folders.state.rglob("*") if path.is_file()} == before
