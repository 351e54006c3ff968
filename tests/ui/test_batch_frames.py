"""What is said of a row and of the whole sheet is painted together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.rows import Field
from pitdesk_ui.batch.columns import Column, Said, place_of
from tests.ui.batch_ground import OTHER, TICKER, BatchGround


class Eye(QObject):
    """Notes what of the sheet was painted in the frame in which the sum above it was painted first."""

    def __init__(self, ground: BatchGround, sum_name: str) -> None:
        super().__init__()
        self._sheet = ground.table.viewport()
        found = ground.panel.findChild(QWidget, sum_name)
        assert found is not None
        self._sum = found
        self._painted: list[QRect] = []
        self.with_the_sum: list[QRect] | None = None
        self._sum_is_painted = False
        for watched in (self._sheet, self._sum, ground.panel.window()):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest:
            if self._sum_is_painted and self.with_the_sum is None:
                self.with_the_sum = self._painted
            self._painted = []
        elif isinstance(event, QPaintEvent):
            if watched is self._sheet:
                self._painted += list(event.region())
            elif watched is self._sum:
                self._sum_is_painted = True
        return False

    def saw(self, ground: BatchGround, place: int, column: Column) -> bool:
        """Whether a cell was painted in that frame; it must have come."""
        ground.qtbot.waitUntil(lambda: self._sum_is_painted)
        frame = self.with_the_sum if self.with_the_sum is not None else self._painted
        # Where it is is asked afterwards: that alone would have the sheet lay itself out.
        spot = ground.table.visualRect(ground.model.index(place, place_of(column))).center()
        return any(part.contains(spot) for part in frame)


@pytest.fixture
def ground(qtbot: QtBot) -> BatchGround:
    ground = BatchGround(qtbot)
    ground.room.draft.append([])
    qtbot.waitExposed(ground.panel)
    return ground


def settle(ground: BatchGround) -> None:
    """Everything of before is laid out and painted: Qt has nothing left to do."""
    for _ in range(3):
        ground.table.executeDelayedItemsLayout()
        QApplication.processEvents()


@pytest.mark.parametrize("place", [0, 2], ids=["a row that is there", "a new row"])
def test_the_reason_of_a_row_is_painted_with_the_sum(ground: BatchGround, place: int) -> None:
    ground.copy(f"{TICKER}\tBuy Yes\t39\t100\n{OTHER}\tBuy No\t60\t10\n")
    ground.at(0, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    ground.qtbot.waitUntil(lambda: ground.shown(1, Said.CHECK) == "Ready")
    ground.at(place, Field.PRICE)
    ground.type("39.5")
    settle(ground)
    eye = Eye(ground, "batch.to_fix")
    ground.key(Qt.Key.Key_Return)
    assert ground.shown(place, Said.CHECK) not in ("", "Ready")
    assert ground.text("batch.to_fix") == "1 to fix"
    assert eye.saw(ground, place, Said.CHECK)


def test_what_is_pasted_below_is_painted_with_the_sum(ground: BatchGround) -> None:
    settle(ground)
    eye = Eye(ground, "batch.rows")
    ground.copy(f"{TICKER}\tBuy Yes\t39\t100\n{TICKER}\tBuy Yes\t39.5\t100\n")
    ground.at(0, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    assert ground.text("batch.to_fix") == "1 to fix"
    assert eye.saw(ground, 1, Said.CHECK)


def test_what_is_done_again_is_painted_with_the_sum(ground: BatchGround) -> None:
    ground.copy(f"{TICKER}\tBuy Yes\t39\t100\n{TICKER}\tBuy Yes\t39.5\t100\n")
    ground.at(0, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    ground.ctrl(Qt.Key.Key_Z)
    settle(ground)
    eye = Eye(ground, "batch.to_fix")
    ground.ctrl(Qt.Key.Key_Y)
    assert ground.text("batch.to_fix") == "1 to fix"
    assert eye.saw(ground, 1, Said.CHECK)
