"""The page of notices: for each kind whether it shows in the window, by the system, and with a sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from pitdesk.notices import NoticeKind
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from pitdesk.settings import Settings
    from pitdesk_ui.notices.system import System

_KINDS = {
    NoticeKind.FILL: ("Fills", "All of a moment in one: “12 fills in Fed decision · Cut 25 bp”."),
    NoticeKind.CANCELED: ("Canceled by the exchange", "Expired, or the market closed or was paused."),
    NoticeKind.REFUSED: ("Refused orders", "The exchange did not take them."),
    NoticeKind.UNCONFIRMED: ("Unconfirmed orders", "What became of them is not known. Always in the window."),
    NoticeKind.CONNECTION: ("Connection lost and back", "What is shown may be old; new orders wait."),
    NoticeKind.AWAY: ("Canceled while you are away", "Also the warning a minute before."),
    NoticeKind.PAUSE: ("Trading pauses", "The exchange pauses, and goes on."),
    NoticeKind.BATCH: ("Batch finished", "How many were placed, refused, unconfirmed."),
}
_WAYS = (("window", "In the window"), ("desktop", "By the system"), ("sound", "Sound"))
_ALWAYS = (
    "Unconfirmed orders, and damage to the journal, always show in the window: orders may work that you "
    "do not see."
)
_DESKTOP = "By the system: while no window of Pitdesk is in front, from a mark beside the system's clock."
_NO_DESKTOP = (
    "By the system: this one shows no notices for programs, it has no tray. What is ticked is kept, and "
    "holds where there is one."
)
_SOUND = (
    "Sound: the system's own alert, once for all of a moment. A system that is set to silence stays silent."
)
_WAY_WIDTH = 104


class NoticesPage(QFrame):
    """What it changes holds at once, for every account."""

    def __init__(self, settings: Settings, system: System) -> None:
        super().__init__()
        self.setObjectName("notices")
        self._settings, self._system = settings, system
        self._boxes: dict[tuple[NoticeKind, str], QCheckBox] = {}
        self._try = QPushButton("Try the sound")
        self._try.setObjectName("notices.try_sound")
        self._try.clicked.connect(system.beep)
        self._build()
        self._show()

    def _build(self) -> None:
        set_role(self, "panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(plain_label("Notices", "section"))
        layout.addLayout(self._grid())
        layout.addSpacing(4)
        layout.addWidget(_wrapped(_ALWAYS))
        desktop = _wrapped(_DESKTOP if self._system.has_desktop else _NO_DESKTOP)
        desktop.setObjectName("notices.desktop_told")
        layout.addWidget(desktop)
        layout.addWidget(_wrapped(_SOUND))
        row = QHBoxLayout()
        row.addWidget(self._try)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(0, 1)
        for column, (_, words) in enumerate(_WAYS, 1):
            grid.addWidget(plain_label(words, "caption"), 0, column, Qt.AlignmentFlag.AlignHCenter)
            grid.setColumnMinimumWidth(column, _WAY_WIDTH)
        for line, (kind, (title, told)) in enumerate(_KINDS.items(), 1):
            text = QVBoxLayout()
            text.setSpacing(1)
            text.addWidget(plain_label(title, "value"))
            text.addWidget(plain_label(told, "muted"))
            grid.addLayout(text, line, 0)
            for column, (way, words) in enumerate(_WAYS, 1):
                grid.addWidget(self._box(kind, way, f"{title}: {words}"), line, column, _MIDDLE)
        return grid

    def _box(self, kind: NoticeKind, way: str, told: str) -> QCheckBox:
        box = QCheckBox()
        box.setObjectName(f"notices.{kind.value}.{way}")
        box.setAccessibleName(told)
        box.setToolTip(told)
        if way == "window" and kind.protects:
            box.setEnabled(False)
            box.setToolTip(f"{told}. Always.")
        box.toggled.connect(lambda on: self._keep(kind, way, on))
        self._boxes[kind, way] = box
        return box

    def _show(self) -> None:
        for (kind, way), box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(getattr(self._settings.notice_choices.of(kind), way))
            box.blockSignals(False)

    def _keep(self, kind: NoticeKind, way: str, on: bool) -> None:
        choices = self._settings.notice_choices
        ways = msgspec.structs.replace(choices.of(kind), **{way: on})
        self._settings.notice_choices = choices.changed(kind, ways)


_MIDDLE = Qt.AlignmentFlag.AlignCenter


def _wrapped(text: str) -> QLabel:
    label = plain_label(text, "muted")
    label.setWordWrap(True)
    return label
