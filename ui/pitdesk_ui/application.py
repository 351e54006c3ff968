"""The composition root: settings, accounts, practice exchange and window are made here, ended in order."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from pitdesk.clock import Clock
from pitdesk.notices import Notice, Notices, Severity
from pitdesk.profiles import Profiles
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner
from pitdesk.vault import Vault
from pitdesk_ui.account_switch import AccountSwitch
from pitdesk_ui.arming import Arming
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.desk_host import DeskGround, DeskHost
from pitdesk_ui.failures import Failures
from pitdesk_ui.garbage_collection import collect_on_this_thread
from pitdesk_ui.hotkeys.kept import keys_of
from pitdesk_ui.key_sheet import KeySheet, size_texts
from pitdesk_ui.look import Look
from pitdesk_ui.main_window import MainWindow
from pitdesk_ui.notices.outlet import NoticeOutlet
from pitdesk_ui.notices.system import QtSystem, System
from pitdesk_ui.person_watch import PersonWatch
from pitdesk_ui.practice_room import PracticeRoom
from pitdesk_ui.window_actions import bind_actions
from pitdesk_ui.window_pages import WindowPages

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtWidgets import QApplication

    from pitdesk.desk.practice_process import PracticeAddress, PracticeChild
    from pitdesk.limits import LimitValues
    from pitdesk.paths import Folders
    from pitdesk.profile import Profile
    from pitdesk_ui.account_mark import AccountMark
    from pitdesk_ui.session_view import SessionView
    from pitdesk_ui.window_parts import WindowParts

_LOG = logging.getLogger(__name__)
_CLOSE_DEADLINE_S = 3.0
_PAINT_DEADLINE_S = 1.0  # a window that is started minimized is not painted


@dataclass(frozen=True, slots=True)
class Options:
    """How to start.

    ``folders``: where the person's files lie. ``practice``: open the practice exchange where nothing was
    chosen yet, instead of asking. ``practice_options``: further words for the practice exchange;
    ``practice_child``: its process where that was begun before the window was imported; ``route`` may
    lead its address through something else. ``vault``: another place for keys than the system's keyring.
    ``surprises``: sentences about what changes the program from outside. ``practice_limits``: other limits
    than the practice account's usual ones, as benches want. ``system``: what notices go out of the window by.
    """

    folders: Folders
    practice: bool = False
    practice_options: tuple[str, ...] = ()
    practice_child: PracticeChild | None = None
    route: Callable[[PracticeAddress], Awaitable[PracticeAddress]] | None = None
    vault: Vault | None = None
    surprises: tuple[str, ...] = ()
    practice_limits: Callable[[], LimitValues] | None = None
    system: Callable[[MainWindow], System] = QtSystem


class Application:
    """One run of the program, from the first window to the last file closed."""

    def __init__(self, qt: QApplication, options: Options) -> None:
        self.notices = Notices()
        self._options = options
        self.folders = options.folders
        self.settings = Settings(options.folders.settings_file)
        self.look = Look(qt, self.settings)
        self.keys = keys_of(self.settings)
        self.profiles = Profiles(self.settings)
        self.vault = options.vault or Vault()
        self._failures = Failures(self.notices, options.folders.logs)
        self.owner = TaskOwner(self._failures.report)
        self.practice = PracticeRoom(
            options.folders.practice,
            self.owner,
            self.notices,
            self.settings,
            options=options.practice_options,
            begun=options.practice_child,
        )
        self._close_asked = asyncio.Event()
        self._was_painted = asyncio.Event()
        self.window = MainWindow()
        self.system: System = options.system(self.window)
        self.host = DeskHost(self._desk_ground(), self.practice, options.route)
        self.arming = Arming(self.host, self.profiles, self.notices)
        self.pages = WindowPages(self)
        self._accounts = AccountSwitch(
            self.host, self.profiles, self.settings, self.window, lambda: self.pages.mark
        )
        self._prepare_window()
        self._fill_window()
        self.look.dress()  # once over the whole window: widget by widget it costs several times that
        self.window.place_borders()

    async def run(self) -> int:
        """Show the window, trade, and return once the person has closed it. The program's exit code."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._failures.loop_handler())
        pool = ThreadPoolExecutor(2, thread_name_prefix="desk")
        loop.set_default_executor(pool)
        self._failures.install()
        self._tell_surprises()
        self.window.show()
        if self.parts is not None:
            self.parts.finder.focus_search()
        self.owner.spawn("open the desk", self._open_first())
        await self._close_asked.wait()
        await self._end()
        pool.shutdown(wait=False, cancel_futures=True)
        self.window.finish_close()
        self._failures.remove()
        return 0

    @property
    def parts(self) -> WindowParts | None:
        """The panels in the window, None while a page stands there."""
        return self.host.parts

    @property
    def view(self) -> SessionView | None:
        """The session in view, None while there is none."""
        return self.host.view

    @property
    def mark(self) -> AccountMark:
        """The account that the window is about."""
        return self.pages.mark

    @property
    def practice_address(self) -> PracticeAddress | None:
        """Where the practice exchange serves, None while it does not."""
        return self.practice.address

    def ask_to_close(self) -> None:
        """Close in order, as the person's own closing of the window would."""
        on_signal(self.owner, "close", self._ask_to_close)()

    def switch(self, profile_id: str) -> None:
        """Leave the account in view for the one of that id; empty for Practice."""
        on_signal(self.owner, "switch the account", self._accounts.switch)(profile_id)

    def reopen(self) -> None:
        """Sign in anew to the account in view, as after a change of its profile."""
        active = self.profiles.active
        self.switch(active.profile_id if active is not None else "")

    def reset_practice(self) -> None:
        """Begin a new practice account, and open it."""
        on_signal(self.owner, "reset the practice account", self._accounts.reset_practice)()

    def toggle_armed(self) -> None:
        """Arm, or make safe."""
        self.arming.toggle()

    def show_settings(self) -> None:
        """Open the settings window, or bring it to the front."""
        self.pages.show_settings()

    def show_keys(self) -> None:
        """The sheet of all keys."""
        KeySheet(self.keys, self.mark, self.window, size_texts(self.settings.size_presets)).open()

    def with_view(self, what: Callable[[SessionView], object]) -> Callable[[], None]:
        """A handler that acts on the session in view, or says that there is none yet."""

        def handler() -> None:
            if self.view is not None:
                what(self.view)
            elif self.parts is not None:
                self.notices.say(Notice("Not connected yet.", "The account is being opened."))

        return handler

    def with_parts(self, what: Callable[[WindowParts], object]) -> Callable[[], None]:
        """A handler that acts on the panels in the window, if there are any."""

        def handler() -> None:
            if self.parts is not None:
                what(self.parts)

        return handler

    def _desk_ground(self) -> DeskGround:
        return DeskGround(
            self.window,
            self.folders,
            self.settings,
            self.notices,
            self._failures.report,
            self.owner,
            self.vault,
            self.profiles,
            self.keys,
            self._options.practice_limits,
        )

    def _prepare_window(self) -> None:
        collect_on_this_thread(self.window)
        if self.settings.window_layout:
            self.window.restore_layout(base64.b64decode(self.settings.window_layout))
        self.window.first_painted.connect(self._was_painted.set)
        self.window.close_requested.connect(self.ask_to_close)
        self._outlet = NoticeOutlet(
            self.window, self.notices, self.settings, self.system, self._show_notice, lambda: self.mark.title
        )
        self.host.entered.connect(lambda _: self._on_entered())
        self.host.opened.connect(self._note_use)
        self.host.key_wanted.connect(self.pages.show_key_page)
        self.actions = bind_actions(self)
        PersonWatch(self.window, self._person_acted)
        if self.profiles.trouble:
            self.notices.say(Notice(self.profiles.trouble, severity=Severity.WARNING, key="limits"))
        if self.keys.trouble:
            self.notices.say(Notice(self.keys.trouble, severity=Severity.WARNING, key="hotkeys"))
        if self.settings.trouble:
            self.notices.say(Notice(self.settings.trouble, severity=Severity.WARNING, key="settings"))

    def _fill_window(self) -> None:
        """The panels of the account used last, at once; on the very first start the page that asks."""
        if self._options.practice:
            self.settings.welcomed = True
        if self.settings.welcomed or self.profiles.all():
            self.host.stand(self.profiles.active)
        else:
            self.pages.show_first_run()

    def _tell_surprises(self) -> None:
        """Once, in one notice that stands: whether to trade here is the person's to judge."""
        told = " ".join(self._options.surprises)
        if told:
            _LOG.warning("%s", told)
            advice = "If that is not of your own doing, do not trade on this computer until it is explained."
            self.notices.say(Notice(told, advice, severity=Severity.WARNING, key="surprises"))

    def _on_entered(self) -> None:
        if self.parts is not None:
            self.pages.connect_top(self.parts.top)
            self.parts.notice.passed.connect(self._outlet.show_standing)
        self._outlet.show_standing()

    def _note_use(self, profile: Profile) -> None:
        """Keep when the account was last used."""
        kept = self.profiles.get(profile.profile_id)
        if kept is not None:
            self.profiles.put(msgspec.structs.replace(kept, last_used_ms=Clock().wall_ms()))

    def _show_notice(self, notice: Notice | None) -> None:
        if self.parts is not None:
            self.parts.notice.show_notice(notice)

    async def _open_first(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PAINT_DEADLINE_S):
                await self._was_painted.wait()
        if self.parts is not None:
            self.host.begin(self.profiles.active)

    async def _ask_to_close(self) -> None:
        if await self._accounts.may_close():
            self._close_asked.set()

    def _person_acted(self) -> None:
        if self.view is not None:
            self.view.session.dead_man.person_acted()

    async def _end(self) -> None:
        """Commands in flight first, then the session, the exchange's process, the settings."""
        self.settings.window_layout = base64.b64encode(self.window.layout_state()).decode()
        self.pages.close()
        late = await self.host.close()
        late += await self.owner.close(_CLOSE_DEADLINE_S)
        await self.vault.close()
        if late:
            _LOG.warning("Late at closing: %s", ", ".join(late))
        self._outlet.close()
        self.look.close()
        await asyncio.to_thread(self.settings.close)
