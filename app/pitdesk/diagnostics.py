"""What support needs to know, as text that a person can read before sending it: nothing secret is in it.

Versions, settings without ids, counts of the journal, and the logs, redacted once more.
"""

from __future__ import annotations

import platform
import re
import sqlite3
import sys
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pitdesk import __version__
from pitdesk.hardening import is_dumpable, surprises_in
from pitdesk.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pitdesk.paths import Folders
    from pitdesk.profile import Profile
    from pitdesk.settings import Settings

_PACKAGES = (
    *("PySide6-Essentials", "qasync", "requests", "urllib3", "certifi", "websockets", "aiohttp", "msgspec"),
    *("cryptography", "keyring", "SecretStorage", "platformdirs"),
)
_MOST_OF_A_LOG = 512 * 1024
_LOGS = ("pitdesk.log", "pitdesk.log.1", "stacks.txt")
_UUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the bundle: a file in the archive, a heading in the text."""

    name: str
    text: str


def collect(
    folders: Folders, settings: Settings, environ: Mapping[str, str], more: Mapping[str, str] | None = None
) -> tuple[Section, ...]:
    """Everything, redacted. ``more``: what the window knows, by heading. Reads files: use a thread."""
    sections = [
        Section("about.txt", _about(environ)),
        Section("settings.txt", _settings(settings)),
        Section("journal.txt", _journal(folders)),
        *(Section(f"{name}.txt", text) for name, text in (more or {}).items()),
        *(Section(f"logs/{name}", _log(folders.logs / name)) for name in _LOGS),
    ]
    hidden = tuple(each.key_id for each in settings.profiles)
    return tuple(Section(each.name, _clean(each.text, hidden)) for each in sections)


def as_text(sections: tuple[Section, ...]) -> str:
    """All of it in one piece, as it is shown before it is saved."""
    return "\n".join(f"==== {each.name} ====\n{each.text.rstrip()}\n" for each in sections)


def save(sections: tuple[Section, ...], path: Path) -> None:
    """Write it as an archive (``.zip``) or as one text. Raises OSError."""
    if path.suffix.lower() != ".zip":
        path.write_text(as_text(sections), encoding="utf-8")
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sections:
            archive.writestr(each.name, each.text)


def _clean(text: str, hidden: tuple[str, ...]) -> str:
    """Without secrets, without whole ids, without the name of the person's folder."""
    text = redact(text)
    for key_id in hidden:
        text = text.replace(key_id, "[key id]")
    text = _UUID.sub(r"\1-…", text)
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def _about(environ: Mapping[str, str]) -> str:
    lines = [
        f"Pitdesk {__version__}, {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"Installed as a bundle: {'yes' if getattr(sys, 'frozen', False) else 'no'}",
        f"Closed to core dumps and neighbors: {_told(is_dumpable())}",
        *(f"{name} {_version(name)}" for name in _PACKAGES),
        *surprises_in(environ),
    ]
    return "\n".join(lines)


def _told(dumpable: bool | None) -> str:
    if dumpable is None:
        return "not known on this system"
    return "no" if dumpable else "yes"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _settings(settings: Settings) -> str:
    proxy = "a proxy is set" if settings.proxy else "no proxy"
    lines = [f"{len(settings.profiles)} profiles, {proxy}", settings.trouble or "settings file: sound"]
    active = settings.active_profile
    for number, profile in enumerate(settings.profiles, start=1):
        lines.append(
            f"profile {number}{' (in use)' if profile.profile_id == active else ''}: {_profile(profile)}"
        )
    return "\n".join(lines)


def _profile(profile: Profile) -> str:
    kept = msgspec.to_builtins(profile)
    shown = ("kind", "key_kind", "subaccount", "limits", "read_only", "in_keyring", "attested_until_s")
    told = ", ".join(f"{name} {kept[name]}" for name in shown if name in kept)
    return f"{told}, custom address: {'yes' if profile.address else 'no'}"


def _journal(folders: Folders) -> str:
    """Counts alone: no order, price or market."""
    file = folders.journal_file
    try:
        size = file.stat().st_size
        with closing(sqlite3.connect(_address(file), uri=True, timeout=2.0)) as store:
            states = store.execute(
                "SELECT state, COUNT(*) FROM intent GROUP BY state ORDER BY state"
            ).fetchall()
            sound = store.execute("PRAGMA quick_check(1)").fetchone()
    except FileNotFoundError:
        return "There is no journal yet."
    except (OSError, sqlite3.Error) as error:
        return f"The journal could not be read: {error}"
    counts = "\n".join(f"{state}: {count}" for state, count in states) or "no intents"
    return f"{size:,} bytes, check: {sound[0] if sound else 'none'}\n{counts}"


def _address(file: Path) -> str:
    """To be read only: while nobody has the journal open, no file is made beside it either."""
    is_open = file.with_name(f"{file.name}-wal").exists()
    return f"{file.as_uri()}?mode=ro" + ("" if is_open else "&immutable=1")


def _log(file: Path) -> str:
    """The end of a log, from its first whole line on."""
    try:
        with file.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - _MOST_OF_A_LOG))
            data = log.read(_MOST_OF_A_LOG)
    except FileNotFoundError:
        return "(none)"
    except OSError as error:
        return f"(cannot be read: {error.strerror})"
    if size > _MOST_OF_A_LOG:
        data = data.partition(b"\n")[2]
    return data.decode("utf-8", "replace")
