"""The cancels of more than a row, offered where they belong: at the blotter, the finder and the ladder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from pitdesk.desk.cancel_scope import account_scopes, event_scope, market_scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.cancel_scope import CancelScope
    from pitdesk.desk.finder import Finder


class CancelMenus:
    """Puts scopes into menus. ``cancel`` is told the keys of the one chosen, as they are at that moment."""

    def __init__(self, blotter: Blotter, finder: Finder, cancel: Callable[[tuple[str, ...]], object]) -> None:
        self._blotter, self._finder, self._cancel = blotter, finder, cancel

    def fill(self, menu: QMenu, ticker: str | None) -> None:
        """Everything that can be canceled around a market, and over all markets."""
        if ticker:
            self._add(menu, ticker, partial(market_scopes, self._blotter, self._finder, ticker))
        self._add(menu, "", partial(account_scopes, self._blotter))

    def fill_market(self, menu: QMenu, ticker: str) -> None:
        """What can be canceled in a market and its event, where anything can."""
        self._add(menu, ticker, partial(market_scopes, self._blotter, self._finder, ticker), only_any=True)

    def fill_event(self, menu: QMenu, event_ticker: str) -> None:
        """What can be canceled in an event, where anything can."""
        event = next((event for event in self._finder.events() if event.ticker == event_ticker), None)
        if event is not None and event.markets:
            ticker = event.markets[0].ticker
            look = event_scope if len(event.markets) > 1 else market_scopes
            self._add(menu, ticker, partial(look, self._blotter, self._finder, ticker), only_any=True)

    def popup_market(self, parent: QWidget, ticker: str, at: QPoint) -> None:
        """A menu of its own for a market, if any of its orders can be canceled."""
        menu = QMenu(parent)
        self.fill_market(menu, ticker)
        self.show(menu, at)

    @staticmethod
    def show(menu: QMenu, at: QPoint) -> None:
        """Open ``menu`` at a place of the screen; one without entries goes unseen."""
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _add(
        self,
        menu: QMenu,
        ticker: str,
        look: Callable[[], Iterable[CancelScope]],
        *,
        only_any: bool = False,
    ) -> None:
        scopes = [scope for scope in look() if scope.keys or not only_any]
        if scopes and not menu.isEmpty():
            menu.addSeparator()
        for scope in scopes:
            action = menu.addAction(_plain(scope.told))
            action.setObjectName(f"cancel.{scope.name}")
            action.setData(ticker)
            action.setEnabled(bool(scope.keys))
            action.triggered.connect(partial(self._chosen, scope.name, look))

    def _chosen(self, name: str, look: Callable[[], Iterable[CancelScope]], _checked: bool = False) -> None:
        """Orders that came or went while the menu was open are counted in or out."""
        for scope in look():
            if scope.name == name and scope.keys:
                self._cancel(scope.keys)


def _plain(text: str) -> str:
    """As a menu shows it: an ampersand would underline the letter after it."""
    return text.replace("&", "&&")
