"""The fields for prices and contracts: stepping along the grid, what is accepted, what is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from pitdesk.quantities import Count, Price, PriceRange, PriceRanges, QuantityError
from pitdesk_ui.widgets.count_edit import CountEdit
from pitdesk_ui.widgets.price_edit import PriceEdit

# Tenths of a cent below 10¢ and above 90¢, whole cents between.
BANDED = PriceRanges(
    (
        PriceRange(Price(0), Price(1_000), Price(10)),
        PriceRange(Price(1_000), Price(9_000), Price(100)),
        PriceRange(Price(9_000), Price(10_000), Price(10)),
    )
)
UP, DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down
SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def price(qtbot) -> PriceEdit:
    edit = PriceEdit("price", "Limit price")
    qtbot.addWidget(edit)
    edit.set_grid(BANDED)
    edit.show()
    return edit


@pytest.fixture
def count(qtbot) -> CountEdit:
    edit = CountEdit("contracts", "Contracts")
    qtbot.addWidget(edit)
    edit.show()
    return edit


@pytest.mark.parametrize(
    "typed, key, modifier, stepped",
    [
        ("42", UP, PLAIN, "43¢"),
        ("42", DOWN, PLAIN, "41¢"),
        ("42", UP, SHIFT, "52¢"),
        ("10", DOWN, PLAIN, "9.9¢"),
        ("9.9", UP, PLAIN, "10¢"),
        ("9.9", UP, SHIFT, "19¢"),
        ("90", UP, PLAIN, "90.1¢"),
        ("$0.42", UP, PLAIN, "43¢"),
        ("42.5", UP, PLAIN, "43¢"),
        ("42.5", DOWN, PLAIN, "42¢"),
        ("99.9", UP, PLAIN, "99.9¢"),
        ("0.1", DOWN, SHIFT, "0.1¢"),
        ("95", UP, SHIFT, "96¢"),
        ("", UP, PLAIN, ""),
        ("abc", UP, PLAIN, "abc"),
    ],
)
def test_the_arrows_step_along_the_grid_and_never_off_it(qtbot, price, typed, key, modifier, stepped):
    price.setText(typed)
    qtbot.keyClick(price, key, modifier)
    assert price.text() == stepped


@pytest.mark.parametrize("typed", ["42", "42¢", " 42 ", "$0.42", "42c", "42.00"])
def test_a_price_may_be_typed_in_cents_or_dollars(qtbot, price, typed):
    qtbot.keyClicks(price, typed)
    assert price.price() == Price.from_cents(42)


def test_a_price_that_cannot_be_read_stays_as_typed(qtbot, price):
    qtbot.keyClicks(price, "42,5")
    with pytest.raises(QuantityError, match="can be read two ways"):
        price.price()
    assert price.text() == "42,5"


def wheel(edit: PriceEdit | CountEdit) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(edit.mapToGlobal(QPoint(5, 5))),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(edit, event)


def test_the_wheel_changes_neither_price_nor_contracts(price, count):
    price.setText("42")
    count.setText("100")
    for edit in (price, count):
        edit.setFocus()
        wheel(edit)
    assert (price.text(), count.text()) == ("42", "100")


@pytest.mark.parametrize(
    "typed, key, modifier, stepped",
    [
        ("100", UP, PLAIN, "101"),
        ("100", DOWN, SHIFT, "90"),
        ("1", DOWN, PLAIN, "1"),
        ("5", DOWN, SHIFT, "5"),
        ("2.5", UP, PLAIN, "3.5"),
        ("", UP, PLAIN, "1"),
        ("", DOWN, PLAIN, ""),
        ("9 9", UP, PLAIN, "9 9"),
        ("1500", UP, PLAIN, "1501"),
    ],
)
def test_the_arrows_step_contracts_and_never_to_zero(qtbot, count, typed, key, modifier, stepped):
    count.setText(typed)
    qtbot.keyClick(count, key, modifier)
    assert count.text() == stepped


def test_a_great_count_is_shown_so_that_it_can_be_read_again(count):
    count.set_count(Count.of(12_345))
    assert count.text() == "12345"
    assert count.count() == Count.of(12_345)
