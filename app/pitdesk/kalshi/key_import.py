"""From a file, a drop or a paste to a key: each wrong thing is named, and what would be accepted is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pitdesk.kalshi.secret_key import SecretKey


class KeyImportError(ValueError):
    """What is wrong with a key file or text, in a plain sentence, without any of its text.

    ``wants_passphrase``: it is locked, and the passphrase is missing or wrong.
    """

    def __init__(self, sentence: str, *, wants_passphrase: bool = False) -> None:
        super().__init__(sentence)
        self.wants_passphrase = wants_passphrase


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that was read. ``warnings``: sentences about where it lies and who can read it."""

    data: bytearray
    warnings: tuple[str, ...]


def read_key(data: bytes | bytearray | str, passphrase: str = "") -> SecretKey:
    """The key in ``data``: PEM in PKCS#1 or PKCS#8, locked or not, RSA of 2048 to 8192 bits or Ed25519, with
    any text around it and any line ends. Raises :class:`KeyImportError`. Takes up to a second: use a thread.
    """
    raise NotImplementedError


def read_key_file(path: Path) -> KeyFile:
    """At most 64 KiB of a regular file. Raises :class:`KeyImportError`. Use a thread."""
    raise NotImplementedError


def check_key_id(text: str) -> str:
    """The key id as the exchange writes it: a UUID, lower case. Raises :class:`KeyImportError`."""
    raise NotImplementedError
