"""Every dialog of the program says by word and colour which account it is about."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel

from pitdesk_ui.account_mark import MarkLine
from pitdesk_ui.widgets.data_table import DataTable
from tests.window_ground import PATIENCE_S, put_on_clipboard, running_program, signed_in
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]
UI = Path(__file__).resolve().parents[2] / "ui" / "pitdesk_ui"
UNMARKED = re.compile(r"^class (\w+)\(QDialog\):", re.MULTILINE)


def opened() -> list[QDialog]:
    widgets = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    return [each for each in widgets if isinstance(each, QDialog) and not isinstance(each, QFileDialog)]


def trigger(hand: Hand, words: str) -> None:
    """One entry of a menu, wherever it stands."""
    actions = [action for action in hand.window.findChildren(QAction) if action.text().startswith(words)]
    assert actions, f"no {words}"
    actions[0].trigger()


def look_at(hand: Hand, seen: dict[str, str]) -> None:
    """What each open dialog says of the account; then it is closed."""
    for dialog in opened():
        words = [label.text() for label in dialog.findChildren(QLabel, "mark.word") if label.isVisible()]
        lines = [line.property("role") for line in dialog.findChildren(MarkLine) if line.isVisible()]
        assert words == ["PRACTICE"], type(dialog).__name__
        assert lines == ["line_practice"], type(dialog).__name__
        assert "Practice" in dialog.windowTitle()
        seen[type(dialog).__name__] = dialog.windowTitle()
        dialog.close()


def test_every_dialog_says_which_account_it_is_about(tmp_path: Path, run_async: RunAsync) -> None:
    seen: dict[str, str] = {}

    async def scene() -> None:
        async with running_program(tmp_path, practice=True) as (application, hand):
            await signed_in(application, hand)

            async def look(name: str) -> None:
                await hand.see(
                    name, lambda: any(type(each).__name__ == name for each in opened()), PATIENCE_S
                )
                look_at(hand, seen)

            application.show_keys()
            await look("KeySheet")
            trigger(hand, "Save diagnostics")
            await look("DiagnosticsDialog")
            hand.show_tab("Batch")
            hand.click("batch.ladder")
            await look("LadderDialog")
            put_on_clipboard("KXU3-26NOV-T4.4\tBuy Yes\t6\t25\n")
            hand.click("batch.paste")
            await look("ImportDialog")
            trigger(hand, "Multiply")
            await look("NumberDialog")
            hand.show_tab("Working")
            hand.find("working.table", DataTable).choice.arrange_wanted.emit()
            await look("ColumnsDialog")

    run_async(scene(), timeout=240)
    plain = {name for path in UI.rglob("*.py") for name in UNMARKED.findall(path.read_text("utf-8"))}
    assert plain - {"MarkedDialog"} <= set(seen), "a dialog that this test does not open"
