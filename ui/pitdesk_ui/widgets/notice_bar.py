"""The line at the foot of the window: what was last said, and what still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from pitdesk.notices import Notice, Severity
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

STAYS_MS = {Severity.INFO: 20_000, Severity.WARNING: 60_000, Severity.ERROR: 60_000}
"""How long what was said once stays; it stands in Activity or in the log afterwards."""
_ROLES = {Severity.INFO: "caption", Severity.WARNING: "warning", Severity.ERROR: "negative"}


class NoticeBar(QWidget):
    """Shows one notice in one line; the whole of it in the tool tip and to assistive technology.

    ``passed``: what was said once has stood long enough, and what still stands may be seen again.
    """

    passed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._text = ""
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.timeout.connect(self.passed)
        self._label: QLabel = plain_label("", "caption")
        self._label.setMinimumWidth(0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.addWidget(self._label, 1)

    @property
    def text(self) -> str:
        """What it says, whole."""
        return self._text

    def show_notice(self, notice: Notice | None) -> None:
        """Show ``notice``, or nothing."""
        self._passing.stop()
        if notice is not None and notice.key is None:
            self._passing.start(STAYS_MS[notice.severity])
        self._text = "" if notice is None else " ".join(filter(None, (notice.headline, notice.advice)))
        taken = Qt.TextInteractionFlag
        self._label.setTextInteractionFlags(
            taken.TextSelectableByMouse if self._text else taken.NoTextInteraction
        )
        set_role(self._label, "caption" if notice is None else _ROLES[notice.severity])
        self._label.setToolTip("" if notice is None else "\n".join(filter(None, (self._text, notice.detail))))
        self.setAccessibleName(f"Notice: {self._text}" if self._text else "No notice")
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        width = max(self.width() - 16, 40)
        self._label.setText(
            self._label.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, width)
        )
