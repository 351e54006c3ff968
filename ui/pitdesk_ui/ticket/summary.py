"""The box under the fields: what the order costs and leaves, before it is sent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout

from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.lines import CostLines
from pitdesk_ui.widgets.panel import plain_label

_ROWS = (
    ("cost", "Cost at limit"),
    ("fee", "Fee, at most"),
    ("all_in", "All-in"),
    ("break_even", "Break-even"),
    ("ahead", "Ahead in queue"),
    ("position_after", "Position after"),
    ("cash_after", "Cash after"),
)


class Summary(QFrame):
    """Captions on the left, figures on the right, and the order told in both vocabularies below."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ticket.summary")
        self.setAccessibleName("What the order costs")
        set_role(self, "card")
        self._captions: dict[str, QLabel] = {}
        self._values: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for row, (key, caption) in enumerate(_ROWS):
            self._captions[key] = plain_label(caption, "caption")
            self._values[key] = plain_label("—", "value")
            self._values[key].setObjectName(f"ticket.{key}")
            grid.addWidget(self._captions[key], row, 0)
            grid.addWidget(self._values[key], row, 1, Qt.AlignmentFlag.AlignRight)
        self._both_ways = plain_label("", "caption")
        self._both_ways.setObjectName("ticket.both_ways")
        self._both_ways.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(7)
        layout.addLayout(grid)
        layout.addWidget(self._both_ways)
        self.show_lines(CostLines())

    def show_lines(self, lines: CostLines) -> None:
        """Show the figures of one draft; those of :class:`CostLines` itself mean: nothing to say yet."""
        self._captions["cost"].setText(lines.cost_caption)
        self._captions["fee"].setText(lines.fee_caption)
        for key, _ in _ROWS:
            text: str = getattr(lines, key)
            value = self._values[key]
            if value.text() != text:
                value.setText(text)
                value.setAccessibleName(f"{self._captions[key].text()}: {text}")
        for key in ("fee", "all_in"):
            if self._values[key].toolTip() != lines.fee_tip:
                self._values[key].setToolTip(lines.fee_tip)
        set_role(self._values["cash_after"], "negative" if lines.cash_short else "value")
        self._both_ways.setText(lines.both_ways)
        self._both_ways.setVisible(bool(lines.both_ways))
