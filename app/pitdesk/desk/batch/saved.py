"""Batches kept as files of the person's state folder: saved by name, and the sheet that is open now.

Each file is written whole or not at all. The open sheet is kept with the ids its rows were sent under, before
anything is sent: after a crash a row that may be live is never taken for one that was not sent.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote

from pitdesk.desk.batch.results import SentAs
from pitdesk.desk.batch.rows import FIELDS, MOST_ROWS, Texts
from pitdesk.paths import private_folder
from pitdesk.quantities import Dollars
from pitdesk.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Result = TypeVar("Result")

_VERSION = 1
_PREFIX, _SUFFIX = "batch-", ".json"
_OPEN_SHEET = "open-sheet.json"
_LONGEST = 200
_MOST_BYTES = 16 * 1024 * 1024


class SavedError(Exception):
    """A batch that cannot be saved, opened or removed. Its text is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds. ``sent``: by place of the row, what it was sent under."""

    rows: tuple[Texts, ...]
    sent: Mapping[int, SentAs] = field(default_factory=dict)


class SavedBatches:
    """The files of one environment. Everything that touches the disk runs on a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="batches")

    async def names(self) -> tuple[str, ...]:
        """The names that batches were saved under, in the order of the alphabet."""
        return await self._on_thread(self._names)

    async def save(self, name: str, rows: Sequence[Texts]) -> None:
        """Keep ``rows`` under ``name``, over what it held. Raises :class:`SavedError`."""
        file, sheet = self._file(name), Sheet(tuple(rows))
        await self._on_thread(lambda: self._write(file, sheet))

    async def open(self, name: str) -> tuple[Texts, ...]:
        """The rows kept under ``name``. Raises :class:`SavedError`."""
        file = self._file(name)
        sheet = await self._on_thread(lambda: _read(file))
        if sheet is None:
            raise SavedError(f"There is no batch named “{name[:40]}”.")
        return sheet.rows

    async def delete(self, name: str) -> None:
        """Forget a batch. Raises :class:`SavedError` where the file cannot be removed."""
        file = self._file(name)
        await self._on_thread(lambda: _remove(file))

    async def keep_open_sheet(self, sheet: Sheet) -> None:
        """Keep the sheet that is open. Durable when it returns; raises :class:`SavedError`."""
        await self._on_thread(lambda: self._write(self._folder / _OPEN_SHEET, sheet))

    async def open_sheet(self) -> Sheet | None:
        """The sheet that was open, None for none. Raises :class:`SavedError`."""
        return await self._on_thread(lambda: _read(self._folder / _OPEN_SHEET))

    def close(self) -> None:
        """End the thread once it has written what it was given."""
        self._pool.shutdown(wait=True)

    async def _on_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._pool, work))

    def _names(self) -> tuple[str, ...]:
        if not self._folder.is_dir():
            return ()
        files = self._folder.glob(f"{_PREFIX}*{_SUFFIX}")
        names = (unquote(file.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)) for file in files)
        return tuple(sorted(names, key=str.casefold))

    def _file(self, name: str) -> Path:
        plain = name.strip()
        if not plain or not plain.isprintable():
            raise SavedError("Give the batch a name of letters and figures.")
        quoted = quote(plain, safe=" ")
        if len(quoted) > _LONGEST:
            raise SavedError("This name is too long. Choose a shorter one.")
        return self._folder / f"{_PREFIX}{quoted}{_SUFFIX}"

    def _write(self, file: Path, sheet: Sheet) -> None:
        try:
            private_folder(self._folder)
            write_whole(file, _encode(sheet))
        except OSError as error:
            raise SavedError(f"The batch could not be saved in {self._folder}: {_why(error)}.") from error


def _why(error: OSError) -> str:
    return str(error.strerror or error).lower()


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise SavedError(f"The batch could not be removed: {_why(error)}.") from error


def _encode(sheet: Sheet) -> bytes:
    rows = [
        {field.value: text for field, text in zip(FIELDS, texts, strict=True) if text} for texts in sheet.rows
    ]
    sent = {str(place): [each.key, each.batch] for place, each in sheet.sent.items()}
    costs = {str(place): each.all_in.units for place, each in sheet.sent.items() if each.all_in is not None}
    held = {"version": _VERSION, "rows": rows, "sent": sent, "all_in": costs}
    return json.dumps(held, ensure_ascii=True).encode()


def _read(file: Path) -> Sheet | None:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise SavedError(f"{file} is too large to be a batch.")
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SavedError(f"{file} could not be read: {_why(error)}.") from error
    try:
        return _decode(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SavedError(
            f"{file} is not a batch of Pitdesk, or it was damaged. It was left as it is."
        ) from error


def _decode(held: Any) -> Sheet:
    """Raises ValueError, TypeError, KeyError or AttributeError for anything but a batch."""
    if held["version"] != _VERSION:
        raise ValueError("written by another version")
    rows = tuple(tuple(str(row.get(field.value, "")) for field in FIELDS) for row in held["rows"])
    if len(rows) > MOST_ROWS:
        raise ValueError("too many rows")
    costs = {place: Dollars(int(units)) for place, units in held.get("all_in", {}).items()}
    sent = {
        int(place): SentAs(str(key), int(batch), costs.get(place))
        for place, (key, batch) in held.get("sent", {}).items()
    }
    return Sheet(rows, sent)
