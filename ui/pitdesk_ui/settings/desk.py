"""Makes the settings window with its pages and their presenters, and keeps it while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.settings.accounts_page import AccountsPage
from pitdesk_ui.settings.accounts_presenter import AccountsPresenter
from pitdesk_ui.settings.appearance_page import AppearancePage
from pitdesk_ui.settings.connection_page import ConnectionPage
from pitdesk_ui.settings.keys_page import KeysPage
from pitdesk_ui.settings.keys_presenter import KeysPresenter
from pitdesk_ui.settings.notices_page import NoticesPage
from pitdesk_ui.settings.practice_page import PracticePage
from pitdesk_ui.settings.safety_section import SafetySection
from pitdesk_ui.settings.window import SettingsWindow

if TYPE_CHECKING:
    from pitdesk_ui.program import Program


class SettingsDesk:
    """The one settings window."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.window = SettingsWindow(program.window)
        page = AccountsPage()
        self._accounts = AccountsPresenter(page, program)
        self.window.add_page("Accounts", page)
        self.window.add_page("Safety", SafetySection(program.settings))
        self.window.add_page("Connection", ConnectionPage(program))
        self.window.add_page("Practice", PracticePage(program))
        self.window.add_page("Keys", self._keys_page())
        self.window.add_page("Notices", NoticesPage(program.settings, program.system))
        self.window.add_page("Appearance", AppearancePage(program.settings, program.look.percent))
        self._disconnect = program.host.entered.connect(lambda _: self._show_mark())
        self._show_mark()

    def _keys_page(self) -> KeysPage:
        page = KeysPage()
        KeysPresenter(page, self._program.keys)
        return page

    def bring_up(self) -> None:
        """Show it in front of the others."""
        self.window.bring_up()

    def close(self) -> None:
        """The program ends."""
        self._accounts.close()
        self._disconnect()
        self.window.close()

    def _show_mark(self) -> None:
        self.window.show_mark(self._program.mark)
