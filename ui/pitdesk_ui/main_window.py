"""The window itself: a desk or a page under the account's line, its borders kept, asked before it closes.

What stands in a desk is :mod:`pitdesk_ui.desk_body`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QChildEvent, QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QVBoxLayout, QWidget

from pitdesk_ui.account_mark import NO_ACCOUNT, AccountMark, MarkLine, mark_dialog
from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.widgets.enter_key import pressed_by_enter
from pitdesk_ui.widgets.screen_room import resize_within, room_for

if TYPE_CHECKING:
    from pitdesk_ui.desk_body import DeskBody
    from pitdesk_ui.widgets.tab_page import TabPage

WINDOW_SIZE = (1600, 980)
SMALLEST = (980, 560)


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

    def show_tab(self, title: str) -> None:
        """Bring the tab of that title (without its count) to the front."""
        if self._desk is not None:
            self._desk.tabs.show_tab(title)

    @property
    def page(self) -> TabPage | None:
        """The tab in front, None where no desk is shown or the tab is no table."""
        return self._desk.tabs.page if self._desk is not None else None

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
            self._desk.tabs.open_view_menu()

    def show_count(self, title: str, count: int) -> None:
        """Put the number of its rows behind a tab's title; zero shows none."""
        if self._desk is not None:
            self._desk.tabs.show_count(title, count)

    def show_alarm(self, title: str, count: int) -> None:
        """Show a tab with its number in red, or hide it while that is zero."""
        if self._desk is not None:
            self._desk.tabs.show_alarm(title, count)

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
