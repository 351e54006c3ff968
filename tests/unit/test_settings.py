"""Settings survive whole or are put aside; a broken file never stops the start and is never overwritten."""

import json
import os
from pathlib import Path

import pytest

from pitdesk.appearance import Appearance
from pitdesk.settings import DayStart, Settings
from pitdesk.table_layout import TableLayout
from pitdesk.whole_file import write_whole


def test_what_was_set_is_there_again(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings(file)
    changed: list[str] = []
    settings.changed.connect(changed.append)
    settings.set_watchlist("Practice", ("A", "B"))
    settings.set_last_market("Demo", "C")
    settings.window_layout = "abc"
    settings.set_day_start("Practice", DayStart("2026-11-21", {"A": -5}))
    arranged = TableLayout(
        order=("price", "market"), shown={"age": False}, widths={"price": 81}, grouped=True
    )
    settings.set_table("working.table", arranged)
    assert settings.close() == ""
    again = Settings(file)
    assert again.watchlist("Practice") == ("A", "B")
    assert again.watchlist("Demo") == ()
    assert again.last_market("Demo") == "C"
    assert again.window_layout == "abc"
    assert again.day_start("Practice") == DayStart("2026-11-21", {"A": -5})
    again.forget_day("Practice")
    assert again.day_start("Practice") is None
    assert again.table("working.table") == arranged
    assert again.table("fills.table") == TableLayout()
    assert changed == ["watchlists", "last_markets", "window_layout", "day_starts", "tables"]
    assert again.close() == ""


def test_setting_the_same_again_is_no_change(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    changed: list[str] = []
    settings.changed.connect(changed.append)
    settings.window_layout = ""
    assert changed == []
    settings.close()


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"\x00" * 100,
        b'{"watchlists": 5}',
        b'{"version": 99}',
        b'{"version": 0}',
        b"[" * 100_000,
        b'{"window_layout": "\xff\xfe"}',
        json.dumps({"watchlists": {"Practice": "not a list"}}).encode(),
    ],
)
def test_a_broken_file_is_put_aside_and_said(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(broken)
    settings = Settings(file)
    assert settings.watchlist("Practice") == ()
    assert "could not be understood" in settings.trouble
    kept = [path for path in tmp_path.iterdir() if ".bad-" in path.name]
    assert [path.read_bytes() for path in kept] == [broken]


def test_a_field_of_a_later_program_does_not_break_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b'{"version": 1, "window_layout": "x", "not_known": {"a": 1}}')
    assert Settings(file).window_layout == "x"


def test_a_failed_write_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.json"
    write_whole(file, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]
    assert file.read_bytes() == b"old"


def test_a_disk_that_is_full_is_said_and_the_choice_still_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "settings.json")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    settings.window_layout = "wide"
    assert "No space left" in settings.close()
    assert settings.window_layout == "wide"


def test_the_look_is_kept_and_what_nobody_can_mean_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings(file)
    assert settings.appearance == Appearance("dark", 100)
    settings.appearance = Appearance("light", 125)
    settings.close()
    assert Settings(file).appearance == Appearance("light", 125)
    assert Appearance("neon", 4000).percent == 150
    assert Appearance("neon", -3).percent == 90
