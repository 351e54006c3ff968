"""Every way in which a keyring fails has its own sentence, and none of them puts a key anywhere else."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import keyring.errors
import pytest

from pitdesk import vault as vaults
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.profile import Profile, ProfileKind
from pitdesk.vault import NoKeyringError, Trouble, Vault, VaultFault, entry_of, find_keyring

T = TypeVar("T")
KEY_ID = "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"
LIVE = Profile(profile_id="p1", name="Mine", kind=ProfileKind.LIVE, key_id=KEY_ID)
KEY = SecretKey.throwaway()


class Kept:
    """A keyring that does what it should."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.writes = 0

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.writes += 1
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("No such password!")


class Raising(Kept):
    """A keyring that raises whatever is asked of it."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error

    def delete_password(self, service: str, username: str) -> None:
        raise self.error


class Lying(Kept):
    """A keyring that takes a text and gives back another."""

    def __init__(self, back: Callable[[str], Any]) -> None:
        super().__init__()
        self.back = back

    def get_password(self, service: str, username: str) -> Any:
        text = super().get_password(service, username)
        return None if text is None else self.back(text)


class Slow(Kept):
    """A keyring that waits for a person before it writes."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.may_go_on.wait(20)
        super().set_password(service, username, password)


def use(kept: Any, act: Callable[[Vault], Awaitable[T]], deadline_s: float = 10.0) -> T:
    """Run ``act`` on a vault over ``kept``, closed after it."""

    def find() -> tuple[str, Any]:
        if isinstance(kept, NoKeyringError):
            raise kept
        return "the test's keyring", kept

    async def run() -> T:
        vault = Vault(deadline_s=deadline_s, find=find)
        try:
            return await act(vault)
        finally:
            await vault.close()

    return asyncio.run(run())


def test_a_key_is_stored_read_back_and_removed() -> None:
    kept = Kept()

    async def act(vault: Vault) -> None:
        assert await vault.look() == "the test's keyring"
        assert await vault.store(LIVE, KEY) is None
        loaded = await vault.load(LIVE)
        assert isinstance(loaded, SecretKey)
        assert loaded.is_same(KEY)
        assert await vault.store(LIVE, KEY) is None
        assert kept.writes == 1, "written only when it changes: on macOS each write asks again"
        assert await vault.remove(LIVE) is None
        assert await vault.remove(LIVE) is None, "what is gone is gone"
        missing = await vault.load(LIVE)
        assert isinstance(missing, VaultFault)
        assert missing.trouble is Trouble.NO_ENTRY

    use(kept, act)
    assert kept.entries == {}


def test_a_key_is_bound_to_its_host() -> None:
    """A profile that somebody changed to another host in the settings finds no key."""
    kept = Kept()
    elsewhere = Profile(
        profile_id="p1", name="Mine", kind=ProfileKind.CUSTOM, key_id=KEY_ID, address="https://evil.example"
    )

    async def act(vault: Vault) -> None:
        assert await vault.store(LIVE, KEY) is None
        vault.remember(LIVE, KEY)
        found = await vault.load(elsewhere)
        assert isinstance(found, VaultFault)
        assert not vault.is_remembered(elsewhere)

    use(kept, act)
    assert entry_of(LIVE).user == "external-api.kalshi.com"


class PromptDismissedException(Exception):
    """As SecretStorage names it."""


class LockedException(Exception):
    """As SecretStorage names it."""


class SecretServiceNotAvailableException(Exception):
    """As SecretStorage names it."""


class KeychainDenied(Exception):
    """As the macOS backend names it."""


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def denied() -> Raising:
    return Raising(caused(errors.KeyringLocked("Can't get password"), KeychainDenied(-128, "Access Denied")))


def another_key() -> str:
    return SecretKey.throwaway().compact()


