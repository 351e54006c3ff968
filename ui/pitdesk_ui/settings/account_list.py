"""The accounts by name, each with its environment's word and colour. Pure view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk_ui.account_mark import AccountMark

_WIDTH = 216


class AccountList(QWidget):
    """``chosen`` carries a profile's id, empty for Practice; ``add_wanted`` when one more is to be added."""

    chosen = Signal(str)
    add_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self._group = QButtonGroup(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._add = QPushButton("Add account…")
        self._add.setObjectName("accounts.add")
        self._add.clicked.connect(self.add_wanted)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self._rows)
        inner.addStretch(1)
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area, 1)
        layout.addWidget(self._add)

    def show_accounts(self, marks: Sequence[AccountMark], selected: str | None, active: str | None) -> None:
        """One row each; ``selected`` is marked (None: none is), ``active`` is said to be in use."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        for mark in marks:
            row = _Row(mark, is_active=mark.profile_id == active)
            row.setChecked(mark.profile_id == selected)
            row.clicked.connect(lambda _checked, chosen=mark.profile_id: self.chosen.emit(chosen))
            self._group.addButton(row)
            self._rows.addWidget(row)


class _Row(QPushButton):
    def __init__(self, mark: AccountMark, *, is_active: bool) -> None:
        super().__init__()
        self.setObjectName(f"accounts.row.{mark.profile_id or 'practice'}")
        self.setCheckable(True)
        self.setFixedHeight(52)
        name = mark.name or mark.word
        self.setAccessibleName(f"{name}, {mark.word}{', in use' if is_active else ''}")
        set_role(self, "account_row")
        word = plain_label(mark.word.upper(), f"tag_{mark.tone}")
        title = ElidedLabel("value")
        title.show_text(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        told = QVBoxLayout()
        told.setSpacing(1)
        told.addWidget(title)
        if is_active:
            told.addWidget(plain_label("In use", "caption"))
        layout.addLayout(told, 1)
        layout.addWidget(word, 0, Qt.AlignmentFlag.AlignVCenter)
        for label in (word, title):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
