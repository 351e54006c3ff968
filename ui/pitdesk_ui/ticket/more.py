"""The folded part of the ticket: what few orders need, all of it reachable."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pitdesk.orders import SelfTradePrevention
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, ProblemLabel, captioned
from pitdesk_ui.ticket.entry import Field

_TITLE = "Self-trade prevention, order group, subaccount"
_SELF_TRADE = (
    (SelfTradePrevention.TAKER_AT_CROSS, "Cancel the new order"),
    (SelfTradePrevention.MAKER, "Cancel the resting order"),
)


class MoreFields(QWidget):
    """Self-trade prevention, order group, subaccount and exchange shard, folded away at first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fold = QPushButton()
        self._fold.setObjectName("ticket.more")
        self._fold.setCheckable(True)
        self._fold.setAccessibleName(_TITLE)
        self._fold.setAccessibleDescription("Shows or hides the rare fields of the order.")
        set_role(self._fold, "ghost")
        self._fold.setStyleSheet("font-size: 12px; font-weight: 400;")
        self._fold.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.self_trade = ChoiceBox[SelfTradePrevention](
            "ticket.self_trade_prevention", "When it meets your own order", _SELF_TRADE
        )
        self.group = _line("ticket.order_group", "Order group", "None")
        self.subaccount = _line("ticket.subaccount", "Subaccount", "Primary")
        self.shard = _line("ticket.exchange_index", "Exchange shard", "By market")
        self._problems = {
            place: ProblemLabel(f"ticket.problem.{place.value}")
            for place in (Field.GROUP, Field.SUBACCOUNT, Field.SHARD)
        }
        self._body = self._build()
        self._fold.toggled.connect(self._folded)
        self.self_trade.currentIndexChanged.connect(self.changed)
        for edit in (self.group, self.subaccount, self.shard):
            edit.textChanged.connect(self.changed)
        self._folded(False)

    def say(self, problems: dict[Field, str]) -> None:
        """Show what is wrong with the folded fields, unfolding them when something is."""
        for place, label in self._problems.items():
            label.say(problems.get(place, ""))
        if any(place in problems for place in self._problems):
            self._fold.setChecked(True)

    def clear(self) -> None:
        """Everything as usual again."""
        self.self_trade.choose(SelfTradePrevention.TAKER_AT_CROSS)
        for edit in (self.group, self.subaccount, self.shard):
            edit.clear()

    def _build(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addLayout(captioned("When it meets your own order", self.self_trade), 0, 0, 1, 2)
        grid.addLayout(captioned("Order group", self.group), 1, 0, 1, 2)
        grid.addLayout(captioned("Subaccount", self.subaccount), 2, 0)
        grid.addLayout(captioned("Exchange shard", self.shard), 2, 1)
        for row, label in enumerate(self._problems.values(), 3):
            grid.addWidget(label, row, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._fold)
        layout.addWidget(body)
        return body

    def _folded(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self._fold.setText(f"{'▾' if is_open else '▸'} {_TITLE}")


def _line(name: str, accessible_name: str, usual: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setObjectName(name)
    edit.setAccessibleName(accessible_name)
    edit.setAccessibleDescription(f"Empty means: {usual.lower()}.")
    edit.setPlaceholderText(usual)
    edit.setMaxLength(80)
    return edit
