"""The window itself: what a key does to whatever stands in it."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton

from pitdesk_ui.account_mark import PRACTICE
from pitdesk_ui.main_window import MainWindow


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_with_the_keyboard_once(qtbot, key):
    window, button, presses = MainWindow(), QPushButton("Practise now"), []
    qtbot.addWidget(window)
    button.clicked.connect(lambda: presses.append(key))
    window.show_page(button, PRACTICE)
    window.show()
    button.setFocus()
    qtbot.keyClick(button, key)
    assert presses == [key]
    held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, autorep=True)
    QApplication.sendEvent(button, held)
    assert presses == [key]
    window.finish_close()
