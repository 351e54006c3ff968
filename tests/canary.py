"""Finding a secret wherever it went: any 16 bytes of it in a row, raw or written as digits, hex or base64."""

import base64
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_HALF = 8  # bytes: whatever shows 16 in a row shows one of the secret's whole halves of eight


class Canary:
    """The secrets to look for, by name."""

    def __init__(self) -> None:
        self._needles: dict[str, set[bytes]] = {}

    def add(self, name: str, secret: bytes) -> None:
        """A secret as bytes: a number, a seed, a signature."""
        needles = self._needles.setdefault(name, set())
        number = int.from_bytes(secret)
        for text in (secret, secret.hex().encode(), secret.hex().upper().encode(), str(number).encode()):
            size = _HALF if text is secret else 2 * _HALF
            needles.update(_pieces(text, size))
        for shift in range(3):
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                needles.update(_pieces(encode(secret[shift:]).rstrip(b"="), 11))

    def add_text(self, name: str, text: str) -> None:
        """A secret that is text already, such as a key file."""
        lines = [line for line in text.split("\n") if "-----" not in line]
        self._needles.setdefault(name, set()).update(_pieces("".join(lines).encode(), 16))
        for line in lines:
            self._needles[name].update(_pieces(line.encode(), 16))

    def found_in(self, data: bytes) -> list[str]:
        """The names of the secrets that show in ``data``, in UTF-16 too."""
        forms = [data, data.replace(b"\x00", b"")]
        return [
            name
            for name, needles in self._needles.items()
            if any(needle in form for form in forms for needle in needles)
        ]

    def found_under(self, folder: Path) -> list[str]:
        """``file: secret`` for all files below ``folder``, inside archives too."""
        return [
            f"{path.name}: {name}"
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
            for data in _contents(path)
            for name in self.found_in(data)
        ]


def _pieces(text: bytes, size: int) -> Iterator[bytes]:
    return (text[at : at + size] for at in range(0, len(text) - size + 1, size))


def _contents(path: Path) -> Iterable[bytes]:
    data = path.read_bytes()
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif data[:2] == b"\x1f\x8b":
        yield zlib.decompress(data, 47)
