"""Under the ladder's rows: one line that says what a click would do, and a quieter one beneath it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QVBoxLayout

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.plain_text import ElidedLabel


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` in the role of a label; ``more`` is said beneath, muted."""

    text: str = ""
    more: str = ""
    role: str = "muted"


class LadderFoot(QFrame):
    """Two lines that are always there, so that saying something moves nothing under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ladder.foot")
        self._line, self._more = ElidedLabel("muted"), ElidedLabel("muted")
        self._line.setObjectName("ladder.line")
        self._more.setObjectName("ladder.more")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 0)
        layout.setSpacing(1)
        layout.addWidget(self._line)
        layout.addWidget(self._more)
        height = self._line.fontMetrics().height() + 2
        for label in (self._line, self._more):
            label.setFixedHeight(height)

    def show_line(self, line: Line) -> None:
        """Say it."""
        if self._line.whole != line.text:
            self._line.show_text(line.text)
        set_role(self._line, line.role)
        if self._more.whole != line.more:
            self._more.show_text(line.more)
