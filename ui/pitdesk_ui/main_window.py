"""The window: places the panels and tabs, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QChildEvent, QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QIcon,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QSplitter,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.account_mark import NO_ACCOUNT, AccountMark, MarkLine, mark_dialog
from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.tabs_corner import TabsCorner
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.enter_key import pressed_by_enter
from pitdesk_ui.widgets.late_tab import LateTab
from pitdesk_ui.widgets.panel import Panel, plain_label
from pitdesk_ui.widgets.screen_room import resize_within, room_for
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from pitdesk_ui.top_bar import TopBar
    from pitdesk_ui.widgets.notice_bar import NoticeBar

WINDOW_SIZE = (1600, 980)
SMALLEST = (980, 560)
_COLUMN_WIDTHS = (300, 540, 350, 340)
_ROW_HEIGHTS = (590, 320)
_MARGIN = 10
_TABS_LEAST = 240  # four rows under the buttons
_TICKET_SPEAKS = 76  # an order in both vocabularies, and what came of it


@dataclass(frozen=True, slots=True)
class Panels:
    """What the window shows, left to right, the banners above and the tabs below with their titles.

    ``alarm`` is the title of the tab that is there only while :meth:`MainWindow.show_alarm` counts any.
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

    def __init__(self, top: TopBar, panels: Panels, notice: NoticeBar) -> None:
        super().__init__()
        self._panels = panels
        self.columns = _columns(panels)
        self.tabs = _tabs(panels)
        self.corner = TabsCorner()
        self.tabs.setCornerWidget(self.corner, Qt.Corner.TopRightCorner)
        self.corner.view_opened.connect(self._fill_view)
        self.corner.larger_wanted.connect(lambda: self.enlarge_tabs(not self.is_enlarged))
        self.tabs.tabBar().tabBarDoubleClicked.connect(lambda _: self.enlarge_tabs(not self.is_enlarged))
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.setObjectName("window.rows")
        self.rows.setHandleWidth(6)
        self.rows.setChildrenCollapsible(False)
        self.rows.addWidget(self.columns)
        self.rows.addWidget(_card(self.tabs))
        self.rows.setStretchFactor(0, 3)
        self.rows.setStretchFactor(1, 2)
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
        self.corner.show_larger(larger)

    @property
    def page(self) -> TabPage | None:
        """The tab in front, where it is one that View is about."""
        front = self.tabs.currentWidget()
        panel = front.panel if isinstance(front, LateTab) else front
        return panel if isinstance(panel, TabPage) else None

    def _fill_view(self, menu: QMenu) -> None:
        if self.page is not None:
            self.page.fill_view(menu)

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


