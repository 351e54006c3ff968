"""The Working tab as a widget: filter, actions, totals and the table of orders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from pitdesk.clock import Clock
from pitdesk_ui.blotter.change_card import Change, ChangeCard
from pitdesk_ui.blotter.columns import Label, search_text, working_columns
from pitdesk_ui.blotter.empty import NOTHING_WORKS
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.data_table import DataTable, TableModel
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import ElidedLabel, plain_tip
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter_row import BlotterRow

_FADE_MS = 8_000  # good news goes by itself, trouble stays


class WorkingPanel(TabPage):
    """Shows rows and says what is asked of them. It decides nothing: the presenter does."""

    groups_by = "event"

    filter_changed = Signal(str)
    cancel_wanted = Signal()
    cancel_market_wanted = Signal()
    amend_wanted = Signal()
    decrease_wanted = Signal()
    market_chosen = Signal(str)
    menu_opened = Signal(object)
    """A QMenu that is about to open, to be filled with further cancels."""

    def __init__(self, clock: Clock | None = None, keys: KeyMap | None = None) -> None:
        super().__init__()
        self._keys = keys or KeyMap()
        self.setObjectName("working")
        clock = clock or Clock()
        self._label: Label = lambda ticker: ticker
        self.model: TableModel[BlotterRow] = TableModel(
            working_columns(self._name, clock.wall_ms), search_text=search_text(self._name)
        )
        self.table: DataTable[BlotterRow] = DataTable(
            self.model,
            "working.table",
            "Working orders",
            empty_text=NOTHING_WORKS,
            filtered_text="No working order matches the filter.",
        )
        self.filter = QLineEdit()
        self.cancel = _button("working.cancel_selected", "Cancel selected")
        self.amend = _button("working.amend", "Amend")
        self.decrease = _button("working.decrease", "Decrease…")
        self.cancel_market = _button("working.cancel_market", "Cancel market")
        self.cancel_by = _menu_button(
            "working.cancel_by", "Cancel by…", "Cancel a side, a market or an event"
        )
        self.amend_card = ChangeCard(Change.AMEND, self)
        self.decrease_card = ChangeCard(Change.DECREASE, self)
        self._totals = ElidedLabel("muted")
        self._said = plain_label("", "muted")
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(_FADE_MS)
        self._fade.timeout.connect(lambda: self._said.setVisible(False))
        self._build()
        self._connect()

    def name_markets(self, label: Label) -> None:
        """From now on ``label`` tells a market's name from its ticker."""
        self._label = label

    def show_totals(self, text: str) -> None:
        """The sums at the right."""
        worst = "Worst case: whichever orders fill and however the markets end, before fees."
        self._totals.show_text(text, worst if text else "")

    def allow(self, *, cancel: bool, change: bool, market: str) -> None:
        """Which actions make sense now; ``market`` names the one whose orders can be canceled, if any."""
        self.cancel.setEnabled(cancel)
        self.amend.setEnabled(change)
        self.decrease.setEnabled(change)
        self.cancel_market.setEnabled(bool(market))
        what = f"Cancel every order of {market}." if market else ""
        self.cancel_market.setToolTip(plain_tip(what))
        self.cancel_market.setAccessibleDescription(what)

    def say(self, sentence: str, role: str = "muted") -> None:
        """What came of the last action; an empty sentence takes the line away."""
        set_role(self._said, role)
        self._said.setText(sentence)
        self._said.setAccessibleName(sentence)
        self._said.setVisible(bool(sentence))
        if role == "muted":
            self._fade.start()
        else:
            self._fade.stop()

    @property
    def has_keyboard(self) -> bool:
        """Whether what is typed goes to the rows or to a card that changes one."""
        focus, parts = QApplication.focusWidget(), (self.table, self.amend_card, self.decrease_card)
        return focus is not None and any(part is focus or part.isAncestorOf(focus) for part in parts)

    def anchor(self, key: str) -> QRect:
        """Where the row of ``key`` stands in this widget; empty when it is not shown."""
        rect = self.table.row_rect(key)
        if rect.isEmpty():
            return rect
        return QRect(self.table.viewport().mapTo(self, rect.topLeft()), rect.size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table and the filter; while one has the keyboard they are its own, not the window's."""
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
        ):
            wanted = self._wanted_of_rows(event) if watched is self.table else self._wanted_of_filter(event)
            if wanted is not None:
                event.accept()
                if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                    wanted()
                return True
        return super().eventFilter(watched, event)

    def _name(self, ticker: str) -> str:
        return self._label(ticker)

    def _build(self) -> None:
        self.filter.setObjectName("working.filter")
        self.filter.setAccessibleName("Filter working orders")
        self.filter.setPlaceholderText("Filter: market, side, price…")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(150)
        self.filter.setMaximumWidth(240)
        self._totals.setObjectName("working.totals")
        self._totals.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._said.setObjectName("working.message")
        self._said.setWordWrap(True)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 0, 8, 0)
        bar.setSpacing(8)
        bar.addWidget(self.filter, 1)
        for button in (self.cancel, self.amend, self.decrease, self.cancel_market, self.cancel_by):
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self._totals)
        said = QHBoxLayout()
        said.setContentsMargins(8, 0, 8, 0)
        said.addWidget(self._said)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        layout.addLayout(said)
        self.say("")
        self.allow(cancel=False, change=False, market="")

    def _connect(self) -> None:
        self.table.installEventFilter(self)
        self.filter.installEventFilter(self)
        self.filter.textChanged.connect(self.filter_changed)
        for button, signal in (
            (self.cancel, self.cancel_wanted),
            (self.cancel_market, self.cancel_market_wanted),
            (self.amend, self.amend_wanted),
            (self.decrease, self.decrease_wanted),
        ):
            button.clicked.connect(lambda _checked=False, wanted=signal: wanted.emit())
        self.table.menu_wanted.connect(self._open_menu)
        menu = QMenu(self)
        menu.setObjectName("working.cancel_by.menu")
        menu.aboutToShow.connect(partial(self._fill_menu, menu))
        self.cancel_by.setMenu(menu)
        self._keys.changed.connect(self._show_keys)
        self._show_keys()

    def _by_action(self) -> dict[str, QPushButton]:
        return {
            "cancel_selected": self.cancel,
            "amend": self.amend,
            "decrease": self.decrease,
            "cancel_market": self.cancel_market,
        }

    def _show_keys(self) -> None:
        """Each button tells the key that presses it."""
        for name, button in self._by_action().items():
            text, key = button.accessibleName(), self._keys.shown(name)
            button.setText(f"{text}  {key}" if len(key) > 1 else text)
            if button is not self.cancel_market:  # it tells the market
                button.setAccessibleDescription(f"Key: {key}" if key else "")
                button.setToolTip(self._keys.tip(text, name))

    def _wanted_of_rows(self, event: QKeyEvent) -> Callable[[], None] | None:
        for name, button in self._by_action().items():
            if self._keys.is_pressed(name, event):
                return button.click
        return None

    def _wanted_of_filter(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        leaves = {Qt.Key.Key_Escape: self._leave_filter, Qt.Key.Key_Down: self._go_to_rows}
        return leaves.get(Qt.Key(event.key()))

    def _go_to_rows(self) -> None:
        self.table.setFocus()

    def _leave_filter(self) -> None:
        """Esc empties the filter first, and then goes to the rows."""
        if self.filter.text():
            self.filter.clear()
        else:
            self.table.setFocus()

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        self.menu_opened.emit(menu)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (self.amend, self.decrease, self.cancel, self.cancel_market):
            action = menu.addAction(button.accessibleName())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        menu.addSeparator()
        self.menu_opened.emit(menu)
        menu.popup(self.table.viewport().mapToGlobal(at))


def _menu_button(name: str, text: str, described: str) -> QPushButton:
    """A button that opens a menu."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAccessibleDescription(described)
    button.setToolTip(described)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _button(name: str, text: str) -> QPushButton:
    """A button of the toolbar."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
