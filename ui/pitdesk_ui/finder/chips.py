"""Category chips that wrap into rows, and fold away what does not fit into two."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from pitdesk_ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_GAP, _CHIP_HEIGHT, _ROWS_FOLDED = 5, 24, 2


class CategoryChips(QWidget):
    """``Watchlist`` and the categories, each on or off; at most one category is on.

    Signals:
        changed: another choice.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._unfolded = False
        self._watchlist = self._chip("Watchlist", "Only markets on the watchlist")
        self._categories: dict[str, QPushButton] = {}
        self._more = self._chip("More", "Show all categories")
        self._watchlist.toggled.connect(self.changed)
        self._more.toggled.connect(self._on_more)

    @property
    def category(self) -> str | None:
        """The category that is on."""
        return next((name for name, chip in self._categories.items() if chip.isChecked()), None)

    @property
    def watchlist_only(self) -> bool:
        """Whether only watched markets are wanted."""
        return self._watchlist.isChecked()

    def show_categories(self, names: Sequence[str]) -> None:
        """Offer these categories; the one that is on stays on if it is still there."""
        if list(names) == list(self._categories):
            return
        chosen = self.category
        for chip in self._categories.values():
            chip.hide()
            chip.deleteLater()
        self._categories = {name: self._chip(name, f"Only {name}") for name in names}
        for name, chip in self._categories.items():
            chip.setChecked(name == chosen)
            chip.clicked.connect(lambda _checked, name=name: self._on_category(name))
            chip.show()
        self._watchlist.raise_()
        self._tab_order()
        self._place(self.width())

    def clear(self) -> None:
        """All off."""
        for chip in (self._watchlist, *self._categories.values()):
            chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(False)
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """A few chips wide; the height follows the width."""
        return QSize(240, self.height_at(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """Room for the widest chip."""
        return QSize(120, _CHIP_HEIGHT)

    def height_at(self, width: int) -> int:
        """The height that the chips take when ``width`` pixels wide."""
        places = self._places(width)
        return max((rect.bottom() + 1 for rect in places.values()), default=_CHIP_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._place(self.width())

    def _chip(self, text: str, meaning: str) -> QPushButton:
        chip = QPushButton(text, self)
        chip.setCheckable(True)
        chip.setObjectName(f"finder.category.{text}")
        chip.setAccessibleName(meaning)
        set_role(chip, "chip")
        return chip

    def _on_category(self, name: str) -> None:
        for other, chip in self._categories.items():
            if other != name:
                chip.setChecked(False)
        self.changed.emit()

    def _on_more(self, unfolded: bool) -> None:
        self._unfolded = unfolded
        self._more.setText("Less" if unfolded else "More")
        self._place(self.width())

    def _tab_order(self) -> None:
        chips = [self._watchlist, *self._categories.values(), self._more]
        for before, after in pairwise(chips):
            QWidget.setTabOrder(before, after)

    def _place(self, width: int) -> None:
        places = self._places(width)
        for chip in (self._watchlist, *self._categories.values(), self._more):
            chip.setVisible(chip in places)
            if chip in places:
                chip.setGeometry(places[chip])
        self.setFixedHeight(self.height_at(width))

    def _places(self, width: int) -> dict[QPushButton, QRect]:
        """Where each chip goes; those that do not fit into the folded rows are missing."""
        chips = [self._watchlist, *self._categories.values()]
        places, rows = _wrap(chips, width)
        if rows <= _ROWS_FOLDED:
            return places
        if self._unfolded:
            return _wrap([*chips, self._more], width)[0]
        for kept in range(len(chips) - 1, 0, -1):
            places, rows = _wrap([*chips[:kept], self._more], width)
            if rows <= _ROWS_FOLDED:
                break
        return places


def _wrap(chips: Sequence[QPushButton], width: int) -> tuple[dict[QPushButton, QRect], int]:
    places: dict[QPushButton, QRect] = {}
    corner, rows = QPoint(0, 0), 1
    for chip in chips:
        wanted = min(chip.sizeHint().width(), width)
        if corner.x() and corner.x() + wanted > width:
            corner, rows = QPoint(0, corner.y() + _CHIP_HEIGHT + _GAP), rows + 1
        places[chip] = QRect(corner, QSize(wanted, _CHIP_HEIGHT))
        corner += QPoint(wanted + _GAP, 0)
    return places, rows
