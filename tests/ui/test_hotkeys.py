"""The table of keys and the keys in force: what may be given, is refused, is kept and read again."""

import ast
import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from pitdesk.hotkeys import KeyChoices
from pitdesk.settings import Settings
from pitdesk_ui.hotkeys.kept import keys_of
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.hotkeys.spelling import pressed, shown, spelled
from pitdesk_ui.hotkeys.table import ACTIONS, Where

UI = Path(__file__).resolve().parents[2] / "ui" / "pitdesk_ui"
REMAPPABLE = [action for action in ACTIONS if not action.fixed]


@pytest.fixture
def keys(qapp: object) -> KeyMap:
    return KeyMap()


def event(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held)


# The table.


def test_the_usual_keys_clash_nowhere_and_are_spelled_as_they_are_here(keys: KeyMap) -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert action.keys
        for key in (*action.keys, *action.also):
            assert spelled(key) == key
            assert keys.clashing(action.name, key) == []
            assert action.fixed or keys.why_not(action.name, action.keys[0]) == ""
    assert KeyMap({}).trouble == ""


def test_no_key_is_written_anywhere_else(qapp: object) -> None:
    """A text that names one, a sequence made of a text, or a letter's or function key's code."""
    named = re.compile(r"\b(Ctrl|Alt|Shift)\+\w|\bF[1-9][0-2]?\b|\((Del|[A-Z])\)")
    coded = re.compile(r"Qt\.Key\.Key_([A-Z]|F\d+|Delete|Insert)\b")
    found = []
    for path in sorted(UI.rglob("*.py")):
        if path.parent.name == "hotkeys":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                if named.search(node.value):
                    found.append(f"{path.name}:{node.lineno} {node.value}")
            elif isinstance(node, ast.Attribute) and coded.search(ast.unparse(node)):
                found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert [told for told in found if not told.startswith(DIALOGS)] == []


DIALOGS = ("columns_dialog.py",)
"""Its list is moved by Alt and an arrow, as lists are in dialogs."""


# Spelling.


@pytest.mark.parametrize(
    "text, key",
    [
        ("ctrl+k", "Ctrl+K"),
        ("Ctrl+Enter", "Ctrl+Return"),
        ("Ctrl+Shift++", "Ctrl++"),
        ("Backtab", "Shift+Tab"),
        ("Ctrl+Foo", ""),
        ("Ctrl", ""),
        ("B, C", ""),
        ("", ""),
    ],
)
def test_a_text_is_spelled_in_one_way(qapp: object, text: str, key: str) -> None:
    assert spelled(text) == key


@pytest.mark.parametrize(
    "key, held, told",
    [
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "Return"),
        (Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier, "5"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "Ctrl++"),
        (Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier, "Shift+B"),
        (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, "Shift+Tab"),
        (Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier, ""),
        (Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, ""),
    ],
)
def test_a_press_is_spelled_in_the_same_way(
    qapp: object, key: Qt.Key, held: Qt.KeyboardModifier, told: str
) -> None:
    assert pressed(event(key, held)) == told


def test_a_letter_of_another_alphabet_is_a_key_too(keys: KeyMap) -> None:
    press = QKeyEvent(QEvent.Type.KeyPress, 0x0416, Qt.KeyboardModifier.ControlModifier)
    assert pressed(press) == "Ctrl+Ж"
    keys.give("ticket", "Ctrl+Ж")
    assert keys.is_pressed("ticket", press)


# What may be given.


