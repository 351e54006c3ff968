"""Whether this copy of Pitdesk is whole: ``pitdesk --self-test`` tries every part that it stands on.

Made for a copy that was packed: what packing forgets shows here, not in front of a person. Nothing of the
person's is read or written; nothing leaves the computer.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import shutil
import sqlite3
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pitdesk_ui.resources_path import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FEWEST_AUTHORITIES = 50


class NotWholeError(Exception):
    """What is missing or does not work, as a plain sentence."""


def run() -> int:
    """Try every part, print a line for each, and return 0 where all of them work, else 1."""
    folder = Path(tempfile.mkdtemp(prefix="pitdesk-self-test-"))
    try:
        verdicts = [_verdict(name, part, folder) for name, part in _PARTS.items()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("Pitdesk is whole." if all(verdicts) else "Pitdesk is not whole.")  # noqa: T201  its only output
    return 0 if all(verdicts) else 1


def _verdict(name: str, part: Callable[[Path], str], folder: Path) -> bool:
    try:
        said, passed = part(folder), True
    except NotWholeError as error:
        said, passed = str(error), False
    except Exception as error:  # noqa: BLE001  whatever a part raises is its verdict
        said, passed = f"{type(error).__name__}: {error}", False
    print(f"{'ok' if passed else 'FAILED':<7}{name}: {said}", flush=True)  # noqa: T201
    return passed


def _modules(_folder: Path) -> str:
    """Every module of ours can be imported: what the program imports late is there too."""
    names = [name for package in ("pitdesk", "pitdesk_ui") for name in _module_names(package)]
    for name in names:
        importlib.import_module(name)
    return f"{len(names)} imported"


def _module_names(package: str) -> Iterator[str]:
    path = importlib.import_module(package).__path__
    for found in pkgutil.walk_packages(path, f"{package}."):
        if not found.name.endswith(".__main__"):
            yield found.name


def _files(_folder: Path) -> str:
    """The typeface, the icons, the pages of help and the scenarios came along."""
    found = {folder: len(list(resource_path(folder).iterdir())) for folder in _FOLDERS}
    if empty := [folder for folder, count in found.items() if not count]:
        raise NotWholeError(f"There is nothing in {', '.join(empty)}.")
    return ", ".join(f"{count} {folder}" for folder, count in found.items())


def _window(_folder: Path) -> str:
    """Qt finds its platform, and the typeface is one that it can read."""
    from PySide6.QtGui import QFontDatabase, QGuiApplication
    from PySide6.QtWidgets import QApplication

    from pitdesk_ui.theme import FONT_FAMILY, load_fonts

    if QGuiApplication.instance() is None:
        QApplication(sys.argv[:1])
    load_fonts()
    if FONT_FAMILY not in QFontDatabase.families():
        raise NotWholeError(f"The typeface {FONT_FAMILY} cannot be read.")
    return f"Qt on {QGuiApplication.platformName()}, {FONT_FAMILY}"


def _secure_connections(_folder: Path) -> str:
    """The authorities came along, and they are the only ones."""
    from pitdesk.kalshi.tls import context

    authorities = context().cert_store_stats()["x509_ca"]
    if authorities < _FEWEST_AUTHORITIES:
        raise NotWholeError(f"Only {authorities} certificate authorities are there.")
    return f"{authorities} authorities"


def _keyring(_folder: Path) -> str:
    """The system's keyring can be spoken to. That there is none is no fault of this copy."""
    from pitdesk.vault import NoKeyringError, find_keyring

    if missing := [name for name in _SPEAK_TO_KEYRING.get(sys.platform, ()) if find_spec(name) is None]:
        raise NotWholeError(f"{', '.join(missing)} is missing: no keyring could be used.")
    try:
        return find_keyring()[0]
    except NoKeyringError as error:
        return f"none on this system ({error})"


def _keys(_folder: Path) -> str:
    """Keys of both kinds sign, and prove it."""
    from pitdesk.kalshi.secret_key import SecretKey

    key = SecretKey.throwaway()
    key.prove()
    SecretKey.from_compact(key.compact()).prove()
    return f"{key.kind} signs"


def _journal(folder: Path) -> str:
    """An order can be written down for good before it is sent."""
    from pitdesk.journal.store import Store

    store = Store(folder / "journal" / "journal.db")
    store.open()
    try:
        level = store.connection.execute("PRAGMA synchronous").fetchone()[0]
        with store.transaction():
            pass
    finally:
        store.close()
    if level < _FULL:
        raise NotWholeError("SQLite does not write through to the disk.")
    return f"SQLite {sqlite3.sqlite_version}, written through"


def _practice(folder: Path) -> str:
    """The practice exchange starts as a process of its own and knows the key that it made."""
    return asyncio.run(_ask_practice(folder / "practice"))


async def _ask_practice(folder: Path) -> str:
    from pitdesk.desk.account_check import CheckFailed, check_account
    from pitdesk.desk.practice_process import PracticeProcess
    from pitdesk.kalshi.environment import practice
    from pitdesk.kalshi.key_import import read_key
    from pitdesk.tasks import TaskOwner

    failures: list[str] = []
    owner = TaskOwner(lambda name, error: failures.append(f"{name}: {error}"))
    process = PracticeProcess(folder, owner)
    try:
        address = await process.start()
        key = read_key(await asyncio.to_thread(address.private_key_file.read_bytes))
        environment = practice(address.rest_url, address.stream_url)
        said = await check_account(environment, address.key_id, key)
    finally:
        await process.stop()
        await owner.close()
    if isinstance(said, CheckFailed):
        raise NotWholeError(f"{said.sentence} {said.detail}")
    if failures:
        raise NotWholeError("; ".join(failures))
    return f"answered a signed question in {said.round_trip_ms:.0f} ms"


_FULL = 2
_SPEAK_TO_KEYRING = {"linux": ("secretstorage", "jeepney"), "win32": ("win32ctypes",)}
_FOLDERS = ("fonts", "help", "icons", "scenarios")
_PARTS: dict[str, Callable[[Path], str]] = {
    "modules": _modules,
    "files": _files,
    "window": _window,
    "secure connections": _secure_connections,
    "keyring": _keyring,
    "keys": _keys,
    "journal": _journal,
    "practice exchange": _practice,
}
