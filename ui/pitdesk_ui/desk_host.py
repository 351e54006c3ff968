"""Which account's desk is in the window: its panels, its session, and the way from one account to the next.

Leaving is in order: what is on its way ends, the presenters let go, the session closes, the practice
exchange's process ends; only then is anything of the next account made, with panels of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.practice_process import PracticeAddress, PracticeError
from pitdesk.events import Listeners
from pitdesk_ui.account_mark import PRACTICE, mark_of
from pitdesk_ui.desk_body import DeskBody
from pitdesk_ui.garbage_collection import look_at_everything_again
from pitdesk_ui.window_parts import WindowParts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from pitdesk.desk.session import Session
    from pitdesk.kalshi.secret_key import SecretKey
    from pitdesk.limits import LimitValues
    from pitdesk.notices import Notices
    from pitdesk.paths import Folders
    from pitdesk.profile import Profile
    from pitdesk.profiles import Profiles
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk.vault import Vault, VaultFault
    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.main_window import MainWindow
    from pitdesk_ui.practice_room import PracticeRoom
    from pitdesk_ui.session_view import SessionView

    Route = Callable[[PracticeAddress], Awaitable[PracticeAddress]]

_LOG = logging.getLogger(__name__)
_CLOSE_DEADLINE_S = 3.0
_STARTING = "The practice exchange is starting."


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """The key of ``profile`` could not be had, so that nothing was opened."""

    profile: Profile
    fault: VaultFault


@dataclass(frozen=True, slots=True)
class DeskGround:
    """What every session stands on. ``practice_limits``: others than the practice account's usual ones."""

    window: MainWindow
    folders: Folders
    settings: Settings
    notices: Notices
    report: Callable[[str, BaseException], None]
    owner: TaskOwner
    vault: Vault
    profiles: Profiles
    keys: KeyMap
    practice_limits: Callable[[], LimitValues] | None = None