errors = keyring.errors
MATRIX: dict[str, tuple[Any, Trouble, str]] = {
    "missing": (NoKeyringError("no D-Bus"), Trouble.MISSING, "No keyring of this system"),
    "missing, seen late": (Raising(errors.NoKeyringError()), Trouble.MISSING, "No keyring"),
    "gone away": (Raising(SecretServiceNotAvailableException("refused")), Trouble.MISSING, "No keyring"),
    "locked": (Raising(errors.KeyringLocked("Failed to unlock!")), Trouble.LOCKED, "is locked"),
    "locked item": (Raising(LockedException("Item is locked")), Trouble.LOCKED, "is locked"),
    "locked Keychain": (Raising(errors.PasswordSetError("(-25308, '')")), Trouble.LOCKED, "is locked"),
    "dismissed": (Raising(errors.InitError("Prompt dismissed..")), Trouble.DISMISSED, "question was closed"),
    "dismissed item": (Raising(PromptDismissedException()), Trouble.DISMISSED, "closed"),
    "denied": (denied(), Trouble.DENIED, "does not let Pitdesk in"),
    "denied by the system": (Raising(PermissionError(13, "Access is denied")), Trouble.DENIED, "let Pitdesk"),
    "unsigned on macOS": (Raising(errors.PasswordSetError("(-25293, 'x')")), Trouble.DENIED, "let Pitdesk"),
    "full": (Raising(OSError("(8, 'CredWrite', 'Not enough memory')")), Trouble.FULL, "no room"),
    "breaking": (Raising(RuntimeError("bad stub data")), Trouble.BROKEN, "could not do it"),
    "ending the program": (Raising(SystemExit(3)), Trouble.BROKEN, "could not do it"),
    "gives nothing": (Lying(lambda text: None), Trouble.UNSOUND, "gave back nothing"),
    "gives an empty text": (Lying(lambda text: ""), Trouble.UNSOUND, "gave back nothing"),
    "gives a part": (Lying(lambda text: text[:20]), Trouble.UNSOUND, "only a part"),
    "gives nonsense": (Lying(lambda text: "hunter2"), Trouble.UNSOUND, "something else"),
    "gives bytes": (Lying(lambda text: text.encode()), Trouble.UNSOUND, "no text"),
    "gives another key": (
        Lying(lambda text: SecretKey.throwaway().compact()),
        Trouble.UNSOUND,
        "another key",
    ),
}


@pytest.mark.parametrize("name", MATRIX)
def test_a_failure_to_store_has_its_own_sentence(name: str, tmp_path: Path) -> None:
    kept, trouble, says = MATRIX[name]
    said = use(kept, lambda vault: vault.store(LIVE, KEY))
    assert isinstance(said, VaultFault), said
    assert (said.trouble, says in said.sentence) == (trouble, True), said
    assert said.sentence.endswith(".")
    assert said.offers_session
    assert KEY.compact() not in said.sentence + said.detail
    assert not getattr(kept, "entries", {}), "what is not sound is not left behind"


@pytest.mark.parametrize("name", [name for name in MATRIX if isinstance(MATRIX[name][0], Raising)])
def test_a_failure_to_read_has_its_own_sentence(name: str) -> None:
    kept, trouble, _ = MATRIX[name]
    for ask in (lambda vault: vault.load(LIVE), lambda vault: vault.remove(LIVE)):
        said = use(kept, ask)
        assert isinstance(said, VaultFault)
        assert said.trouble is trouble


def test_the_sentences_differ() -> None:
    sentences = {}
    for kept, trouble, _ in MATRIX.values():
        said = use(kept, lambda vault: vault.store(LIVE, KEY))
        assert isinstance(said, VaultFault)
        sentences.setdefault(trouble, set()).add(said.sentence)
    first = [next(iter(each)) for each in sentences.values()]
    assert len(set(first)) == len(sentences) >= 7


