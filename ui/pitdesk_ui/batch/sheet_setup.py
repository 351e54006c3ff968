"""What makes a sheet of Qt's table: cells are selected, typing opens them, headers ask to sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

ROW_HEIGHT = 27


def be_a_sheet(view: QTableView) -> None:
    """How it is moved in, selected in and typed into."""
    triggers = QAbstractItemView.EditTrigger
    view.setEditTriggers(triggers.AnyKeyPressed)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)


def set_headers(view: QTableView, model: QAbstractItemModel) -> None:
    """The titles above and the numbers at the left."""
    rows, header = view.verticalHeader(), view.horizontalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(ROW_HEIGHT)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    rows.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
    rows.setFixedWidth(42)
    rows.setHighlightSections(False)
    # Headers ask whether every cell of a column is selected: not over a selection of two thousand rows.
    for each in (header, rows):
        each.setSelectionModel(QItemSelectionModel(model, each))
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    header.setMinimumSectionSize(40)
    header.setFixedHeight(32)
    header.setSectionsClickable(True)
    header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
