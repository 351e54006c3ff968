"""Makes the settings window with its pages and their presenters, and keeps it while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.settings.accounts_page import AccountsPage
from pitdesk_ui.settings.accounts_presenter import AccountsPresenter
from pitdesk_ui.settings.appearance_page import AppearancePage
from pitdesk_ui.settings.connection_page import ConnectionPage
from pitdesk_ui.settings.practice_page import PracticePage
from pitdesk_ui.settings.safety_section import SafetySection
from pitdesk_ui.settings.window import SettingsWindow

if TYPE_CHECKING:
    from pitdesk_ui.application import Application


class SettingsDesk:
    """The one settings window."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.window = SettingsWindow(application.window)
        page = AccountsPage()
        self._accounts = AccountsPresenter(page, application)
        self.window.add_page("Accounts", page)
        self.window.add_page("Safety", SafetySection(application.settings))
        self.window.add_page("Connection", ConnectionPage(application))
        self.window.add_page("Practice", PracticePage(application))
        self.window.add_page("Appearance", AppearancePage(application.settings, application.look.percent))
        self._disconnect = application.host.entered.connect(lambda _: self._show_mark())
        self._show_mark()

    def bring_up(self) -> None:
        """Show it in front of the others."""
        self.window.bring_up()

    def close(self) -> None:
        """The program ends."""
        self._accounts.close()
        self._disconnect()
        self.window.close()

    def _show_mark(self) -> None:
        self.window.show_mark(self._application.mark)
