"""The settings of what Pitdesk does for a person who is not there, and of the keys that fill in a size."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from pitdesk.desk.dead_man import LIMITS
from pitdesk.quantities import Count, QuantityError
from pitdesk.typed_text import parse_count
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, ProblemLabel, captioned
from pitdesk_ui.widgets.count_edit import CountEdit
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel

    from pitdesk.safety import Safety
    from pitdesk.settings import Settings

_MOST_MINUTES = 1_440
_MINUTES_WIDTH, _SIZE_WIDTH = 70, 84


class _Expiry(Enum):
    """The expiry that the ticket begins with; the value is what the settings keep."""

    CLOSE = "close"
    HOUR = "hour"
    DAY = "day"
    NEVER = "never"


_EXPIRY_WORDS = {
    _Expiry.CLOSE: "At market close",
    _Expiry.HOUR: "In 1 hour",
    _Expiry.DAY: "End of day (midnight in New York)",
    _Expiry.NEVER: "Never",
}
_BOXES = (
    ("cancel_on_pause", "Tick Cancel on pause for every new order"),
    ("cancel_on_quit", "Cancel every order when Pitdesk is closed or the account is left"),
    ("cancel_on_sleep", "Cancel every order when the computer wakes from sleep, before new ones may be sent"),
    ("cancel_when_away", "Cancel every order after"),
)


class SafetySection(QFrame):
    """What it changes holds at once, for every account."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("safety")
        self._settings = settings
        self._expiry = ChoiceBox[_Expiry]("safety.expiry", "New orders expire", _EXPIRY_WORDS.items())
        self._boxes = {field: _box(field, words) for field, words in _BOXES}
        self._minutes = CountEdit("safety.away_minutes", "Minutes without key or mouse")
        self._sizes = [
            CountEdit(f"safety.size_{number}", f"Contracts that the key {number} fills in")
            for number, _ in enumerate(settings.size_presets, 1)
        ]
        self._problem = ProblemLabel("safety.problem")
        self._size_problem = ProblemLabel("safety.size_problem")
        self._show(settings.safety)
        self._build()
        self._connect()

    def _show(self, safety: Safety) -> None:
        self._expiry.choose(_Expiry(safety.expiry))
        for field, box in self._boxes.items():
            box.setChecked(getattr(safety, field))
        self._minutes.setText(str(safety.away_minutes))
        for edit, count in zip(self._sizes, self._settings.size_presets, strict=True):
            edit.set_count(count)

    def _build(self) -> None:
        set_role(self, "panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(plain_label("When you are not there", "section"))
        layout.addLayout(_left(captioned("New orders expire", self._expiry)))
        for field in ("cancel_on_pause", "cancel_on_quit", "cancel_on_sleep"):
            layout.addWidget(self._boxes[field])
        layout.addLayout(self._away_row())
        layout.addWidget(self._problem)
        layout.addWidget(_wrapped(LIMITS))
        layout.addSpacing(10)
        layout.addWidget(plain_label("Sizes of the keys 1 to 5", "section"))
        sizes = QHBoxLayout()
        sizes.setSpacing(10)
        for number, edit in enumerate(self._sizes, 1):
            edit.setFixedWidth(_SIZE_WIDTH)
            sizes.addLayout(captioned(f"Key {number}", edit))
        layout.addLayout(_left(sizes))
        layout.addWidget(self._size_problem)
        layout.addStretch(1)

    def _away_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._minutes.setFixedWidth(_MINUTES_WIDTH)
        row.addWidget(self._boxes["cancel_when_away"])
        row.addWidget(self._minutes)
        row.addWidget(
            plain_label("minutes without a key press or the mouse in Pitdesk, warning a minute before", "")
        )
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self._expiry.currentIndexChanged.connect(self._keep)
        for box in self._boxes.values():
            box.toggled.connect(self._keep)
        self._minutes.edited.connect(self._keep)
        for edit in self._sizes:
            edit.edited.connect(self._keep_sizes)

    def _keep(self) -> None:
        """A number that cannot be used is said, and the one before it stays."""
        minutes = self._settings.safety.away_minutes
        try:
            minutes = _minutes(self._minutes.text())
            self._problem.say("")
        except QuantityError as problem:
            self._problem.say(str(problem))
        chosen = {field: box.isChecked() for field, box in self._boxes.items()}
        self._settings.safety = msgspec.structs.replace(
            self._settings.safety, expiry=self._expiry.choice.value, away_minutes=minutes, **chosen
        )

    def _keep_sizes(self) -> None:
        kept = self._settings.size_presets
        sizes: list[Count] = []
        said = ""
        for edit, before in zip(self._sizes, kept, strict=True):
            count, problem = _count(edit.count)
            edit.mark_invalid(bool(problem))
            said = said or problem
            sizes.append(before if count is None else count)
        self._size_problem.say(said)
        self._settings.size_presets = tuple(sizes)


def _count(look: Callable[[], Count]) -> tuple[Count | None, str]:
    try:
        return look(), ""
    except QuantityError as problem:
        return None, str(problem)


def _minutes(text: str) -> int:
    minutes = parse_count(text)
    whole = minutes.units // 100
    if minutes != Count.of(whole) or not 1 <= whole <= _MOST_MINUTES:
        raise QuantityError(f"Enter whole minutes, from 1 to {_MOST_MINUTES:,}.")
    return whole


def _box(field: str, words: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setObjectName(f"safety.{field}")
    box.setAccessibleName(words)
    return box


def _left(inside: QHBoxLayout | QVBoxLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addLayout(inside)
    row.addStretch(1)
    return row


def _wrapped(text: str) -> QLabel:
    label = plain_label(text, "muted")
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
