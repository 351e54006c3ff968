"""The window itself: what a key does to whatever stands in it, and what fits into it."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QSplitter, QTabWidget, QWidget

from pitdesk.quantities import Dollars
from pitdesk_ui.account_mark import PRACTICE
from pitdesk_ui.desk_body import DeskBody
from pitdesk_ui.dressing import apply_theme
from pitdesk_ui.main_window import MainWindow
from pitdesk_ui.settings.window import SettingsWindow
from pitdesk_ui.window_parts import FILLS, POSITIONS, UNCONFIRMED, WindowParts


def test_enter_presses_a_button_of_the_settings_too(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1000, 900)
    window.show()
    settings, button, presses = SettingsWindow(window), QPushButton("Open"), []
    button.clicked.connect(lambda: presses.append("Enter"))
    settings.add_page("Accounts", button)
    settings.bring_up()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert presses == ["Enter"]
    middle = settings.frameGeometry().center() - window.frameGeometry().center()
    assert middle.manhattanLength() <= 4, "it stands over the middle of the main window"
    settings.close()
    window.finish_close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_with_the_keyboard_once(qtbot, key):
    window, button, presses = MainWindow(), QPushButton("Practise now"), []
    qtbot.addWidget(window)
    button.clicked.connect(lambda: presses.append(key))
    window.show_page(button, PRACTICE)
    window.show()
    button.setFocus()
    qtbot.keyClick(button, key)
    assert presses == [key]
    held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, autorep=True)
    QApplication.sendEvent(button, held)
    assert presses == [key]
    window.finish_close()


@pytest.fixture
def desk(qtbot):
    """A window with a desk in it, dressed and shown."""
    apply_theme(QApplication.instance())
    window, parts = MainWindow(), WindowParts(PRACTICE)
    qtbot.addWidget(window)
    window.show_desk(DeskBody(parts.top, parts.panels(), parts.notice), PRACTICE)
    parts.top.show_money(Dollars.of(10_000), Dollars.of(418), Dollars.of(2_038), Dollars.of(38))
    window.show()
    yield window, parts
    window.finish_close()


def in_sight(widget: QWidget, window: QWidget) -> bool:
    """Whole, within the window and not under anything of its own row."""
    spot = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))
    return widget.isVisible() and window.rect().contains(spot)


@pytest.mark.parametrize("size", [(980, 560), (1022, 600), (1180, 680), (1438, 875), (1920, 1050)])
def test_on_any_screen_the_panels_that_trade_stand_whole_and_apart(desk, qtbot, size):
    window, parts = desk
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size and parts.top.width() == size[0] - 20)
    panels = [parts.finder, parts.ladder, parts.ticket]
    assert all(in_sight(panel, window) for panel in panels)
    rights = [panel.mapTo(window, panel.rect().topRight()).x() for panel in panels]
    lefts = [panel.mapTo(window, panel.rect().topLeft()).x() for panel in panels]
    assert rights[0] < lefts[1]
    assert rights[1] < lefts[2]
    assert all(panel.width() >= panel.minimumSizeHint().width() for panel in panels)
    assert parts.market.isVisible() is (size[0] >= 1180), "the chart gives way on a narrow screen"


def test_the_figures_that_matter_least_give_way_and_come_back(desk, qtbot):
    window, parts = desk
    top = parts.top
    buttons = [window.findChild(QPushButton, name) for name in ("top.cancel_all", "top.settings", "top.menu")]
    window.findChild(QPushButton, "top.unconfirmed").show()
    for width, gauge in ((1438, True), (980, False), (1438, True)):
        window.resize(width, 700)
        qtbot.waitUntil(lambda width=width: top.width() == width - 20)
        assert top.budget.isVisible() is gauge
        assert all(in_sight(button, window) for button in buttons)
        assert top.minimumSizeHint().width() <= top.width(), "nothing is squeezed"


def test_the_whole_ticket_is_in_sight_on_a_usual_screen(desk, qtbot):
    window, parts = desk
    window.resize(1438, 875)
    scroll = parts.ticket.findChild(QScrollArea)
    qtbot.waitUntil(lambda: window.height() == 875 and scroll.verticalScrollBar().maximum() == 0)


def test_a_border_that_was_dragged_stays_when_the_window_is_resized(desk, qtbot):
    window, _ = desk
    rows = window.findChild(QSplitter, "window.rows")
    window.resize(1438, 875)
    qtbot.waitUntil(lambda: window.height() == 875)
    rows.moveSplitter(400, 1)
    window.resize(1300, 875)
    qtbot.waitUntil(lambda: window.width() == 1300)
    assert rows.sizes()[0] == 400


def test_no_count_stands_in_the_corner_while_nothing_is_unconfirmed(desk):
    window, _ = desk
    for count in (0, 3, 0):
        window.show_alarm(UNCONFIRMED, count)
        mark = window.findChild(QLabel, "window.tabs.unconfirmed.count")
        assert mark.isVisible() is (count > 0)


def test_when_all_is_confirmed_the_working_orders_come_to_the_front(desk):
    window, parts = desk
    window.show_alarm(UNCONFIRMED, 1)
    window.show_tab(UNCONFIRMED)
    tabs = window.findChild(QTabWidget, "window.tabs")
    assert tabs.currentWidget() is parts.unconfirmed
    window.show_alarm(UNCONFIRMED, 0)
    assert tabs.currentIndex() == 0


def test_a_tab_behind_is_made_when_it_is_brought_to_the_front(desk):
    window, parts = desk
    assert window.findChild(QWidget, "positions.table") is None, "the first paint waits for it"
    window.show_tab(POSITIONS)
    assert window.findChild(QWidget, "positions.table").isVisible()
    assert window.page is parts.positions


class Windows(QObject):
    """Notes whatever is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched.objectName())
        return False


def test_no_part_flashes_as_a_window_of_its_own_while_it_is_made(desk, qapp):
    window, _ = desk
    windows = Windows()
    qapp.installEventFilter(windows)
    parts = WindowParts(PRACTICE)
    window.show_desk(DeskBody(parts.top, parts.panels(), parts.notice), PRACTICE)
    for tab in parts.late_tabs:
        tab.make()
    qapp.removeEventFilter(windows)
    assert windows.shown == []


def test_a_tab_that_is_filled_before_it_was_seen_is_the_one_that_is_shown(desk):
    window, parts = desk
    filled = parts.fills
    assert not filled.isVisible()
    window.show_tab(FILLS)
    assert filled.isVisible()
    assert parts.fills is filled


def test_the_cash_of_the_top_bar_is_what_the_ticket_counts_on(desk):
    """To the cent that is there: half a cent more is no cent."""
    _, parts = desk
    parts.top.show_money(Dollars.from_wire("9985.7555"), Dollars.of(0), Dollars.of(0), None)
    assert parts.top.cash.text == "$9,985.75"
