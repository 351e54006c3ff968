"""The line above the sheet in a narrow window."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.verdicts import Summary
from pitdesk_ui.batch.toolbar import Toolbar
from pitdesk_ui.dressing import apply_theme
from pitdesk_ui.hotkeys.keymap import KeyMap


@pytest.mark.parametrize("width", [1_400, 1_130, 944])
def test_the_button_that_sends_is_never_cut(qtbot: QtBot, width: int) -> None:
    apply_theme(QApplication.instance())
    toolbar = Toolbar(KeyMap())
    qtbot.addWidget(toolbar)
    toolbar.resize(width, 40)
    toolbar.show()
    toolbar.show_summary(Summary(rows=13, to_fix=1, ready=12), 13)
    toolbar.show_send("Send 12 orders · $51,234.56", enabled=True)
    buttons = [toolbar.send, *toolbar.buttons.values()]
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons))
    assert toolbar.send.geometry().right() < toolbar.width()
    rows = toolbar.findChild(QLabel, "batch.rows")
    assert rows is not None
    assert rows.isVisible() is (width > 1_000), "it gives way to the button"
