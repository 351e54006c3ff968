"""The question after a damaged journal: what happened, where the file is kept, and opening trading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from pitdesk.desk.damage_watch import DamageWatch
    from pitdesk.desk.session import Session
    from pitdesk.tasks import TaskOwner

_BUTTON = "I understand, open trading"
_WHAT_FOLLOWS = (
    "An order that was in doubt then may live without being known here. {read} "
    "Until you open trading no order is sent or made larger; cancels work."
)
_READING = "Your orders are being read from the exchange."
_READ = "Working, Fills and Positions show what the exchange says now: compare them with what you remember."


class DamageBanner(QFrame):
    """Across the window until the person has answered. Signal ``understood``."""

    understood = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("damage.banner")
        set_role(self, "question")
        self._happened = _wrapped("damage.happened", "warning")
        self._follows = _wrapped("damage.follows", "value")
        self._kept = _wrapped("damage.kept", "muted")
        self._kept.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._problem = _wrapped("damage.problem", "problem")
        self._problem.hide()
        self.button = QPushButton(_BUTTON)
        self.button.setObjectName("damage.understood")
        self.button.setAccessibleName(_BUTTON)
        self.button.setAutoDefault(False)
        set_role(self.button, "danger")
        self.button.clicked.connect(lambda _checked=False: self.understood.emit())
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._happened, self._follows, self._kept, self._problem):
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(16)
        layout.addLayout(words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def ask(self, happened: str, files: tuple[str, ...], *, ready: bool) -> None:
        """Ask about it. ``ready``: the orders were read, so that the button works."""
        self._happened.setText(happened)
        self._follows.setText(_WHAT_FOLLOWS.format(read=_READ if ready else _READING))
        self._kept.setText("Kept as " + " and ".join(files))
        self.button.setEnabled(ready)
        self.button.setToolTip("" if ready else _READING)
        self.setAccessibleName(f"{happened} {self._follows.text()} {self._kept.text()}")
        self.show()

    def say(self, problem: str) -> None:
        """Why it could not be done; empty: nothing."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))


class DamagePresenter(QObject):
    """Between the session's damage and the banner."""

    def __init__(self, banner: DamageBanner, session: Session, owner: TaskOwner) -> None:
        super().__init__(banner)
        self._banner = banner
        self._damage: DamageWatch = session.damage
        self._disconnects = (
            session.damage.changed.connect(lambda _: self._show()),
            session.status_changed.connect(lambda _: self._show()),
        )
        banner.understood.connect(on_signal(owner, "acknowledge a damaged journal", self._acknowledge))
        self._show()

    def close(self) -> None:
        """Listen no more."""
        for disconnect in self._disconnects:
            disconnect()

    def _show(self) -> None:
        damages = self._damage.damages
        if not damages:
            self._banner.hide()
            return
        happened = " ".join(dict.fromkeys(damage.sentence for damage in damages))
        files = tuple(dict.fromkeys(str(damage.file) for damage in damages))
        self._banner.ask(happened, files, ready=self._damage.may_acknowledge)

    async def _acknowledge(self) -> None:
        self._banner.button.setEnabled(False)
        self._banner.say("")
        problem = await self._damage.acknowledge()
        self._banner.say(problem)
        self._show()


def _wrapped(name: str, role: str) -> QLabel:
    label = plain_label("", role)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label
