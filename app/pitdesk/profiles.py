"""The connection profiles, kept in the settings without their keys; which one is used; armed or not."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from pitdesk.dialect import Dialect
from pitdesk.events import Listeners
from pitdesk.kalshi.environment import DEMO, LIVE, AddressError, Environment, custom
from pitdesk.kalshi.key_text import KeyImportError, check_key_id
from pitdesk.limits.in_force import LimitsInForce, raised, stricter
from pitdesk.limits.kept import own_figures
from pitdesk.limits.kept import values_of as kept_values
from pitdesk.limits.presets import limit_values
from pitdesk.profile import LimitsPreset, Profile, ProfileKind, is_sealed, sealed

if TYPE_CHECKING:
    from pitdesk.limits import LimitValues
    from pitdesk.settings import Settings

__all__ = [
    "LimitsPreset",
    "Profile",
    "ProfileError",
    "ProfileKind",
    "Profiles",
    "environment_of",
    "values_of",
]

_LONGEST_NAME = 40
_MOST_SUBACCOUNT = 63


class ProfileError(ValueError):
    """What is wrong with a profile, in a plain sentence. ``field``: name, key_id, address or subaccount."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def environment_of(profile: Profile) -> Environment:
    """Where ``profile`` signs in to. Raises :class:`ProfileError` where its address is not allowed.

    Demo and Live are the addresses written in the program, whatever the settings say.
    """
    if profile.kind is ProfileKind.LIVE:
        return replace(LIVE, account=profile.profile_id, subaccount=profile.subaccount)
    if profile.kind is ProfileKind.DEMO:
        return replace(DEMO, account=profile.profile_id, subaccount=profile.subaccount)
    try:
        found = replace(custom(profile.address), dialect=profile.dialect)
        return replace(found, account=profile.profile_id, subaccount=profile.subaccount)
    except AddressError as error:
        raise ProfileError(str(error), "address") from None


def values_of(profile: Profile) -> LimitValues:
    """The figures of its limits; the strictest where they cannot be read."""
    try:
        return kept_values(profile.limits, profile.figures)
    except ValueError:
        return limit_values(LimitsPreset.SMALL)


def _can_be_read(profile: Profile) -> bool:
    try:
        kept_values(profile.limits, profile.figures)
    except ValueError:
        return False
    return True


