"""The few files in which a test means a key to be: each by its test, its own name and its reason."""

import re
from dataclasses import dataclass
from pathlib import Path

_OWN_KEY_FILES = ("practice-key.pem", "practice-key-rsa.pem")
_ONE_KEY = re.compile(
    rb"-----BEGIN (RSA )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END (RSA )?PRIVATE KEY-----\n"
)


@dataclass(frozen=True, slots=True)
class Place:
    """``file`` is below the test's own folder."""

    test: str
    file: str
    reason: str


PLACES: tuple[Place, ...] = ()


def is_meant(path: Path, test: str, base: Path) -> bool:
    """Whether a key belongs there. The practice exchange's own key file may hold its key and nothing else."""
    if path.name in _OWN_KEY_FILES and _ONE_KEY.fullmatch(path.read_bytes()):
        return True
    if not test or not path.is_relative_to(base):
        return False
    file = Path(*path.relative_to(base).parts[1:]).as_posix()
    return any(place.test == test and place.file == file for place in PLACES)
