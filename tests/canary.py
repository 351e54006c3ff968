"""Finding a secret wherever it went: any 16 bytes of it in a row, raw or written as digits, hex or base64.

However many secrets there are, a text is read once: what is looked for are words of eight bytes. Every place
in every form of a secret begins one, so whatever shows 16 bytes of it shows one where the text's words begin.
"""

import base64
import contextlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_WORD = 8
_AT_ONCE = 8_192  # words, tried together before one is looked for
_PIECE = 16 * 1024 * 1024  # bytes of a file in memory at once; pieces overlap
_OVERLAP = 4_096
_DULL = tuple(memoryview(bytes([value]) * _WORD).cast("Q")[0] for value in range(256))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a secret. So many bytes of it in a row, ``least``, are a leak."""

    how: str
    text: bytes
    least: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a secret shows, and as what."""

    secret: str
    form: str
    at: int


class Canary:
    """The secrets to look for, by name."""

    def __init__(self) -> None:
        self._secrets: list[tuple[str, tuple[Form, ...]]] = []
        self._words: dict[int, int] = {}  # eight bytes: the secret that has them, by its place above

    def add(self, name: str, secret: bytes) -> None:
        """A secret as bytes: a number, a seed, a signature."""
        self._learn(name, forms_of(secret))

    def add_text(self, name: str, text: str) -> None:
        """A secret that is text already, such as a key file."""
        lines = [line.encode() for line in text.split("\n") if "-----" not in line]
        self._learn(name, [Form("text", each, 16) for each in (b"".join(lines), *lines) if len(each) >= 16])

    def add_key(self, name: str, key: Any) -> None:
        """A private key, RSA or Ed25519: the numbers that any file of it is made of."""
        for part, secret in parts_of(key):
            self.add(f"{name}, {part}" if name else part, secret)

    def add_header(self, name: str, text: bytes) -> None:
        """What a header carries whole, such as a signature: known by its beginning and by its middle, so that
        very many of them can be looked for."""
        parts = [text[at : at + 2 * _WORD] for at in (0, len(text) // 2)]
        self._learn(name, [Form("base64", part, 12) for part in parts])

    def hits(self, data: bytes) -> Iterator[Hit]:
        """Where in ``data`` the secrets show; in UTF-16 too."""
        yield from self._hits(data)
        if b"\x00" in data:
            for odd in (0, 1):
                yield from (replace(hit, at=2 * hit.at + odd) for hit in self._hits(data[odd::2]))

    def found_in(self, data: bytes) -> list[str]:
        """The names of the secrets that show in ``data``."""
        return list(dict.fromkeys(hit.secret for hit in self.hits(data)))

    def found_under(self, folder: Path) -> list[str]:
        """``file: secret`` for all files below ``folder``, inside archives too."""
        found = {
            f"{path.name}: {hit.secret}": None
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
            for hit in self.hits_in_file(path)
        }
        return list(found)

    def hits_in_file(self, path: Path) -> Iterator[Hit]:
        """Where in a file, or in what an archive holds, the secrets show."""
        for start, piece in _pieces(path):
            yield from (replace(hit, at=start + hit.at) for hit in self.hits(piece))

    def _learn(self, name: str, forms: Iterable[Form]) -> None:
        number, kept = len(self._secrets), tuple(forms)
        self._secrets.append((name, kept))
        for form in kept:
            for shift in range(min(_WORD, len(form.text) - _WORD + 1)):
                end = len(form.text) - (len(form.text) - shift) % _WORD
                self._words.update(dict.fromkeys(memoryview(form.text)[shift:end].cast("Q"), number))
        for word in _DULL:  # a file may be full of one byte
            self._words.pop(word, None)

    def _hits(self, data: bytes) -> Iterator[Hit]:
        view = memoryview(data + bytes(-len(data) % _WORD)).cast("Q")
        for start in range(0, len(view), _AT_ONCE):
            part = view[start : start + _AT_ONCE]
            if self._words.keys().isdisjoint(part):
                continue
            for index, word in enumerate(part, start):
                number = self._words.get(word)
                if number is not None:
                    yield from self._proved(data, index * _WORD, number)

    def _proved(self, data: bytes, at: int, number: int) -> Iterator[Hit]:
        """A word may stand there by chance: what stands around it says."""
        name, forms = self._secrets[number]
        word = data[at : at + _WORD]
        for form in forms:
            place = form.text.find(word)
            while place >= 0:
                before = _same(data[max(0, at - len(form.text)) : at][::-1], form.text[:place][::-1])
                after = _same(data[at : at + len(form.text)], form.text[place:])
                if before + after >= form.least:
                    yield Hit(name, form.how, at - before)
                    return
                place = form.text.find(word, place + 1)


def forms_of(secret: bytes) -> Iterator[Form]:
    """All ways to write it; any 16 bytes of it, or all of them where it is shorter, are a leak."""
    least = min(16, len(secret))
    yield Form("raw", secret, least)
    yield Form("raw, last byte first", secret[::-1], least)  # as numbers lie in memory
    yield Form("hex", secret.hex().encode(), 2 * least)
    yield Form("upper hex", secret.hex().upper().encode(), 2 * least)
    yield Form("hex with colons", secret.hex(":").encode(), 3 * least - 1)
    yield Form("digits", str(int.from_bytes(secret)).encode(), least * 12 // 5)
    shown = [len(repr(secret[at : at + least])) - 3 for at in range(len(secret) - least + 1)]
    yield Form("repr", repr(secret)[2:-1].encode(), min(shown))
    for shift in range(3):
        plain = base64.b64encode(secret[shift:]).rstrip(b"=")
        addressed = base64.urlsafe_b64encode(secret[shift:]).rstrip(b"=")
        yield Form("base64", plain, least * 5 // 4)
        if addressed != plain:
            yield Form("base64 for addresses", addressed, least * 5 // 4)


def parts_of(key: Any) -> Iterator[tuple[str, bytes]]:
    """The secret numbers of a private key, by name; none where the key is neither RSA nor Ed25519."""
    if hasattr(key, "private_numbers") and hasattr(key.private_numbers(), "p"):
        numbers = key.private_numbers()
        for name in ("p", "q", "d", "dmp1", "dmq1"):
            number = getattr(numbers, name)
            yield name, number.to_bytes((number.bit_length() + 7) // 8)
    elif hasattr(key, "private_bytes_raw"):
        yield "seed", key.private_bytes_raw()


def _same(one: bytes, other: bytes) -> int:
    """How many bytes at their beginnings are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    """What a file holds, a part at a time with the place of it, and what it holds packed."""
    with path.open("rb") as file:
        at, piece = 0, file.read(_PIECE)
        is_zip, is_gzip = piece[:2] == b"PK", piece[:2] == b"\x1f\x8b"
        while piece:
            yield at, piece
            more = file.read(_PIECE)
            at += len(piece) - _OVERLAP
            piece = piece[-_OVERLAP:] + more if more else b""
    with contextlib.suppress(zipfile.BadZipFile, zlib.error, RuntimeError):  # only looks like an archive
        if is_zip and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((0, archive.read(name)) for name in archive.namelist())
        elif is_gzip:
            yield 0, zlib.decompress(path.read_bytes(), 47)
