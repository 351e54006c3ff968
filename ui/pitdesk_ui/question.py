"""A question that opens beside the window and is answered later; the safe answer is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from pitdesk_ui.account_mark import AccountMark, MarkedDialog
from pitdesk_ui.async_tools import ask
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

_WIDTH = 440


class Question(MarkedDialog):
    """``title`` asks, ``sentences`` tell what follows from each answer."""

    def __init__(
        self,
        name: str,
        title: str,
        sentences: tuple[str, ...],
        *,
        yes: str,
        no: str,
        mark: AccountMark,
        parent: QWidget,
    ) -> None:
        super().__init__(title, mark, parent)
        self.setObjectName(name)
        self.setFixedWidth(_WIDTH)
        for sentence in sentences:
            self.body.addWidget(_wrapped(sentence))
        go, stay = QPushButton(yes), QPushButton(no)
        go.setObjectName(f"{name}.yes")
        stay.setObjectName(f"{name}.no")
        set_role(go, "danger")
        for button in (go, stay):
            button.setAutoDefault(False)
        stay.setDefault(True)
        go.clicked.connect(self.accept)
        stay.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(go)
        buttons.addWidget(stay)
        self.body.addLayout(buttons)
        stay.setFocus()


async def ask_and_forget(question: Question) -> bool:
    """The answer; the dialog is gone afterwards."""
    answer = await ask(question)
    question.deleteLater()
    return answer


def _wrapped(text: str) -> QLabel:
    label = plain_label(text, "")
    label.setWordWrap(True)
    return label
