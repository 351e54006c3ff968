"""Reading a key file that the person chose, and what is to be said of where it lies and who can read it."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.kalshi.key_text import MOST_BYTES, WANTED, KeyImportError

if TYPE_CHECKING:
    from pathlib import Path

_SYNCED = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud drive": "pCloud",
    "box sync": "Box",
    "syncthing": "Syncthing",
    "megasync": "MEGA",
}
_DOWNLOADS = frozenset({"downloads", "download", "téléchargements", "descargas", "herunterladen"})
_KEEP_SAFE = "Once the key is stored, delete the file; if it was ever shared, make a new key."


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that was read. ``warnings``: sentences about where it lies and who can read it.

    Whoever has read the key in ``data`` writes over it.
    """

    data: bytearray
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        return f"KeyFile({len(self.data)} bytes)"


def read_key_file(path: Path) -> KeyFile:
    """At most 64 KiB of a regular file. Raises :class:`KeyImportError`. Use a thread: disks can be slow."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise KeyImportError(f"The file cannot be read: {error.strerror or 'no reason given'}.") from None
    try:
        data, mode = _read(descriptor)
    except OSError as error:
        raise KeyImportError(f"The file cannot be read: {error.strerror or 'no reason given'}.") from None
    finally:
        os.close(descriptor)
    return KeyFile(data, warnings_about(path, mode))


def _read(descriptor: int) -> tuple[bytearray, int]:
    """What it holds and its permissions. Raises :class:`KeyImportError` and OSError."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise KeyImportError(f"This is not a file. {WANTED}")
    if found.st_size > MOST_BYTES:
        raise KeyImportError(f"This file is too large for a key ({found.st_size // 1024:,} KB). {WANTED}")
    return bytearray(os.read(descriptor, MOST_BYTES + 1)), found.st_mode


def warnings_about(path: Path, mode: int) -> tuple[str, ...]:
    """What the person should know of a key file at ``path`` with permissions ``mode``."""
    said = []
    if sys.platform != "win32" and mode & 0o077:
        said.append(f"Other people on this computer may be able to read this file. {_KEEP_SAFE}")
    folders = [part.casefold() for part in path.absolute().parts[:-1]]
    synced = next((_SYNCED[name] for name in map(_base_name, folders) if name in _SYNCED), None)
    if synced is not None:
        said.append(f"This file lies in a folder that {synced} copies to other computers. {_KEEP_SAFE}")
    elif _DOWNLOADS & set(folders):
        said.append(f"This file lies in the downloads folder, which is often backed up. {_KEEP_SAFE}")
    return tuple(said)


def _base_name(folder: str) -> str:
    """``OneDrive - Company`` and ``Dropbox (Personal)`` without what was added to the name."""
    return folder.split(" - ", maxsplit=1)[0].split(" (", maxsplit=1)[0].strip()
