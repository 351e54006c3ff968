"""Canceling and changing orders from the window's keys, the menus, the top bar and the ladder's cells.

Cancels go whatever the gate says. What is selected is acted upon only where it is seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.notices import Notice, Severity
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.cancel_menus import CancelMenus
from pitdesk_ui.window_parts import WORKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.results import CancelResult
    from pitdesk.desk.session import Session
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.blotter.presenter import WorkingPresenter
    from pitdesk_ui.main_window import MainWindow
    from pitdesk_ui.window_parts import WindowParts


class OrderCommands:
    """What the person can ask of working orders anywhere in the window."""

    def __init__(
        self,
        *,
        window: MainWindow,
        parts: WindowParts,
        session: Session,
        working: WorkingPresenter,
        owner: TaskOwner,
        in_view: Callable[[], str],
    ) -> None:
        """``in_view``: the market in view, empty before the first."""
        self._window, self._parts, self._session = window, parts, session
        self._working, self._owner, self._in_view = working, owner, in_view
        parts.top.cancel_all_requested.connect(self.cancel_all)
        parts.ladder.cancel_requested.connect(on_signal(owner, "cancel from the ladder", self._cancel_keys))
        self._connect_menus()

    def cancel_all(self) -> None:
        """Cancel every working order of the account."""
        on_signal(self._owner, "cancel all orders", self._cancel_all)()

    def cancel_market(self) -> None:
        """Cancel every working order of the market in view; from among the rows, of the current row's."""
        ticker = self._in_view()
        if self._parts.working.has_keyboard:
            self._working.cancel_market()
        elif ticker:
            on_signal(self._owner, "cancel this market", self._cancel_market)(ticker)

    def cancel_selected(self) -> None:
        """Cancel the rows selected in the Working tab, which must be in sight: else it comes to the front."""
        if self._in_sight("cancel_selected", "cancels the orders that are selected here."):
            self._working.cancel_selected()

    def change_selected(self, *, amend: bool) -> None:
        """Open the card that changes the row selected in the Working tab."""
        name, what = ("amend", "amends") if amend else ("decrease", "decreases")
        if self._in_sight(name, f"{what} the order that is selected here."):
            change = self._working.amend_selected if amend else self._working.decrease_selected
            change()

    def _connect_menus(self) -> None:
        parts = self._parts
        cancel = on_signal(self._owner, "cancel from a menu", self._cancel_keys)
        menus = CancelMenus(self._session.blotter, self._session.finder, cancel)
        parts.working.menu_opened.connect(lambda menu: menus.fill(menu, self._working.market_meant))
        parts.finder.market_menu_opened.connect(menus.fill_market)
        parts.finder.event_menu_opened.connect(menus.fill_event)
        parts.ladder.menu_requested.connect(
            lambda spot: menus.popup_market(parts.ladder, self._in_view(), spot)
        )

    def _in_sight(self, name: str, does: str) -> bool:
        """Whether the Working tab is in sight with a row selected; else it comes up and says what to do."""
        working = self._parts.working
        if working.isVisible() and working.table.selected_keys():
            return True
        self._window.show_tab(WORKING)
        working.table.setFocus()
        working.say(f"{self._parts.keys.shown(name)} {does}")
        return False

    async def _cancel_keys(self, keys: tuple[str, ...]) -> None:
        self._tell(await self._session.order_desk.cancel(keys))

    async def _cancel_all(self) -> None:
        self._tell(await self._session.order_desk.cancel_all())

    async def _cancel_market(self, ticker: str) -> None:
        self._tell(await self._session.order_desk.cancel_market(ticker))

    def _tell(self, result: CancelResult) -> None:
        severity = Severity.WARNING if result.failed else Severity.INFO
        self._session.notices.say(Notice(result.sentence, severity=severity))