class Profiles:
    """Profiles by id, in the order they were made. ``changed`` tells of every change and carries nothing."""

    def __init__(self, settings: Settings) -> None:
        self.changed: Listeners[None] = Listeners()
        self.trouble = ""
        """What was wrong with the limits of an account as they were read, a plain sentence."""
        self._settings = settings
        self._armed: set[str] = set()
        self._in_force: dict[str, LimitsInForce] = {}
        self._mend()

    def all(self) -> tuple[Profile, ...]:
        """Every profile."""
        return self._settings.profiles

    def get(self, profile_id: str) -> Profile | None:
        """One profile."""
        return next((each for each in self.all() if each.profile_id == profile_id), None)

    @property
    def active(self) -> Profile | None:
        """The profile that is used, and that the next start opens; None for Practice."""
        return self.get(self._settings.active_profile)

    def use(self, profile_id: str) -> None:
        """Make it the active one; empty for Practice. Everything is made Safe."""
        if profile_id and self.get(profile_id) is None:
            raise KeyError(profile_id)
        self._armed.clear()
        self._settings.active_profile = profile_id
        self.changed.emit(None)

    def new(
        self,
        *,
        name: str,
        kind: ProfileKind,
        key_id: str,
        address: str = "",
        dialect: Dialect = Dialect.CURRENT,
        limits: LimitsPreset = LimitsPreset.SMALL,
    ) -> Profile:
        """A profile with an id of its own, not kept yet. Raises :class:`ProfileError`."""
        profile = Profile(
            profile_id=uuid.uuid4().hex,
            name=name,
            kind=kind,
            key_id=key_id,
            address=address.strip() if kind is ProfileKind.CUSTOM else "",
            dialect=dialect,
            limits=limits,
        )
        return self.checked(self._no_looser(profile))

    def checked(self, profile: Profile) -> Profile:
        """The profile as it would be kept. Raises :class:`ProfileError` naming the field that is wrong."""
        try:
            key_id = check_key_id(profile.key_id)
        except KeyImportError as error:
            raise ProfileError(str(error), "key_id") from None
        environment = environment_of(profile)
        address = environment.rest_url if profile.kind is ProfileKind.CUSTOM else ""
        dialect = environment.dialect
        if profile.subaccount is not None and not 0 <= profile.subaccount <= _MOST_SUBACCOUNT:
            raise ProfileError("A subaccount is a number from 0 to 63.", "subaccount")
        name = self._checked_name(profile)
        return msgspec.structs.replace(profile, name=name, key_id=key_id, address=address, dialect=dialect)

    def put(self, profile: Profile) -> Profile:
        """Add it, or replace the one with its id; as it is kept. Raises :class:`ProfileError`."""
        profile = sealed(self.checked(profile))
        if profile.read_only:
            self._armed.discard(profile.profile_id)
        kept, before = self.all(), self.get(profile.profile_id)
        if before is not None:
            self.limits_in_force(before).change(values_of(profile))
        if self.get(profile.profile_id) is None:
            self._keep((*kept, profile))
        else:
            self._keep(tuple(profile if each.profile_id == profile.profile_id else each for each in kept))
        return profile

    def rename(self, profile_id: str, name: str) -> None:
        """Raises :class:`ProfileError`; KeyError where there is no such profile."""
        profile = self.get(profile_id)
        if profile is None:
            raise KeyError(profile_id)
        self.put(msgspec.structs.replace(profile, name=name))

    def limits_in_force(self, profile: Profile) -> LimitsInForce:
        """The limits that the account's sessions go by: one for as long as the program runs, so that to sign
        in anew does not bring a raised one into force before its time."""
        held = self._in_force.get(profile.profile_id)
        if held is None:
            held = self._in_force[profile.profile_id] = LimitsInForce(values_of(profile))
        return held

    def drop(self, profile_id: str) -> None:
        """Forget the profile. Remove its key with :meth:`pitdesk.vault.Vault.remove` before."""
        self._armed.discard(profile_id)
        self._in_force.pop(profile_id, None)
        if (profile := self.get(profile_id)) is not None:
            self._settings.limits_file.forget(profile)
        if self._settings.active_profile == profile_id:
            self._settings.active_profile = ""
        self._keep(tuple(each for each in self.all() if each.profile_id != profile_id))

    def is_armed(self, profile_id: str) -> bool:
        """Armed for this session; every start and every switch begins Safe. A read-only profile never is."""
        return profile_id in self._armed

    def arm(self, profile_id: str, armed: bool) -> None:
        """Arm or make Safe. Raises :class:`ProfileError` for a read-only profile."""
        profile = self.get(profile_id)
        if armed and profile is not None and profile.read_only:
            raise ProfileError("This profile is read-only: change that in Settings to arm it.", "read_only")
        if armed and profile is not None:
            self._armed.add(profile_id)
        else:
            self._armed.discard(profile_id)
        self.changed.emit(None)

    def _keep(self, profiles: tuple[Profile, ...]) -> None:
        self._settings.profiles = profiles
        self._settings.limits_file.keep(profiles)
        self.changed.emit(None)

    def _mend(self) -> None:
        """Bounds that are not as they were written come from the second file; where that has none, the
        strictest hold and nothing is sent until the person has looked at them."""
        mended, told = [], []
        for profile in self.all():
            if is_sealed(profile) and _can_be_read(profile):
                mended.append(profile)
                continue
            kept = self._settings.limits_file.of(profile)
            if kept is None:
                told.append(f"The limits of {profile.name} were damaged. It is read-only, at the strictest.")
                fixed = msgspec.structs.replace(
                    profile, limits=LimitsPreset.SMALL, figures={}, read_only=True
                )
            else:
                told.append(f"The limits of {profile.name} were damaged, and are those kept beside them.")
                fixed = msgspec.structs.replace(
                    profile, limits=kept.limits, figures=kept.figures, read_only=kept.read_only
                )
            mended.append(sealed(fixed))
        if told:
            self.trouble = " ".join([*told, "Look at them in Settings → Accounts."])
            self._settings.profiles = tuple(mended)

    def _no_looser(self, profile: Profile) -> Profile:
        """An account that was here before, and was lost with the settings, comes back within its bounds."""
        kept = self._settings.limits_file.of(profile)
        if kept is None:
            return profile
        before = msgspec.structs.replace(profile, limits=kept.limits, figures=kept.figures)
        if not raised(values_of(before), values_of(profile)):
            return profile
        both = stricter(values_of(before), values_of(profile))
        figures = own_figures(both, LimitsPreset.SMALL)
        return msgspec.structs.replace(
            profile, limits=LimitsPreset.SMALL, figures=figures, read_only=kept.read_only
        )

    def _checked_name(self, profile: Profile) -> str:
        name = " ".join(profile.name.split())
        if not name:
            raise ProfileError("Give the profile a name.", "name")
        if len(name) > _LONGEST_NAME:
            raise ProfileError(f"A name has at most {_LONGEST_NAME} characters.", "name")
        if any(unicodedata.category(mark).startswith("C") for mark in name):
            raise ProfileError("The name has characters that cannot be shown.", "name")
        if name.casefold() == "practice":
            raise ProfileError("Practice is the practice exchange's name. Choose another.", "name")
        others = {each.name.casefold() for each in self.all() if each.profile_id != profile.profile_id}
        if name.casefold() in others:
            raise ProfileError("Another profile has this name.", "name")
        return name
