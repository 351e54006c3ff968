"""Leads each notice to the person by the ways that they chose for its kind.

What goes out of the window is collected for a moment: never two of the system's notices, nor two sounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from pitdesk.notice_choices import NoticeWays
from pitdesk.notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.notices import Notice, Notices
    from pitdesk.settings import Settings
    from pitdesk_ui.notices.system import System

_COLLECT_MS = 300


class NoticeOutlet(QObject):
    """Listens to the notices of the whole program."""

    def __init__(
        self,
        parent: QObject,
        notices: Notices,
        settings: Settings,
        system: System,
        show: Callable[[Notice | None], None],
        title: Callable[[], str],
    ) -> None:
        """``show`` puts one notice into the window, or none; ``title``: the account that it is about."""
        super().__init__(parent)
        self._notices, self._settings, self._system = notices, settings, system
        self._show, self._title = show, title
        self._waiting: list[Notice] = []
        self._sounds = False
        self._collecting = QTimer(self)
        self._collecting.setSingleShot(True)
        self._collecting.setInterval(_COLLECT_MS)
        self._collecting.timeout.connect(self._let_out)
        self._ends = (
            notices.said.connect(self._said),
            notices.cleared.connect(lambda _: self.show_standing()),
            settings.changed.connect(self._on_setting),
        )
        self._on_setting("notice_choices")

    def show_standing(self) -> None:
        """What stands now, the newest of it, or nothing."""
        standing = [notice for notice in self._notices.current() if self._ways(notice).window]
        self._show(standing[-1] if standing else None)

    def close(self) -> None:
        """The program ends."""
        for end in self._ends:
            end()
        self._collecting.stop()
        self._system.use_desktop(False)

    def _ways(self, notice: Notice) -> NoticeWays:
        if notice.kind is None:
            return NoticeWays()
        return self._settings.notice_choices.of(notice.kind)

    def _said(self, notice: Notice) -> None:
        ways = self._ways(notice)
        if ways.window:
            self._show(notice)
        leaves = ways.desktop and not self._system.is_in_front()
        if leaves:
            self._waiting.append(notice)
        self._sounds = self._sounds or ways.sound
        if (leaves or ways.sound) and not self._collecting.isActive():
            self._collecting.start()

    def _let_out(self) -> None:
        waiting, sounds = self._waiting, self._sounds
        self._waiting, self._sounds = [], False
        if waiting:
            self._system.show(self._title(), _together(waiting))
        if sounds:
            self._system.beep()

    def _on_setting(self, name: str) -> None:
        if name == "notice_choices":
            choices = self._settings.notice_choices
            self._system.use_desktop(any(choices.of(kind).desktop for kind in NoticeKind))
            self.show_standing()


def _together(notices: list[Notice]) -> str:
    """The last of them whole, and how many others there were."""
    last, others = notices[-1], len(notices) - 1
    text = " ".join(filter(None, (last.headline, last.advice)))
    return f"{text}\nAnd {others:,} more in Pitdesk." if others else text
