"""The window's keys: each does its one thing, and at once another one's when it is changed."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pitdesk_ui.actions import Actions
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.widgets.key_recorder import KeyRecorder

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Window(QWidget):
    """A box, a field and a place that takes no keys of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.box, self.field, self.place = QCheckBox("Post only"), QLineEdit(), QLabel("rows")
        self.recorder = KeyRecorder("recorder", "A key")
        self.place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        for widget in (self.box, self.field, self.place, self.recorder):
            layout.addWidget(widget)


class Bound:
    """Some actions of the table over the window, and what was done."""

    def __init__(self, window: QWidget) -> None:
        self.keys, self.done = KeyMap(), list[str]()
        self.actions = Actions(window, self.keys)

    def bind(self, *names: str) -> None:
        for name in names:
            self.actions.bind(name, self._doing(name))

    def _doing(self, name: str) -> Callable[[], object]:
        return lambda: self.done.append(name)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def bound(window: Window) -> Bound:
    return Bound(window)


def focus(qtbot: QtBot, widget: QWidget) -> QWidget:
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


def test_space_presses_a_box_types_in_a_field_and_is_the_windows_elsewhere(
    qtbot: QtBot, window: Window, bound: Bound
) -> None:
    bound.bind("center")
    qtbot.keyClick(focus(qtbot, window.box), Qt.Key.Key_Space)
    assert window.box.isChecked()
    qtbot.keyClick(focus(qtbot, window.field), Qt.Key.Key_Space)
    assert window.field.text() == " "
    assert bound.done == []
    qtbot.keyClick(focus(qtbot, window.place), Qt.Key.Key_Space)
    assert bound.done == ["center"]


def test_space_given_to_another_presses_a_box_all_the_same(
    qtbot: QtBot, window: Window, bound: Bound
) -> None:
    bound.bind("center", "buy")
    bound.keys.give("buy", "Space")
    qtbot.keyClick(focus(qtbot, window.box), Qt.Key.Key_Space)
    assert (window.box.isChecked(), bound.done) == (True, [])
    qtbot.keyClick(focus(qtbot, window.place), Qt.Key.Key_Space)
    assert bound.done == ["buy"]
    bound.keys.give("buy", "F7")
    qtbot.keyClick(focus(qtbot, window.box), Qt.Key.Key_F7)
    assert bound.done == ["buy", "buy"], "another key is the window's over a box too"


def test_a_plain_letter_acts_outside_text_fields_only(qtbot: QtBot, window: Window, bound: Bound) -> None:
    bound.bind("buy")
    qtbot.keyClick(focus(qtbot, window.field), Qt.Key.Key_B)
    assert (window.field.text(), bound.done) == ("b", [])
    qtbot.keyClick(focus(qtbot, window.box), Qt.Key.Key_B)
    assert bound.done == ["buy"]


def test_an_action_is_bound_once_and_only_one_of_the_table(bound: Bound) -> None:
    bound.bind("buy")
    with pytest.raises(ValueError, match="bound already"):
        bound.bind("buy")
    with pytest.raises(KeyError):
        bound.bind("by")


def test_another_key_acts_at_once_and_the_one_before_no_more(
    qtbot: QtBot, window: Window, bound: Bound
) -> None:
    bound.bind("ticket", "buy")
    bound.keys.give("buy", "Ctrl+T")
    place = focus(qtbot, window.place)
    qtbot.keyClick(place, Qt.Key.Key_T, CTRL)
    assert bound.done == ["buy"], "taken over: the ticket has no key now"
    qtbot.keyClick(place, Qt.Key.Key_B)
    assert bound.done == ["buy"]
    bound.keys.reset_all()
    qtbot.keyClick(place, Qt.Key.Key_T, CTRL)
    qtbot.keyClick(place, Qt.Key.Key_B)
    assert bound.done == ["buy", "ticket", "buy"]


def test_either_enter_sends(qtbot: QtBot, window: Window, bound: Bound) -> None:
    bound.bind("send")
    place = focus(qtbot, window.place)
    qtbot.keyClick(place, Qt.Key.Key_Return, CTRL)
    qtbot.keyClick(place, Qt.Key.Key_Enter, CTRL | Qt.KeyboardModifier.KeypadModifier)
    assert bound.done == ["send", "send"]


