"""What the test of the canary runs: the core with a real key in hand, everything going wrong, at DEBUG.

Reads the key from standard input, never from an argument; says ``ready`` and waits, so that its process can
be looked at; then dies as badly as it can. ``--leak`` writes a line past the redaction, to be found.
"""

import asyncio
import binascii
import faulthandler
import json
import logging
import os
import pickle
import sys
import threading
from pathlib import Path
from typing import Any

import requests
from cryptography.exceptions import InternalError, InvalidKey, InvalidSignature, UnsupportedAlgorithm

from pitdesk.desk.account_check import check_account
from pitdesk.diagnostics import collect, save
from pitdesk.hardening import harden
from pitdesk.journal import Journal
from pitdesk.kalshi.environment import Environment, custom
from pitdesk.kalshi.key_import import KeyImportError, read_key
from pitdesk.kalshi.secret_key import SecretKey, SecretKeyError
from pitdesk.kalshi.signer import Signer, SignerError
from pitdesk.kalshi.stream.door import DoorError, open_stream
from pitdesk.kalshi.transport import Timing, Transport
from pitdesk.paths import Folders
from pitdesk.profiles import Profile, ProfileKind, Profiles
from pitdesk.redaction import RedactingFormatter
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner
from pitdesk.vault import Vault

LOG = logging.getLogger("pitdesk.canary")
QUICK = Timing(connect=3.0, read=1.0, command=4.0, query=4.0)


RAISED = (
    *(InternalError, InvalidKey, InvalidSignature, UnsupportedAlgorithm, SignerError, SecretKeyError),
    *(KeyImportError, binascii.Error, ValueError, TypeError, AttributeError, KeyError, IndexError),
    *(OverflowError, MemoryError, RecursionError, AssertionError, RuntimeError, OSError, TimeoutError),
)
"""What signing may end in: the libraries' own, ours, and what Python raises anywhere."""


class Breaking:
    """A private key that raises instead of signing, and says in its error all that it holds."""

    def __init__(self, error: type[Exception], told: str) -> None:
        self.error, self.told = error, told

    def sign(self, *arguments: Any) -> bytes:
        words = (self.told, 500) if self.error is InternalError else (self.told,)
        raise self.error(*words)


class Refusing:
    """A keyring whose errors repeat what they were given."""

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(f"cannot store {password} for {username}")

    def delete_password(self, service: str, username: str) -> None:
        raise OSError("cannot delete")


def main() -> None:
    """One life of the program, from import to crash."""
    given = json.loads(sys.stdin.buffer.readline())
    folders = Folders.under(Path(given["folder"]))
    harden()
    log_at_debug(folders)
    key = read_key(given["pem"], given["passphrase"])
    harm_the_file(given["pem"], given["passphrase"])
    settings = Settings(folders.settings_file)
    profiles = Profiles(settings)
    profile = profiles.put(
        profiles.new(name="Mine", kind=ProfileKind.CUSTOM, key_id=given["key_id"], address=given["address"])
    )
    profiles.use(profile.profile_id)
    asyncio.run(go_wrong(profile, key, given, folders))
    raise_with_the_key_in_hand(key, given["pem"])
    save(collect(folders, settings, os.environ), folders.logs / "bundle.zip")
    settings.close()
    if "--leak" in sys.argv:
        (folders.logs / "plain.log").write_text(f"could not load {given['pem']}")
    print("ready", flush=True)
    sys.stdin.buffer.read(1)
    with (folders.logs / "stacks.txt").open("w") as stacks:
        faulthandler.enable(stacks, all_threads=True)
        os.abort()


def log_at_debug(folders: Folders) -> None:
    """Every library's every word, through the program's own formatter."""
    handler = logging.FileHandler(folders.logs / "pitdesk.log", encoding="utf-8")
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])


def harm_the_file(pem: str, passphrase: str) -> None:
    """The importer's sentences go where sentences go."""
    for harmed in (pem[:-40], pem[40:], pem.replace("A", "!"), pem + pem.replace("M", "N", 1)):
        try:
            read_key(harmed, passphrase)
        except KeyImportError:
            LOG.exception("import failed")


