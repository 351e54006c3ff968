"""The ways out of the account in view: into another, into a new practice account, out of the program.

Each is asked about first (:mod:`pitdesk_ui.leaving`), one at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.leaving import CLOSING, LEAVING, REOPENING, Farewell, may_leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.profiles import Profiles
    from pitdesk.settings import Settings
    from pitdesk_ui.account_mark import AccountMark
    from pitdesk_ui.desk_host import DeskHost
    from pitdesk_ui.main_window import MainWindow


class AccountSwitch:
    """Leaves what ``host`` shows, and keeps in the profiles which account is active."""

    def __init__(
        self,
        host: DeskHost,
        profiles: Profiles,
        settings: Settings,
        window: MainWindow,
        mark: Callable[[], AccountMark],
    ) -> None:
        """``mark``: the account that the window is about when a question is put."""
        self._host, self._profiles, self._settings = host, profiles, settings
        self._window, self._mark = window, mark
        self._is_asking = False

    async def switch(self, profile_id: str) -> None:
        """To the account of that id, empty for Practice; the one in view is opened anew."""
        how = REOPENING if profile_id == self._host.mark.profile_id else LEAVING
        if self._host.is_busy or not await self._may_leave(how):
            return
        self._settings.welcomed = True
        self._profiles.use(profile_id)
        await self._host.switch(self._profiles.get(profile_id) if profile_id else None)

    async def reset_practice(self) -> None:
        """To a new practice account, in place of the one there was. Nobody is asked here."""
        if self._host.is_busy:
            return
        self._profiles.use("")
        await self._host.reset_practice()

    async def may_close(self) -> bool:
        """Whether the program may be closed."""
        return await self._may_leave(CLOSING)

    async def _may_leave(self, how: Farewell) -> bool:
        """Whether the account may be left; not while that is being asked already."""
        if self._is_asking:
            return False
        self._is_asking = True
        try:
            session = self._host.view.session if self._host.view is not None else None
            return await may_leave(session, self._window, self._mark(), how)
        finally:
            self._is_asking = False
