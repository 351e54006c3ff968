"""Which account a window or dialog belongs to: a word and a colour, never the colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pitdesk.profiles import Profile, ProfileError, ProfileKind, environment_of
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

_LINE_HEIGHT = 3
_WORDS = {ProfileKind.DEMO: "Demo", ProfileKind.LIVE: "Live", ProfileKind.CUSTOM: "Custom"}


@dataclass(frozen=True, slots=True)
class AccountMark:
    """``word``: the environment's; ``tone``: its colour's name in the style; ``name``: the account's own.

    A custom address has Live's red, since money may move there, unless it is on this computer.
    """

    word: str
    tone: str
    name: str = ""
    profile_id: str = ""

    @property
    def title(self) -> str:
        """What a window's title says of the account."""
        return f"{self.word} – {self.name}" if self.name and self.name != self.word else self.word

    @property
    def key(self) -> str:
        """What is kept for this account in the settings goes by this name."""
        return f"{self.word} {self.profile_id}" if self.profile_id else self.word


PRACTICE = AccountMark("Practice", "practice")
NO_ACCOUNT = AccountMark("", "none")


def mark_of(profile: Profile | None) -> AccountMark:
    """The mark of a profile; None is Practice."""
    if profile is None:
        return PRACTICE
    try:
        is_real = environment_of(profile).is_real
    except ProfileError:
        is_real = True
    return AccountMark(_WORDS[profile.kind], tone_of(is_real=is_real), profile.name, profile.profile_id)


def tone_of(*, is_real: bool) -> str:
    """The colour of an account with a key: red where money may move."""
    return "live" if is_real else "demo"


class MarkLine(QFrame):
    """The coloured line along the upper edge of a window or dialog."""

    def __init__(self, mark: AccountMark = NO_ACCOUNT) -> None:
        super().__init__()
        self.setObjectName("mark.line")
        self.setFixedHeight(_LINE_HEIGHT)
        self.show_mark(mark)

    def show_mark(self, mark: AccountMark) -> None:
        """Take the account's colour."""
        set_role(self, f"line_{mark.tone}")


class MarkWord(QWidget):
    """The environment's word on its colour, and the account's name beside it."""

    def __init__(self, mark: AccountMark = PRACTICE) -> None:
        super().__init__()
        self._word: QLabel = plain_label("", "")
        self._word.setObjectName("mark.word")
        self._name: QLabel = plain_label("", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._word, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._name)
        self.show_mark(mark)

    def show_mark(self, mark: AccountMark) -> None:
        """Tell the account."""
        self._word.setText(mark.word.upper())
        self._word.setAccessibleName(f"Environment: {mark.word}")
        set_role(self._word, mark.tone)
        self._word.setVisible(bool(mark.word))
        self._name.setText(mark.name)
        self._name.setVisible(bool(mark.name) and mark.name != mark.word)


def mark_dialog(dialog: QDialog, mark: AccountMark) -> None:
    """Put the account's line and word above what a dialog holds, where nothing says them yet."""
    layout = dialog.layout()
    if layout is None or not mark.word or dialog.findChild(MarkLine) is not None:
        return
    dialog.setWindowTitle(f"{dialog.windowTitle()} – {mark.title}")
    head = QWidget(dialog)
    column = QVBoxLayout(head)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(MarkLine(mark))
    row = QHBoxLayout()
    row.setContentsMargins(16, 10, 16, 0)
    row.addWidget(MarkWord(mark))
    row.addStretch(1)
    column.addLayout(row)
    layout.setMenuBar(head)


class MarkedDialog(QDialog):
    """A dialog that says at its head which account it is about. Put the content into :attr:`body`."""

    def __init__(self, title: str, mark: AccountMark, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title} – {mark.title}" if mark.word else title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(MarkLine(mark))
        inside = QVBoxLayout()
        inside.setContentsMargins(20, 16, 20, 20)
        inside.setSpacing(14)
        head = QHBoxLayout()
        head.addWidget(plain_label(title, "title"))
        head.addStretch(1)
        head.addWidget(MarkWord(mark))
        inside.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        inside.addLayout(self.body)
        layout.addLayout(inside)
