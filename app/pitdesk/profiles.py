"""The person's connection profiles, kept in the settings without their secrets; which one is used; armed or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.events import Listeners
from pitdesk.profile import LimitsPreset, Profile, ProfileKind

if TYPE_CHECKING:
    from pitdesk.kalshi.environment import Environment
    from pitdesk.settings import Settings

__all__ = [
    "AddressFault",
    "LimitsPreset",
    "Profile",
    "ProfileKind",
    "Profiles",
    "environment_of",
    "read_address",
]


@dataclass(frozen=True, slots=True)
class AddressFault:
    """Why an address cannot be used. ``sentence`` says what would be accepted."""

    sentence: str


def read_address(text: str) -> Environment | AddressFault:
    """A custom address as typed (``https://host/trade-api/v2`` or a host alone) as an environment.

    https only, except on loopback. The exchange's own hosts are refused here: choose Demo or Live for them.
    """
    raise NotImplementedError


def environment_of(profile: Profile) -> Environment:
    """Where ``profile`` signs in to. Raises ValueError where its address is not allowed."""
    raise NotImplementedError


class Profiles:
    """Profiles by id, in the order they were made. ``changed`` carries nothing."""

    def __init__(self, settings: Settings) -> None:
        self.changed: Listeners[None] = Listeners()

    def all(self) -> tuple[Profile, ...]:
        """Every profile."""
        raise NotImplementedError

    def get(self, profile_id: str) -> Profile | None:
        """One profile."""
        raise NotImplementedError

    @property
    def active_id(self) -> str:
        """The profile used last, empty for Practice. It is what the next start opens."""
        raise NotImplementedError

    def use(self, profile_id: str) -> None:
        """Make it the active one; empty for Practice. Disarms everything."""
        raise NotImplementedError

    def new(self, *, name: str, kind: ProfileKind, key_id: str, address: str = "") -> Profile:
        """A profile with an id of its own, not kept yet. Raises ValueError with a plain sentence."""
        raise NotImplementedError

    def put(self, profile: Profile) -> None:
        """Add or replace by id. Raises ValueError with a plain sentence (empty or taken name, key id)."""
        raise NotImplementedError

    def rename(self, profile_id: str, name: str) -> None:
        """Raises ValueError with a plain sentence."""
        raise NotImplementedError

    def drop(self, profile_id: str) -> None:
        """Forget the profile. Its key is removed with :meth:`pitdesk.vault.Vault.remove`, before."""
        raise NotImplementedError

    def is_armed(self, profile_id: str) -> bool:
        """Armed for this session; every start begins Safe. A read-only profile never is."""
        raise NotImplementedError

    def arm(self, profile_id: str, armed: bool) -> None:
        """Arm or make Safe."""
        raise NotImplementedError
