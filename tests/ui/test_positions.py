"""The Positions tab: results net of fees, orders that close or turn a position, and each event's outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter
from pitdesk.markets import Event, Position
from pitdesk.orders import BookSide, Verb
from pitdesk.quantities import DOLLARS_ZERO, Count, Dollars
from pitdesk_ui.portfolio.positions_panel import PositionsPanel
from pitdesk_ui.portfolio.positions_presenter import PositionsPresenter
from pitdesk_ui.widgets.data_table import DataTable
from tests.ui.desk_ground import OTHER, TICKER, PlainFinder, PlainMarketData, PlainPortfolio, order

HOLD = "KXFEDDECISION-26DEC-H0"


class ListingFinder(PlainFinder):
    """The Fed decision is an event of which one market comes true."""

    def event_of(self, ticker: str) -> Event | None:
        event = ticker.rpartition("-")[0]
        return Event(event, "", f"Event {event}", "", "", mutually_exclusive=event.startswith("KXFED"))

    def outcome_label(self, ticker: str) -> str:
        return ticker.rpartition("-")[2]


class MarkedPortfolio(PlainPortfolio):
    """Positions that would bring what the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Dollars] = {}

    def value_of(self, ticker: str) -> Dollars | None:
        return self.values.get(ticker)

    def have(self, ticker: str, count: int, exposure: str, value: str = "", fees: str = "0") -> None:
        paid = Dollars.from_wire(exposure)
        self.positions[ticker] = Position(
            ticker, Count.of(count), paid, DOLLARS_ZERO, Dollars.from_wire(fees), DOLLARS_ZERO
        )
        if value:
            self.values[ticker] = Dollars.from_wire(value)
        self.changed.emit(None)


class Ground:
    """40 Yes of one market, 20 No of another."""

    def __init__(self, qtbot: QtBot) -> None:
        self.portfolio, self.blotter = MarkedPortfolio(), Blotter()
        self.portfolio.have(TICKER, 40, "15.80", "16.40", fees="0.50")
        self.portfolio.have(OTHER, -20, "12.00", "11.00")
        self.filled: list[tuple[str, Verb, Count]] = []
        self.panel = PositionsPanel()
        qtbot.addWidget(self.panel)
        self.panel.resize(1200, 300)
        self.presenter = PositionsPresenter(
            panel=self.panel,
            portfolio=self.portfolio,  # type: ignore[arg-type]
            market_data=PlainMarketData(),  # type: ignore[arg-type]
            finder=ListingFinder(),  # type: ignore[arg-type]
            blotter=self.blotter,
            fill_ticket=lambda *words: self.filled.append(words),
        )
        self.panel.show()

    def button(self, name: str) -> QPushButton:
        found = self.panel.findChild(QPushButton, name)
        assert found is not None
        return found


def lines(table: DataTable[object]) -> list[list[str]]:
    """What is in sight, line by line; a heading is one text."""
    model = table.rows
    found = []
    for row in range(model.rowCount()):
        heading = model.heading_at(row)
        cells = [model.index(row, column).data() for column in table.choice.in_sight()]
        found.append(cells if heading is None else [heading])
    return found


@pytest.fixture
def ground(qtbot: QtBot) -> Iterator[Ground]:
    made = Ground(qtbot)
    yield made
    made.presenter.close()


def test_a_row_tells_what_is_held_and_the_result_net_of_fees(ground: Ground) -> None:
    cells = ["40 Yes", "39.5¢", "$15.80", "$16.40", "+$0.60", "$0.00", "$0.50", "+$0.10"]
    assert lines(ground.panel.table)[0] == ["Fed decision · Cut 25 bp", *cells]
    totals = [label.text() for label in ground.panel.findChildren(QLabel)]
    assert "2 held   ·   worth $27.40   ·   result −$0.90" in totals


