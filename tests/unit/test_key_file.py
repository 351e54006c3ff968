"""Key files are read within bounds, and what is unwise about where they lie is said."""

import os
import sys
from pathlib import Path

import pytest

from pitdesk.kalshi.key_text import MOST_BYTES, KeyImportError
from pitdesk.key_file import read_key_file, warnings_about

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="about POSIX files")
SAID_OF_FOLDERS = [
    ("Downloads", "downloads folder"),
    ("downloads", "downloads folder"),
    ("Dropbox", "Dropbox"),
    ("Dropbox (Personal)", "Dropbox"),
    ("OneDrive - My Company", "OneDrive"),
    ("Google Drive", "Google Drive"),
    ("Library/Mobile Documents", "iCloud"),
    ("Nextcloud", "Nextcloud"),
    ("Dropbox/Downloads", "Dropbox"),
]


@posix_only
def test_a_private_file_is_read_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(b"a key")
    file.chmod(0o600)
    read = read_key_file(file)
    assert (bytes(read.data), read.warnings) == (b"a key", ())
    assert "a key" not in repr(read)


@posix_only
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622])
def test_others_who_can_read_it_are_named(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(b"x")
    file.chmod(mode)
    assert "Other people" in read_key_file(file).warnings[0]


@pytest.mark.parametrize("folder,says", SAID_OF_FOLDERS)
def test_a_folder_that_is_copied_elsewhere_is_named(tmp_path: Path, folder: str, says: str) -> None:
    (warning,) = warnings_about(tmp_path / folder / "key.txt", 0o100600)
    assert says in warning


def test_a_name_alone_says_nothing(tmp_path: Path) -> None:
    assert warnings_about(tmp_path / "Dropbox", 0o100600) == ()


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as huge:
        huge.truncate(50 * 1024**3)
    with pytest.raises(KeyImportError, match="too large"):
        read_key_file(file)
    file.write_bytes(b"x" * MOST_BYTES)
    assert len(read_key_file(file).data) == MOST_BYTES


@posix_only
@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "unreadable", "device"])
def test_what_is_no_file_is_named_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it"
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "unreadable":
            if os.geteuid() == 0:
                pytest.skip("root reads everything")
            path.touch(mode=0)
        case "device":
            path = Path("/dev/zero")
    with pytest.raises(KeyImportError, match=r"\.$"):
        read_key_file(path)
