"""One connection profile: which account, where, and within what bounds. It holds no secret."""

from __future__ import annotations

from enum import Enum

import msgspec

from pitdesk.dialect import Dialect


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
    """

    profile_id: str
    name: str
    kind: ProfileKind
    key_id: str
    address: str = ""
    dialect: Dialect = Dialect.CURRENT
    subaccount: int | None = None
    limits: LimitsPreset = LimitsPreset.SMALL
    read_only: bool = False
    in_keyring: bool = True
    key_kind: str = ""
    fingerprint: str = ""
    attested_until_s: int | None = None
    last_used_ms: int | None = None
