"""The batch's sheet as a person uses it: typing, moving, blocks, undo, sorting, finding, suggestions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.results import RowEnd
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk_ui.batch.columns import Said, place_of
from tests.ui.batch_ground import FINE, OTHER, TICKER, BatchGround

SHIFT = Qt.KeyboardModifier.ShiftModifier
BOTH = SHIFT | Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ground(qtbot: QtBot) -> BatchGround:
    return BatchGround(qtbot)


def fill(ground: BatchGround, count: int, ticker: str = TICKER, price: int = 39) -> None:
    """Rows that differ in price alone."""
    ground.room.draft.append(
        [
            texts_of(
                {
                    Field.MARKET: ticker,
                    Field.VERB: "Buy Yes",
                    Field.PRICE: str(price - number % price),
                    Field.COUNT: "100",
                }
            )
            for number in range(count)
        ]
    )


def test_a_row_is_typed_cell_by_cell_with_tab_and_enter_begins_the_next(ground: BatchGround) -> None:
    ground.at(0, Field.MARKET)
    ground.type(TICKER)
    ground.key(Qt.Key.Key_Tab)
    ground.type("bn")
    ground.key(Qt.Key.Key_Tab)
    ground.type("55")
    ground.key(Qt.Key.Key_Tab)
    ground.type("100")
    ground.key(Qt.Key.Key_Return)
    cells = [ground.shown(0, column) for column in (Field.MARKET, Field.VERB, Field.PRICE, Field.COUNT)]
    assert cells == ["Fed decision · Cut 25 bp", "Buy No", "55¢", "100"]
    assert ground.shown(0, Said.CHECK) == "Ready"
    assert ground.shown(0, Said.ALL_IN).startswith("$5")
    assert ground.standing() == (1, Field.MARKET), "Enter goes to where the first Tab was pressed"


def test_a_market_is_completed_from_its_words_and_the_ticker_is_written(ground: BatchGround) -> None:
    ground.at(0, Field.MARKET)
    ground.type("nyc 50")
    listed = ground.panel.findChild(QListWidget, "batch.suggestions")
    assert listed is not None
    assert [listed.item(row).text() for row in range(listed.count())] == ["NYC high temp · 50° to 51°"]
    ground.key(Qt.Key.Key_Return)
    assert ground.typed(Field.MARKET) == [OTHER]
    assert ground.shown(0, Field.MARKET) == "NYC high temp · 50° to 51°"


def test_the_arrows_choose_among_suggestions_and_escape_leaves_the_cell_as_it_was(
    ground: BatchGround,
) -> None:
    fill(ground, 1)
    ground.at(0, Field.MARKET)
    ground.type("fed")
    ground.key(Qt.Key.Key_Down)
    ground.key(Qt.Key.Key_Return)
    assert ground.typed(Field.MARKET) == [FINE]
    ground.at(0, Field.MARKET)
    ground.type("nyc")
    ground.key(Qt.Key.Key_Escape)
    ground.key(Qt.Key.Key_Escape)
    assert ground.editor() is None
    assert ground.typed(Field.MARKET) == [FINE]


def test_a_name_as_the_screen_shows_it_is_a_market(ground: BatchGround) -> None:
    fill(ground, 1, ticker="Fed decision · Cut 50 bp", price=3)
    assert ground.shown(0, Said.CHECK) == "Ready"


@pytest.mark.parametrize(
    "typed,meant", [("by", "Buy Yes"), ("bn", "Buy No"), ("sell y", "Sell Yes"), ("SN", "Sell No")]
)
def test_a_side_is_typed_in_short(ground: BatchGround, typed: str, meant: str) -> None:
    fill(ground, 1)
    ground.enter(0, Field.VERB, typed)
    assert ground.shown(0, Field.VERB) == meant


def test_a_double_click_on_a_side_offers_all_four(ground: BatchGround) -> None:
    fill(ground, 1)
    spot = ground.table.visualRect(ground.model.index(0, place_of(Field.VERB))).center()
    QTest.mouseDClick(ground.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    listed = ground.panel.findChild(QListWidget, "batch.suggestions")
    assert listed is not None
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "Buy Yes",
        "Buy No",
        "Sell Yes",
        "Sell No",
    ]
    QTest.mouseClick(
        listed.viewport(), Qt.MouseButton.LeftButton, pos=listed.visualItemRect(listed.item(3)).center()
    )
    assert ground.typed(Field.VERB) == ["Sell No"]


def test_a_cell_left_by_the_mouse_holds_what_was_typed_and_no_guess(ground: BatchGround) -> None:
    fill(ground, 1)
    ground.at(0, Field.MARKET)
    ground.type("fed")
    ground.at(0, Field.COUNT)
    assert ground.typed(Field.MARKET) == ["fed"]
    assert "not among the listed markets" in ground.shown(0, Said.CHECK)


def test_shift_and_arrows_select_a_block(ground: BatchGround) -> None:
    fill(ground, 4)
    ground.at(1, Field.PRICE)
    ground.key(Qt.Key.Key_Down, SHIFT)
    ground.key(Qt.Key.Key_Right, SHIFT)
    assert ground.table.selected_places() == [1, 2]
    assert ground.table.selected_columns() == [Field.PRICE, Field.COUNT]
    ground.key(Qt.Key.Key_Escape)
    assert ground.table.selected_places() == [2]
    ground.key(Qt.Key.Key_Escape)
    assert ground.button("batch.add").hasFocus()


def test_f2_edits_what_is_there_and_typing_replaces_it(ground: BatchGround) -> None:
    fill(ground, 1)
    ground.at(0, Field.COUNT)
    ground.key(Qt.Key.Key_F2)
    ground.key(Qt.Key.Key_End)
    ground.type("0")
    ground.key(Qt.Key.Key_Return)
    assert ground.typed(Field.COUNT) == ["1000"]
    ground.enter(0, Field.COUNT, "7")
    assert ground.typed(Field.COUNT) == ["7"]


def test_the_verdict_follows_each_edit_and_the_bad_cell_is_named(ground: BatchGround) -> None:
    fill(ground, 1, ticker=FINE, price=3)
    ground.enter(0, Field.PRICE, "3.25")
    assert ground.shown(0, Said.CHECK).startswith("Price must be a multiple of 0.1¢ here")
    assert ground.model.held(0).verdict.field is Field.PRICE
    ground.enter(0, Field.PRICE, "3.2")
    assert ground.shown(0, Said.CHECK) == "Ready"


def test_a_block_is_copied_as_spreadsheets_paste_it_and_pasted_below(ground: BatchGround) -> None:
    fill(ground, 2)
    ground.drag((0, Field.MARKET), (1, Field.COUNT))
    ground.ctrl(Qt.Key.Key_C)
    assert QApplication.clipboard().text() == f"{TICKER}\tBuy Yes\t39\t100\n{TICKER}\tBuy Yes\t38\t100\n"
    ground.at(2, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    assert ground.typed(Field.PRICE) == ["39", "38", "39", "38"]


def test_a_quoted_block_from_a_spreadsheet_lands_from_the_current_cell(ground: BatchGround) -> None:
    fill(ground, 1)
    ground.copy(f'"{OTHER}"\tBuy No\t"61"\n{TICKER}\tBuy Yes\t38\n')
    ground.at(0, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    assert ground.typed(Field.MARKET) == [OTHER, TICKER]
    assert ground.typed(Field.PRICE) == ["61", "38"]
    assert ground.typed(Field.COUNT) == ["100", ""]


def test_one_copied_cell_fills_every_selected_one(ground: BatchGround) -> None:
    fill(ground, 4)
    ground.copy("250")
    ground.drag((1, Field.COUNT), (3, Field.COUNT))
    ground.ctrl(Qt.Key.Key_V)
    assert ground.typed(Field.COUNT) == ["100", "250", "250", "250"]


def test_several_cells_are_edited_at_once(ground: BatchGround) -> None:
    fill(ground, 3)
    ground.drag((0, Field.COUNT), (2, Field.COUNT))
    ground.type("40")
    ground.ctrl(Qt.Key.Key_Return)
    assert ground.typed(Field.COUNT) == ["40", "40", "40"]
    assert ground.room.sender.pressed == []
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.COUNT) == ["100", "100", "100"], "one step"


def test_fill_down_copies_the_top_cell(ground: BatchGround) -> None:
    fill(ground, 3)
    ground.drag((0, Field.PRICE), (2, Field.PRICE))
    ground.ctrl(Qt.Key.Key_D)
    assert ground.typed(Field.PRICE) == ["39", "39", "39"]


def test_undo_and_redo_walk_through_every_step(ground: BatchGround) -> None:
    fill(ground, 1)
    for price in ("38", "37", "36"):
        ground.enter(0, Field.PRICE, price)
    ground.at(0, Field.PRICE)
    for expected in ("37", "38", "39"):
        ground.ctrl(Qt.Key.Key_Z)
        assert ground.typed(Field.PRICE) == [expected]
    ground.key(Qt.Key.Key_Z, BOTH)
    assert ground.typed(Field.PRICE) == ["38"]
    assert ground.shown(0, Field.PRICE) == "38¢"


def test_rows_are_inserted_and_deleted_where_the_person_stands(ground: BatchGround) -> None:
    fill(ground, 3)
    ground.at(1, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Plus)
    assert ground.typed(Field.PRICE) == ["39", "", "38", "37"]
    ground.drag((1, Field.PRICE), (2, Field.PRICE))
    ground.ctrl(Qt.Key.Key_Minus)
    assert ground.typed(Field.PRICE) == ["39", "37"]
    assert ground.counts[-1] == 2


def test_delete_empties_cells_and_cut_takes_them_along(ground: BatchGround) -> None:
    fill(ground, 2)
    ground.drag((0, Field.PRICE), (1, Field.PRICE))
    ground.ctrl(Qt.Key.Key_X)
    assert ground.typed(Field.PRICE) == ["", ""]
    assert QApplication.clipboard().text() == "39\n38\n"
    ground.drag((0, Field.COUNT), (1, Field.COUNT))
    ground.key(Qt.Key.Key_Delete)
    assert ground.typed(Field.COUNT) == ["", ""]


def test_a_header_sorts_numbers_as_numbers_and_again_the_other_way(ground: BatchGround) -> None:
    fill(ground, 3, price=10)
    header = ground.table.horizontalHeader()
    at = header.sectionViewportPosition(place_of(Field.PRICE)) + 20
    for expected in (["8", "9", "10"], ["10", "9", "8"]):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 12))
        assert ground.typed(Field.PRICE) == expected
    ground.at(0, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == ["8", "9", "10"], "a sort is a step"


def test_a_header_of_what_is_said_brings_trouble_to_the_top(ground: BatchGround) -> None:
    fill(ground, 3)
    ground.room.draft.edit({(3, Field.PRICE): "none"})
    header = ground.table.horizontalHeader()
    at = header.sectionViewportPosition(place_of(Said.CHECK)) + 20
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 12))
    assert ground.typed(Field.PRICE) == ["none", "39", "38"]
    ground.at(0, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == ["39", "38", "none"]


def test_find_walks_through_the_cells_and_replace_changes_them(ground: BatchGround) -> None:
    fill(ground, 3)
    ground.room.draft.edit({(2, Field.MARKET): OTHER})
    ground.at(0, Field.MARKET)
    ground.ctrl(Qt.Key.Key_H)
    bar = ground.panel.find_bar
    assert bar.isVisible()
    QTest.keyClicks(bar.wanted, "nyc")
    QTest.keyClick(bar.wanted, Qt.Key.Key_Return)
    assert ground.standing() == (1, Field.MARKET)
    assert ground.text("batch.find.message") == "1 of 1"
    bar.wanted.setText("100")
    bar.replacement.setText("60")
    QTest.mouseClick(ground.button("batch.find.replace_all"), Qt.MouseButton.LeftButton)
    assert ground.typed(Field.COUNT) == ["60", "60", "60"]
    assert ground.text("batch.find.message") == "Replaced in 3 cells."
    QTest.keyClick(bar.wanted, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_rare_columns_are_hidden_until_shown_or_in_use(ground: BatchGround) -> None:
    assert not ground.table.is_shown(Field.SUBACCOUNT)
    fill(ground, 1)
    ground.room.draft.edit({(1, Field.SUBACCOUNT): "3"})
    assert ground.table.is_shown(Field.SUBACCOUNT), "what goes into an order is never out of sight"
    assert not ground.table.is_shown(Field.ORDER_GROUP)


def test_one_click_goes_to_the_first_problem_and_the_next_click_to_the_next(ground: BatchGround) -> None:
    fill(ground, 5)
    ground.room.draft.edit({(2, Field.PRICE): "39,5", (4, Field.COUNT): "none"})
    assert ground.text("batch.to_fix") == "2 to fix"
    QTest.mouseClick(ground.button("batch.to_fix"), Qt.MouseButton.LeftButton)
    assert ground.standing() == (1, Field.PRICE)
    QTest.mouseClick(ground.button("batch.to_fix"), Qt.MouseButton.LeftButton)
    assert ground.standing() == (3, Field.COUNT)


def test_letters_and_cancel_keys_in_the_sheet_are_not_the_windows(ground: BatchGround) -> None:
    def is_taken(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str = "") -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)
        event.ignore()
        QApplication.sendEvent(ground.table, event)
        return event.isAccepted()

    plain = Qt.KeyboardModifier.NoModifier
    assert is_taken(Qt.Key.Key_B, plain, "b")
    assert is_taken(Qt.Key.Key_Escape, plain)
    assert is_taken(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not is_taken(Qt.Key.Key_Delete, SHIFT), "cancel this market works everywhere"
    assert not is_taken(Qt.Key.Key_Delete, BOTH), "cancel all works everywhere"
    assert not is_taken(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)


def test_a_row_that_was_sent_cannot_be_typed_over_but_leaves_and_comes_back(ground: BatchGround) -> None:
    fill(ground, 2)
    ground.room.sender.tell({1: (RowEnd.PLACED, "Resting")})
    ground.at(0, Field.PRICE)
    ground.type("11")
    assert ground.editor() is None
    ground.ctrl(Qt.Key.Key_D)
    ground.key(Qt.Key.Key_Delete)
    assert ground.typed(Field.PRICE) == ["39", "38"]
    ground.copy("1\t2\n3\t4\n")
    ground.ctrl(Qt.Key.Key_V)
    assert ground.typed(Field.PRICE) == ["39", "38"]
    assert "stays as it is" in ground.text("batch.message")
    ground.ctrl(Qt.Key.Key_Minus)
    assert ground.typed(Field.PRICE) == ["38"]
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.shown(0, Said.RESULT) == "Resting"


def test_two_thousand_rows_are_the_most_and_nothing_is_lost(ground: BatchGround) -> None:
    fill(ground, 2_000)
    ground.copy("A\tB\nC\tD\n")
    ground.at(1_999, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    assert len(ground.room.draft) == 2_000
    assert "at most 2,000" in ground.text("batch.message")


def test_finding_goes_round_a_long_sheet_and_counts_all_of_it(ground: BatchGround) -> None:
    fill(ground, 900)
    bar = ground.panel.find_bar
    ground.at(0, Field.PRICE)
    ground.ctrl(Qt.Key.Key_F)
    QTest.keyClicks(bar.wanted, "39¢")
    found = [place for place in range(900) if ground.shown(place, Field.PRICE) == "39¢"]
    for number in (2, 3):
        QTest.keyClick(bar.wanted, Qt.Key.Key_Return)
        assert ground.standing() == (found[number - 1], Field.PRICE), "at once"
        ground.qtbot.waitUntil(
            lambda number=number: ground.text("batch.find.message") == f"{number} of {len(found)}"
        )
    for number in (2, 1, len(found)):
        QTest.keyClick(bar.wanted, Qt.Key.Key_Return, SHIFT)
        ground.qtbot.waitUntil(
            lambda number=number: ground.text("batch.find.message") == f"{number} of {len(found)}"
        )
        assert ground.standing() == (found[number - 1], Field.PRICE)
    QTest.keyClicks(bar.wanted, "x")
    QTest.keyClick(bar.wanted, Qt.Key.Key_Return)
    ground.qtbot.waitUntil(lambda: ground.text("batch.find.message") == "Not in the sheet.")
