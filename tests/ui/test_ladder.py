"""The ladder as the person uses it: rows, picks, own orders, staleness, keys, and that it stays put."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter, BlotterRow
from pitdesk.orders import BookSide, OrderStatus
from pitdesk.quantities import Count, Price, PriceRange, PriceRanges
from pitdesk_ui.ladder.painting import ROW_HEIGHT, column_rects
from pitdesk_ui.ladder.panel import LadderPanel
from pitdesk_ui.ladder.presenter import LadderPresenter
from pitdesk_ui.ladder.rows import (
    LadderPicture,
    OwnOrder,
    age_words,
    center_row,
    chips_of,
    headline,
    ladder_prices,
    nearest_row,
    touch_words,
)
from tests.conftest import RunAsync
from tests.ui.desk_ground import OTHER, TICKER, PlainFinder, PlainMarketData, PlainPortfolio, order
from tests.ui.market_desk import BANDED, CENT, CUT, FED, HOLD, TENTH, MarketDesk, book, market, until

DEEP = ({4_100: 1_049, 4_000: 286, 3_900: 1_518}, {4_300: 1_094, 4_400: 1_645})


def picture(grid: PriceRanges = CENT, bids: Any = DEEP[0], asks: Any = DEEP[1], **more: Any) -> LadderPicture:
    held = book("KX", bids, asks)
    prices, stray = ladder_prices(market("KX-1", "", "", grid, 100, 200), (*held.bids, *held.asks))
    facts: dict[str, Any] = {"fresh": True, "last": Price(4_200), "waiting": ""}
    return LadderPicture("KX", prices, grid, stray, held, **{**facts, **more})


@pytest.fixture
def panel(qtbot: QtBot) -> LadderPanel:
    made = LadderPanel()
    qtbot.addWidget(made)
    made.resize(360, 560)
    made.show()
    return made


def shown(panel: LadderPanel, what: LadderPicture) -> None:
    panel.show_ladder(what, headline(None, what))


def middle_of(panel: LadderPanel, price: Price, column: int) -> QPoint:
    row = panel.grid.row_rect(price)
    return QPoint(column_rects(row.width(), 0, ROW_HEIGHT)[column].center().x(), row.center().y())


def click(
    qtbot: QtBot, panel: LadderPanel, price: Price, column: int, button: Any = Qt.MouseButton.LeftButton
) -> None:
    qtbot.mouseClick(panel.grid.viewport(), button, pos=middle_of(panel, price, column))


def test_a_picked_row_gives_its_price_and_the_side_of_its_column(qtbot: QtBot, panel: LadderPanel) -> None:
    shown(panel, picture())
    picked: list[tuple[Price, BookSide | None]] = []
    panel.price_picked.connect(lambda price, side: picked.append((price, side)))
    for price, column in ((4_100, 1), (4_200, 2), (4_400, 3)):
        click(qtbot, panel, Price(price), column)
    assert picked == [
        (Price(4_100), BookSide.BID),
        (Price(4_200), None),
        (Price(4_400), BookSide.ASK),
    ]


@pytest.mark.parametrize(
    "grid, bids, asks, wanted, text",
    [
        (BANDED, {940: 5}, {1_100: 5}, 950, "9.5¢"),
        (BANDED, {940: 5}, {1_100: 5}, 1_000, "10.0¢"),
        (BANDED, {940: 5}, {1_100: 5}, 1_100, "11¢"),
        (TENTH, {320: 5}, {340: 5}, 330, "3.3¢"),
        (TENTH, {320: 5}, {340: 5}, 300, "3.0¢"),
    ],
)
def test_rows_follow_the_bands_of_the_grid(
    qtbot: QtBot, panel: LadderPanel, grid: PriceRanges, bids: Any, asks: Any, wanted: int, text: str
) -> None:
    shown(panel, picture(grid, bids, asks))
    with qtbot.waitSignal(panel.price_picked) as caught:
        click(qtbot, panel, Price(wanted), 2)
    assert caught.args == [Price(wanted), None]
    assert panel.grid.picture.price_text(Price(wanted)) == text
    assert list(panel.grid.picture.prices) == sorted(grid.prices(), reverse=True)


@pytest.mark.parametrize(
    "how, reason",
    [
        (
            {"fresh": False, "age_s": 23.0},
            "The book is 23 s old. Prices can be picked once it is live again.",
        ),
        ({"tradable": False}, "This market takes no orders now."),
        ({"book": None, "fresh": False}, "There is no book yet. Prices can be picked once it has arrived."),
    ],
)
def test_what_cannot_be_trusted_is_not_picked_and_says_why(
    qtbot: QtBot, panel: LadderPanel, how: dict[str, Any], reason: str
) -> None:
    shown(panel, replace(picture(), **how))
    where = panel.grid.row_rect(Price(4_100))
    with qtbot.assertNotEmitted(panel.price_picked):
        click(qtbot, panel, Price(4_100), 1)
    assert panel.said == reason
    assert panel.grid.row_rect(Price(4_100)) == where, "saying so moves nothing under the pointer"
    shown(panel, picture())
    assert panel.said == "", "the refusal goes when its reason goes"
    with qtbot.waitSignal(panel.price_picked):
        click(qtbot, panel, Price(4_100), 1)


def test_a_stale_book_says_its_age_in_the_header(panel: LadderPanel) -> None:
    shown(panel, picture())
    assert panel.caption.text() == "Spread 2¢  ·  last 42¢"
    shown(panel, picture(fresh=False, age_s=130))
    assert panel.caption.text() == "Stale · 2 min old"
    assert "The book is 2 min old." in panel.grid.accessibleDescription()


def test_nothing_but_the_person_moves_the_rows(qtbot: QtBot, panel: LadderPanel) -> None:
    shown(panel, picture())
    where = panel.grid.row_rect(Price(4_200)).top()
    assert abs(where - panel.grid.viewport().height() // 2) <= ROW_HEIGHT, "the touch opens in the middle"
    moved = picture(bids={6_000: 5}, asks={6_200: 5}, last=Price(6_100))
    shown(panel, moved)
    assert panel.grid.row_rect(Price(4_200)).top() == where
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Space)
    assert abs(panel.grid.row_rect(Price(6_100)).top() - panel.grid.viewport().height() // 2) <= ROW_HEIGHT


def test_another_market_opens_on_its_own_touch(panel: LadderPanel) -> None:
    shown(panel, picture())
    shown(panel, replace(picture(bids={8_000: 5}, asks={8_200: 5}), ticker="OTHER"))
    assert abs(panel.grid.row_rect(Price(8_100)).top() - panel.grid.viewport().height() // 2) <= ROW_HEIGHT


def test_the_middle_price_stays_there_when_the_panel_shrinks(panel: LadderPanel) -> None:
    shown(panel, picture())
    panel.resize(300, 330)
    assert (
        abs(panel.grid.row_rect(Price(4_200)).top() - panel.grid.viewport().height() // 2) <= 2 * ROW_HEIGHT
    )


def test_the_wheel_scrolls_and_picks_nothing(qtbot: QtBot, panel: LadderPanel) -> None:
    shown(panel, picture())
    before = panel.grid.row_rect(Price(4_200)).top()
    place = QPointF(middle_of(panel, Price(4_200), 2))
    turn = QWheelEvent(
        place,
        QPointF(panel.grid.viewport().mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.assertNotEmitted(panel.price_picked):
        QApplication.sendEvent(panel.grid.viewport(), turn)
    assert panel.grid.row_rect(Price(4_200)).top() > before


def test_a_double_click_picks_once(qtbot: QtBot, panel: LadderPanel) -> None:
    shown(panel, picture())
    picked: list[Price] = []
    panel.price_picked.connect(lambda price, side: picked.append(price))
    place = middle_of(panel, Price(4_100), 1)
    qtbot.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert picked == [Price(4_100)]


def test_arrows_walk_the_rows_and_enter_picks(qtbot: QtBot, panel: LadderPanel) -> None:
    shown(panel, picture())
    panel.grid.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel.grid, Qt.Key.Key_Down)
    assert panel.grid.focused_price == Price(4_000)
    assert "Yes at 40¢, 286 bid" in panel.grid.accessibleDescription()
    with qtbot.waitSignal(panel.price_picked) as caught:
        qtbot.keyClick(panel.grid, Qt.Key.Key_Return)
    assert caught.args == [Price(4_000), None]
    qtbot.keyClick(panel.grid, Qt.Key.Key_Home)
    assert panel.grid.focused_price == Price(9_900)
    assert panel.grid.row_rect(Price(9_900)).top() == 0, "the row is brought into sight"


def test_right_click_on_an_own_chip_asks_to_cancel_just_those(qtbot: QtBot, panel: LadderPanel) -> None:
    own = chips_of(
        [
            OwnOrder("a", BookSide.BID, Price(4_000), Count.of(100), Count.of(1_240)),
            OwnOrder("b", BookSide.BID, Price(4_000), Count.of(50), Count.of(900)),
            OwnOrder("c", BookSide.ASK, Price(4_500), Count.of(60)),
        ]
    )
    shown(panel, picture(chips=own))
    chip = panel.grid.picture.chips[(BookSide.BID, Price(4_000))]
    assert chip.words() == "Your bid: 150 contracts at 40¢ in 2 orders, 900 ahead in the queue"
    asked: list[tuple[str, ...]] = []
    panel.cancel_requested.connect(asked.append)
    for price, column in ((4_000, 0), (4_000, 2), (4_500, 1), (4_500, 4), (4_200, 2)):
        click(qtbot, panel, Price(price), column, Qt.MouseButton.RightButton)
    assert asked == [("a", "b"), ("a", "b"), ("c",), ("c",)], "anywhere in the row, and only that row's"


def test_a_level_off_the_grid_stays_in_sight_but_is_not_picked(qtbot: QtBot, panel: LadderPanel) -> None:
    shown(panel, picture(bids={4_150: 7}, asks={4_300: 5}))
    assert Price(4_150) in panel.grid.picture.prices
    with qtbot.assertNotEmitted(panel.price_picked):
        click(qtbot, panel, Price(4_150), 1)
    assert panel.said == "41.5¢ is no longer a price of this market."


def test_a_grid_of_thousands_paints_only_what_is_in_sight(panel: LadderPanel) -> None:
    finest = PriceRanges((PriceRange(Price(0), Price(10_000), Price(1)),))
    shown(panel, picture(finest))
    assert len(panel.grid.picture.prices) == 9_999
    assert len(panel.grid._rows_in_sight()) < 40
    assert not panel.grid.grab().isNull()


@pytest.mark.parametrize(
    "bids, asks, words", [({}, {4_300: 5}, "No bids"), ({4_100: 5}, {}, "No asks"), ({}, {}, "Empty book")]
)
def test_an_empty_side_is_said(bids: Any, asks: Any, words: str) -> None:
    assert headline(None, picture(bids=bids, asks=asks, last=None)) == words


def test_the_touch_is_told_in_a_sentence() -> None:
    assert touch_words(picture()) == "Best bid 41¢ for 1,049, best ask 43¢ for 1,094."
    assert touch_words(picture(bids={}, asks={})) == "No bids, no asks."


@pytest.mark.parametrize("seconds, words", [(0.4, "0 s"), (89, "89 s"), (120, "2 min"), (7_300, "2 h")])
def test_ages_are_short(seconds: float, words: str) -> None:
    assert age_words(seconds) == words


def test_the_nearest_row_is_found_between_rows() -> None:
    prices = tuple(sorted(CENT.prices(), reverse=True))
    for wanted, expected in ((4_240, 4_200), (4_260, 4_300), (9_999, 9_900), (1, 100), (4_200, 4_200)):
        assert prices[nearest_row(prices, Price(wanted))] == Price(expected)
    assert center_row(LadderPicture()) is None


def test_the_presenter_follows_the_desk(
    qtbot: QtBot, panel: LadderPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        desk = MarketDesk(tmp_path)
        await desk.open()
        ladder = LadderPresenter(
            panel=panel,
            market_data=desk.market_data,
            blotter=desk.blotter,
            finder=desk.finder,
            portfolio=PlainPortfolio(),  # type: ignore[arg-type]
        )
        ladder.show_market(CUT)
        assert desk.exchange.watched == {CUT}
        assert panel.said == "Waiting for the book…"
        desk.say_book(CUT, *DEEP)
        desk.say_own("o1", CUT, BookSide.BID, 4_000, 100)
        await until(lambda: panel.grid.picture.fresh and bool(panel.grid.picture.chips))
        assert panel.caption.text() == "Spread 2¢  ·  last 41¢"
        assert panel.grid.picture.chips[(BookSide.BID, Price(4_000))].keys == ("o1",)
        desk.exchange.book_lost.emit(CUT)
        await until(lambda: panel.caption.text().startswith("Stale"))
        ladder.show_market(HOLD)
        assert desk.exchange.watched == {HOLD}
        assert panel.grid.picture.chips == {}
        assert len(panel.grid.picture.prices) == len(list(FED.markets[1].price_ranges.prices()))
        await desk.close(ladder)
        assert desk.exchange.watched == frozenset()

    run_async(scene())


class _CountingBlotter(Blotter):
    """Counts how often somebody went through the own orders of a market."""

    walks = 0

    def own_orders(self, ticker: str) -> list[BlotterRow]:
        self.walks += 1
        return super().own_orders(ticker)


def test_changes_of_other_markets_cost_the_ladder_nothing(qtbot: QtBot, panel: LadderPanel) -> None:
    blotter = _CountingBlotter()
    ladder = LadderPresenter(
        panel=panel,
        market_data=PlainMarketData(),  # type: ignore[arg-type]
        blotter=blotter,
        finder=PlainFinder(),  # type: ignore[arg-type]
        portfolio=PlainPortfolio(),  # type: ignore[arg-type]
    )
    ladder.show_market(TICKER)
    blotter.walks = 0
    for number in range(50):
        blotter.apply_order(order(f"other-{number}", 40, 100, ticker=OTHER))
        blotter.flush()
    assert blotter.walks == 0
    placed = order("o1", 40, 100)
    blotter.apply_order(placed)
    blotter.flush()
    assert (blotter.walks, len(panel.grid.picture.chips)) == (1, 1)
    over = replace(placed, status=OrderStatus.CANCELED, remaining_count=Count.of(0), updated_ms=2**43)
    blotter.apply_order(over)
    blotter.flush()
    assert (blotter.walks, len(panel.grid.picture.chips)) == (2, 0)
    ladder.close()
