"""The page of the practice exchange: how fast its market lives, and a new account to begin with."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from pitdesk_ui.account_mark import PRACTICE
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.connect.fields import SentenceLabel
from pitdesk_ui.question import Question, ask_and_forget
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, captioned
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk_ui.program import Program


class Speed(Enum):
    """How fast the market lives; the value is what the practice exchange takes."""

    STILL = "0"
    SLOW = "0.3"
    USUAL = ""
    FAST = "4"
    VERY_FAST = "20"


_WORDS = {
    Speed.STILL: "Still: quotes only, nobody else trades",
    Speed.SLOW: "Slow",
    Speed.USUAL: "Usual",
    Speed.FAST: "Fast: four times as many trades",
    Speed.VERY_FAST: "Very fast: twenty times as many trades",
}


class PracticePage(QFrame):
    """What it changes is done at once: the practice exchange starts again where it is in use."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program
        self._speed = ChoiceBox[Speed]("practice.speed", "Speed of the practice market", _WORDS.items())
        self._speed.choose(_speed_of(program.settings.practice_speed))
        self._reset = QPushButton("Begin a new practice account…")
        self._reset.setObjectName("practice.reset")
        set_role(self._reset, "danger")
        self._build()
        self._speed.currentIndexChanged.connect(self._set_speed)
        self._reset.clicked.connect(on_signal(program.owner, "reset the practice account", self._ask_reset))

    def _build(self) -> None:
        set_role(self, "panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(plain_label("Market", "section"))
        layout.addLayout(captioned("Speed", self._speed))
        told = SentenceLabel("muted")
        told.say("Your orders and cash stay as they are; the practice exchange starts again within a second.")
        layout.addWidget(told)
        layout.addSpacing(8)
        layout.addWidget(plain_label("Account", "section"))
        row = QHBoxLayout()
        row.addWidget(self._reset)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)

    def _set_speed(self) -> None:
        program = self._program
        program.settings.practice_speed = self._speed.choice.value
        if program.mark is PRACTICE:
            program.reopen()

    async def _ask_reset(self) -> None:
        question = Question(
            "practice.reset.question",
            "Begin a new practice account?",
            (
                "Practice orders, positions and fills are forgotten, and you begin again with $10,000.",
                "Other accounts are not touched.",
            ),
            yes="Begin anew",
            no="Keep this one",
            mark=PRACTICE,
            parent=self.window(),
        )
        if await ask_and_forget(question):
            self._program.reset_practice()


def _speed_of(kept: str) -> Speed:
    try:
        return Speed(kept)
    except ValueError:
        return Speed.USUAL