def test_where_nobody_bids_there_is_no_result(ground: Ground) -> None:
    del ground.portfolio.values[TICKER]
    ground.portfolio.changed.emit(None)
    assert lines(ground.panel.table)[0][-1] == "—"


@pytest.mark.parametrize(
    "name, ticker, expected",
    [
        ("positions.close", TICKER, (TICKER, Verb.SELL_YES, Count.of(40))),
        ("positions.reverse", TICKER, (TICKER, Verb.SELL_YES, Count.of(80))),
        ("positions.close", OTHER, (OTHER, Verb.SELL_NO, Count.of(20))),
        ("positions.reverse", OTHER, (OTHER, Verb.SELL_NO, Count.of(40))),
    ],
)
def test_close_and_reverse_fill_the_ticket(
    ground: Ground, qtbot: QtBot, name: str, ticker: str, expected: tuple[str, Verb, Count]
) -> None:
    assert not ground.button(name).isEnabled(), "there is nothing selected"
    ground.panel.table.select_keys([ticker], current=ticker)
    qtbot.mouseClick(ground.button(name), Qt.MouseButton.LeftButton)
    assert ground.filled == [expected]


def test_of_several_positions_none_is_meant(ground: Ground) -> None:
    ground.panel.table.select_keys([TICKER, OTHER], current=TICKER)
    assert not ground.button("positions.close").isEnabled()


def test_by_event_each_outcome_tells_its_result_as_held_and_with_orders_filled(
    ground: Ground, qtbot: QtBot
) -> None:
    ground.portfolio.have(HOLD, -10, "4.80")
    ground.blotter.apply_order(order("o1", 38, 100))
    ground.blotter.apply_order(order("o2", 70, 10, ticker=OTHER, book_side=BookSide.ASK))
    ground.blotter.flush()
    qtbot.mouseClick(ground.button("positions.by_event"), Qt.MouseButton.LeftButton)
    assert lines(ground.panel.events) == [
        [
            "Event KXFEDDECISION-26DEC\nat worst −$21.10  ·  at best +$28.90"
            "  ·  with working orders −$59.10 to +$90.90"
        ],
        ["C25", "40 Yes", "100 Yes", "+$28.90", "+$90.90"],
        ["H0", "10 No", "—", "−$21.10", "−$59.10"],
        ["Any other, or none", "—", "—", "−$11.10", "−$49.10"],
        [
            "Event KXHIGHNY-26NOV21\nat worst −$12.00  ·  at best +$8.00"
            "  ·  with working orders −$15.00 to +$15.00"
        ],
        ["B50.5: Yes", "20 No", "10 No", "−$12.00", "−$15.00"],
        ["B50.5: No", "20 No", "10 No", "+$8.00", "+$15.00"],
    ]


def test_the_events_follow_orders_and_positions(ground: Ground, qtbot: QtBot) -> None:
    qtbot.mouseClick(ground.button("positions.by_event"), Qt.MouseButton.LeftButton)
    before = lines(ground.panel.events)
    ground.blotter.apply_order(order("o1", 38, 100))
    ground.blotter.flush()
    assert lines(ground.panel.events) != before
    del ground.portfolio.positions[OTHER]
    ground.portfolio.changed.emit(None)
    assert not [line for line in lines(ground.panel.events) if "HIGHNY" in line[0]]
    held = ground.portfolio.positions[TICKER]
    ground.portfolio.positions[TICKER] = replace(held, count=Count.of(50))
    ground.portfolio.changed.emit(None)
    assert lines(ground.panel.events)[1][1] == "50 Yes"


def test_view_and_export_are_about_the_table_in_front(ground: Ground, qtbot: QtBot) -> None:
    assert ground.panel.arranged is ground.panel.table
    qtbot.mouseClick(ground.button("positions.by_event"), Qt.MouseButton.LeftButton)
    assert ground.panel.arranged is ground.panel.events
    assert ground.panel.rows_table is ground.panel.events