def test_a_cancel_comes_before_a_field_that_knows_its_key(qtbot: QtBot, window: Window, bound: Bound) -> None:
    bound.bind("cancel_market")
    window.field.setText("42")
    focus(qtbot, window.field)
    window.field.selectAll()
    qtbot.keyClick(window.field, Qt.Key.Key_Delete, SHIFT)
    assert (window.field.text(), bound.done) == ("42", ["cancel_market"])
    for widget in (window.box, window.place):
        qtbot.keyClick(focus(qtbot, widget), Qt.Key.Key_Delete, SHIFT)
    assert bound.done == ["cancel_market"] * 3
    window.place.clearFocus()
    qtbot.keyClick(window, Qt.Key.Key_Delete, SHIFT)
    assert bound.done == ["cancel_market"] * 4


def test_whatever_key_a_cancel_gets_acts_in_text_fields(qtbot: QtBot, window: Window, bound: Bound) -> None:
    bound.bind("cancel_selected", "cancel_market", "cancel_all")
    window.field.setText("42")
    field = focus(qtbot, window.field)
    for name, key, pressed in (
        ("cancel_market", "F7", (Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier)),
        ("cancel_all", "Ctrl+D", (Qt.Key.Key_D, CTRL)),
        ("cancel_selected", "Shift+Del", (Qt.Key.Key_Delete, SHIFT)),
    ):
        bound.keys.give(name, key)
        window.field.selectAll()
        qtbot.keyClick(field, *pressed)
        assert bound.done.pop() == name
        assert window.field.text() == "42"
    bound.keys.reset_all()
    window.field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert (window.field.text(), bound.done) == ("", []), "Del, which is Cancel selected, deletes in a field"


def test_a_cancel_acts_in_a_dialog_that_blocks_the_window(qtbot: QtBot, window: Window, bound: Bound) -> None:
    bound.bind("cancel_market")
    dialog = QDialog(window)
    field = QLineEdit("5", dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    qtbot.keyClick(focus(qtbot, field), Qt.Key.Key_Delete, SHIFT)
    assert (field.text(), bound.done) == ("5", ["cancel_market"])
    dialog.close()


def test_a_key_held_down_cancels_once(qtbot: QtBot, window: Window, bound: Bound) -> None:
    bound.bind("cancel_market")
    focus(qtbot, window.field)
    pressed = (QEvent.Type.KeyPress, Qt.Key.Key_Delete, SHIFT)
    for is_repeat in (False, True, True):
        QApplication.sendEvent(window.field, QKeyEvent(*pressed, "", is_repeat))
    assert bound.done == ["cancel_market"]


def test_while_a_key_is_recorded_it_is_recorded_and_nothing_else(
    qtbot: QtBot, window: Window, bound: Bound
) -> None:
    bound.bind("cancel_all", "find", "buy")
    heard: list[str] = []
    window.recorder.recorded.connect(heard.append)
    recorder = focus(qtbot, window.recorder)
    for key, held, spelled in (
        (Qt.Key.Key_Delete, CTRL | SHIFT, "Ctrl+Shift+Del"),
        (Qt.Key.Key_K, CTRL, "Ctrl+K"),
        (Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, "B"),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "Tab"),
        (Qt.Key.Key_Enter, CTRL | Qt.KeyboardModifier.KeypadModifier, "Ctrl+Return"),
        (Qt.Key.Key_Question, SHIFT, "?"),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier, ""),
    ):
        qtbot.mouseClick(recorder, Qt.MouseButton.LeftButton)
        assert window.recorder.is_recording
        qtbot.keyClick(recorder, key, held)
        assert (heard.pop(), window.recorder.is_recording) == (spelled, False)
    assert bound.done == []
    qtbot.keyClick(recorder, Qt.Key.Key_Delete, CTRL | SHIFT)
    assert (heard, bound.done) == ([], ["cancel_all"]), "once it does not record, it cancels as everywhere"


def test_esc_and_leaving_end_the_recording_as_it_was(qtbot: QtBot, window: Window) -> None:
    heard: list[str] = []
    window.recorder.recorded.connect(heard.append)
    window.recorder.show_key("Ctrl+T")
    recorder = focus(qtbot, window.recorder)
    qtbot.keyClick(recorder, Qt.Key.Key_Space)
    assert window.recorder.text() == "Press a key…"
    qtbot.keyPress(recorder, Qt.Key.Key_Control, CTRL)
    assert window.recorder.text() == "Ctrl+…"
    qtbot.keyRelease(recorder, Qt.Key.Key_Control)
    assert window.recorder.text() == "Press a key…"
    qtbot.keyClick(recorder, Qt.Key.Key_Escape)
    assert (window.recorder.text(), window.recorder.is_recording) == ("Ctrl+T", False)
    qtbot.keyClick(recorder, Qt.Key.Key_Space)
    focus(qtbot, window.field)
    assert (window.recorder.text(), window.recorder.is_recording) == ("Ctrl+T", False)
    assert heard == []
