"""One account's desk in the window: top bar, panels, tabs and notice line, and the borders between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from pitdesk_ui.desk_tabs import DeskTabs
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import Panel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pitdesk_ui.top_bar import TopBar
    from pitdesk_ui.widgets.notice_bar import NoticeBar

_COLUMN_WIDTHS = (300, 540, 350, 340)
_ROW_HEIGHTS = (590, 320)
_MARGIN = 10
_TABS_LEAST = 240  # four rows under the buttons
_TICKET_SPEAKS = 76  # an order in both vocabularies, and what came of it


@dataclass(frozen=True, slots=True)
class Panels:
    """What the window shows, left to right, the banners above and the tabs below with their titles.

    ``alarm`` is the title of the tab that is there only while :meth:`DeskTabs.show_alarm` counts any.
    """

    finder: QWidget
    market: QWidget
    ladder: QWidget
    ticket: QWidget
    banners: tuple[QWidget, ...]
    tabs: tuple[tuple[str, QWidget], ...]
    alarm: str = ""


class DeskBody(QWidget):
    """Top bar, four panels, tabs and the notice line of one account."""

    def __init__(self, top: TopBar, panels: Panels, notice: NoticeBar, keys: KeyMap | None = None) -> None:
        super().__init__()
        self._panels = panels
        self.columns = _columns(panels)
        self.tabs = DeskTabs(panels.tabs, panels.alarm, keys or KeyMap())
        self.tabs.larger_wanted.connect(lambda: self.enlarge_tabs(not self.is_enlarged))
        self.rows = _rows(self.columns, _card(self.tabs))
        self._rows_are_placed = False
        self.rows.splitterMoved.connect(self.keep_rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 0, _MARGIN, 6)
        layout.setSpacing(6)
        layout.addWidget(top)
        for banner in panels.banners:
            layout.addWidget(banner)
        layout.addWidget(self.rows, 1)
        layout.addWidget(notice)

    @property
    def is_enlarged(self) -> bool:
        """Whether the tabs have the room of the market's panels too."""
        return self.columns.isHidden()

    def enlarge_tabs(self, larger: bool) -> None:
        """Give the tabs all the room, or show the market again. The border goes back to where it was."""
        focused = QApplication.focusWidget()
        if larger and focused is not None and self.columns.isAncestorOf(focused):
            self.tabs.tabBar().setFocus()
        self.columns.setHidden(larger)
        self.tabs.show_larger(larger)

    def place_borders(self) -> None:
        """The borders where they stand at first. Needs the style: panels without it are of other widths."""
        self.columns.setSizes(list(_COLUMN_WIDTHS))
        self._place_rows()

    def keep_rows(self) -> None:
        """The person put the border between panels and tabs where it is: no resizing places it anew."""
        self._rows_are_placed = True

    def _place_rows(self) -> None:
        """The ticket whole where the tabs keep a few rows."""
        room = self.rows.height() - self.rows.handleWidth()
        share = room * _ROW_HEIGHTS[0] // sum(_ROW_HEIGHTS)
        wanted = self._panels.ticket.sizeHint().height() + _TICKET_SPEAKS
        upper = max(share, min(wanted, room - _TABS_LEAST))
        self.rows.setSizes([upper, room - upper])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the chart gives way: orders can be placed without it."""
        super().resizeEvent(event)
        others = (self._panels.finder, self._panels.ladder, self._panels.ticket)
        needed = [max(panel.minimumSizeHint().width(), panel.minimumWidth()) for panel in others]
        room = self.width() - 2 * _MARGIN - 3 * self.columns.handleWidth()
        self._panels.market.setVisible(room >= sum(needed) + self._panels.market.minimumWidth())
        if not self._rows_are_placed:
            self._place_rows()


def _columns(panels: Panels) -> QSplitter:
    columns = QSplitter(Qt.Orientation.Horizontal)
    columns.setObjectName("window.columns")
    columns.setHandleWidth(6)
    columns.setChildrenCollapsible(False)
    for panel, stretch in ((panels.finder, 1), (panels.market, 4), (panels.ladder, 1), (panels.ticket, 0)):
        columns.addWidget(panel)
        columns.setStretchFactor(columns.count() - 1, stretch)
    return columns


def _rows(columns: QWidget, tabs: QWidget) -> QSplitter:
    rows = QSplitter(Qt.Orientation.Vertical)
    rows.setObjectName("window.rows")
    rows.setHandleWidth(6)
    rows.setChildrenCollapsible(False)
    rows.addWidget(columns)
    rows.addWidget(tabs)
    rows.setStretchFactor(0, 3)
    rows.setStretchFactor(1, 2)
    return rows


def _card(content: QWidget) -> Panel:
    card = Panel()
    card.body.setContentsMargins(4, 2, 4, 6)
    card.body.addWidget(content)
    set_role(card, "panel")
    return card
