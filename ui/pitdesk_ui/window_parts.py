"""The widgets of one window, made together and given to whoever fills them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk_ui.activity.panel import ActivityPanel
from pitdesk_ui.batch.panel import BatchPanel
from pitdesk_ui.blotter.panel import WorkingPanel
from pitdesk_ui.chart.panel import MarketPanel
from pitdesk_ui.finder.panel import FinderPanel
from pitdesk_ui.history.panel import HistoryPanel
from pitdesk_ui.ladder.panel import LadderPanel
from pitdesk_ui.main_window import Panels
from pitdesk_ui.portfolio.fills_panel import FillsPanel
from pitdesk_ui.portfolio.positions_panel import PositionsPanel
from pitdesk_ui.ticket.panel import TicketPanel
from pitdesk_ui.top_bar import TopBar
from pitdesk_ui.unconfirmed.panel import UnconfirmedBanner, UnconfirmedPanel
from pitdesk_ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pitdesk_ui.account_mark import AccountMark

UNCONFIRMED = "Unconfirmed"
WORKING, BATCH, POSITIONS, FILLS = "Working", "Batch", "Positions", "Fills"
HISTORY, ACTIVITY = "History", "Activity"


@dataclass(frozen=True)
class WindowParts:
    """Every part of the window for one account."""

    mark: AccountMark
    top: TopBar = field(init=False)
    finder: FinderPanel = field(default_factory=FinderPanel)
    market: MarketPanel = field(default_factory=MarketPanel)
    ladder: LadderPanel = field(default_factory=LadderPanel)
    ticket: TicketPanel = field(default_factory=TicketPanel)
    working: WorkingPanel = field(default_factory=WorkingPanel)
    unconfirmed: UnconfirmedPanel = field(default_factory=UnconfirmedPanel)
    banner: UnconfirmedBanner = field(default_factory=UnconfirmedBanner)
    batch: BatchPanel = field(default_factory=BatchPanel)
    positions: PositionsPanel = field(default_factory=PositionsPanel)
    fills: FillsPanel = field(default_factory=FillsPanel)
    history: HistoryPanel = field(default_factory=HistoryPanel)
    activity: ActivityPanel = field(default_factory=ActivityPanel)
    notice: NoticeBar = field(default_factory=NoticeBar)

    def __post_init__(self) -> None:
        object.__setattr__(self, "top", TopBar(self.mark))

    def panels(self) -> Panels:
        """As the window places them."""
        return Panels(
            finder=self.finder,
            market=self.market,
            ladder=self.ladder,
            ticket=self.ticket,
            banner=self.banner,
            tabs=(
                (WORKING, self.working),
                (UNCONFIRMED, self.unconfirmed),
                (BATCH, self.batch),
                (POSITIONS, self.positions),
                (FILLS, self.fills),
                (HISTORY, self.history),
                (ACTIVITY, self.activity),
            ),
            alarm=UNCONFIRMED,
        )
