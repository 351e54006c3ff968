"""What opens around the desk: the first page, the page for a missing key, the settings, the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QMenu

from pitdesk_ui.account_mark import NO_ACCOUNT, AccountMark, mark_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pitdesk.profile import Profile
    from pitdesk_ui.connect.card import ConnectCard
    from pitdesk_ui.connect.presenter import ConnectPresenter
    from pitdesk_ui.desk_host import KeyWanted
    from pitdesk_ui.program import Program
    from pitdesk_ui.settings.desk import SettingsDesk
    from pitdesk_ui.top_bar import TopBar


class WindowPages:
    """Makes them when they are wanted and forgets them when they go."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._connecting: ConnectPresenter | None = None
        self._page_mark: AccountMark | None = None
        self._settings: SettingsDesk | None = None

    @property
    def mark(self) -> AccountMark:
        """The account that the window is about."""
        return self._program.host.mark if self._page_mark is None else self._page_mark

    def connect_top(self, top: TopBar) -> None:
        """A new desk stands: its top bar's buttons, and no page any more."""
        program = self._program
        self._end_page()
        self._page_mark = None
        top.settings_requested.connect(program.show_settings)
        top.arm_requested.connect(program.arming.arm)
        top.menu.setMenu(self._menu(top))
        program.arming.show()

    def show_first_run(self) -> None:
        """The page of the very first start."""
        from pitdesk_ui.first_run.page import FirstRunPage

        page = FirstRunPage()
        self._show(page, page.card, NO_ACCOUNT)
        page.practise.connect(lambda: self._program.switch(""))
        page.focus()

    def show_key_page(self, wanted: KeyWanted) -> None:
        """The page in place of a desk whose key could not be had."""
        from pitdesk_ui.first_run.page import KeyPage

        page = KeyPage(mark_of(wanted.profile), wanted.fault.sentence)
        self._show(page, page.card, mark_of(wanted.profile), wanted.profile)
        page.again.connect(self._program.reopen)
        page.practise.connect(lambda: self._program.switch(""))

    def show_settings(self) -> None:
        """Open the settings window, or bring it to the front."""
        if self._settings is None:
            from pitdesk_ui.settings.desk import SettingsDesk

            self._settings = SettingsDesk(self._program)
        self._settings.bring_up()

    def show_diagnostics(self) -> None:
        """Show what support may be sent, to be read and saved."""
        from pitdesk_ui.diagnostics_dialog import DiagnosticsDialog

        DiagnosticsDialog(self._program).open()

    def close(self) -> None:
        """The program ends: every dialog goes, and keys that were not stored are forgotten."""
        self._end_page()
        if self._settings is not None:
            self._settings.close()
        for dialog in self._program.window.findChildren(QDialog):
            dialog.reject()

    def _show(
        self, page: QWidget, card: ConnectCard, mark: AccountMark, replacing: Profile | None = None
    ) -> None:
        from pitdesk_ui.connect.presenter import ConnectPresenter

        program = self._program
        self._end_page()
        self._page_mark = mark
        self._connecting = ConnectPresenter(
            card,
            profiles=program.profiles,
            vault=program.vault,
            settings=program.settings,
            owner=program.owner,
            replacing=replacing,
        )
        self._connecting.connected.connect(program.switch)
        program.window.show_page(page, mark)
        program.host.give_way()

    def _end_page(self) -> None:
        if self._connecting is not None:
            self._connecting.close()
            self._connecting = None

    def _menu(self, parent: QWidget) -> QMenu:
        program = self._program
        menu = QMenu(parent)
        menu.setObjectName("top.menu.items")
        menu.addAction("Settings…", program.show_settings)
        menu.addAction("Keys", program.show_keys)
        menu.addAction("Save diagnostics…", self.show_diagnostics)
        menu.addSeparator()
        menu.addAction("Quit", program.ask_to_close)
        return menu