async def go_wrong(profile: Profile, key: SecretKey, given: dict[str, str], folders: Folders) -> None:
    """Each way to the exchange and to the keyring, failing."""
    journal = Journal()
    await journal.open(folders.journal_file)
    there = custom(given["address"])
    nowhere = Environment("Custom", "https://127.0.0.1:1/trade-api/v2", "wss://127.0.0.1:1/x", is_real=True)
    for environment in (there, nowhere):
        said = await check_account(environment, given["key_id"], key, timing=QUICK)
        LOG.error("check: %r with %r", said, key)
        signer = Signer(given["key_id"], key, environment=environment)
        carry_a_request(signer.headers("GET", "/trade-api/v2/x", next(iter(environment.hosts))))
        transport = Transport(
            environment, signer, timing=QUICK, proxy="" if environment is there else "http://127.0.0.1:1"
        )
        for path in ("/portfolio/events/orders", "/hang", "/redirect", "/garbage", "/cut"):
            LOG.error("sent: %r", await transport.command("POST", path, None, b"{}"))
        await transport.close()
        try:
            await open_stream(environment, signer, 4.0)
        except DoorError:
            LOG.exception("stream failed")
        try:
            signer.headers("POST", "/trade-api/v2/portfolio/orders", "evil.example")
        except SignerError:
            LOG.exception("not signed")
    await fail_to_sign(there, key, given)
    vault = Vault(find=lambda: ("the test's keyring", Refusing()))
    LOG.error("vault: %r", await vault.store(profile, key))
    vault.remember(profile, key)
    await vault.close()
    await fail_in_a_task(key)
    await journal.close()


def carry_a_request(headers: dict[str, str]) -> None:
    """A library's error that carries the signed request, and all of it told."""
    request = requests.Request("GET", "http://127.0.0.1:1/x", headers=headers).prepare()
    try:
        raise requests.ConnectionError("refused", request=request)
    except requests.ConnectionError as error:
        LOG.exception("carried %r %s", vars(request), error.request and error.request.headers)
    try:
        requests.get("http://127.0.0.1:1/x", headers={**headers, "X": "a\nb"}, timeout=1.0)
    except requests.RequestException:
        LOG.exception("not sent with %s", headers)


async def fail_to_sign(there: Environment, key: SecretKey, given: dict[str, str]) -> None:
    """Everything that signing may raise, with the key in hand and told, on the ways that sign."""
    for kind in RAISED:
        for told in (key.compact(), given["pem"]):
            broken = SecretKey(Breaking(kind, told))  # type: ignore[arg-type]
            signer = Signer(given["key_id"], broken, environment=there)
            transport = Transport(there, signer, timing=QUICK)
            ways = {
                "sending": transport.command("POST", "/portfolio/events/orders", None, b"{}"),
                "asking": transport.query("/portfolio/balance"),
                "streaming": open_stream(there, signer, 4.0),
            }
            for name, way in ways.items():
                try:
                    LOG.error("%s while %s: %r", kind.__name__, name, await way)
                except Exception:
                    LOG.exception("%s while %s", kind.__name__, name)
            await transport.close()


async def fail_in_a_task(key: SecretKey) -> None:
    """A task's owner reports its error with its whole stack."""
    owner = TaskOwner(lambda name, error: LOG.error("%s failed", name, exc_info=error))

    async def fail() -> None:
        held = key
        raise RuntimeError(f"with {held} in hand")

    task = owner.spawn("failing", fail())
    await asyncio.wait({task})
    await owner.close()


def raise_with_the_key_in_hand(key: SecretKey, pem: str) -> None:
    """Errors that name what they hold, in this thread and another, and the ways to copy a key out."""
    for spill in (
        lambda: pickle.dumps(key),
        lambda: json.dumps(key),
        lambda: int(pem),
        lambda: {}[pem],
        lambda: 1 / 0,
    ):
        try:
            spill()
        except (TypeError, ValueError, KeyError, ZeroDivisionError):
            LOG.exception("spilled with %r", key)
    threading.excepthook = lambda caught: LOG.error("thread failed", exc_info=caught.exc_value)
    thread = threading.Thread(target=lambda: int(key.compact()))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
