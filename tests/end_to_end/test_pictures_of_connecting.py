"""First run and each way in which connecting fails, in the real window: said whole, in sight, and pictured.

``PITDESK_PICTURES=DIR`` keeps the pictures there.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from tests.practice_fixture import PracticeExchange, running_exchange
from tests.unit.kalshi.key_files import PASSPHRASE, PKCS8, bad, pem, rsa_key
from tests.window_ground import PATIENCE_S, MemoryKeyring, put_on_clipboard, running_program
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]
UNKNOWN_ID = "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"
KEYS = (
    *("a public key", "a certificate", "OpenSSH", "EC", "RSA 1024", "cut in the middle", "two keys"),
    *("a letter changed", "a web page"),
)
FIELDS = {
    "a key id that is none": ("connect.key_id", "my key", "key_id", "not a key ID"),
    "an address that is none": ("connect.address", "exchange .example", "address", "letters a to z"),
    "an address without encryption": ("connect.address", "http://exchange.example", "address", "https://"),
    "the exchange's own address": ("connect.address", "external-api.kalshi.com", "address", "Live or Demo"),
    "nobody there": ("connect.address", "http://127.0.0.1:9", "address", "could not be reached"),
    "an unknown key id": ("connect.key_id", UNKNOWN_ID, "key_id", "does not know this key ID"),
}
KEYRINGS = {
    "a keyring that is locked": (RuntimeError("the collection is locked"), "is locked"),
    "a keyring that is denied": (PermissionError("denied"), "does not let Pitdesk in"),
}
RAW = ("Error", "Pool", "Traceback", "0x")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    with running_exchange(tmp_path_factory.mktemp("second") / "second", "--quiet-market") as started:
        yield started


class Camera:
    """Takes the window as it stands, once all that is said in it can be read."""

    def __init__(self, hand: Hand, folder: Path) -> None:
        self._hand = hand
        self._folder = folder
        self.taken: list[str] = []

    async def take(self, name: str, label: str = "", says: str = "") -> None:
        if label:
            await self._hand.see(f"{name}: {says}", lambda: says in self._hand.text(label), PATIENCE_S)
            await self._hand.see(f"{name}: all of it", lambda: self._is_whole(label))
            assert not [word for word in RAW if word in self._hand.text(label)], "a library's words"
        self.taken.append(name)
        assert self._hand.window.grab().save(str(self._folder / f"{len(self.taken):02d} {name}.png"))

    def _is_whole(self, label: str) -> bool:
        shown = self._hand.find(label, QLabel)
        return shown.visibleRegion().boundingRect().height() >= shown.heightForWidth(shown.width())


def name_with_keyboard(hand: Hand) -> str:
    held = hand.window.focusWidget()
    return held.objectName() if held is not None else ""


def paste_key(hand: Hand, key: bytes | str) -> None:
    put_on_clipboard(key if isinstance(key, str) else key.decode())
    hand.click("connect.key.paste")


async def fill_in(hand: Hand, exchange: PracticeExchange) -> None:
    hand.click("connect.custom")
    hand.type_into("connect.address", exchange.rest)
    hand.type_into("connect.key_id", exchange.key_id)
    paste_key(hand, exchange.private_key_file.read_text())
    await hand.see("the key was taken", lambda: hand.text("connect.key.held"))


async def wrong_keys(hand: Hand, camera: Camera) -> None:
    samples = {sample.name: sample for sample in bad()}
    for name in KEYS:
        paste_key(hand, samples[name].data)
        await camera.take(name, "connect.problem.key", samples[name].says)
    paste_key(hand, pem(rsa_key(2048), PKCS8, PASSPHRASE))
    await hand.see("a passphrase is asked for", lambda: hand.find("connect.passphrase", QWidget))
    await camera.take("a locked key")
    hand.type_into("connect.passphrase", "guess")
    hand.click("connect.submit")
    await camera.take("a wrong passphrase", "connect.problem.passphrase", "passphrase is wrong")
    hand.click("connect.key.remove")


async def wrong_fields(hand: Hand, camera: Camera, exchange: PracticeExchange) -> None:
    for name, (field, typed, place, says) in FIELDS.items():
        await fill_in(hand, exchange)
        hand.type_into(field, typed)
        hand.click("connect.submit")
        await camera.take(name, f"connect.problem.{place}", says)
        assert name_with_keyboard(hand) == "connect.submit", "Enter tries again, and does nothing else"
        hand.click("connect.key.remove")
    await fill_in(hand, exchange)
    hand.click("connect.key.remove")
    paste_key(hand, pem(rsa_key(2048)))
    await hand.see("the key was taken", lambda: hand.text("connect.key.held"))
    hand.click("connect.submit")
    await camera.take("another key than the key id's", "connect.problem.key", "does not belong to it")
    hand.click("connect.key.remove")


async def wrong_keyrings(
    hand: Hand, camera: Camera, exchange: PracticeExchange, keyring: MemoryKeyring
) -> None:
    await fill_in(hand, exchange)
    for number, (name, (error, says)) in enumerate(KEYRINGS.items()):
        keyring.error = error
        hand.click("connect.store.again" if number else "connect.submit")
        await camera.take(name, "connect.store.why", says)
    keyring.error = None
    hand.click("connect.store.again")
    await camera.take("connected", "connect.connected", "Connected")


def test_first_run_and_each_failure_are_said_whole_and_in_sight(
    tmp_path: Path, exchange: PracticeExchange, run_async: RunAsync
) -> None:
    keyring = MemoryKeyring()
    folder = Path(os.environ.get("PITDESK_PICTURES") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[str] = []

    async def scene() -> None:
        async with running_program(tmp_path / "person", keyring) as (application, hand):
            application.window.resize(1180, 720)
            camera = Camera(hand, folder)
            camera.taken = taken
            await camera.take("first run")
            await wrong_keys(hand, camera)
            await wrong_fields(hand, camera, exchange)
            await wrong_keyrings(hand, camera, exchange, keyring)

    run_async(scene(), timeout=240)
    assert len(taken) == 1 + len(KEYS) + 2 + len(FIELDS) + 1 + len(KEYRINGS) + 1
