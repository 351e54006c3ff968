"""Every action that a key does, once, with the key it has unless the person gave it another.

No other module writes a key down. What any widget of its kind does with arrows, Enter, Space, Tab and Esc
(a dialog, a list, a chart) is no action and stands where it is done; where the sheet of F1 tells it, it is
here too, as fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pitdesk.safety import SIZE_PRESETS


class Where(Enum):
    """Where a key is its action's. The value ends the sentence "while the keyboard is in …"."""

    WINDOW = "the main window"
    """Wherever nothing takes the key first: a text field takes what it types or edits by."""
    LADDER = "the ladder's rows"
    MARKETS = "the list of markets"
    SHEET = "the batch sheet"
    CELL = "a cell of the batch sheet that is typed into"
    PRICE = "a price or a number of contracts"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. ``keys`` are in Qt's spelling, such as ``Ctrl+K``; ``group`` heads the sheet.

    ``also``: what else is understood while those are in force, and not told. ``cancels``: it takes orders off
    the book, ``sends``: it puts them there; such a key is guarded. ``fixed``: it cannot have another key.
    ``needed``: it cannot go without one.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    group: str
    where: Where = Where.WINDOW
    also: tuple[str, ...] = ()
    cancels: bool = False
    sends: bool = False
    fixed: bool = False
    needed: bool = False


def _ticket_keys() -> tuple[Action, ...]:
    group = "Ticket"
    plain = (
        ("clear", "Clear the ticket, or back", "Esc"),
        ("buy", "Buy", "B"),
        ("sell", "Sell", "S"),
        ("yes", "Yes", "Y"),
        ("no", "No", "N"),
        ("join", "Join the best price", "A"),
        ("mid", "Price in the middle", "M"),
        ("take", "Price to trade at once", "X"),
        ("post_only", "Post only on or off", "P"),
    )
    steps = (
        ("price_step", "One tick, or one contract", ("Up", "Down")),
        ("price_leap", "Ten of them", ("Shift+Up", "Shift+Down")),
    )
    return (
        Action("send", "Send the order", ("Ctrl+Return",), group, sends=True),
        *(Action(name, text, (key,), group) for name, text, key in plain),
        *(Action(name, text, keys, group, Where.PRICE, fixed=True) for name, text, keys in steps),
    )


def _size_keys() -> tuple[Action, ...]:
    places, group = range(1, SIZE_PRESETS + 1), "Sizes"
    return (
        *(Action(f"size_{place}", f"Size preset {place}", (f"{place}",), group) for place in places),
        *(Action(f"click_size_{place}", f"Click size {place}", (f"Alt+{place}",), group) for place in places),
    )


def _order_keys() -> tuple[Action, ...]:
    group = "Orders"
    return (
        Action("amend", "Amend the selected order", ("F2",), group),
        Action("decrease", "Decrease the selected order", ("D",), group),
        Action("cancel_selected", "Cancel the selected orders", ("Del",), group, cancels=True),
        Action("cancel_market", "Cancel this market's orders", ("Shift+Del",), group, cancels=True),
        Action("cancel_all", "Cancel all orders", ("Ctrl+Shift+Del",), group, cancels=True, needed=True),
    )


def _ladder_keys() -> tuple[Action, ...]:
    group, rows = "Ladder", Where.LADDER
    return (
        Action("ladder", "Go to the ladder", ("Ctrl+P",), group),
        Action("ladder_result", "Result of closing, or not", ("Alt+P",), group),
        Action(
            "ladder_walk",
            "Along prices, bids, asks",
            ("Up", "Down", "Left", "Right"),
            group,
            rows,
            fixed=True,
        ),
        Action("ladder_pick", "Do what its last line says", ("Return",), group, rows, fixed=True),
        Action("ladder_cancel", "Cancel your orders at that price", ("Del",), group, rows, cancels=True),
        Action("ladder_up", "Move your order up; Enter lets go", ("Alt+Up",), group, rows),
        Action("ladder_down", "Move it down; Esc leaves it", ("Alt+Down",), group, rows),
    )


def _sheet_keys() -> tuple[Action, ...]:
    group, cells, sheet = "Batch sheet", "Cells of the sheet", Where.SHEET
    given: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("sheet_edit", "Type into the cell", "F2", ()),
        ("sheet_fill_down", "Fill down", "Ctrl+D", ()),
        ("sheet_insert", "Insert a row", "Ctrl++", ("Ctrl+=",)),
        ("sheet_delete", "Delete the rows", "Ctrl+-", ()),
        ("sheet_find", "Find", "Ctrl+F", ()),
        ("sheet_replace", "Find and replace", "Ctrl+H", ()),
        ("sheet_row", "Select the row", "Shift+Space", ()),
        ("sheet_column", "Select the column", "Ctrl+Space", ()),
    )
    usual: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("sheet_copy", "Copy", "Ctrl+C", ("Ctrl+Ins",)),
        ("sheet_cut", "Cut", "Ctrl+X", ()),
        ("sheet_paste", "Paste", "Ctrl+V", ("Shift+Ins",)),
        ("sheet_undo", "Undo", "Ctrl+Z", ()),
        ("sheet_redo", "Redo", "Ctrl+Shift+Z", ("Ctrl+Y",)),
        ("sheet_clear", "Empty the cells", "Del", ("Backspace",)),
        ("sheet_down", "Next row", "Return", ()),
        ("sheet_up", "Row before", "Shift+Return", ()),
        ("sheet_next", "Next cell", "Tab", ()),
        ("sheet_back", "Cell before", "Shift+Tab", ()),
        ("sheet_leave", "To the buttons above", "Esc", ()),
    )
    return (
        Action("sheet_send", "Send the orders", ("Ctrl+Return",), group, sheet, sends=True),
        *(Action(name, text, (key,), group, sheet, also) for name, text, key, also in given),
        Action(
            "cell_fill", "What is typed into all selected", ("Ctrl+Return",), cells, Where.CELL, fixed=True
        ),
        *(Action(name, text, (key,), cells, sheet, also, fixed=True) for name, text, key, also in usual),
    )


def _window_keys() -> tuple[Action, ...]:
    group = "Window"
    return (
        Action("find", "Find a market", ("Ctrl+K",), group),
        Action("watch", "Market on the watchlist, or off", ("Ctrl+D",), group, Where.MARKETS),
        *(
            Action(name, text, (key,), group)
            for name, text, key in (
                ("ticket", "Go to the order ticket", "Ctrl+T"),
                ("batch", "Go to the batch of orders", "Ctrl+B"),
                ("center", "Center the ladder", "Space"),
                ("arm", "Arm, or make safe", "Ctrl+L"),
                ("settings", "Settings", "Ctrl+,"),
                ("reconcile", "Ask the exchange for everything again", "F5"),
                ("keys", "All keys on one sheet", "F1"),
                ("quit", "Quit", "Ctrl+Q"),
            )
        ),
    )


def _tab_keys() -> tuple[Action, ...]:
    group = "Tabs"
    return (
        Action("larger_tabs", "Larger tabs, or as before", ("F9",), group),
        Action("view", "Columns and more of the tab", ("F8",), group),
        Action("group", "Group the tab's rows, or not", ("Ctrl+G",), group),
        Action("export", "Write the tab to a CSV file", ("Ctrl+E",), group),
    )


ACTIONS: tuple[Action, ...] = (
    *_window_keys(),
    *_tab_keys(),
    *_ticket_keys(),
    *_size_keys(),
    *_order_keys(),
    *_ladder_keys(),
    *_sheet_keys(),
)
"""All of them, as the sheet shows them."""
