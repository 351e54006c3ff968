"""The window: places the panels and tabs, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget, QVBoxLayout, QWidget

from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import Panel

if TYPE_CHECKING:
    from pitdesk_ui.top_bar import TopBar
    from pitdesk_ui.widgets.notice_bar import NoticeBar

WINDOW_SIZE = (1600, 980)
SMALLEST = (1180, 680)
_COLUMN_WIDTHS = (300, 540, 350, 340)
_ROW_HEIGHTS = (590, 320)


@dataclass(frozen=True, slots=True)
class Panels:
    """What the window shows, left to right, and the tabs below with their titles."""

    finder: QWidget
    market: QWidget
    ladder: QWidget
    ticket: QWidget
    tabs: tuple[tuple[str, QWidget], ...]


class MainWindow(QMainWindow):
    """Top bar, four panels, tabs, and the notice line.

    Closing asks: ``close_requested`` is said, and the window goes only by :meth:`finish_close`, once orders
    in flight are settled.
    """

    close_requested = Signal()
    first_painted = Signal()

    def __init__(self, top: TopBar, panels: Panels, notice: NoticeBar) -> None:
        super().__init__()
        self.setWindowTitle("Pitdesk")
        self.setWindowIcon(QIcon(str(resource_path("icons", "pitdesk.svg"))))
        self.setObjectName("window")
        self._may_close = False
        self._was_painted = False
        self._columns = _columns(panels)
        self.tabs = _tabs(panels)
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._rows.setObjectName("window.rows")
        self._rows.setHandleWidth(6)
        self._rows.setChildrenCollapsible(False)
        self._rows.addWidget(self._columns)
        self._rows.addWidget(_card(self.tabs))
        self._rows.setStretchFactor(0, 3)
        self._rows.setStretchFactor(1, 2)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(10, 0, 10, 6)
        layout.setSpacing(6)
        layout.addWidget(top)
        layout.addWidget(self._rows, 1)
        layout.addWidget(notice)
        self.setCentralWidget(body)
        self.setMinimumSize(*SMALLEST)
        self.resize(*WINDOW_SIZE)

    def show_tab(self, title: str) -> None:
        """Bring the tab of that title (without its count) to the front."""
        for index in range(self.tabs.count()):
            if self.tabs.tabBar().tabData(index) == title:
                self.tabs.setCurrentIndex(index)

    def show_count(self, title: str, count: int) -> None:
        """Put the number of its rows behind a tab's title; zero shows none."""
        for index in range(self.tabs.count()):
            if self.tabs.tabBar().tabData(index) == title:
                text = f"{title}   {count:,}" if count else title
                if self.tabs.tabText(index) != text:
                    self.tabs.setTabText(index, text)

    def place_borders(self) -> None:
        """The borders where they stand at first. Needs the style: panels without it are of other widths."""
        self._columns.setSizes(list(_COLUMN_WIDTHS))
        self._rows.setSizes(list(_ROW_HEIGHTS))

    def layout_state(self) -> bytes:
        """Where the person put the borders, and the window's own place, for the next start."""
        parts = (self.saveGeometry(), self._columns.saveState(), self._rows.saveState())
        return b"|".join(part.toBase64().data() for part in parts)

    def restore_layout(self, state: bytes) -> None:
        """Take up what :meth:`layout_state` said; anything unreadable leaves the layout as it is."""
        parts = [QByteArray.fromBase64(QByteArray(part)) for part in state.split(b"|")]
        if len(parts) == 3:
            self.restoreGeometry(parts[0])
            self._columns.restoreState(parts[1])
            self._rows.restoreState(parts[2])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the window is in sight."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.first_painted.emit()

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
    return tabs


def _card(content: QWidget) -> Panel:
    card = Panel()
    card.body.setContentsMargins(4, 2, 4, 6)
    card.body.addWidget(content)
    set_role(card, "panel")
    return card
