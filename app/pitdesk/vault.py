"""Where keys lie: in the operating system's keyring, or in memory until the program ends. Never in a file.

The only importer of ``keyring``, of which it uses one class of a short list: what the library would choose
by priority, by ``keyringrc.cfg`` or by the environment may be a plain file. Every call runs on the vault's
own thread, within a deadline, and ends in what was asked for or in a :class:`VaultFault`.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from pitdesk.kalshi.secret_key import SecretKey, SecretKeyError
from pitdesk.own_thread import JobError, OwnThread
from pitdesk.profiles import environment_of
from pitdesk.vault_faults import Trouble, VaultFault, fault, from_error, unsound

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.profile import Profile

__all__ = ["Keyring", "Trouble", "Vault", "VaultFault", "entry_of", "find_keyring"]

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_SOME_KEYRING = "the system's keyring"
_PROPERTY = "KEYRING_PROPERTY_"


class Keyring(Protocol):
    """What is used of a keyring's class. Each raises whatever it likes."""

    def get_password(self, service: str, username: str) -> str | None:
        """The text, None where there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store the text."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove the text."""


class NoKeyringError(Exception):
    """None of the keyrings that may be used is there. The text says why, for the diagnostics."""


class Entry(NamedTuple):
    """Where a key lies. ``service`` is the profile's alone, because Windows moves a second user's entry away.

    ``user`` is the host that the key is for: a profile that was changed to another host finds nothing.
    """

    service: str
    user: str


def entry_of(profile: Profile) -> Entry:
    """The entry of a profile's key. Raises ValueError where its address is not allowed."""
    return Entry(f"Pitdesk account {profile.profile_id}", environment_of(profile).shown_host)


class Vault:
    """Keys by profile. An entry belongs to the profile's id and to its exchange's host, both."""

    def __init__(
        self, *, deadline_s: float = 30.0, find: Callable[[], tuple[str, Keyring]] | None = None
    ) -> None:
        """Nothing is imported, started or asked until the first call. ``find`` gives name and keyring."""
        self._deadline_s = deadline_s
        self._find = find or find_keyring
        self._thread = OwnThread("vault")
        self._session: dict[Entry, SecretKey] = {}
        self._name = _SOME_KEYRING
        self._keyring: Keyring | None = None

    async def look(self) -> str | VaultFault:
        """The name of the keyring that would be used, as in a sentence: ``the macOS Keychain``."""

        def job() -> str:
            self._open()
            return self._name

        return await self._run(job)

    async def store(self, profile: Profile, key: SecretKey) -> VaultFault | None:
        """Write, read back, compare, sign and verify. None: it is stored; a fault: it is not.

        Where the keyring answers after the deadline, what it stored is taken out again.
        """
        entry = entry_of(profile)
        work = _Storing(entry, key)
        said = await self._run(lambda: work.perform(self._open(), self._name), work.text)
        if isinstance(said, VaultFault):
            work.is_wanted = False
            return said
        self._session.pop(entry, None)
        return None

    async def load(self, profile: Profile) -> SecretKey | VaultFault:
        """The key: the one remembered for this session, else the keyring's."""
        entry = entry_of(profile)
        if entry in self._session:
            return self._session[entry]
        return await self._run(lambda: _read(self._open(), self._name, entry))

    async def remove(self, profile: Profile) -> VaultFault | None:
        """Take it out of memory and of the keyring. None: it is gone, or was not there."""
        entry = entry_of(profile)
        was_remembered = self._session.pop(entry, None) is not None
        said = await self._run(lambda: _remove(self._open(), entry))
        if was_remembered and isinstance(said, VaultFault) and said.trouble is Trouble.MISSING:
            return None
        return said

    def remember(self, profile: Profile, key: SecretKey) -> None:
        """Keep it in memory until the program ends."""
        self._session[entry_of(profile)] = key

    def is_remembered(self, profile: Profile) -> bool:
        """Whether the key is in memory for this session."""
        return entry_of(profile) in self._session

    def lock(self) -> None:
        """Forget what is in memory; the keyring keeps its own."""
        self._session.clear()

    async def close(self) -> None:
        """Forget everything and end the thread; one that hangs in a keyring ends with the program."""
        self.lock()
        if not await self._thread.close():
            _LOG.warning("The keyring is still busy at the end.")

    async def _run(self, job: Callable[[], T], secret: str = "") -> T | VaultFault:
        try:
            return await self._thread.run(job, self._deadline_s)
        except TimeoutError:
            said = fault(Trouble.SLOW, self._name, f"no answer in {self._deadline_s:g} s")
        except JobError as failed:
            said = _fault_of(failed.__cause__ or failed, self._name, secret)
        _LOG.warning("Keyring: %s: %s", said.trouble.value, said.detail)
        return said

    def _open(self) -> Keyring:
        """On the vault's thread: the keyring, looked for until one is found."""
        if self._keyring is None:
            self._name, self._keyring = self._find()
        return self._keyring


