"""The private key that a person offered in the form: read, unlocked, held for the presenter, forgotten.

It is held here from its import on. A locked key's bytes are held until its passphrase is typed, and are then
overwritten. What is wrong with a key is said at its field.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.kalshi.key_text import KeyImportError
from pitdesk.key_file import read_key_file
from pitdesk_ui.connect.clipboard import forget_key
from pitdesk_ui.connect.entry import Place, said_once

if TYPE_CHECKING:
    from pathlib import Path

    from pitdesk.kalshi.secret_key import SecretKey
    from pitdesk_ui.connect.form import ConnectForm

_NO_PASSPHRASE = "Type the passphrase that locks the private key."  # noqa: S105 (a sentence)
_EMPTIED = " The clipboard was emptied."


class OfferedKey:
    """At most one: what is offered takes the place of what was there. The form shows it."""

    def __init__(self, form: ConnectForm) -> None:
        self._form = form
        self._key: SecretKey | None = None
        self._locked = bytearray()
        self._file_name = ""

    @property
    def key(self) -> SecretKey | None:
        """The key, None while there is none or its passphrase is wanted."""
        return self._key

    @property
    def is_locked(self) -> bool:
        """Whether a key is there that wants its passphrase."""
        return bool(self._locked)

    @property
    def is_missing(self) -> bool:
        """Whether there is none, not even a locked one."""
        return self._key is None and not self._locked

    @property
    def file_name(self) -> str:
        """The file that the key offered last was in; empty for a pasted one."""
        return self._file_name

    async def read_file(self, path: Path) -> None:
        """Read the key in a file, or say why there is none in it."""
        try:
            file = await asyncio.to_thread(read_key_file, path)
        except KeyImportError as error:
            self._refuse(str(error))
            return
        self._form.key_notes.say(said_once(file.warnings))
        await self._read(file.data, file_name=path.name)

    async def read_pasted(self, data: bytearray) -> None:
        """Read a key that was pasted or dropped as text; ``data`` is overwritten."""
        self._form.key_notes.say("")
        await self._read(data)

    async def unlock(self) -> bool:
        """Open the locked key by the passphrase in the form; whether that was done."""
        passphrase = self._form.entry().passphrase
        if not passphrase:
            self._form.say(Place.PASSPHRASE, _NO_PASSPHRASE)
            return False
        error = await self._load(self._locked, passphrase)
        if error is not None:
            self._form.say(Place.PASSPHRASE if error.wants_passphrase else Place.KEY, str(error))
        return error is None

    def remove(self) -> None:
        """The person took it away: the field is as it was at first."""
        self._empty()
        self._form.key_notes.say("")
        self._form.say(Place.KEY, "")

    def forget(self) -> None:
        """Hold nothing any more; the form is left as it is."""
        self._locked[:] = bytes(len(self._locked))
        self._key, self._locked = None, bytearray()

    async def _read(self, data: bytearray, file_name: str = "") -> None:
        """Read a key that was just offered; a locked one waits for its passphrase."""
        self._empty()
        self._file_name = file_name
        error = await self._load(data, "")
        if error is None:
            return
        if error.wants_passphrase:
            self._locked = data
            self._form.say(Place.KEY, "")
            self._form.key.show_held("Locked private key", self._told_source())
            self._form.want_passphrase(wanted=True)
            return
        data[:] = bytes(len(data))
        self._refuse(str(error))

    async def _load(self, data: bytearray, passphrase: str) -> KeyImportError | None:
        from pitdesk.kalshi.key_import import read_key

        try:
            # At debug level event loops tell arguments and results of what they run; nothing of a closure.
            key = await asyncio.to_thread(lambda: read_key(data, passphrase))
        except KeyImportError as error:
            return error
        data[:] = bytes(len(data))
        self._key, self._locked = key, bytearray()
        self._form.say(Place.KEY, "")
        self._form.want_passphrase(wanted=False)
        self._form.key.show_held(f"{key.kind} private key", self._told_source())
        return None

    def _told_source(self) -> str:
        if self._file_name:
            return f"From {self._file_name}."
        return f"Pasted.{_EMPTIED if forget_key() else ''}"

    def _refuse(self, sentence: str) -> None:
        self._empty()
        self._form.say(Place.KEY, sentence)

    def _empty(self) -> None:
        self.forget()
        self._form.want_passphrase(wanted=False)
        self._form.key.show_empty()