def test_a_slow_keyring_stops_nobody_and_what_it_stored_late_is_taken_out() -> None:
    kept = Slow()

    async def act(vault: Vault) -> VaultFault | None:
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                beats += 1
                await asyncio.sleep(0.005)

        beating = asyncio.get_running_loop().create_task(beat())
        said = await vault.store(LIVE, KEY)
        beating.cancel()
        assert beats > 5, "the loop went on meanwhile"
        kept.may_go_on.set()
        return said

    said = use(kept, act, deadline_s=0.2)
    assert isinstance(said, VaultFault)
    assert said.trouble is Trouble.SLOW
    assert "has not answered yet" in said.sentence
    assert (kept.writes, kept.entries) == (1, {})


def test_what_is_remembered_for_a_session_is_nowhere_else() -> None:
    kept = Kept()

    async def act(vault: Vault) -> None:
        vault.remember(LIVE, KEY)
        assert vault.is_remembered(LIVE)
        assert await vault.load(LIVE) is KEY
        vault.lock()
        assert isinstance(await vault.load(LIVE), VaultFault)
        vault.remember(LIVE, KEY)
        assert await vault.remove(LIVE) is None
        assert not vault.is_remembered(LIVE)

    use(kept, act)
    assert kept.writes == 0


def test_without_a_keyring_a_key_can_be_remembered_and_forgotten() -> None:
    async def act(vault: Vault) -> None:
        vault.remember(LIVE, KEY)
        assert await vault.load(LIVE) is KEY
        assert await vault.remove(LIVE) is None

    use(NoKeyringError("none"), act)


def test_a_damaged_entry_is_said() -> None:
    kept = Kept()
    kept.entries[entry_of(LIVE)] = KEY.compact()[:-3] + "AAA"
    said = use(kept, lambda vault: vault.load(LIVE))
    assert isinstance(said, VaultFault)
    assert said.trouble is Trouble.UNSOUND
    assert "Import the key again" in said.sentence


@pytest.fixture
def misled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home and an environment in which the library itself would run foreign code or lose the key."""
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "evil_backend.py").write_text("raise SystemExit('foreign code ran')\n")
    configured = f"[backend]\ndefault-keyring=evil_backend.Keyring\nkeyring-path={tmp_path / 'evil'}\n"
    for folder in ("python_keyring", ".config/python_keyring"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "keyringrc.cfg").write_text(configured)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="about a Linux without D-Bus")
def test_neither_a_file_nor_the_environment_chooses_the_keyring(misled: Path) -> None:
    """In a process of its own, as a start of the program: nothing of keyring is imported yet."""
    code = (
        "import asyncio, sys\n"
        "from pitdesk.vault import Vault\n"
        "from pitdesk.kalshi.secret_key import SecretKey\n"
        "from pitdesk.profile import Profile, ProfileKind\n"
        "profile = Profile(profile_id='p', name='n', kind=ProfileKind.LIVE, key_id='k')\n"
        "async def main():\n"
        "    said = await Vault().store(profile, SecretKey.throwaway())\n"
        "    print(said.trouble.value, 'evil_backend' in sys.modules)\n"
        "asyncio.run(main())\n"
    )
    root = Path(vaults.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "missing False"), done.stderr


def test_only_the_classes_on_the_list_are_ever_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stronger class that registered itself, as an installed plug-in does, is not looked at."""

    class Plugin(keyring.backend.KeyringBackend):
        priority = 99  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            raise AssertionError("asked")

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError("asked")

    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    names = [
        name for name, _ in vaults._allowed("linux") + vaults._allowed("win32") + vaults._allowed("darwin")
    ]
    assert len(names) == 5
    try:
        _, chosen = find_keyring("linux")
    except NoKeyringError:
        chosen = None
    assert not isinstance(chosen, Plugin)
    keyring.backend.KeyringBackend._classes.discard(Plugin)


def test_a_variable_cannot_lead_to_another_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """keyring sets any attribute from KEYRING_PROPERTY_…; it is undone."""
    from keyring.backends.SecretService import Keyring as SecretService

    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/somewhere/else")
    backend = SecretService()
    assert backend.preferred_collection == "/somewhere/else"
    vaults._without_environment(backend)
    assert not hasattr(backend, "preferred_collection")