class MainWindow(QMainWindow):
    """Shows one account's desk, or a page in its place, under the line in the account's colour.

    Closing asks: ``close_requested`` is said, and the window goes only by :meth:`finish_close`, once orders
    in flight are settled.
    """

    close_requested = Signal()
    first_painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Pitdesk")
        self.setWindowIcon(QIcon(str(resource_path("icons", "pitdesk.svg"))))
        self.setObjectName("window")
        self._may_close = False
        self._was_painted = False
        self._desk: DeskBody | None = None
        self._borders: tuple[QByteArray, QByteArray] | None = None
        self._mark = NO_ACCOUNT
        self._fit()

    def show_desk(self, desk: DeskBody, mark: AccountMark) -> None:
        """Put ``desk`` into the window, its borders where the former one's were. What was there ends."""
        self._keep_borders()
        self._show(desk, mark)
        self._desk = desk

    def show_page(self, page: QWidget, mark: AccountMark) -> None:
        """Put ``page`` into the window. What was there ends."""
        self._keep_borders()
        self._desk = None
        self._show(page, mark)

    def place_borders(self) -> None:
        """The borders where the person put them, else where they stand at first. Needs the style."""
        if self._desk is None:
            return
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # the style is new
        self._desk.place_borders()
        if self._borders is not None:
            self._desk.columns.restoreState(self._borders[0])
            self._desk.rows.restoreState(self._borders[1])
            self._desk.keep_rows()

    @property
    def tabs(self) -> QTabWidget | None:
        """The tabs of the desk, None while a page is shown."""
        return self._desk.tabs if self._desk is not None else None

    def show_tab(self, title: str) -> None:
        """Bring the tab of that title (without its count) to the front."""
        index = self._tab(title)
        if self._desk is not None and index is not None:
            self._desk.tabs.setCurrentIndex(index)

    @property
    def page(self) -> TabPage | None:
        """The tab in front, None where no desk is shown or the tab is no table."""
        return self._desk.page if self._desk is not None else None

    @property
    def are_tabs_enlarged(self) -> bool:
        """Whether the tabs have the room of the market's panels, which cannot be seen."""
        return self._desk is not None and self._desk.is_enlarged

    def enlarge_tabs(self, larger: bool) -> None:
        """Give the tabs all the room, or show the market's panels again."""
        if self._desk is not None and self._desk.is_enlarged != larger:
            self._desk.enlarge_tabs(larger)

    def open_view_menu(self) -> None:
        """Open the menu of what the tab in front can show otherwise."""
        if self._desk is not None:
            self._desk.corner.open_view()

    def show_count(self, title: str, count: int) -> None:
        """Put the number of its rows behind a tab's title; zero shows none."""
        index = self._tab(title)
        if self._desk is not None and index is not None:
            text = f"{title}   {count:,}" if count else title
            if self._desk.tabs.tabText(index) != text:
                self._desk.tabs.setTabText(index, text)

    def show_alarm(self, title: str, count: int) -> None:
        """Show a tab with its number in red, or hide it while that is zero."""
        index = self._tab(title)
        if self._desk is None or index is None:
            return
        bar = self._desk.tabs.tabBar()
        mark = bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
        if not isinstance(mark, QLabel):
            mark = plain_label("", "alarm")
            mark.setObjectName(f"window.tabs.{title.lower()}.count")
            bar.setTabButton(index, QTabBar.ButtonPosition.RightSide, mark)
        mark.setText(f"{count:,}")
        mark.adjustSize()
        mark.setVisible(count > 0)  # a hidden tab does not hide what stands in it
        if not count and self._desk.tabs.currentIndex() == index:
            self._desk.tabs.setCurrentIndex(0)  # where its orders were too, not whatever tab comes next
        self._desk.tabs.setTabVisible(index, count > 0)

    def layout_state(self) -> bytes:
        """Where the person put the borders, and the window's own place, for the next start."""
        self._keep_borders()
        parts = (self.saveGeometry(), *(self._borders or ()))
        return b"|".join(part.toBase64().data() for part in parts)

    def restore_layout(self, state: bytes) -> None:
        """Take up what :meth:`layout_state` said; anything unreadable leaves the layout as it is."""
        parts = [QByteArray.fromBase64(QByteArray(part)) for part in state.split(b"|")]
        if len(parts) in (1, 3):
            self.restoreGeometry(parts[0])
        if len(parts) == 3:
            self._borders = (parts[1], parts[2])
            self.place_borders()

    def showEvent(self, event: QShowEvent) -> None:
        """Place the borders once the window has its own width: before it, they would be shares of another."""
        super().showEvent(event)
        if not self._was_painted:
            self.place_borders()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the window is in sight."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.first_painted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, as Space does; held down, it presses once."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def finish_close(self) -> None:
        """Go now."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first; the owner calls :meth:`finish_close` when all is settled."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def childEvent(self, event: QChildEvent) -> None:
        """Every dialog over this window, before it is seen, gets the mark of the account in it."""
        if event.type() == QEvent.Type.ChildPolished:
            child = event.child()
            if isinstance(child, QDialog) and not isinstance(child, QFileDialog):
                mark_dialog(child, self._mark)
        super().childEvent(event)

    def _fit(self) -> None:
        """As large as wanted where the screen has room, else all of the screen."""
        self.setMinimumSize(*SMALLEST)
        wanted, room = QSize(*WINDOW_SIZE), room_for(self)
        if room is not None and wanted != wanted.boundedTo(room):
            self.setWindowState(Qt.WindowState.WindowMaximized)
        resize_within(self, wanted)

    def _show(self, content: QWidget, mark: AccountMark) -> None:
        frame = QWidget()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._mark = mark
        layout.addWidget(MarkLine(mark))
        layout.addWidget(content, 1)
        self.setCentralWidget(frame)  # ends the former one
        self.setWindowTitle(f"{mark.title} — Pitdesk" if mark.word else "Pitdesk")

    def _keep_borders(self) -> None:
        if self._desk is not None:
            self._desk.enlarge_tabs(False)  # a hidden panel's border has no place
            self._borders = (self._desk.columns.saveState(), self._desk.rows.saveState())

    def _tab(self, title: str) -> int | None:
        tabs = self.tabs
        if tabs is None:
            return None
        bar = tabs.tabBar()
        return next((index for index in range(tabs.count()) if bar.tabData(index) == title), None)


def _columns(panels: Panels) -> QSplitter:
    columns = QSplitter(Qt.Orientation.Horizontal)
    columns.setObjectName("window.columns")
    columns.setHandleWidth(6)
    columns.setChildrenCollapsible(False)
    for panel, stretch in ((panels.finder, 1), (panels.market, 4), (panels.ladder, 1), (panels.ticket, 0)):
        columns.addWidget(panel)
        columns.setStretchFactor(columns.count() - 1, stretch)
    return columns


def _tabs(panels: Panels) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setObjectName("window.tabs")
    tabs.setDocumentMode(True)
    tabs.setAccessibleName("Orders, positions, fills and activity")
    for title, widget in panels.tabs:
        index = tabs.addTab(widget, title)
        tabs.tabBar().setTabData(index, title)
        tabs.setTabVisible(index, title != panels.alarm)
    return tabs


def _card(content: QWidget) -> Panel:
    card = Panel()
    card.body.setContentsMargins(4, 2, 4, 6)
    card.body.addWidget(content)
    set_role(card, "panel")
    return card
