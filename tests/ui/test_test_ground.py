"""The test ground itself: what it promises to notice, it notices. Each case runs in a pytest of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CASES = """
import asyncio, warnings
from PySide6.QtCore import QThread, qWarning
from PySide6.QtWidgets import QComboBox, QWidget
kept = []

def test_loop_ok(run_async):
    async def main():
        asyncio.create_task(asyncio.sleep(0.02))
        return 3
    assert run_async(main()) == 3

def test_widget_ok(qtbot):
    box = QComboBox()
    qtbot.addWidget(box)
    box.show()

def test_home_ok(private_folders, tmp_path):
    from pathlib import Path
    assert Path.home().is_relative_to(private_folders)

def test_task_left(run_async):
    async def main():
        kept.append(asyncio.create_task(asyncio.sleep(60), name="forgotten"))
    run_async(main())

def test_hang_left(run_async):
    run_async(asyncio.sleep(60), timeout=0.05)

def test_widget_left(qapp):
    widget = QWidget()
    widget.show()
    kept.append(widget)

def test_thread_left(qapp):
    thread = QThread()
    kept.append(thread)
    thread.start()

def test_qt_warning_left(qapp):
    qWarning("something is wrong")

def test_python_warning_left():
    warnings.warn("old ways", DeprecationWarning)

def test_clean_up_ok(qapp):
    for item in kept:
        if isinstance(item, QThread):
            item.quit()
            item.wait()
        elif isinstance(item, QWidget):
            item.deleteLater()
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Test name to the outcomes pytest gave it: a leftover is an error after a passed test."""
    root = tmp_path_factory.mktemp("ground")
    (root / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", root)
    for name in ("conftest", "canary", "canary_ears", "canary_places", "canary_watch"):
        shutil.copy(ROOT / "tests" / f"{name}.py", root / "tests")
    (root / "tests" / "test_cases.py").write_text(CASES, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "app")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider"],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for name, outcome in re.findall(r"::(test_\w+) (PASSED|FAILED|ERROR)", done.stdout):
        found.setdefault(name, set()).add(outcome)
    assert found, done.stdout + done.stderr
    return found


@pytest.mark.parametrize("name", re.findall(r"def (test_\w+_ok)", CASES))
def test_what_is_clean_passes(name: str, outcomes: dict[str, set[str]]) -> None:
    assert outcomes[name] == {"PASSED"}


@pytest.mark.parametrize("name", re.findall(r"def (test_\w+_left)", CASES))
def test_what_is_left_behind_is_noticed(name: str, outcomes: dict[str, set[str]]) -> None:
    assert outcomes[name] & {"FAILED", "ERROR"}
