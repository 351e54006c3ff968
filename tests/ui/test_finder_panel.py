"""Finding a market as the person does: typing, chips, arrows, clicks, the star; quotes that stay live."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from pitdesk.markets import Event, Quote
from pitdesk.quantities import Price
from pitdesk_ui.finder.listing import indent_of, price_cells
from pitdesk_ui.finder.panel import FinderPanel
from pitdesk_ui.finder.presenter import FinderPresenter
from pitdesk_ui.finder.rows import FinderQuery, FinderRows, RowKind, RowWords, nothing_found
from pitdesk_ui.theme import BODY_PX, font, load_fonts
from tests.conftest import RunAsync
from tests.ui.market_desk import CUT, FED, HOLD, TEMP, WARM, MarketDesk, until


@pytest.fixture
def panel(qtbot: QtBot) -> FinderPanel:
    made = FinderPanel()
    qtbot.addWidget(made)
    made.resize(300, 560)
    made.show()
    return made


def texts(panel: FinderPanel) -> list[str]:
    rows = panel.listing.rows
    return [rows.data(rows.index(number)) for number in range(rows.rowCount())]


def place(panel: FinderPanel, index: QModelIndex, x: int = 80) -> QPoint:
    return QPoint(x, panel.listing.visualRect(index).center().y())


def click(qtbot: QtBot, panel: FinderPanel, number: int, x: int = 80) -> None:
    index = panel.listing.rows.index(number)
    qtbot.mouseClick(panel.listing.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, index, x))


def chip(panel: FinderPanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, f"finder.category.{name}")
    assert isinstance(found, QPushButton)
    return found


class Scene:
    """A finder panel on a small desk."""

    def __init__(self, panel: FinderPanel, folder: Path) -> None:
        self.panel = panel
        self.desk = MarketDesk(folder)
        self.presenter: FinderPresenter | None = None

    async def __aenter__(self) -> "Scene":
        self.presenter = FinderPresenter(
            panel=self.panel, finder=self.desk.finder, market_data=self.desk.market_data
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.desk.close(self.presenter)


ALL = ["Fed decision · Dec 2026", "Cut 25 bp", "Hold", "NYC high temp · Nov 21", "52° or above"]


def test_typing_filters_and_clearing_brings_all_back(
    qtbot: QtBot, panel: FinderPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with Scene(panel, tmp_path) as stage:
            assert panel.message == "Loading the markets…"
            await stage.desk.open()
            assert texts(panel) == ALL
            qtbot.keyClicks(panel.search, "hold fed")
            assert texts(panel) == ["Fed decision · Dec 2026", "Hold"]
            qtbot.keyClicks(panel.search, "x")
            assert panel.message == "No market matches “hold fedx”."
            qtbot.mouseClick(panel.findChild(QPushButton, "finder.reset"), Qt.MouseButton.LeftButton)
            assert panel.message == ""
            assert texts(panel) == ALL
            qtbot.keyClicks(panel.search, "nyc")
            qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
            assert texts(panel) == ALL

    run_async(scene())


def test_categories_and_the_watchlist_narrow_the_list(
    qtbot: QtBot, panel: FinderPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with Scene(panel, tmp_path) as stage:
            await stage.desk.open()
            chip(panel, "Climate").click()
            assert texts(panel) == ALL[3:]
            chip(panel, "Economics").click()
            assert texts(panel) == ALL[:3]
            assert not chip(panel, "Climate").isChecked(), "one category at a time"
            chip(panel, "Watchlist").click()
            assert "Nothing on your watchlist in Economics." in panel.message
            qtbot.mouseClick(panel.findChild(QPushButton, "finder.reset"), Qt.MouseButton.LeftButton)
            assert texts(panel) == ALL
            click(qtbot, panel, 2, x=12)
            assert stage.desk.finder.is_watched(HOLD)
            chip(panel, "Watchlist").click()
            assert texts(panel) == ["Fed decision · Dec 2026", "Hold"]

    run_async(scene())


def test_a_click_chooses_a_market_and_folds_an_event(
    qtbot: QtBot, panel: FinderPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with Scene(panel, tmp_path) as stage:
            await stage.desk.open()
            with qtbot.waitSignal(panel.market_chosen) as chosen:
                click(qtbot, panel, 2)
            assert chosen.args == [HOLD]
            click(qtbot, panel, 0)
            assert texts(panel) == [ALL[0], *ALL[3:]]
            qtbot.keyClicks(panel.search, "hold")
            assert texts(panel) == ["Fed decision · Dec 2026", "Hold"], "a search opens what was folded"

    run_async(scene())


def test_all_by_keyboard(qtbot: QtBot, panel: FinderPanel, run_async: RunAsync, tmp_path: Path) -> None:
    async def scene() -> None:
        async with Scene(panel, tmp_path) as stage:
            await stage.desk.open()
            chosen: list[str] = []
            panel.market_chosen.connect(chosen.append)
            panel.focus_search()
            qtbot.keyClick(panel.search, Qt.Key.Key_Return)
            assert chosen == [], "Enter without a search chooses nothing"
            qtbot.keyClick(panel.search, Qt.Key.Key_Down)
            assert panel.listing.currentIndex().row() == 1, "the first market, not its event"
            qtbot.keyClick(panel.listing, Qt.Key.Key_Down)
            qtbot.keyClick(panel.listing, Qt.Key.Key_Return)
            assert chosen == [HOLD]
            qtbot.keyClick(panel.listing, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
            assert stage.desk.finder.is_watched(HOLD)
            assert panel.listing.currentIndex().row() == 2, "the keyboard stays on its row"
            qtbot.keyClicks(panel.listing, "x")
            assert panel.search.text() == "", "letters are the window's keys in the list"
            panel.focus_search()
            qtbot.keyClicks(panel.search, "nyc")
            qtbot.keyClick(panel.search, Qt.Key.Key_Return)
            assert chosen == [HOLD, WARM]
            qtbot.keyClick(panel.search, Qt.Key.Key_Down)
            qtbot.keyClick(panel.listing, Qt.Key.Key_Up)
            qtbot.keyClick(panel.listing, Qt.Key.Key_Left)
            assert texts(panel) == ALL[3:], "a search keeps events open"

    run_async(scene())


def test_only_changed_rows_in_sight_are_painted_anew(
    qtbot: QtBot, panel: FinderPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with Scene(panel, tmp_path) as stage:
            await stage.desk.open()
            told: list[int] = []
            panel.listing.rows.dataChanged.connect(lambda first, last, roles: told.append(first.row()))
            await until(lambda: len(told) == 3)
            told.clear()
            stage.desk.exchange.quote_said.emit((HOLD, Quote(Price(950), Price(1_200))))
            await until(lambda: bool(told))
            assert told == [2]
            index = panel.listing.rows.index_like(RowKind.MARKET, HOLD)
            words = panel.listing.rows.data(index, Qt.ItemDataRole.AccessibleTextRole)
            assert words == "Hold, bid 9.5¢, ask 12¢"

    run_async(scene())


def test_rows_out_of_sight_cost_nothing(panel: FinderPanel) -> None:
    markets = tuple(replace(FED.markets[0], ticker=f"KX-{number}") for number in range(1_000))
    words = RowWords(lambda event: event.title, lambda ticker: ticker, lambda ticker: False)
    panel.show_rows(FinderRows((replace(FED, markets=markets),), frozenset(), words), keep_place=False)
    told: list[int] = []
    panel.listing.rows.dataChanged.connect(lambda first, last, roles: told.append(first.row()))
    panel.tell_quotes({"KX-0", "KX-900"})
    assert told == [1]


def test_stale_quotes_are_greyed_and_said(panel: FinderPanel) -> None:
    panel.show_stale("Quotes are 23 s old.")
    assert panel.listing.is_stale
    panel.show_stale("")
    assert not panel.listing.is_stale


def test_the_menu_offers_the_market_its_star_and_its_ticker(
    qtbot: QtBot, panel: FinderPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with Scene(panel, tmp_path) as stage:
            await stage.desk.open()
            position = place(panel, panel.listing.rows.index_like(RowKind.MARKET, CUT))
            panel.listing.customContextMenuRequested.emit(position)
            menu = panel.findChild(QMenu)
            assert isinstance(menu, QMenu)
            entries = {action.text().partition("\t")[0]: action for action in menu.actions()}
            assert list(entries) == ["Show this market", "Put on the watchlist", "Copy the ticker"]
            entries["Put on the watchlist"].trigger()
            assert stage.desk.finder.is_watched(CUT)
            entries["Copy the ticker"].trigger()
            assert QGuiApplication.clipboard().text() == CUT
            with qtbot.waitSignal(panel.market_chosen):
                entries["Show this market"].trigger()
            menu.close()

    run_async(scene())


@pytest.mark.parametrize(
    "query, words, button",
    [
        (FinderQuery("a b ", "Climate"), "No market matches “a b” in Climate.", "Clear the search"),
        (FinderQuery("", "Climate"), "No open market in Climate.", "Show all markets"),
        (FinderQuery("x", None, True), "No market matches “x” on your watchlist.", "Clear the search"),
        (FinderQuery(), "The exchange lists no open market now.", ""),
    ],
)
def test_an_empty_list_says_why_and_the_way_out(query: FinderQuery, words: str, button: str) -> None:
    message = nothing_found(query)
    assert (message.text, message.button) == (words, button)


def test_chips_wrap_and_fold_what_does_not_fit_into_two_rows(qtbot: QtBot, panel: FinderPanel) -> None:
    names = ["Economics", "Politics", "Climate", "Crypto", "Sports", "Companies", "World", "Science"]
    panel.resize(240, 560)
    panel.chips.show_categories(names)
    visible = [name for name in names if chip(panel, name).isVisible()]
    assert 0 < len(visible) < len(names)
    folded_height = panel.chips.height()
    chip(panel, "More").click()
    assert all(chip(panel, name).isVisible() for name in names)
    assert panel.chips.height() > folded_height
    right_most = max(chip(panel, name).geometry().right() for name in names)
    assert right_most < panel.chips.width(), "none is cut off"


@pytest.mark.parametrize("folded", [frozenset(), frozenset({FED.ticker})])
def test_rows_are_found_where_they_are(folded: frozenset[str]) -> None:
    words = RowWords(lambda event: event.title, lambda ticker: ticker, lambda ticker: ticker == HOLD)
    empty = Event("E", "S", "Empty", "", "x", False)
    rows = FinderRows((empty, FED, TEMP), folded, words)
    made = [rows.row(number) for number in range(len(rows))]
    assert [row is not None for row in made] == [True] * len(rows)
    for number, row in enumerate(made):
        assert row is not None
        assert rows.find(row.kind, row.ticker) == number
    assert rows.row(len(rows)) is None
    assert rows.find(RowKind.MARKET, CUT) == (None if folded else 2)
    assert rows.first_market() == (3 if folded else 2)


def test_the_model_keeps_qts_rules(panel: FinderPanel, qtmodeltester: ModelTester) -> None:
    words = RowWords(lambda event: event.title, lambda ticker: ticker, lambda ticker: False)
    panel.show_rows(FinderRows((FED, TEMP), frozenset(), words), keep_place=False)
    qtmodeltester.check(panel.listing.rows)


def test_on_a_usual_screen_a_market_s_name_is_whole(qapp):
    """The finder beside the others on a screen 1,440 pixels wide, its scroll bar shown."""
    load_fonts()
    line = QRect(0, 0, 232, 21)
    bid, _ = price_cells(line)
    name = QFontMetrics(font(BODY_PX)).horizontalAdvance("$100,000 or above")
    assert bid.left() - indent_of(line) - 2 >= name
