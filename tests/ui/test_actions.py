"""The window's keys: each does its one thing, and leaves buttons the key that presses them."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pitdesk_ui.actions import Action, Actions


class Window(QWidget):
    """A box, a field and a place that takes no keys of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.box, self.field, self.place = QCheckBox("Post only"), QLineEdit(), QLabel("rows")
        self.place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        for widget in (self.box, self.field, self.place):
            layout.addWidget(widget)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def focus(qtbot: QtBot, widget: QWidget) -> QWidget:
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


def test_space_presses_a_box_types_in_a_field_and_is_the_windows_elsewhere(
    qtbot: QtBot, window: Window
) -> None:
    done: list[str] = []
    Actions(window).add(Action("center", "Center", ("Space",), "Window"), lambda: done.append("center"))
    qtbot.keyClick(focus(qtbot, window.box), Qt.Key.Key_Space)
    assert window.box.isChecked()
    qtbot.keyClick(focus(qtbot, window.field), Qt.Key.Key_Space)
    assert window.field.text() == " "
    assert done == []
    qtbot.keyClick(focus(qtbot, window.place), Qt.Key.Key_Space)
    assert done == ["center"]


def test_a_plain_letter_acts_outside_text_fields_only(qtbot: QtBot, window: Window) -> None:
    done: list[str] = []
    Actions(window).add(Action("buy", "Buy", ("B",), "Ticket"), lambda: done.append("buy"))
    qtbot.keyClick(focus(qtbot, window.field), Qt.Key.Key_B)
    assert (window.field.text(), done) == ("b", [])
    qtbot.keyClick(focus(qtbot, window.box), Qt.Key.Key_B)
    assert done == ["buy"]


def test_a_key_or_name_is_taken_once(window: Window) -> None:
    actions = Actions(window)
    actions.add(Action("buy", "Buy", ("B",), "Ticket"), lambda: None)
    for again in (Action("bid", "Bid", ("B",), "Ticket"), Action("buy", "Buy", ("U",), "Ticket")):
        with pytest.raises(ValueError, match="there already"):
            actions.add(again, lambda: None)
    assert [action.name for action in actions.groups()["Ticket"]] == ["buy"]


CANCEL = Action("cancel_market", "Cancel", ("Shift+Del",), "Orders", everywhere=True)


def test_an_action_of_everywhere_comes_before_a_field_that_knows_its_key(
    qtbot: QtBot, window: Window
) -> None:
    done: list[str] = []
    Actions(window).add(CANCEL, lambda: done.append("cancel"))
    window.field.setText("42")
    focus(qtbot, window.field)
    window.field.selectAll()
    qtbot.keyClick(window.field, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert (window.field.text(), done) == ("42", ["cancel"])
    for widget in (window.box, window.place):
        qtbot.keyClick(focus(qtbot, widget), Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert done == ["cancel"] * 3
    window.place.clearFocus()
    qtbot.keyClick(window, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert done == ["cancel"] * 4


def test_an_action_of_everywhere_acts_in_a_dialog_that_blocks_the_window(
    qtbot: QtBot, window: Window
) -> None:
    done: list[str] = []
    Actions(window).add(CANCEL, lambda: done.append("cancel"))
    dialog = QDialog(window)
    field = QLineEdit("5", dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    qtbot.keyClick(focus(qtbot, field), Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert (field.text(), done) == ("5", ["cancel"])
    dialog.close()


def test_a_key_held_down_cancels_once(qtbot: QtBot, window: Window) -> None:
    done: list[str] = []
    Actions(window).add(CANCEL, lambda: done.append("cancel"))
    focus(qtbot, window.field)
    pressed = (QEvent.Type.KeyPress, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    for is_repeat in (False, True, True):
        QApplication.sendEvent(window.field, QKeyEvent(*pressed, "", is_repeat))
    assert done == ["cancel"]


def test_what_a_panel_does_by_itself_is_on_the_sheet_and_takes_no_key_from_the_window(
    qtbot: QtBot, window: Window
) -> None:
    done: list[str] = []
    actions = Actions(window)
    actions.tell(Action("row_cancel", "Cancel the row", ("Del",), "Rows"))
    actions.add(Action("cancel", "Cancel", ("Del",), "Orders"), lambda: done.append("cancel"))
    assert [action.name for action in actions.groups()["Rows"]] == ["row_cancel"]
    qtbot.keyClick(focus(qtbot, window.place), Qt.Key.Key_Delete)
    assert done == ["cancel"]
    with pytest.raises(ValueError, match="row_cancel"):
        actions.tell(Action("row_cancel", "Again", ("F3",), "Rows"))
