"""The History tab as a widget: filter, table, and how far back it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from pitdesk_ui.history.columns import history_columns, history_search_text
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.data_table import DataTable, TableModel
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import ElidedLabel
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk_ui.blotter.columns import Label

_NEAR_END_ROWS = 10
_LOADING = "Reading the orders that are over…"
_NONE = "No order of this account is over yet."


class HistoryPanel(TabPage):
    """``came_in_sight``: the tab is looked at. ``more_wanted``: the person is at the end of what is read."""

    came_in_sight = Signal()
    more_wanted = Signal()
    more_asked = Signal()
    """As ``more_wanted``, by a press: after a failure and while a filter is on too."""
    market_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("history")
        self._label: Label = lambda ticker: ticker
        self.model: TableModel[BlotterRow] = TableModel(
            history_columns(self._name), search_text=history_search_text(self._name)
        )
        self.table: DataTable[BlotterRow] = DataTable(
            self.model,
            "history.table",
            "Orders that are over",
            empty_text=_LOADING,
            filtered_text="No order that was read so far matches the filter.",
        )
        self.table.sort_at_first("placed", descending=True)
        self.filter = QLineEdit()
        self.more = QPushButton("Read further back")
        self._said = ElidedLabel("muted")
        self._read = plain_label("", "caption")
        self._look = QTimer(self)  # after the rows that came have taken their places
        self._look.setSingleShot(True)
        self._look.timeout.connect(self.look_at_end)
        self._build()

    def name_markets(self, label: Label) -> None:
        """From now on ``label`` tells a market's name from its ticker."""
        self._label = label

    def show_reading(self) -> None:
        """More is on its way."""
        self._say("Reading…" if self.model.total else "", "muted")
        self.table.say_when_empty(_LOADING)
        self.more.setEnabled(False)

    def show_problem(self, sentence: str) -> None:
        """What was to come did not; what is there stays."""
        self._say(f"The history could not be read further. {sentence}", "warning")
        self.table.say_when_empty(f"The history could not be read. {sentence}")
        self._offer("Try again")

    def show_read(self, told: str, *, complete: bool) -> None:
        """How much is there; ``complete``: there is nothing older."""
        self._say("", "muted")
        self._read.setText(told)
        self.table.say_when_empty(_NONE if complete else _LOADING)
        self.more.setVisible(not complete)
        self._offer("Read further back")
        self._look.start(0)

    def look_at_end(self) -> None:
        """Ask for more where the end of what is read is in sight, or nearly."""
        bar = self.table.verticalScrollBar()
        near = bar.value() >= bar.maximum() - _NEAR_END_ROWS * 28
        if near and self.isVisible() and not self.model.is_filtered:
            self.more_wanted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """The first time, the reading begins."""
        super().showEvent(event)
        self.came_in_sight.emit()
        self._look.start(0)

    def _name(self, ticker: str) -> str:
        return self._label(ticker)

    def _say(self, sentence: str, role: str) -> None:
        set_role(self._said, role)
        self._said.show_text(sentence)
        self._said.setVisible(bool(sentence))

    def _offer(self, text: str) -> None:
        self.more.setText(text)
        self.more.setAccessibleName(text)
        self.more.setEnabled(True)

    def _build(self) -> None:
        self.filter.setObjectName("history.filter")
        self.filter.setAccessibleName("Filter the orders that are over")
        self.filter.setPlaceholderText("Filter: market, side, filled, canceled, day…")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(320)
        self.more.setObjectName("history.more")
        self.more.setAccessibleDescription("Reads older orders, as scrolling to the end does")
        self.more.setEnabled(False)
        self._said.setObjectName("history.message")
        self._read.setObjectName("history.read")
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 0, 8, 0)
        bar.setSpacing(8)
        bar.addWidget(self.filter, 2)
        bar.addWidget(self._said, 3)
        bar.addStretch(1)
        bar.addWidget(self._read)
        bar.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        self.filter.textChanged.connect(self.model.filter_by)
        self.filter.textChanged.connect(lambda _: self._look.start(0))
        self.more.clicked.connect(self.more_asked)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self.look_at_end())
        self.table.row_activated.connect(self._activated)

    def _activated(self, key: str) -> None:
        row = self.model.record(key)
        if row is not None:
            self.market_chosen.emit(row.ticker)
