"""The widgets of one window, made together and given to whoever fills them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pitdesk_ui.blotter.panel import WorkingPanel
from pitdesk_ui.chart.panel import MarketPanel
from pitdesk_ui.damage_banner import DamageBanner
from pitdesk_ui.desk_body import Panels
from pitdesk_ui.finder.panel import FinderPanel
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.ladder.panel import LadderPanel
from pitdesk_ui.ticket.panel import TicketPanel
from pitdesk_ui.top_bar import TopBar
from pitdesk_ui.unconfirmed.panel import UnconfirmedBanner, UnconfirmedPanel
from pitdesk_ui.widgets.late_tab import LateTab
from pitdesk_ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pitdesk_ui.account_mark import AccountMark
    from pitdesk_ui.activity.panel import ActivityPanel
    from pitdesk_ui.batch.panel import BatchPanel
    from pitdesk_ui.history.panel import HistoryPanel
    from pitdesk_ui.portfolio.fills_panel import FillsPanel
    from pitdesk_ui.portfolio.positions_panel import PositionsPanel

UNCONFIRMED = "Unconfirmed"
WORKING, BATCH, POSITIONS, FILLS = "Working", "Batch", "Positions", "Fills"
HISTORY, ACTIVITY = "History", "Activity"


class WindowParts:
    """Every part of the window for one account.

    The panels of most tabs behind are made when they are first asked for: the first paint does not wait for
    them. Whoever shows the window makes ``late_tabs`` soon after it.
    """

    def __init__(self, mark: AccountMark, keys: KeyMap | None = None) -> None:
        self.mark, self.keys = mark, keys or KeyMap()
        self.top = TopBar(mark, self.keys)
        self.finder = FinderPanel(self.keys)
        self.market = MarketPanel(self.keys)
        self.ladder = LadderPanel(self.keys)
        self.ticket = TicketPanel(self.keys)
        self.working = WorkingPanel(keys=self.keys)
        self.unconfirmed = UnconfirmedPanel()
        self.banner, self.damage = UnconfirmedBanner(), DamageBanner()
        self.notice = NoticeBar()
        self._batch = LateTab(partial(_batch, self.keys))
        self._positions = LateTab(_positions)
        self._fills = LateTab(_fills)
        self._history = LateTab(_history)
        self._activity = LateTab(_activity)
        self.late_tabs = (self._batch, self._positions, self._fills, self._history, self._activity)

    @property
    def batch(self) -> BatchPanel:
        """The sheet of many orders."""
        return self._batch.panel

    @property
    def positions(self) -> PositionsPanel:
        """The table of positions."""
        return self._positions.panel

    @property
    def fills(self) -> FillsPanel:
        """The table of fills."""
        return self._fills.panel

    @property
    def history(self) -> HistoryPanel:
        """The table of orders that are over."""
        return self._history.panel

    @property
    def activity(self) -> ActivityPanel:
        """The table of what happened."""
        return self._activity.panel

    def panels(self) -> Panels:
        """As the window places them."""
        return Panels(
            finder=self.finder,
            market=self.market,
            ladder=self.ladder,
            ticket=self.ticket,
            banners=(self.damage, self.banner),
            tabs=(
                (WORKING, self.working),
                (UNCONFIRMED, self.unconfirmed),
                (BATCH, self._batch),
                (POSITIONS, self._positions),
                (FILLS, self._fills),
                (HISTORY, self._history),
                (ACTIVITY, self._activity),
            ),
            alarm=UNCONFIRMED,
        )


def _batch(keys: KeyMap) -> BatchPanel:
    from pitdesk_ui.batch.panel import BatchPanel

    return BatchPanel(keys)


def _positions() -> PositionsPanel:
    from pitdesk_ui.portfolio.positions_panel import PositionsPanel

    return PositionsPanel()


def _fills() -> FillsPanel:
    from pitdesk_ui.portfolio.fills_panel import FillsPanel

    return FillsPanel()


def _history() -> HistoryPanel:
    from pitdesk_ui.history.panel import HistoryPanel

    return HistoryPanel()


def _activity() -> ActivityPanel:
    from pitdesk_ui.activity.panel import ActivityPanel

    return ActivityPanel()
