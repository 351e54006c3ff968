"""What the system offers to be noticed by: its own notices, beside its clock, and its own sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

if TYPE_CHECKING:
    from pitdesk_ui.main_window import MainWindow


class System(Protocol):
    """The ways out of the window."""

    @property
    def has_desktop(self) -> bool:
        """Whether the system shows notices for programs."""
        ...

    def is_in_front(self) -> bool:
        """Whether the person looks at Pitdesk."""
        ...

    def use_desktop(self, wanted: bool) -> None:
        """Whether any kind of notice goes by the system, which then shows Pitdesk's mark."""
        ...

    def show(self, title: str, text: str) -> None:
        """One notice by the system, where it shows any."""
        ...

    def beep(self) -> None:
        """The system's own sound."""
        ...


class QtSystem(QObject):
    """As Qt has it: notices come from a mark in the system's tray, there while any are wanted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    @property
    def has_desktop(self) -> bool:
        """Whether there is a tray that shows messages."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def is_in_front(self) -> bool:
        """Whether any window of Pitdesk has the keyboard."""
        return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive

    def use_desktop(self, wanted: bool) -> None:
        """Put the mark there, or take it away."""
        if self._tray is None and wanted and self.has_desktop:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.setToolTip("Pitdesk")
            self._tray.activated.connect(self._bring_up)
            self._tray.messageClicked.connect(self._bring_up)
        if self._tray is not None:
            self._tray.setVisible(wanted)

    def show(self, title: str, text: str) -> None:
        """For as long as the system shows such."""
        if self._tray is not None and self._tray.isVisible():
            self._tray.showMessage(title, text, self._window.windowIcon())

    def beep(self) -> None:
        """Nothing is waited for; a system that is silent stays so."""
        QApplication.beep()

    def _bring_up(self) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
