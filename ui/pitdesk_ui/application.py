"""The composition root: settings, practice exchange, session and window are made here, and ended in order."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QMessageBox

from pitdesk.desk.practice_process import PracticeAddress, PracticeChild, PracticeError, PracticeProcess
from pitdesk.notices import Notice, Notices, Severity
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner
from pitdesk_ui.async_tools import ask, on_signal
from pitdesk_ui.failures import Failures
from pitdesk_ui.garbage import collect_on_this_thread
from pitdesk_ui.main_window import MainWindow
from pitdesk_ui.theme import apply_style_sheet, apply_type_and_colors
from pitdesk_ui.window_actions import add_actions
from pitdesk_ui.window_parts import WindowParts

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pitdesk.paths import Folders
    from pitdesk_ui.session_view import SessionView

_LOG = logging.getLogger(__name__)
_PRACTICE = "Practice"
_PRACTICE_KEY = "practice"
_CLOSE_DEADLINE_S = 3.0
_PAINT_DEADLINE_S = 1.0  # a window that is started minimized is not painted


@dataclass(frozen=True, slots=True)
class Options:
    """How to start: where the person's files lie, further words for the practice exchange, and its process
    where that was begun before the window was imported."""

    folders: Folders
    practice_options: tuple[str, ...] = ()
    practice_child: PracticeChild | None = None


class Application:
    """One run of the program, from the first window to the last file closed."""

    def __init__(self, qt: QApplication, options: Options) -> None:
        apply_type_and_colors(qt)
        self.notices = Notices()
        self._options = options
        self._settings = Settings(options.folders.settings_file)
        self._failures = Failures(self.notices, options.folders.logs)
        self._owner = TaskOwner(self._failures.report)
        self._practice = PracticeProcess(
            options.folders.practice,
            self._owner,
            options=options.practice_options,
            begun=options.practice_child,
        )
        self._close_asked = asyncio.Event()
        self._was_painted = asyncio.Event()
        self.practice_address: PracticeAddress | None = None
        self.view: SessionView | None = None
        self.parts = WindowParts(_PRACTICE)
        self.window = MainWindow(self.parts.top, self.parts.panels(), self.parts.notice)
        apply_style_sheet(qt)  # once over the whole window: widget by widget it costs several times that
        self._prepare_window()

    async def run(self) -> int:
        """Show the window, trade, and return once the person has closed it. The program's exit code."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._failures.loop_handler())
        pool = ThreadPoolExecutor(2, thread_name_prefix="desk")
        loop.set_default_executor(pool)
        self._failures.install()
        self.window.show()
        self.parts.finder.focus_search()
        self._owner.spawn("open the practice exchange", self._open_practice())
        await self._close_asked.wait()
        await self._end()
        pool.shutdown(wait=False, cancel_futures=True)
        self.window.finish_close()
        return 0

    def ask_to_close(self) -> None:
        """Close in order, as the person's own closing of the window would."""
        on_signal(self._owner, "close", self._ask_to_close)()

    def with_view(self, what: Callable[[SessionView], object]) -> Callable[[], None]:
        """A handler that acts on the session in view, or says that there is none yet."""

        def handler() -> None:
            if self.view is not None:
                what(self.view)
            else:
                self.notices.say(Notice("Not connected yet.", "The practice exchange is starting."))

        return handler

    def _prepare_window(self) -> None:
        collect_on_this_thread(self.window)
        self.window.place_borders()
        if self._settings.window_layout:
            self.window.restore_layout(base64.b64decode(self._settings.window_layout))
        self.window.first_painted.connect(self._was_painted.set)
        self.window.close_requested.connect(self.ask_to_close)
        self.notices.said.connect(self.parts.notice.show_notice)
        self.notices.cleared.connect(lambda _key: self._show_standing())
        self.parts.top.show_disconnected("The practice exchange is starting.")
        add_actions(self)
        if self._settings.trouble:
            self.notices.say(Notice(self._settings.trouble, severity=Severity.WARNING, key="settings"))
        self._practice.died.connect(self._practice_died)
        self._practice.returned.connect(self._practice_returned)
        self._practice.gave_up.connect(self._practice_gave_up)

    def _show_standing(self) -> None:
        standing = self.notices.current()
        self.parts.notice.show_notice(standing[-1] if standing else None)

    async def _open_practice(self) -> None:
        await self._painted(_PAINT_DEADLINE_S)
        loading = self._owner.spawn("load the desk", asyncio.to_thread(_load_desk))
        try:
            address = await self._practice.start()
        except PracticeError as error:
            self._practice_gave_up(str(error))
            return
        await loading
        await self.open_session(address)

    async def _painted(self, deadline: float) -> None:
        """Wait for the window's first paint, ``deadline`` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self._was_painted.wait()

    async def open_session(self, address: PracticeAddress) -> None:
        """Sign in to the practice exchange at ``address`` and show its session."""
        self.practice_address = address
        opening = _load_desk()
        session = await opening.practice_session(
            address,
            folders=self._options.folders,
            settings=self._settings,
            notices=self.notices,
            report=self._failures.report,
        )
        self.view = opening.SessionView(
            window=self.window,
            parts=self.parts,
            session=session,
            settings=self._settings,
            owner=self._owner,
        )
        await session.start()

    def _practice_died(self, sentence: str) -> None:
        self.notices.say(Notice(sentence, severity=Severity.WARNING, key=_PRACTICE_KEY))

    def _practice_returned(self, address: PracticeAddress) -> None:
        """It serves again, on the same port where that was free: the session's stream finds it by itself."""
        self.practice_address = address
        self.notices.clear(_PRACTICE_KEY)
        self.notices.say(Notice("The practice exchange is back.", "Your orders and cash are as they were."))

    def _practice_gave_up(self, sentence: str) -> None:
        self.parts.top.show_disconnected(sentence)
        self.notices.say(Notice(sentence, severity=Severity.ERROR, key=_PRACTICE_KEY))

    async def _ask_to_close(self) -> None:
        unconfirmed = self.view.session.status.unconfirmed if self.view is not None else 0
        if unconfirmed and not await self._leave_unconfirmed(unconfirmed):
            return
        self._close_asked.set()

    async def _leave_unconfirmed(self, count: int) -> bool:
        orders = "1 order is" if count == 1 else f"{count} orders are"
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            "Close Pitdesk?",
            f"{orders} not confirmed and may be live.",
            parent=self.window,
        )
        box.setObjectName("close.question")
        box.setInformativeText(
            "They are looked up with the exchange at the next start. Nothing is sent twice."
        )
        box.addButton("Close anyway", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        chosen = await ask(box)
        box.deleteLater()
        return chosen

    async def _end(self) -> None:
        """Commands in flight first, then the session, the exchange's process, the settings."""
        layout = base64.b64encode(self.window.layout_state()).decode()
        self._settings.window_layout = layout
        late: list[str] = []
        if self.view is not None:
            self.view.close()
            late += await self.view.session.close(_CLOSE_DEADLINE_S)
        late += await self._owner.close(_CLOSE_DEADLINE_S)
        await self._practice.stop()
        if late:
            _LOG.warning("Late at closing: %s", ", ".join(late))
        await asyncio.to_thread(self._settings.close)


def _load_desk() -> ModuleType:
    """The desk's modules, and those of the network that it needs first: for a thread."""
    from pitdesk_ui import session_opening

    session_opening.preload()
    return session_opening