def _fault_of(error: BaseException, name: str, secret: str) -> VaultFault:
    if isinstance(error, NoKeyringError):
        return fault(Trouble.MISSING, name, str(error))
    return from_error(error, name, secret)


class _Storing:
    """One attempt to store, which may end after nobody waits for it any more."""

    def __init__(self, entry: Entry, key: SecretKey) -> None:
        self.is_wanted = True
        self.text = key.compact()
        self._key = key
        self._entry = entry

    def perform(self, keyring: Keyring, name: str) -> VaultFault | None:
        """On the vault's thread. What is not sound, or not wanted any more, is removed again."""
        if keyring.get_password(*self._entry) != self.text:
            keyring.set_password(*self._entry, self.text)
        said = self._checked(keyring, name)
        if said is not None or not self.is_wanted:
            keyring.delete_password(*self._entry)
        return said

    def _checked(self, keyring: Keyring, name: str) -> VaultFault | None:
        back: object = keyring.get_password(*self._entry)
        if not back:
            return unsound(name, "nothing")
        if not isinstance(back, str):
            return unsound(name, "something that is no text")
        if back != self.text and self.text.startswith(back):
            return unsound(name, "only a part of it")
        try:
            key = SecretKey.from_compact(back)
        except SecretKeyError:
            return unsound(name, "something else")
        if back != self.text or not key.is_same(self._key):
            return unsound(name, "another key")
        return None


def _read(keyring: Keyring, name: str, entry: Entry) -> SecretKey | VaultFault:
    text = keyring.get_password(*entry)
    if not text:
        return fault(Trouble.NO_ENTRY, name)
    try:
        return SecretKey.from_compact(text)
    except SecretKeyError as error:
        return VaultFault(
            Trouble.UNSOUND, "The stored key is damaged. Import the key again.", f"{name}: {error}"
        )


def _remove(keyring: Keyring, entry: Entry) -> VaultFault | None:
    if keyring.get_password(*entry) is not None:
        keyring.delete_password(*entry)
    return None


def find_keyring(platform: str = sys.platform) -> tuple[str, Keyring]:
    """The first keyring of this system that may be used, by its class. Raises :class:`NoKeyringError`."""
    whys = []
    for name, make in _allowed(platform):
        try:
            keyring = make()
        except (RuntimeError, ImportError) as error:
            whys.append(f"{name}: {error}")
        else:
            _without_environment(keyring)
            return name, keyring
    raise NoKeyringError("; ".join(whys)[:300])


def _allowed(platform: str) -> tuple[tuple[str, Callable[[], Keyring]], ...]:
    if platform == "win32":
        return (("the Windows Credential Manager", _windows),)
    if platform == "darwin":
        return (("the macOS Keychain", _macos),)
    return (
        ("the system's keyring", _secret_service),
        ("the GNOME keyring", _libsecret),
        ("KWallet", _kwallet),
    )


def _windows() -> Keyring:
    from keyring.backends.Windows import WinVaultKeyring

    keyring = _made(WinVaultKeyring)
    # The library's own choice would roam with a domain profile.
    setattr(keyring, "persist", "local machine")  # noqa: B010 (a descriptor that the protocol lacks)
    return keyring


def _macos() -> Keyring:
    from keyring.backends.macOS import Keyring as MacKeyring

    keyring = _made(MacKeyring)
    vars(keyring)["keychain"] = None  # whatever KEYCHAIN_PATH says
    return keyring


def _secret_service() -> Keyring:
    from keyring.backends.SecretService import Keyring as SecretService

    return _made(SecretService)


def _libsecret() -> Keyring:
    from keyring.backends.libsecret import Keyring as LibSecret

    return _made(LibSecret)


def _kwallet() -> Keyring:
    from keyring.backends.kwallet import DBusKeyring

    return _made(DBusKeyring)


def _made(kind: Any) -> Keyring:
    """An instance of ``kind``, whose ``priority`` raises RuntimeError with the reason if it cannot work."""
    _ = kind.priority
    keyring: Keyring = kind()
    return keyring


def _without_environment(keyring: Keyring) -> None:
    """Undo what the library took from KEYRING_PROPERTY_ variables: they could lead to another collection."""
    held = vars(keyring)
    for variable, value in os.environ.items():
        name = variable.removeprefix(_PROPERTY).lower()
        if variable.startswith(_PROPERTY) and held.get(name) == value:
            del held[name]
