"""The self-test of a copy: everything in place passes, and what packing would forget is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pitdesk_ui import self_test

ROOT = Path(__file__).parents[2]


def test_a_whole_copy_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("app", "ui"))}
    env["TMPDIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pitdesk_ui", "--self-test"],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert lines[-1] == "Pitdesk is whole."
    parts = {line.split(":")[0].removeprefix("ok").strip() for line in lines[:-1]}
    assert parts == set(self_test._PARTS)
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pitdesk_ui.resources_path._root", lambda: tmp_path)
    monkeypatch.setattr(self_test, "_PARTS", {"files": self_test._files, "keys": self_test._keys})
    assert self_test.run() == 1
    said = capsys.readouterr().out
    assert "FAILED files: FileNotFoundError: Pitdesk is incomplete" in said
    assert "ok     keys: Ed25519 signs" in said
    assert said.splitlines()[-1] == "Pitdesk is not whole."


def test_an_empty_folder_of_resources_is_not_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("fonts", "help", "icons", "scenarios"):
        (tmp_path / name).mkdir()
    (tmp_path / "help" / "practice.md").touch()
    monkeypatch.setattr("pitdesk_ui.resources_path._root", lambda: tmp_path)
    monkeypatch.setattr(self_test, "_PARTS", {"files": self_test._files})
    assert self_test.run() == 1
    assert "There is nothing in fonts, icons, scenarios." in capsys.readouterr().out
