"""The strip that is always in sight: environment, money, health, and Cancel all orders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from pitdesk_ui.account_mark import MarkWord
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.theme import set_role
from pitdesk_ui.took import took
from pitdesk_ui.widgets.icon_button import IconButton
from pitdesk_ui.widgets.stat import Stat

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pitdesk.desk.session import SessionStatus
    from pitdesk.quantities import Dollars
    from pitdesk_ui.account_mark import AccountMark

_MARGIN, _SPACING = 10, 16
_STREAM_WORDS = {
    "connecting": ("Connecting", "warning"),
    "live": ("Live", "positive"),
    "stale": ("Stale", "warning"),
    "down": ("Lost", "negative"),
}
_EXCHANGE_ROLES = {"Open": "positive", "Trading paused": "warning", "Paused": "negative"}


class WriteBudget(QWidget):
    """The token bucket that orders, amends and cancels draw on, as a figure and a gauge."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("top.write_budget")
        self._stat = Stat("Write budget", "top.write_budget_figure")
        self._gauge = QProgressBar()
        self._gauge.setTextVisible(False)
        self._gauge.setFixedHeight(6)
        self._gauge.setMinimumWidth(20)
        self._gauge.setMaximumWidth(64)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stat)
        layout.addWidget(self._gauge)

    def show_level(self, tokens: int, capacity: int) -> None:
        """``tokens`` left of ``capacity``."""
        self._stat.show_value(f"{tokens:,} of {capacity:,}" if capacity else "—")
        self._gauge.setMaximum(max(capacity, 1))
        self._gauge.setValue(max(min(tokens, capacity), 0))
        self.setToolTip(
            "What is left for orders, amends and cancels. It refills by itself; cancels keep a part of it."
        )


class ArmButton(QPushButton):
    """Says Armed or Safe and asks for the other: Armed lets one click or key add risk."""

    wanted = Signal(bool)

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.setObjectName("top.arm")
        self._keys = keys
        self._armed, self._why_not = False, ""
        self.clicked.connect(lambda: self.wanted.emit(not self._armed))
        keys.changed.connect(self._tell)
        self.show_armed(armed=False)

    def show_armed(self, *, armed: bool, why_not: str = "") -> None:
        """Show the state; ``why_not`` says why the account can not be armed, empty where it can."""
        self._armed, self._why_not = armed, why_not
        self.setText("Armed" if armed else "Read-only" if why_not else "Safe")
        self.setEnabled(not why_not)
        set_role(self, "armed" if armed else "safe")
        self._tell()

    def _tell(self) -> None:
        armed = f"Armed: one click or key may place an order.{self._keys.phrase('arm', ' {} makes it safe.')}"
        safe = f"Safe: one click never places an order.{self._keys.phrase('arm', ' {} arms.')}"
        told = armed if self._armed else self._why_not or safe
        self.setToolTip(told)
        self.setAccessibleName(told)


