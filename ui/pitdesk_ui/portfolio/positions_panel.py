"""The Positions tab: what is held in each market, what it would bring now, and what each event brings."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout

from pitdesk.desk.positions import gain
from pitdesk.quantities import DOLLARS_ZERO
from pitdesk_ui.portfolio.events_table import EventsTable
from pitdesk_ui.portfolio.positions_columns import COLUMNS, PositionRow
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.data_table import DataTable, TableModel
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.tab_page import TabPage


class PositionsPanel(TabPage):
    """Two views, each with its table: the positions, and what they bring by event."""

    market_chosen = Signal(str)
    close_wanted = Signal()
    reverse_wanted = Signal()
    view_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("positions")
        self.table: DataTable[PositionRow] = DataTable(
            TableModel(COLUMNS), "positions.table", "Positions", empty_text="You hold no position."
        )
        self.events = EventsTable()
        self.by_position = _choice("positions.by_position", "By market")
        self.by_event = _choice("positions.by_event", "By event")
        self.close_it = _button("positions.close", "Close…", "Fill the ticket with what closes the position")
        self.reverse = _button(
            "positions.reverse",
            "Reverse…",
            "Fill the ticket with what turns the position to the other outcome",
        )
        self._stack = QStackedWidget()
        self._total = plain_label("", "caption")
        self._build()
        self.allow(None)

    @property
    def arranged(self) -> DataTable[Any]:
        """The table in view."""
        return self.events if self.by_event.isChecked() else self.table

    def show_rows(self, rows: dict[str, PositionRow]) -> None:
        """Show exactly ``rows``, by ticker; those that stayed keep their place and selection."""
        model = self.table.rows
        held = set(model.shown_keys())
        model.apply(
            added={key: row for key, row in rows.items() if key not in held},
            updated={key: row for key, row in rows.items() if key in held and model.record(key) != row},
            removed=held - rows.keys(),
        )
        value = sum((row.value or DOLLARS_ZERO for row in rows.values()), DOLLARS_ZERO)
        result = sum((gain(row.position, row.value or DOLLARS_ZERO) for row in rows.values()), DOLLARS_ZERO)
        told = f"{len(rows)} held   ·   worth {value}   ·   result {result.signed()}"
        self._total.setText(told if rows else "")

    def allow(self, row: PositionRow | None) -> None:
        """Which actions make sense for ``row``, the only one that is selected."""
        for button in (self.close_it, self.reverse):
            button.setEnabled(row is not None)

    def selected(self) -> PositionRow | None:
        """The only row selected, None where there is none or there are several."""
        keys = self.table.selected_keys() if self.by_position.isChecked() else []
        return self.table.rows.record(keys[0]) if len(keys) == 1 else None

    def _build(self) -> None:
        views = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 0, 8, 0)
        bar.setSpacing(8)
        for number, button in enumerate((self.by_position, self.by_event)):
            views.addButton(button, number)
            bar.addWidget(button)
        self.by_position.setChecked(True)
        for button in (self.close_it, self.reverse):
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self._total)
        for table in (self.table, self.events):
            self._stack.addWidget(table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(bar)
        layout.addWidget(self._stack, 1)
        views.idClicked.connect(self._show_view)
        self.table.row_activated.connect(self.market_chosen)
        self.events.row_activated.connect(self._event_activated)
        self.close_it.clicked.connect(self.close_wanted)
        self.reverse.clicked.connect(self.reverse_wanted)
        self.table.menu_wanted.connect(self._open_menu)

    def _show_view(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        for button in (self.close_it, self.reverse):
            button.setVisible(number == 0)
        self.view_changed.emit()

    def _event_activated(self, key: str) -> None:
        row = self.events.rows.record(key)
        if row is not None and row.scenario.ticker:
            self.market_chosen.emit(row.scenario.ticker)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (self.close_it, self.reverse):
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        menu.popup(self.table.viewport().mapToGlobal(at))


def _button(name: str, text: str, told: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.removesuffix("…"))
    button.setAccessibleDescription(told)
    button.setToolTip(told)
    return button


def _choice(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(f"Positions {text.lower()}")
    button.setCheckable(True)
    set_role(button, "chip")
    button.setMinimumHeight(30)
    return button
