"""The person's folders are made where they are missing and closed to everybody else."""

import os
from pathlib import Path

import pytest

from pitdesk.paths import Folders, private_folder

POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX systems")


@POSIX_ONLY
def test_every_folder_is_the_persons_alone(private_folders: Path) -> None:
    folders = Folders.of_person()
    for folder in (folders.settings, folders.state, folders.logs, folders.practice):
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.is_relative_to(private_folders)


@POSIX_ONLY
def test_a_folder_left_open_is_closed(tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.mkdir()
    loose.chmod(0o755)
    assert private_folder(loose).stat().st_mode & 0o777 == 0o700


def test_all_of_it_may_lie_under_one_folder(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path)
    assert folders.journal_file.is_relative_to(tmp_path)
    assert folders.settings_file.is_relative_to(tmp_path)