@pytest.mark.parametrize(
    "name, key, says",
    [
        ("buy", "Ctrl+C", "copies"),
        ("buy", "Ctrl+V", "pastes"),
        ("buy", "Ctrl+Z", "takes back"),
        ("buy", "Tab", "from field to field"),
        ("buy", "Return", "presses the button"),
        ("buy", "Backspace", "deletes"),
        ("buy", "Del", "deletes"),
        ("buy", "Shift+Del", "cuts"),
        ("buy", "Up", "moves in a text"),
        ("buy", "Esc", "leaves and clears"),
        ("buy", "Meta+B", "belongs to the system"),
        ("buy", "Alt+F4", "closes windows"),
        ("cancel_all", "C", "typed by chance, and this cancels"),
        ("cancel_all", "Shift+C", "typed by chance"),
        ("cancel_all", "Space", "typed by chance"),
        ("cancel_all", "Ctrl+Alt+Q", "typed by chance"),
        ("cancel_market", "Del", "deletes"),
        ("cancel_market", "Ctrl+Backspace", "deletes"),
        ("ladder_cancel", "C", "typed by chance"),
        ("send", "G", "typed by chance, and this sends"),
        ("sheet_send", "Ctrl+Alt+S", "typed by chance"),
        ("sheet_find", "G", "begins a cell"),
        ("sheet_copy", "F7", "cannot have another key"),
        ("cancel_all", "", "never without a key"),
    ],
)
def test_what_a_key_cannot_be_is_said_in_a_sentence(keys: KeyMap, name: str, key: str, says: str) -> None:
    assert says in keys.why_not(name, key)
    with pytest.raises(ValueError, match=says):
        keys.give(name, key)
    assert keys.is_usual(name)


@pytest.mark.parametrize("name", [action.name for action in REMAPPABLE])
def test_every_action_takes_a_key_that_is_free_and_its_own_again(keys: KeyMap, name: str) -> None:
    usual = keys.key(name)
    keys.give(name, "Ctrl+F12")
    assert (keys.key(name), keys.shown(name), keys.trouble) == ("Ctrl+F12", "Ctrl+F12", "")
    assert keys.chosen == {name: "Ctrl+F12"}
    keys.give(name, usual)
    assert keys.chosen == {}


def test_a_key_in_use_is_named_and_taken_over_only_by_giving_it(keys: KeyMap) -> None:
    assert [action.name for action in keys.clashing("buy", "Ctrl+T")] == ["ticket"]
    assert keys.key("ticket") == "Ctrl+T"
    keys.give("buy", "Ctrl+T")
    assert keys.chosen == {"buy": "Ctrl+T", "ticket": ""}
    assert keys.tip("Go there", "ticket") == "Go there"


def test_the_key_of_cancel_all_is_never_taken_over(keys: KeyMap) -> None:
    with pytest.raises(ValueError, match="never without one"):
        keys.give("buy", "Ctrl+Shift+Del")
    keys.give("cancel_all", "F7")
    keys.give("buy", "Ctrl+Shift+Del")
    assert (keys.key("cancel_all"), keys.key("buy")) == ("F7", "Ctrl+Shift+Del")


def test_what_acts_everywhere_clashes_with_keys_of_rooms_too(keys: KeyMap) -> None:
    assert {action.name for action in keys.clashing("cancel_all", "Ctrl+D")} == {"watch", "sheet_fill_down"}
    assert keys.clashing("buy", "Ctrl+D") == [], "in its room the room's key comes first"
    keys.give("buy", "Ctrl+D")
    assert "in the batch sheet it stays “Fill down”" in keys.shadow("buy")
    with pytest.raises(ValueError, match="cannot have another"):
        keys.give("cancel_all", "Ctrl+Return")


def test_a_key_means_one_thing_in_its_place(keys: KeyMap) -> None:
    ctrl = Qt.KeyboardModifier.ControlModifier
    assert keys.pressed_in(Where.SHEET, event(Qt.Key.Key_D, ctrl)) == "sheet_fill_down"
    assert keys.pressed_in(Where.MARKETS, event(Qt.Key.Key_D, ctrl)) == "watch"
    keys.give("sheet_fill_down", "F6")
    assert keys.pressed_in(Where.SHEET, event(Qt.Key.Key_D, ctrl)) == ""
    assert keys.pressed_in(Where.SHEET, event(Qt.Key.Key_F6)) == "sheet_fill_down"
    keys.give("sheet_insert", "F7")
    assert keys.pressed_in(Where.SHEET, event(Qt.Key.Key_Equal, ctrl)) == "", "what is meant too goes with it"


