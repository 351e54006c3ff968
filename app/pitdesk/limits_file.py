"""The limits once more, in a file of their own: should the settings be lost, no account comes back looser.

Each account's figures stand under a seal. What cannot be read is put aside, and an entry whose seal is broken
is as good as none.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from pitdesk.profile import LimitsPreset, Profile, account_of, seal_of
from pitdesk.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_LOG = logging.getLogger(__name__)
_MOST_BYTES = 1024 * 1024


class KeptLimits(msgspec.Struct, frozen=True):
    """One account's limits, as its profile had them."""

    limits: LimitsPreset
    figures: dict[str, str]
    read_only: bool
    seal: str

    def holds_for(self, account: str) -> bool:
        """Whether they are as they were written, for this account."""
        return self.seal == seal_of(account, self.limits, self.figures, read_only=self.read_only)


class LimitsFile:
    """Read at the start, written behind by a thread of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept = self._read()
        self._writer: ThreadPoolExecutor | None = None

    def of(self, profile: Profile) -> KeptLimits | None:
        """What was kept for the account of ``profile``, by whatever profile; None of nothing sound."""
        account = account_of(profile)
        kept = self._kept.get(account)
        return kept if kept is not None and kept.holds_for(account) else None

    def keep(self, profiles: tuple[Profile, ...]) -> None:
        """Keep the limits of these accounts, beside those of others that were not forgotten."""
        kept = dict(self._kept)
        for profile in profiles:
            account = account_of(profile)
            seal = seal_of(account, profile.limits, profile.figures, read_only=profile.read_only)
            kept[account] = KeptLimits(profile.limits, profile.figures, profile.read_only, seal)
        self._become(kept)

    def forget(self, profile: Profile) -> None:
        """The person removed the account."""
        account = account_of(profile)
        self._become({each: kept for each, kept in self._kept.items() if each != account})

    def close(self) -> None:
        """Wait for what is being written."""
        if self._writer is not None:
            self._writer.shutdown(wait=True)
            self._writer = None

    def _become(self, kept: dict[str, KeptLimits]) -> None:
        if kept == self._kept:
            return
        self._kept = kept
        data = msgspec.json.format(msgspec.json.encode(kept), indent=2)
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="limits")
        self._writer.submit(self._write, data)

    def _write(self, data: bytes) -> None:
        try:
            write_whole(self._file, data)
        except OSError as error:
            _LOG.warning("The limits could not be written a second time: %s", error)

    def _read(self) -> dict[str, KeptLimits]:
        try:
            data = self._file.read_bytes()
            if len(data) > _MOST_BYTES:
                raise ValueError(f"{len(data)} bytes are too many")
            return msgspec.json.decode(data, type=dict[str, KeptLimits])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            _LOG.warning("The second copy of the limits could not be read: %s", error)
            self._put_aside()
            return {}

    def _put_aside(self) -> None:
        aside = self._file.with_name(f"{self._file.name}.bad-{time.time_ns() // 1_000_000}")
        try:
            self._file.replace(aside)
        except OSError:
            _LOG.warning("It could not be put aside.")
