"""The tabs under the panels: their titles with the number of rows, the alarm among them, and their corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QTabBar, QTabWidget

from pitdesk_ui.tabs_corner import TabsCorner
from pitdesk_ui.widgets.late_tab import LateTab
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMenu, QWidget

    from pitdesk_ui.hotkeys.keymap import KeyMap


class DeskTabs(QTabWidget):
    """Tabs by their titles. ``larger_wanted``: they shall have all the room, or as much as before."""

    larger_wanted = Signal()

    def __init__(self, tabs: Sequence[tuple[str, QWidget]], alarm: str, keys: KeyMap) -> None:
        """``alarm``: the title of the tab that is there only while :meth:`show_alarm` counts any."""
        super().__init__()
        self.setObjectName("window.tabs")
        self.setDocumentMode(True)
        self.setAccessibleName("Orders, positions, fills and activity")
        for title, widget in tabs:
            index = self.addTab(widget, title)
            self.tabBar().setTabData(index, title)
            self.setTabVisible(index, title != alarm)
        self._keys = keys
        self._corner = TabsCorner(keys)
        self.setCornerWidget(self._corner, Qt.Corner.TopRightCorner)
        self._corner.view_opened.connect(self._fill_view)
        self._corner.larger_wanted.connect(self.larger_wanted)
        self.tabBar().tabBarDoubleClicked.connect(lambda _: self.larger_wanted.emit())

    @property
    def page(self) -> TabPage | None:
        """The tab in front, where it is one that View is about."""
        front = self.currentWidget()
        panel = front.panel if isinstance(front, LateTab) else front
        return panel if isinstance(panel, TabPage) else None

    def show_tab(self, title: str) -> None:
        """Bring the tab of that title (without its count) to the front."""
        index = self._place(title)
        if index is not None:
            self.setCurrentIndex(index)

    def show_count(self, title: str, count: int) -> None:
        """Put the number of its rows behind a tab's title; zero shows none."""
        index = self._place(title)
        if index is not None:
            text = f"{title}   {count:,}" if count else title
            if self.tabText(index) != text:
                self.setTabText(index, text)

    def show_alarm(self, title: str, count: int) -> None:
        """Show a tab with its number in red, or hide it while that is zero."""
        index = self._place(title)
        if index is None:
            return
        mark = self._alarm_mark(index, title)
        mark.setText(f"{count:,}")
        mark.adjustSize()
        mark.setVisible(count > 0)  # a hidden tab does not hide what stands in it
        if not count and self.currentIndex() == index:
            self.setCurrentIndex(0)  # where its orders were too, not whatever tab comes next
        self.setTabVisible(index, count > 0)

    def open_view_menu(self) -> None:
        """Open the menu of what the tab in front can show otherwise."""
        self._corner.open_view()

    def show_larger(self, larger: bool) -> None:
        """What the corner's button does now: as before, or more room."""
        self._corner.show_larger(larger)

    def _alarm_mark(self, index: int, title: str) -> QLabel:
        bar = self.tabBar()
        mark = bar.tabButton(index, QTabBar.ButtonPosition.RightSide)
        if not isinstance(mark, QLabel):
            mark = plain_label("", "alarm")
            mark.setObjectName(f"window.tabs.{title.lower()}.count")
            bar.setTabButton(index, QTabBar.ButtonPosition.RightSide, mark)
        return mark

    def _fill_view(self, menu: QMenu) -> None:
        if self.page is not None:
            self.page.fill_view(menu, self._keys)

    def _place(self, title: str) -> int | None:
        bar = self.tabBar()
        return next((index for index in range(self.count()) if bar.tabData(index) == title), None)
