"""Armed or Safe, as the top bar shows it: Practice starts Armed, accounts with a key start Safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.events import Listeners
from pitdesk.notices import Notice
from pitdesk.profiles import ProfileError

if TYPE_CHECKING:
    from pitdesk.notices import Notices
    from pitdesk.profiles import Profiles
    from pitdesk_ui.desk_host import DeskHost

_READ_ONLY = "This account is read-only here, so it cannot be armed. Settings → Accounts changes it."


class Arming:
    """Whether one click or key may add risk in the account in view. ``changed`` carries the new state."""

    def __init__(self, host: DeskHost, profiles: Profiles, notices: Notices) -> None:
        self.changed: Listeners[bool] = Listeners()
        self._host, self._profiles, self._notices = host, profiles, notices
        self._practice_armed = True
        profiles.changed.connect(lambda _: self.show())

    @property
    def is_armed(self) -> bool:
        """The state of the account in view."""
        profile_id = self._host.mark.profile_id
        return self._profiles.is_armed(profile_id) if profile_id else self._practice_armed

    def toggle(self) -> None:
        """The other state, where the account has it."""
        self.arm(not self.is_armed)

    def arm(self, armed: bool) -> None:
        """Arm or make safe; says why not where it cannot be armed."""
        profile_id = self._host.mark.profile_id
        if not profile_id:
            self._practice_armed = armed
            self.show()
            return
        try:
            self._profiles.arm(profile_id, armed)
        except ProfileError:
            self._notices.say(Notice(_READ_ONLY))

    def show(self) -> None:
        """Bring the top bar and the ladder up to date."""
        parts = self._host.parts
        if parts is None:
            return
        profile = self._profiles.get(self._host.mark.profile_id)
        why_not = _READ_ONLY if profile is not None and profile.read_only else ""
        parts.top.arm.show_armed(armed=self.is_armed, why_not=why_not)
        parts.ladder.show_armed(armed=self.is_armed, why_not=why_not)
        self.changed.emit(self.is_armed)
