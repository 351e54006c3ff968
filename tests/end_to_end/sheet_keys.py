"""What is seen of each key of the batch sheet, of the list of markets and of the fields of the ticket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count

from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from pitdesk.desk.batch.draft import BatchDraft
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk_ui.batch.columns import COLUMNS
from pitdesk_ui.batch.grid import SheetView
from pitdesk_ui.finder.listing import FinderList
from tests.failing_exchange_ground import Stage
from tests.window_ground import PATIENCE_S, put_on_clipboard

Look = Callable[[Stage], object]
Prepare = Callable[[Stage], Awaitable[None]]
_OTHERS = count(101)
"""A number of contracts that no order before had: to repeat one asks first."""


def sheet(stage: Stage) -> SheetView:
    return stage.hand.find("batch.table", SheetView)


def cells(stage: Stage) -> list[str]:
    """The contracts of each row."""
    return [row.text(Field.COUNT) for row in draft(stage).rows]


def draft(stage: Stage) -> BatchDraft:
    assert stage.application.view is not None
    return stage.application.view.session.batch.draft


def here(stage: Stage) -> tuple[int, object]:
    return sheet(stage).current_place(), sheet(stage).current_column()


def in_sheet(place: int = 1, *typed: str) -> Prepare:
    """Three rows of contracts, the keyboard at those of the row at ``place``; then keys are pressed."""

    async def prepare(stage: Stage) -> None:
        await clean(stage)
        draft(stage).replace_all([texts_of({Field.COUNT: text}) for text in ("5", "6", "7")])
        await go(stage, place)
        for keys in typed:
            press(keys)

    return prepare


async def go(stage: Stage, place: int) -> None:
    assert stage.application.view is not None
    stage.application.view.go_to_batch()
    await stage.hand.see("the sheet", sheet(stage).hasFocus)
    sheet(stage).clearSelection()
    sheet(stage).go_to(place, Field.COUNT)


async def clean(stage: Stage) -> None:
    """No bar, no menu, no dialog in the way."""
    window = stage.application.window
    window.enlarge_tabs(False)
    bar = window.findChild(QWidget, "batch.find")
    if bar is not None:
        bar.hide()
    window.activateWindow()
    await stage.hand.see("the main window is active", window.isActiveWindow)


async def to_be_sent(stage: Stage) -> None:
    """One good row, and no order at work."""
    await in_sheet()(stage)
    view = stage.application.view
    assert view is not None
    if working(stage):
        view.orders.cancel_all()
        await stage.hand.see("no order", lambda: not working(stage), PATIENCE_S)
    order = {
        Field.MARKET: view.ticker,
        Field.VERB: "Buy Yes",
        Field.PRICE: "4",
        Field.COUNT: f"{next(_OTHERS)}",
    }
    draft(stage).replace_all([texts_of(order)])
    await go(stage, 0)
    await stage.hand.see("it may be sent", stage.hand.find("batch.send", QWidget).isEnabled, PATIENCE_S)


def working(stage: Stage) -> object:
    assert stage.application.view is not None
    return stage.application.view.session.blotter.working()


def press(keys: str) -> None:
    """In whatever has the keyboard."""
    combination: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def is_typing(stage: Stage) -> bool:
    return sheet(stage).viewport().findChild(QLineEdit) is not None


async def block_typed_into(stage: Stage) -> None:
    """Two cells are selected, and another number is typed into the first of them."""
    await in_sheet(0)(stage)
    sheet(stage).select_block(0, 1, [Field.COUNT])
    QTest.keyClicks(sheet(stage), "9")
    await stage.hand.see("an editor", lambda: is_typing(stage))


async def block(stage: Stage) -> None:
    await in_sheet(0)(stage)
    sheet(stage).select_block(0, 1, [Field.COUNT])


async def undone(stage: Stage) -> None:
    await in_sheet(1, "Del", "Ctrl+Z")(stage)


def with_clipboard(prepare: Prepare, text: str) -> Prepare:
    async def whole(stage: Stage) -> None:
        await prepare(stage)
        put_on_clipboard(text)

    return whole


def copied(text: str) -> Look:
    return lambda _stage: QApplication.clipboard().text().strip() == text


def are(*texts: str) -> Look:
    return lambda stage: cells(stage) == list(texts)


def at(place: int, column: int) -> Look:
    """The keyboard at so many rows and columns from the contracts of the row in the middle."""
    there = COLUMNS[COLUMNS.index(Field.COUNT) + column]
    return lambda stage: here(stage) == (1 + place, there)


def selected(rows: int, columns: int) -> Look:
    """So many at least of either."""

    def look(stage: Stage) -> bool:
        chosen = sheet(stage).selectionModel().selectedIndexes()
        found = {index.row() for index in chosen}, {index.column() for index in chosen}
        return len(found[0]) >= rows and len(found[1]) >= columns

    return look


def shown(name: str) -> Look:
    def look(stage: Stage) -> bool:
        found = stage.application.window.findChild(QWidget, name)
        return found is not None and found.isVisible()

    return look


def focused(name: str) -> Look:
    return lambda _stage: (focus := QApplication.focusWidget()) is not None and focus.objectName() == name


async def on_a_market(stage: Stage) -> None:
    """The keyboard on the first market of the list, which is not watched."""
    await clean(stage)
    listing = stage.hand.find("finder.tree", FinderList)
    listing.setFocus()
    first = listing.rows.first_market()
    assert first is not None
    listing.setCurrentIndex(listing.rows.index(first))
    await stage.hand.see("the list", listing.hasFocus)
    row = listing.rows.row(first)
    assert row is not None
    if row.is_watched:
        listing.watch_toggled.emit(row.ticker)
        await stage.hand.see("not watched", lambda: not watched(stage))


def watched(stage: Stage) -> bool:
    row = stage.hand.find("finder.tree", FinderList).rows.row(
        stage.hand.find("finder.tree", FinderList).currentIndex().row()
    )
    return row is not None and row.is_watched


async def in_the_price(stage: Stage) -> None:
    await clean(stage)
    stage.hand.type_into("ticket.price", "50")


def price_is(*texts: str) -> Look:
    return lambda stage: stage.hand.text("ticket.price") in texts


SHEET_SEEN: dict[str, tuple[Prepare, Look]] = {
    "watch": (on_a_market, watched),
    "price_step": (in_the_price, price_is("49", "51", "49¢", "51¢")),
    "price_leap": (in_the_price, price_is("40", "60", "40¢", "60¢")),
    "sheet_send": (to_be_sent, working),
    "sheet_edit": (in_sheet(), is_typing),
    "sheet_fill_down": (block, are("5", "5", "7")),
    "sheet_insert": (in_sheet(), lambda stage: len(cells(stage)) == 4),
    "sheet_delete": (in_sheet(), are("5", "7")),
    "sheet_find": (in_sheet(), shown("batch.find")),
    "sheet_replace": (in_sheet(), shown("batch.find.replacement")),
    "sheet_row": (in_sheet(), selected(1, 5)),
    "sheet_column": (in_sheet(), selected(3, 1)),
    "cell_fill": (block_typed_into, are("9", "9", "7")),
    "sheet_copy": (with_clipboard(in_sheet(), "x"), copied("6")),
    "sheet_cut": (in_sheet(), are("5", "", "7")),
    "sheet_paste": (with_clipboard(in_sheet(), "8"), are("5", "8", "7")),
    "sheet_undo": (in_sheet(1, "Del"), are("5", "6", "7")),
    "sheet_redo": (undone, are("5", "", "7")),
    "sheet_clear": (in_sheet(), are("5", "", "7")),
    "sheet_down": (in_sheet(), at(1, 0)),
    "sheet_up": (in_sheet(), at(-1, 0)),
    "sheet_next": (in_sheet(), at(0, 1)),
    "sheet_back": (in_sheet(), at(0, -1)),
    "sheet_leave": (in_sheet(), focused("batch.add")),
}
"""By the action's name: what is made ready, and what is seen once its key was pressed and not before."""
