"""Every key of the sheet that F1 shows, pressed in the window of the program on the practice exchange."""

from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton, QTabWidget, QWidget

from pitdesk_ui.hotkeys.table import Where
from pitdesk_ui.ladder.grid import LadderGrid
from pitdesk_ui.widgets.data_table import DataTable
from tests.end_to_end.sheet_keys import SHEET_SEEN, press
from tests.failing_exchange_ground import Stage, stage_in
from tests.window_ground import PATIENCE_S

RunAsync = Callable[..., Any]
Look = Callable[[Stage], object]
Prepare = Callable[[Stage], Awaitable[None]]
_OTHERS = count(11)


def test_every_key_of_the_sheet_does_what_it_says(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            actions = stage.application.keys.actions
            bound = {action.name for action in actions if action.where is Where.WINDOW}
            assert stage.application.actions.names == bound
            untold = {action.name for action in actions} - SEEN.keys() - {"quit"}
            assert not untold, f"tell in SEEN how these keys are seen to work: {untold}"
            for action in actions:
                if action.name == "quit":
                    continue
                for key in action.keys:
                    prepare, look = SEEN[action.name]
                    await prepare(stage)
                    assert not look(stage), f"{action.text} is seen before {key} is pressed"
                    press(key)
                    await stage.hand.see(f"{action.text} by {key}", lambda look=look: look(stage), PATIENCE_S)
            await nothing(stage)
            press("Ctrl+Q")
            await stage.hand.see("the end", lambda: not stage.application.window.isVisible(), PATIENCE_S)

    run_async(scene(), timeout=240)


async def nothing(stage: Stage) -> None:
    """The keyboard on a button of the main window, where no letter is typed."""
    names = ("keys", "settings", "tabs.view.menu", "export.file")
    for dialog in (stage.application.window.findChild(QWidget, name) for name in names):
        if dialog is not None and dialog.isVisible():
            dialog.close()
    stage.application.window.enlarge_tabs(False)
    stage.hand.show_tab("Working")
    stage.application.window.activateWindow()
    await stage.hand.see("the main window is active", stage.application.window.isActiveWindow)
    button = stage.hand.find("ticket.verb.sell_no", QPushButton)
    button.setFocus()
    await stage.hand.see("the keyboard", button.hasFocus)


def starting(*names: str, **texts: str) -> Prepare:
    """These buttons are clicked and these fields filled in first."""

    async def prepare(stage: Stage) -> None:
        await nothing(stage)
        for name in names:
            stage.hand.click(name)
        for name, text in texts.items():
            stage.hand.type_into(f"ticket.{name}", text)
            if not text:
                QTest.keyClick(stage.hand.find(f"ticket.{name}", QLineEdit), Qt.Key.Key_Delete)
        await nothing(stage)

    return prepare


async def an_order(stage: Stage) -> None:
    """One order rests and is selected."""
    await nothing(stage)
    for card in ("amend.close", "decrease.close"):
        button = stage.application.window.findChild(QPushButton, card)
        if button is not None and button.isVisible():
            stage.hand.click(card)
    if not stage.hand.rows("working.table"):
        stage.hand.click("ticket.verb.buy_yes")
        await stage.rest((next(_OTHERS), 5))
    await stage.hand.see("it rests", lambda: stage.hand.rows("working.table")[0]["Status"] == "Resting")
    stage.hand.choose_row("working.table", lambda _row: True)
    await nothing(stage)


async def scrolled(stage: Stage) -> None:
    await nothing(stage)
    parts = stage.application.parts
    assert parts is not None
    parts.ladder.grid.verticalScrollBar().setValue(0)
    focus = QApplication.focusWidget()
    assert focus is not None
    focus.clearFocus()  # Space presses the button that has the keyboard


def ladder(stage: Stage) -> LadderGrid:
    return stage.hand.find("ladder.grid", LadderGrid)


async def in_the_ladder(stage: Stage) -> None:
    """The keyboard on a row of the ladder that is neither its first nor its last, at its price."""
    await starting(price="")(stage)
    press("Ctrl+P")
    await stage.hand.see("the rows have the keyboard", ladder(stage).hasFocus)
    for key in ("Right", "Right", "Left"):
        press(key)
    CELL[:] = [ladder(stage).aim]


async def at_an_order(stage: Stage) -> None:
    """The keyboard on the ladder's row of the only order."""
    await an_order(stage)
    await in_the_ladder(stage)
    grid = ladder(stage)
    await stage.hand.see("its chip", lambda: grid.picture.chips)
    (_, price), *_ = grid.picture.chips
    while grid.focused_price != price:
        assert grid.focused_price is not None
        press("Down" if grid.focused_price > price else "Up")


def is_elsewhere(stage: Stage) -> bool:
    return [ladder(stage).aim] != CELL


def is_lifted(stage: Stage) -> bool:
    return ladder(stage).drag is not None


async def no_activity(stage: Stage) -> None:
    await nothing(stage)
    view = stage.application.view
    assert view is not None
    view.session.activity.entries.clear()


def focused(name: str) -> Look:
    return lambda stage: (focus := QApplication.focusWidget()) is not None and focus.objectName() == name


def checked(name: str) -> Look:
    return lambda stage: stage.hand.find(name, QPushButton).isChecked()


def text(name: str, wanted: Callable[[str], bool]) -> Look:
    return lambda stage: wanted(stage.hand.text(name))


def in_sight(name: str) -> Look:
    def look(stage: Stage) -> bool:
        found = stage.application.window.findChild(QWidget, name)
        return found is not None and found.isVisible()

    return look


def tab(title: str) -> Look:
    def look(stage: Stage) -> bool:
        tabs = stage.hand.find("window.tabs", QTabWidget)
        return bool(tabs.tabBar().tabData(tabs.currentIndex()) == title)

    return look


def is_armed(stage: Stage) -> bool:
    return not stage.application.arming.is_armed


def is_centered(stage: Stage) -> bool:
    parts = stage.application.parts
    return parts is not None and parts.ladder.grid.verticalScrollBar().value() > 0


def was_asked_again(stage: Stage) -> bool:
    view = stage.application.view
    return view is not None and any(entry.what == "Reconcile" for entry in view.session.activity.entries)


def one_row(stage: Stage) -> bool:
    return bool(stage.hand.rows("working.table"))


def no_rows(stage: Stage) -> bool:
    return not stage.hand.rows("working.table")


def is_grouped(stage: Stage) -> bool:
    return stage.hand.find("working.table", DataTable).rows.is_grouped


def has_price(told: str) -> bool:
    return told.endswith("¢")


def is_empty(told: str) -> bool:
    return not told


async def ready_to_send(stage: Stage) -> None:
    """An order in the ticket, none at work."""
    await nothing(stage)
    if one_row(stage):
        stage.hand.click("top.cancel_all")
        await stage.hand.see("no rows", lambda: no_rows(stage), PATIENCE_S)
    stage.hand.click("ticket.verb.buy_yes")
    stage.hand.type_into("ticket.contracts", str(next(_OTHERS)))  # to repeat an order asks first
    stage.hand.type_into("ticket.price", "4")
    await nothing(stage)
    await stage.hand.see("the button", stage.hand.find("ticket.send", QPushButton).isEnabled)


CELL: list[object] = []
"""The cell of the ladder that the keyboard was on before the key."""

SEEN: dict[str, tuple[Prepare, Look]] = {
    "find": (nothing, focused("finder.search")),
    "ticket": (nothing, focused("ticket.contracts")),
    "batch": (nothing, tab("Batch")),
    "center": (scrolled, is_centered),
    "arm": (nothing, is_armed),
    "settings": (nothing, in_sight("settings")),
    "reconcile": (no_activity, was_asked_again),
    "keys": (nothing, in_sight("keys")),
    "send": (ready_to_send, one_row),
    "clear": (starting(contracts="5"), text("ticket.contracts", is_empty)),
    "buy": (starting("ticket.verb.sell_yes"), checked("ticket.verb.buy_yes")),
    "sell": (starting("ticket.verb.buy_yes"), checked("ticket.verb.sell_yes")),
    "yes": (starting("ticket.verb.buy_no"), checked("ticket.verb.buy_yes")),
    "no": (starting("ticket.verb.buy_yes"), checked("ticket.verb.buy_no")),
    "join": (starting(price=""), text("ticket.price", has_price)),
    "mid": (starting(price=""), text("ticket.price", has_price)),
    "take": (starting(price=""), text("ticket.price", has_price)),
    "post_only": (starting(), lambda stage: stage.hand.find("ticket.post_only", QCheckBox).isChecked()),
    **{
        f"size_{number}": (starting(contracts="7"), text("ticket.contracts", size.__eq__))
        for number, size in enumerate(("1", "10", "25", "50", "100"), 1)
    },
    "ladder": (nothing, focused("ladder.grid")),
    "ladder_result": (nothing, checked("ladder.result")),
    "ladder_walk": (in_the_ladder, is_elsewhere),
    "ladder_pick": (in_the_ladder, text("ticket.price", has_price)),
    "ladder_cancel": (at_an_order, no_rows),
    "ladder_up": (at_an_order, is_lifted),
    "ladder_down": (at_an_order, is_lifted),
    **{f"click_size_{number}": (nothing, checked(f"ladder.size_{number}")) for number in range(1, 6)},
    "larger_tabs": (nothing, lambda stage: stage.application.window.are_tabs_enlarged),
    "view": (nothing, in_sight("tabs.view.menu")),
    "group": (nothing, is_grouped),
    "export": (an_order, in_sight("export.file")),
    "amend": (an_order, in_sight("amend.card")),
    "decrease": (an_order, in_sight("decrease.card")),
    "cancel_selected": (an_order, no_rows),
    "cancel_market": (an_order, no_rows),
    "cancel_all": (an_order, no_rows),
    **SHEET_SEEN,
}