class TopBar(QFrame):
    """Renders the session's status and the portfolio's totals; says when Cancel all is pressed."""

    cancel_all_requested = Signal()
    unconfirmed_requested = Signal()
    arm_requested = Signal(bool)
    settings_requested = Signal()

    def __init__(self, mark: AccountMark, keys: KeyMap | None = None) -> None:
        super().__init__()
        self.setObjectName("top")
        self._keys = keys or KeyMap()
        self.mark = MarkWord(mark)
        self.arm = ArmButton(self._keys)
        self.menu = IconButton("top.menu", "menu", "Menu")
        self._settings = IconButton("top.settings", "gear", "Settings")
        self.cash = Stat("Cash", "top.cash")
        self.committed = Stat("In orders", "top.committed")
        self.positions = Stat("Positions", "top.positions")
        self.today = Stat("Today", "top.today")
        self.exchange = Stat("Exchange", "top.exchange")
        self.stream = Stat("Stream", "top.stream")
        self.orders = Stat("Orders", "top.round_trip")
        self.budget = WriteBudget()
        self._unconfirmed = QPushButton("")
        self._cancel_all = QPushButton("Cancel all orders")
        self._items: tuple[QWidget, ...] = ()
        self._build()

    def _build(self) -> None:
        self._unconfirmed.setObjectName("top.unconfirmed")
        set_role(self._unconfirmed, "danger")
        self._unconfirmed.setVisible(False)
        self._unconfirmed.clicked.connect(self.unconfirmed_requested)
        self._cancel_all.setObjectName("top.cancel_all")
        self._cancel_all.setAccessibleName("Cancel all orders")
        set_role(self._cancel_all, "danger")
        self._cancel_all.clicked.connect(self.cancel_all_requested)
        self._settings.clicked.connect(self.settings_requested)
        self.arm.wanted.connect(self.arm_requested)
        self._keys.changed.connect(self._show_keys)
        self._show_keys()
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._settings)
        row.addWidget(self.menu)
        money = (self.cash, self.committed, self.positions, self.today)
        health = (self.exchange, self.stream, self.orders, self.budget)
        self._items = (self.mark, self.arm, *money, self._unconfirmed, *health, self._cancel_all, buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 6, _MARGIN, 4)
        layout.setSpacing(_SPACING)
        for item in self._items:
            if item is self._unconfirmed:
                layout.addStretch(1)
            layout.addWidget(item)

    def _show_keys(self) -> None:
        self._cancel_all.setToolTip(
            self._keys.tip("Cancel every working order of this account", "cancel_all")
        )
        self._settings.setToolTip(self._keys.tip("Settings", "settings"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the figures that matter least give way."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Hide what does not fit beside all that must stay."""
        spare = (self.budget, self.orders, self.today)
        shown = [item for item in self._items if item in spare or not item.isHidden()]
        needed = 2 * _MARGIN + sum(item.minimumSizeHint().width() + _SPACING for item in shown) - _SPACING
        for stat in spare:
            fits = needed <= self.width()
            stat.setVisible(fits)
            needed -= 0 if fits else stat.minimumSizeHint().width() + _SPACING

    def show_money(
        self, cash: Dollars | None, committed: Dollars, positions: Dollars, today: Dollars | None
    ) -> None:
        """The totals; None is not known yet. Cash is what is at least there, as the ticket reckons."""
        self.cash.show_value("—" if cash is None else str(cash.cents_down()))
        self.committed.show_value(str(committed))
        self.positions.show_value(str(positions))
        if today is None:
            self.today.show_value("—")
        else:
            role = "positive" if today.units > 0 else "negative" if today.units < 0 else "value"
            self.today.show_value(today.signed(), role, "Result since today's first figure, fees included")

    def show_status(self, status: SessionStatus) -> None:
        """The health of exchange, stream and order entry."""
        dot = "●"
        self.exchange.show_value(
            f"{dot} {status.exchange}",
            _EXCHANGE_ROLES.get(status.exchange, "warning"),
            _pause_sentence(status.next_pause_ms),
        )
        word, role = _STREAM_WORDS.get(status.stream.phase, (status.stream.phase, "warning"))
        age = "" if status.stream.phase == "live" else f" {status.stream.age_s:.0f} s"
        self.stream.show_value(f"{dot} {word}{age}", role, status.reason)
        trip = status.last_round_trip_ms
        self.orders.show_value("—" if trip is None else took(trip), tip="The last order's round trip")
        self.budget.show_level(*status.write_level)
        self._unconfirmed.setVisible(status.unconfirmed > 0)
        self._unconfirmed.setText(f"{status.unconfirmed} unconfirmed")
        self._make_room()

    def show_disconnected(self, reason: str) -> None:
        """No session: say so instead of showing old figures as new."""
        self.exchange.show_value("● —", "warning", reason)
        self.stream.show_value("● Connecting", "warning", reason)
        self.orders.show_value("—")
        self.budget.show_level(0, 0)


def _pause_sentence(next_pause_ms: int | None) -> str:
    if next_pause_ms is None:
        return ""
    when = datetime.fromtimestamp(next_pause_ms // 1000, tz=UTC).astimezone()
    return f"Next pause: {when:%a %b} {when.day}, {when:%H:%M} {when.tzname()}"
