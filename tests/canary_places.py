"""The few files in which a test means a key to be: each by its test, its own name and its reason."""

import re
from dataclasses import dataclass
from pathlib import Path

SENT = "sent"
_OWN_KEY_FILES = ("practice-key.pem", "practice-key-rsa.pem")
_ONE_KEY = re.compile(
    rb"-----BEGIN (RSA )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END (RSA )?PRIVATE KEY-----\n"
)


@dataclass(frozen=True, slots=True)
class Place:
    """``file`` is below the test's own folder; without one it is what was ``sent``."""

    test: str
    file: str
    reason: str


_CONNECT = "tests/ui/test_connect.py::"
_CANARY = "tests/end_to_end/test_canary.py::"
_WINDOW = "tests/end_to_end/test_canary_window.py::"
_PASTED = "test_a_key_pasted_into_the_window_is_nowhere_after_trading_and_failing"
PLACES = (
    Place(f"{_CONNECT}test_a_chosen_file_is_taken", "key.pem", "the person's own key file, to be chosen"),
    Place(
        f"{_CONNECT}test_a_dropped_file_is_taken_and_where_it_lies_is_warned_of",
        "Downloads/my key.txt",
        "the person's own key file, to be dropped",
    ),
    Place(
        f"{_CONNECT}test_a_file_dropped_beside_the_field_is_taken_too",
        "key.pem",
        "the person's own key file, to be dropped",
    ),
    Place(
        "tests/unit/test_diagnostics.py::test_it_does_not_say_what_is_private",
        "logs/pitdesk.log",
        "a log that leaks, to be redacted once more",
    ),
    Place(
        "tests/unit/desk/test_account_check.py::test_a_new_key_is_made_and_the_old_one_revoked",
        SENT,
        "the test's own exchange hands out the key that it made",
    ),
    Place(f"{_CANARY}test_the_search_finds_every_form", "leaking.bin", "planted, to be found"),
    Place(f"{_CANARY}test_the_search_finds_a_leak_of_the_program", "logs/plain.log", "planted, to be found"),
    Place(f"{_WINDOW}{_PASTED}", "person/logs/planted.log", "planted, to be found"),
    Place(f"{_WINDOW}{_PASTED}", "person/diagnostics.zip", "planted, to be found"),
)


def is_meant(path: Path, test: str, base: Path) -> bool:
    """Whether a key belongs there. The practice exchange's own key file may hold its key and nothing else."""
    if path.name in _OWN_KEY_FILES and _ONE_KEY.fullmatch(path.read_bytes()):
        return True
    if not test or not path.is_relative_to(base):
        return False
    return has_place(test, Path(*path.relative_to(base).parts[1:]).as_posix())


def has_place(test: str, file: str) -> bool:
    """Whether this file is one of the places of this test, whatever its parameters."""
    return any(place.test == test.partition("[")[0] and place.file == file for place in PLACES)