def test_enter_is_shown_as_it_stands_on_keyboards(keys: KeyMap) -> None:
    assert shown("Ctrl+Return") == "Ctrl+Enter"
    assert keys.phrase("send", "{} sends") == "Ctrl+Enter sends"


# What is kept.


def read(file: Path, chosen: dict[str, object], version: int = 1) -> tuple[KeyMap, Settings]:
    file.write_text(json.dumps({"version": 1, "hotkeys": {"version": version, "chosen": chosen}}))
    settings = Settings(file)
    return keys_of(settings), settings


def test_keys_are_kept_by_name_and_in_force_at_the_next_start(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "settings.json"
    settings = Settings(file)
    keys = keys_of(settings)
    keys.give("buy", "Ctrl+T")
    settings.close()
    assert json.loads(file.read_text())["hotkeys"] == {
        "version": 1,
        "chosen": {"buy": "Ctrl+T", "ticket": ""},
    }
    again = Settings(file)
    keys = keys_of(again)
    assert (keys.key("buy"), keys.key("ticket"), keys.trouble) == ("Ctrl+T", "", "")
    keys.reset_all()
    again.close()
    assert keys_of(Settings(file)).chosen == {}


@pytest.mark.parametrize(
    "chosen, says, kept",
    [
        ({"by": "F7", "buy": "F6"}, "no action “by”", {"buy": "F6"}),
        ({"buy": "Ctrl+Foo"}, "'Ctrl+Foo' for “Buy” is no key", {}),
        ({"buy": 7, "sell": "F7"}, "'7' for “Buy” is no key", {"sell": "F7"}),
        ({"buy": "Ctrl+C"}, "copies", {}),
        ({"cancel_all": ""}, "never without a key", {}),
        ({"cancel_all": "C"}, "typed by chance", {}),
        ({"buy": "Ctrl+Shift+Del"}, "“Cancel all orders” and “Buy” had one key", {}),
        (
            {"buy": "F7", "cancel_all": "F7"},
            "“Cancel all orders” and “Buy” had one key",
            {"cancel_all": "F7"},
        ),
        ({"buy": "F7", "sell": "F7"}, "“Buy” and “Sell” had one key", {"buy": "F7"}),
        ({"buy": "Ctrl+T"}, "“Go to the order ticket” is without a key", {"buy": "Ctrl+T", "ticket": ""}),
    ],
)
def test_what_cannot_be_used_of_a_file_is_said_once_and_the_usual_key_holds(
    tmp_path: Path, qtbot: QtBot, chosen: dict[str, object], says: str, kept: dict[str, str]
) -> None:
    file = tmp_path / "settings.json"
    keys, settings = read(file, chosen)
    assert says in keys.trouble
    assert keys.chosen == kept
    assert keys.key("cancel_all")
    settings.close()
    again = Settings(file)
    assert again.hotkeys == KeyChoices(chosen=kept)
    assert keys_of(again).trouble == ""


def test_two_that_changed_places_are_no_clash(tmp_path: Path, qtbot: QtBot) -> None:
    keys, _ = read(tmp_path / "settings.json", {"find": "Ctrl+T", "ticket": "Ctrl+K"})
    assert (keys.trouble, keys.key("find"), keys.key("ticket")) == ("", "Ctrl+T", "Ctrl+K")


def test_keys_of_a_later_version_are_said_and_not_touched(tmp_path: Path, qtbot: QtBot) -> None:
    keys, settings = read(tmp_path / "settings.json", {"buy": "F7"}, version=2)
    assert "later Pitdesk" in keys.trouble
    assert keys.key("buy") == "B"
    assert settings.hotkeys == KeyChoices(2, {"buy": "F7"})