class DeskHost:
    """One desk at a time. ``entered`` is said whenever new panels stand in the window, before their session
    is opened, or a page stands there instead; ``opened`` when a profile's session is; ``key_wanted`` when
    its key could not be had."""

    def __init__(self, ground: DeskGround, practice: PracticeRoom, route: Route | None = None) -> None:
        """``route`` may lead the practice exchange's address through something else, as benches want."""
        self.entered: Listeners[None] = Listeners()
        self.opened: Listeners[Profile] = Listeners()
        self.key_wanted: Listeners[KeyWanted] = Listeners()
        self.parts: WindowParts | None = None
        self.view: SessionView | None = None
        self.mark = PRACTICE
        self._ground, self._practice, self._route = ground, practice, route
        self._turn = asyncio.Lock()
        self._opening: asyncio.Task[None] | None = None
        self._late: list[str] = []
        practice.moved.connect(self._practice_moved)
        practice.gave_up.connect(self._say_disconnected)

    @property
    def is_busy(self) -> bool:
        """Whether one account is just being left for another."""
        return self._turn.locked()

    def stand(self, profile: Profile | None) -> None:
        """Put the panels for ``profile`` (None: Practice) into the window, without a session yet."""
        self.mark = mark_of(profile)
        self.parts = WindowParts(self.mark, self._ground.keys)
        if profile is not None and profile.subaccount is not None:
            usual = self.parts.ticket.more.subaccount
            usual.setPlaceholderText(f"{profile.subaccount}, this account's")
        desk = DeskBody(self.parts.top, self.parts.panels(), self.parts.notice, self._ground.keys)
        self._ground.window.show_desk(desk, self.mark)
        self._say_disconnected(_STARTING if profile is None else f"Signing in to {profile.name}.")
        self.entered.emit(None)

    def give_way(self) -> None:
        """A page stands in the window in place of the panels."""
        self.parts = None
        self.entered.emit(None)

    def begin(self, profile: Profile | None) -> None:
        """Open the session for the panels that stand."""
        work = self._open_practice() if profile is None else self._open_profile(profile)
        self._opening = self._ground.owner.spawn("open the account", work)

    async def switch(self, profile: Profile | None) -> None:
        """Leave the account in view for another, or for the same anew."""
        async with self._turn:
            await self._leave(keep_practice=False)
            self._enter(profile)

    async def reset_practice(self) -> None:
        """Leave, begin a new practice account, and open it."""
        async with self._turn:
            await self._leave(keep_practice=False)
            await self._practice.forget()
            self._enter(None)

    async def close(self) -> list[str]:
        """Leave for good; the names of what was late."""
        async with self._turn:
            await self._leave(keep_practice=False)
        return self._late

    def _enter(self, profile: Profile | None) -> None:
        self.stand(profile)
        self._ground.window.place_borders()
        if self.parts is not None:
            self.parts.finder.focus_search()
        self.begin(profile)

    async def _leave(self, *, keep_practice: bool) -> None:
        if self._opening is not None:
            self._opening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({self._opening})
            self._opening = None
        view, self.view = self.view, None
        if view is not None:
            view.close()
            late = await view.session.close(_CLOSE_DEADLINE_S)
            if late:
                _LOG.warning("Late at leaving %s: %s", self.mark.title, ", ".join(late))
            self._late += late
        self.parts = None
        look_at_everything_again()
        if not keep_practice:
            await self._practice.stop()

    async def _open_practice(self) -> None:
        ground = self._ground
        loading = ground.owner.spawn("load the desk", self._load())
        try:
            address = await self._practice.start()
        except PracticeError as error:
            self._practice.give_up(str(error))
            return
        if self._route is not None:
            address = await self._route(address)
        opening = await loading
        session = await opening.practice_session(
            address,
            folders=ground.folders,
            settings=ground.settings,
            notices=ground.notices,
            report=ground.report,
            limits=ground.practice_limits,
        )
        await self._show(opening, session)

    async def _open_profile(self, profile: Profile) -> None:
        ground = self._ground
        loading = ground.owner.spawn("load the desk", self._load())
        key: SecretKey | VaultFault = await ground.vault.load(profile)
        opening = await loading
        if not opening.is_key(key):
            self.key_wanted.emit(KeyWanted(profile, key))  # type: ignore[arg-type]
            return
        session = opening.profile_session(
            profile,
            key,
            folders=ground.folders,
            settings=ground.settings,
            notices=ground.notices,
            report=ground.report,
            limits=ground.profiles.limits_in_force(profile),
        )
        await self._show(opening, session)
        self.opened.emit(profile)

    async def _load(self) -> ModuleType:
        """The desk's modules, imported by a thread; then the tabs behind, which need some of them."""
        opening = await asyncio.to_thread(load_desk)
        await self._make_tabs()
        return opening

    async def _make_tabs(self) -> None:
        """One at a turn of the loop, as long as the window holds them."""
        parts = self.parts
        for tab in parts.late_tabs if parts is not None else ():
            await asyncio.sleep(0)
            if self.parts is not parts:
                return
            tab.make()

    async def _show(self, opening: ModuleType, session: Session) -> None:
        if self.parts is None:
            raise RuntimeError("a session was opened without panels")
        self.view = opening.SessionView(
            window=self._ground.window,
            parts=self.parts,
            session=session,
            settings=self._ground.settings,
            owner=self._ground.owner,
        )
        await session.start()

    def _practice_moved(self, _address: PracticeAddress) -> None:
        """It came back on another port: nothing of the old session can reach it."""
        if self.mark is PRACTICE and not self._ground.owner.is_closing:
            self._ground.owner.spawn("follow the practice exchange", self._follow_practice())

    async def _follow_practice(self) -> None:
        async with self._turn:
            if self.mark is PRACTICE:
                await self._leave(keep_practice=True)
                self._enter(None)

    def _say_disconnected(self, reason: str) -> None:
        if self.parts is not None and self.view is None:
            self.parts.top.show_disconnected(reason)


def load_desk() -> ModuleType:
    """The desk's modules, and those of the network that it needs first: for a thread."""
    from pitdesk_ui import session_opening

    session_opening.preload()
    return session_opening
