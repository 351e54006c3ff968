"""What changes the program from outside is said to the person at the start, in one notice that stands."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pitdesk_ui.widgets.notice_bar import NoticeBar
from tests.end_to_end.test_one_instance import end, program
from tests.window_ground import PATIENCE_S, running_program, signed_in

RunAsync = Callable[..., Any]
TOLD = "The variable PYTHONSTARTUP is set. It can change what Pitdesk loads."


def test_a_surprise_is_told_once_and_stands(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        surprises = (TOLD, "The variable LD_PRELOAD is set. It can change what Pitdesk loads.")
        async with running_program(tmp_path, practice=True, surprises=surprises) as (application, hand):
            await signed_in(application, hand)
            standing = [notice for notice in application.notices.current() if notice.key == "surprises"]
            assert len(standing) == 1
            assert all(sentence in standing[0].headline for sentence in surprises)
            bar = hand.find("notice", NoticeBar)
            await hand.see("the notice", lambda: TOLD in bar.text and "do not trade" in bar.text, PATIENCE_S)

    run_async(scene(), timeout=240)


def test_without_one_nothing_is_told(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with running_program(tmp_path, practice=True) as (application, hand):
            await signed_in(application, hand)
            assert [notice.key for notice in application.notices.current() if notice.key == "surprises"] == []

    run_async(scene(), timeout=240)


def test_the_program_looks_around_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "none.py"))
    started = program(tmp_path)
    try:
        assert started.stdout is not None
        assert started.stdout.readline()  # its window is painted
        log = tmp_path / "logs" / "pitdesk.log"
        deadline = time.monotonic() + PATIENCE_S
        while not (log.exists() and TOLD in log.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert TOLD in log.read_text()
    finally:
        end(started)
