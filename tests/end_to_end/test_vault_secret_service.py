"""The real thing: GNOME's keyring on a D-Bus session of its own, unlocked, locked, gone and never there."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [program for program in NEEDED if shutil.which(program) is None]
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keyring"),
    pytest.mark.skipif(
        bool(MISSING), reason=f"{', '.join(MISSING)} not installed: 'dev.py test' installs it where it may"
    ),
]

PROLOGUE = """
import asyncio, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.profile import Profile, ProfileKind
from pitdesk.vault import Vault, VaultFault
profile = Profile(profile_id="e2e", name="Mine", kind=ProfileKind.DEMO, key_id="k")
key = SecretKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
def tell(name, said):
    print(name, said.trouble.value if isinstance(said, VaultFault) else said, flush=True)
async def main():
    vault = Vault(deadline_s=10)
    await act(vault)
    await vault.close()
"""
STORE = """
async def act(vault):
    tell("look", await vault.look())
    tell("store", await vault.store(profile, key))
"""
READ = """
async def act(vault):
    loaded = await vault.load(profile)
    tell("load", loaded if isinstance(loaded, VaultFault) else loaded.is_same(key))
"""
STORE_READ_REMOVE = """
async def act(vault):
    tell("store", await vault.store(profile, key))
    tell("again", await vault.store(profile, key))
    loaded = await vault.load(profile)
    tell("load", loaded.is_same(key))
    tell("remove", await vault.remove(profile))
    tell("gone", await vault.load(profile))
    tell("remove", await vault.remove(profile))
"""
LARGEST = """
from tests.unit.kalshi.key_files import rsa_8192
async def act(vault):
    large = SecretKey(rsa_8192())
    tell("store", await vault.store(profile, large))
    loaded = await vault.load(profile)
    tell("load", loaded.is_same(large))
"""


class Machine:
    """A person's home on a machine with a keyring; each ``run`` is a sign-in of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "runtime").mkdir(mode=0o700)

    @property
    def environment(self) -> Mapping[str, str]:
        """As a fresh sign-in would have it: no bus yet, and no keyring setting of the library."""
        kept = {"PATH", "LANG", "LC_ALL", "TERM"}
        home = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder / "runtime")}
        path = os.pathsep.join([str(ROOT / "app"), str(ROOT)])
        return {**{k: v for k, v in os.environ.items() if k in kept}, **home, "PYTHONPATH": path}

    def run(self, act: str, *, before: str = "", bus: str = "dbus-run-session --") -> list[str]:
        """What the program says: one line for each question."""
        program = self.folder / "program.py"
        program.write_text(PROLOGUE + textwrap.dedent(act) + "\nasyncio.run(main())\n", encoding="utf-8")
        script = f"{before}\nexec {sys.executable} {program}"
        done = subprocess.run(
            [*bus.split(), "sh", "-c", script],
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()


UNLOCKED = "printf 'the password\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
NOT_UNLOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_unlocked(machine: Machine) -> None:
    said = machine.run(STORE_READ_REMOVE, before=UNLOCKED)
    assert said == ["store None", "again None", "load True", "remove None", "gone no entry", "remove None"]


def test_the_largest_key_fits(machine: Machine) -> None:
    assert machine.run(LARGEST, before=UNLOCKED) == ["store None", "load True"]


def test_a_key_is_there_after_the_next_sign_in_and_no_file_of_the_home_shows_it(machine: Machine) -> None:
    assert machine.run(STORE, before=UNLOCKED) == ["look the system's keyring", "store None"]
    assert machine.run(READ, before=UNLOCKED) == ["load True"]
    seed = bytes(range(32))
    files = [path for path in machine.folder.rglob("*") if path.is_file() and path.name != "program.py"]
    assert any("keyrings" in path.parts for path in files)
    assert not [path for path in files if seed[:16] in path.read_bytes() or b"PK1e:" in path.read_bytes()]


def test_locked(machine: Machine) -> None:
    machine.run(STORE, before=UNLOCKED)
    assert machine.run(READ, before=NOT_UNLOCKED) in (["load locked"], ["load dismissed"])
    assert machine.run(STORE, before=NOT_UNLOCKED)[1] in ("store locked", "store dismissed")
    assert machine.run(READ, before=UNLOCKED) == ["load True"], "a locked keyring loses nothing"


def test_never_used(machine: Machine) -> None:
    """A keyring without a collection asks for a password for a new one, and there is nobody to ask."""
    assert machine.run(STORE, before=NOT_UNLOCKED)[1] in ("store dismissed", "store locked")


def test_no_bus(machine: Machine) -> None:
    assert machine.run(STORE, bus="env") == ["look missing", "store missing"]


def test_a_bus_without_a_keyring(machine: Machine) -> None:
    config = machine.folder / "bus.conf"
    config.write_text(
        "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>"
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
        '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
    )
    said = machine.run(STORE, bus=f"dbus-run-session --config-file={config} --")
    assert said == ["look missing", "store missing"]


def test_a_keyring_that_dies_in_between(machine: Machine) -> None:
    act = """
    import os, signal, pathlib
    def end_keyring():
        for folder in pathlib.Path("/proc").iterdir():
            try:
                name = (folder / "comm").read_text().strip()
                environ = (folder / "environ").read_bytes()
            except (OSError, ValueError):
                continue
            if name.startswith("gnome-keyring") and os.environ["HOME"].encode() in environ:
                os.kill(int(folder.name), signal.SIGKILL)
    async def act(vault):
        tell("store", await vault.store(profile, key))
        end_keyring()
        said = await vault.load(profile)
        tell("load", type(said).__name__)
        vault.remember(profile, key)
        tell("remembered", (await vault.load(profile)).is_same(key))
    """
    assert machine.run(act, before=UNLOCKED) == ["store None", "load VaultFault", "remembered True"]
