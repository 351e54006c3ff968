"""Two programs on the same files: the second says so and goes; after a kill the next may start."""

import os
import subprocess
import sys
from pathlib import Path

from pitdesk.instance_lock import AlreadyRunningError, InstanceLock

ROOT = Path(__file__).parents[2]
_PATHS = os.pathsep.join((str(ROOT / "app"), str(ROOT / "ui")))


def program(state: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": _PATHS, "QT_QPA_PLATFORM": "offscreen"}
    words = [sys.executable, "-m", "pitdesk_ui", "--state", str(state), "--practise", "--tell-start"]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_second_program_on_the_same_files_says_so_and_the_first_goes_on(tmp_path: Path) -> None:
    first = program(tmp_path)
    try:
        assert first.stdout is not None
        assert first.stdout.readline()  # its window is painted
        second = program(tmp_path)
        said, trouble = second.communicate(timeout=60)
        assert second.returncode == 3
        assert said == ""
        assert trouble == f"Pitdesk is already running with the files in {tmp_path / 'state'}.\n"
        assert first.poll() is None
        first.kill()
        first.wait(60)
        third = program(tmp_path)
        try:
            assert third.stdout is not None
            assert third.stdout.readline()
        finally:
            end(third)
    finally:
        end(first)


def end(started: "subprocess.Popen[str]") -> None:
    started.terminate()
    started.communicate(timeout=60)


def test_the_lock_goes_with_its_release_and_not_before(tmp_path: Path) -> None:
    held, other = InstanceLock(tmp_path), InstanceLock(tmp_path)
    held.take()
    try:
        other.take()
    except AlreadyRunningError as error:
        sentence = str(error)
    assert sentence == f"Pitdesk is already running with the files in {tmp_path}."
    held.release()
    other.take()
    other.release()
