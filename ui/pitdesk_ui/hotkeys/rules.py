"""Which keys an action may have, and why not, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.hotkeys.spelling import is_typed, may_be_typed, shown
from pitdesk_ui.hotkeys.table import Where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk_ui.hotkeys.table import Action

_CUT_OF_OLD = "Shift+Del"
"""It cuts in text fields since long before Ctrl+X; a cancel that has it comes before that."""
_SHIFTS = ("", "Shift+", "Ctrl+", "Ctrl+Shift+")
_EDITING = {
    **dict.fromkeys(("Ctrl+C", "Ctrl+Ins"), "copies"),
    **dict.fromkeys(("Ctrl+V", "Shift+Ins"), "pastes"),
    **dict.fromkeys(("Ctrl+X", _CUT_OF_OLD), "cuts"),
    **dict.fromkeys(("Ctrl+Z", "Alt+Backspace"), "takes back what was typed"),
    **dict.fromkeys(("Ctrl+Y", "Ctrl+Shift+Z"), "does again what was taken back"),
    "Ctrl+A": "selects all",
    **dict.fromkeys((f"{held}Backspace" for held in _SHIFTS), "deletes"),
    **dict.fromkeys(("Del", "Ctrl+Del", "Ctrl+U"), "deletes"),
    **dict.fromkeys(
        (f"{held}{key}" for held in _SHIFTS for key in ("Left", "Right", "Up", "Down", "Home", "End")),
        "moves in a text or a list",
    ),
    **dict.fromkeys(
        (f"{held}{key}" for held in _SHIFTS for key in ("PgUp", "PgDown")), "moves in a text or a list"
    ),
    **dict.fromkeys((f"{held}Tab" for held in _SHIFTS), "moves from field to field or from tab to tab"),
    **dict.fromkeys(("Return", "Shift+Return"), "presses the button and finishes the field it is in"),
    "Menu": "opens a menu",
    "Shift+F10": "opens a menu",
}
_SYSTEMS = {"Alt+F4": "closes windows", "Alt+Tab": "changes windows", "Alt+Shift+Tab": "changes windows"}


def why_not(action: Action, key: str) -> str:
    """Why ``action`` cannot have ``key``, whoever has it now; empty where it can, as its usual one."""
    if action.fixed:
        return f"{_told(action)} cannot have another key."
    if key in action.keys:
        return ""
    if not key:
        return f"{_told(action)} is never without a key: give it another instead." if action.needed else ""
    return _reserved(action, key) or _typed_by_chance(action, key)


def everywhere(action: Action, key: str) -> bool:
    """Whether ``key`` does it wherever the keyboard is, in text fields and dialogs too.

    A cancel's does, unless it edits text.
    """
    return action.cancels and action.where is Where.WINDOW and (key == _CUT_OF_OLD or key not in _EDITING)


def clashing(action: Action, key: str, others: Iterable[tuple[Action, tuple[str, ...]]]) -> list[Action]:
    """Those of ``others``, each with its keys, for whom there would be no way to tell which one is meant."""
    mine = everywhere(action, key)
    return [
        other
        for other, keys in others
        if other is not action
        and key in keys
        and (mine or everywhere(other, key) or other.where is action.where)
    ]


def shadow(action: Action, key: str, others: Iterable[tuple[Action, tuple[str, ...]]]) -> str:
    """What the key goes on doing elsewhere, or where it comes first, in a sentence; empty for nothing."""
    same = [other for other, keys in others if other is not action and key in keys]
    if action.where is not Where.WINDOW:
        same = [other for other in same if other.where is Where.WINDOW]
        return f"In {action.where.value} it comes before {_told(same[0])}." if same else ""
    told = "; ".join(f"in {other.where.value} it stays {_told(other)}" for other in same)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def told(actions: Iterable[Action]) -> str:
    """Their texts in one phrase."""
    return " and ".join(_told(action) for action in actions)


def _told(action: Action) -> str:
    return f"“{action.text}”"


def _reserved(action: Action, key: str) -> str:
    if key == _CUT_OF_OLD and action.cancels and action.where is Where.WINDOW:
        return ""
    if key == "Esc":
        return "Esc leaves and clears, everywhere: it stays so."
    if "Meta+" in key:
        return (
            f"{shown(key)} belongs to the system on most computers. Use Ctrl, Alt or Shift with another key."
        )
    if key in _SYSTEMS:
        return f"{shown(key)} {_SYSTEMS[key]} on most computers. Choose another key."
    if key in _EDITING:
        return f"{shown(key)} {_EDITING[key]}: it stays so. Choose another key."
    if action.where in (Where.SHEET, Where.CELL) and is_typed(key):
        return f"{shown(key)} begins a cell of the sheet. Use it with Ctrl or Alt."
    return ""


def _typed_by_chance(action: Action, key: str) -> str:
    if not (action.cancels or action.sends) or not may_be_typed(key):
        return ""
    what = "cancels" if action.cancels else "sends"
    why = f"{shown(key)} may be typed by chance, and this {what} orders."
    return f"{why} Use a key like F6, or Ctrl with a letter."
