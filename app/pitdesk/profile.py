"""One connection profile: which account, where, and within what bounds. It holds no secret."""

from __future__ import annotations

import hashlib
import json
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from pitdesk.dialect import Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping


class ProfileKind(Enum):
    """Where the account is. Practice needs no profile."""

    DEMO = "demo"
    LIVE = "live"
    CUSTOM = "custom"


class LimitsPreset(Enum):
    """How large an account the proposed limits are for; its figures are in :mod:`pitdesk.limits.presets`."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept in the settings of one account.

    ``profile_id`` is made once and never changes: it names the keyring's entry and the account's folder.
    ``address`` is a custom exchange's, empty otherwise; ``dialect`` is how that one is spoken to, and the
    current one otherwise. ``read_only``: nothing is placed or changed; cancels
    work. ``in_keyring`` is False where the key is remembered for a session only, so
    that it is asked for at each start. ``attested_until_s``: Unix seconds, as the last check said.
    ``figures`` are the person's own where they differ from those of ``limits``, as typed; ``seal`` shows
    whether these and ``read_only`` are as they were written.
    """

    profile_id: str
    name: str
    kind: ProfileKind
    key_id: str
    address: str = ""
    dialect: Dialect = Dialect.CURRENT
    subaccount: int | None = None
    limits: LimitsPreset = LimitsPreset.SMALL
    figures: dict[str, str] = {}
    seal: str = ""
    read_only: bool = False
    in_keyring: bool = True
    key_kind: str = ""
    fingerprint: str = ""
    attested_until_s: int | None = None
    last_used_ms: int | None = None


def sealed(profile: Profile) -> Profile:
    """The profile with the seal of its bounds."""
    return msgspec.structs.replace(profile, seal=_seal(profile))


def is_sealed(profile: Profile) -> bool:
    """Whether its bounds are as they were written; without a seal only the strictest are."""
    if not profile.seal:
        return profile.limits is LimitsPreset.SMALL and not profile.figures
    return profile.seal == _seal(profile)


def account_of(profile: Profile) -> str:
    """The account by what it is signed in with, whatever profile it has."""
    told = [profile.kind.value, profile.address, profile.key_id.casefold(), profile.subaccount]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def seal_of(whose: str, limits: LimitsPreset, figures: Mapping[str, str], *, read_only: bool) -> str:
    """Of somebody's bounds: with one digit changed it is another."""
    told = json.dumps([whose, limits.value, sorted(figures.items()), read_only], separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _seal(profile: Profile) -> str:
    return seal_of(profile.profile_id, profile.limits, profile.figures, read_only=profile.read_only)
