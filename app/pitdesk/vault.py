"""Where keys lie: in the operating system's keyring, or in memory until the program ends. Never in a file.

The only importer of ``keyring``. Every call runs on the vault's own thread, within a deadline, and ends in
what was asked for or in a :class:`VaultFault` with a plain sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.kalshi.secret_key import SecretKey


class Trouble(Enum):
    """What keeps a key from being stored or read."""

    MISSING = "missing"  # no keyring on this system
    LOCKED = "locked"  # it is locked, and nothing asks to unlock it
    DISMISSED = "dismissed"  # its question was closed without an answer
    DENIED = "denied"  # the person or the system said no
    SLOW = "slow"  # no answer within the deadline
    NO_ENTRY = "no entry"  # nothing is stored under this name
    UNSOUND = "unsound"  # what came back is not what was stored
    FULL = "full"  # no room for another entry
    BROKEN = "broken"  # anything else it says


@dataclass(frozen=True, slots=True)
class VaultFault:
    """``sentence``: what is wrong and what to do, for the person. ``detail``: for the diagnostics."""

    trouble: Trouble
    sentence: str
    detail: str = ""

    @property
    def offers_session(self) -> bool:
        """Whether "Remember for this session only" should be offered: everywhere but a missing entry."""
        return self.trouble is not Trouble.NO_ENTRY


class Vault:
    """Keys by profile id."""

    def __init__(self, *, deadline_s: float = 30.0) -> None:
        """Nothing is imported, started or asked until the first call."""

    async def look(self) -> str | VaultFault:
        """The name of the keyring that would be used, as the person knows it: ``Secret Service``."""
        raise NotImplementedError

    async def store(self, profile_id: str, key: SecretKey) -> VaultFault | None:
        """Write, read back, compare, sign and verify. None: it is stored; a fault: it is not."""
        raise NotImplementedError

    async def load(self, profile_id: str) -> SecretKey | VaultFault:
        """The key: the one remembered for this session, else the keyring's."""
        raise NotImplementedError

    async def remove(self, profile_id: str) -> VaultFault | None:
        """Take it out of memory and of the keyring. None: it is gone, or was not there."""
        raise NotImplementedError

    def remember(self, profile_id: str, key: SecretKey) -> None:
        """Keep it in memory until the program ends."""
        raise NotImplementedError

    def lock(self) -> None:
        """Forget what is in memory; the keyring keeps its own."""
        raise NotImplementedError

    async def close(self) -> None:
        """Forget everything and end the thread."""
        raise NotImplementedError
