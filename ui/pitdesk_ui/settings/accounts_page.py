"""The page of accounts: the list on the left, on the right the one chosen or the form of a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from pitdesk_ui.account_mark import PRACTICE
from pitdesk_ui.connect.card import ConnectCard
from pitdesk_ui.settings.account_detail import AccountDetail, PracticeDetail
from pitdesk_ui.settings.account_list import AccountList
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label


class AccountsPage(QWidget):
    """Places the parts. ``card`` is the form in view, made anew for each account to be added."""

    def __init__(self) -> None:
        super().__init__()
        self.list = AccountList()
        self.detail = AccountDetail()
        self.practice = PracticeDetail(PRACTICE)
        self._stack = QStackedWidget()
        self._stack.setObjectName("accounts.panel")
        set_role(self._stack, "panel")
        self._form: QWidget | None = None
        self._stack.addWidget(self.detail)
        self._stack.addWidget(self.practice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.list)
        layout.addWidget(self._stack, 1)

    def show_detail(self) -> None:
        """The account chosen."""
        self._show(self.detail)

    def show_practice(self) -> None:
        """The account that needs no key."""
        self._show(self.practice)

    def show_form(self, title: str) -> ConnectCard:
        """A new form in place of the account; what stood there is forgotten."""
        card = ConnectCard()
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(plain_label(title, "title"))
        layout.addWidget(card, 1)
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self._stack.addWidget(area)
        self._show(area)
        self._form = area
        return card

    def _show(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        if self._form is not None:
            self._stack.removeWidget(self._form)
            self._form.deleteLater()
            self._form = None
