"""A known key is pasted into the real window, trades, and is there when things fail; then it is sought."""

import asyncio
import base64
import copy
import logging
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from PySide6.QtGui import QAction, QClipboard
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
)

from pitdesk.kalshi.secret_key import SecretKey
from pitdesk_ui.application import Application
from tests.canary import Canary
from tests.practice_fixture import PracticeExchange, running_exchange
from tests.window_ground import (
    PATIENCE_S,
    MemoryKeyring,
    book_is_quoted,
    clipboard,
    fill_in_by_mouse,
    running_program,
    signed_in,
)
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]
SIGNATURE = b"kalshi-access-signature:"


@pytest.fixture(params=["Ed25519", "RSA"])
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PracticeExchange]:
    """A second practice exchange: the key that it made for itself is the canary."""
    words = ("--quiet-market", *(("--rsa",) if request.param == "RSA" else ()))
    with running_exchange(tmp_path / "second", *words) as started:
        yield started


def canary_of(exchange: PracticeExchange) -> Canary:
    pem = exchange.private_key_file.read_text()
    key: Any = load_pem_private_key(pem.encode(), None)
    canary = Canary()
    canary.add_text("key file", pem)
    canary.add_text("stored form", SecretKey(key).compact())
    canary.add_key("", key)
    return canary


class Wire:
    """Passes bytes between the program and the exchange, and keeps what the program sent."""

    def __init__(self, exchange: PracticeExchange) -> None:
        parts = urlsplit(exchange.rest)
        self._there = parts.hostname or "", parts.port or 0
        self._sent: list[bytearray] = []

    @property
    def lines(self) -> list[bytes]:
        return [line for connection in self._sent for line in bytes(connection).split(b"\r\n")]

    @property
    def signatures(self) -> list[bytes]:
        """What the headers of that name hold."""
        headers = [line for line in self.lines if line.lower().startswith(SIGNATURE)]
        return [base64.b64decode(line.partition(b":")[2].strip()) for line in headers]

    @property
    def unsigned(self) -> bytes:
        """All that was sent, without those headers."""
        return b"\r\n".join(line for line in self.lines if not line.lower().startswith(SIGNATURE))

    @asynccontextmanager
    async def opened(self, exchange: PracticeExchange) -> AsyncIterator[PracticeExchange]:
        """The exchange as it is reached through the wire."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        reached = copy.copy(exchange)
        reached.rest = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/trade-api/v2"
        try:
            yield reached
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, upstream = await asyncio.open_connection(*self._there)
        kept = bytearray()
        self._sent.append(kept)
        both = [
            asyncio.ensure_future(_pass_on(reader, upstream, kept)),
            asyncio.ensure_future(_pass_on(answers, writer, bytearray())),
        ]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        writer.transport.abort()
        upstream.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
    while data := await reader.read(65_536):
        kept += data
        writer.write(data)
        await writer.drain()


def shown_by_widgets() -> bytes:
    """The titles, tool tips and texts of every widget there is, hidden ones too."""
    said: list[str] = []
    for widget in QApplication.allWidgets():
        said += [widget.windowTitle(), widget.toolTip(), widget.statusTip(), widget.whatsThis()]
        said += [widget.accessibleName(), widget.accessibleDescription(), widget.windowFilePath()]
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            said.append(widget.text())
        elif isinstance(widget, QPlainTextEdit):
            said.append(widget.toPlainText())
    return "\n".join(said).encode("utf-8", "surrogatepass")


def on_clipboards() -> bytes:
    board = QApplication.clipboard()
    modes = [QClipboard.Mode.Clipboard, *([QClipboard.Mode.Selection] if board.supportsSelection() else [])]
    return "\n".join(board.text(mode) for mode in modes).encode()


async def place_and_cancel(application: Application, hand: Hand) -> None:
    await signed_in(application, hand)
    await book_is_quoted(application, hand)
    hand.click("ticket.plus_10")
    hand.click("ticket.join")
    await hand.see("the button tells the order", lambda: hand.text("ticket.send").startswith("Buy 10 Yes"))
    hand.click("ticket.send")
    await hand.see("the row", lambda: hand.rows("working.table"), PATIENCE_S)
    await hand.see("it can be canceled", lambda: hand.find("top.cancel_all", QPushButton).isEnabled())
    hand.click("top.cancel_all")
    await hand.see("it is gone", lambda: hand.rows("working.table") == [], PATIENCE_S)


async def fail_with_the_key(application: Application, hand: Hand) -> None:
    """Once in a task and once in a slot, each with the key in hand and in what the error says."""
    profile = application.profiles.active
    assert profile is not None
    key = await application.vault.load(profile)
    assert isinstance(key, SecretKey)
    stored = key.compact()

    async def fail() -> None:
        raise RuntimeError(f"task with {key} and {vars(application.vault)}", len(stored))

    def fail_in_a_slot() -> None:
        raise RuntimeError(f"slot with {key!r} and {profile!r}", len(stored))

    await asyncio.wait({application.owner.spawn("a failing task", fail())})
    action = QAction("Fail", application.window)
    action.triggered.connect(fail_in_a_slot)
    action.trigger()
    notices = [notice for notice in application.notices.current() if notice.key == "fault"]
    assert "the window" in notices[0].headline
    logging.getLogger("pitdesk.canary").error("redacted: %s", f"KALSHI-ACCESS-SIGNATURE: {'Ab1+' * 20}")


async def save_diagnostics(application: Application, hand: Hand, archive: Path) -> bytes:
    """Through the menu's own entry; what the window showed of it."""
    menu = application.window.findChild(QMenu, "top.menu.items")
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text().startswith("Save diagnostics")).trigger()
    shown = hand.find("diagnostics.text", QPlainTextEdit)
    await hand.see("the text", lambda: "about.txt" in shown.toPlainText(), PATIENCE_S)
    assert "slot with SecretKey(…)" in shown.toPlainText()
    hand.click("diagnostics.save")
    chooser = application.window.findChild(QFileDialog, "diagnostics.chooser")
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(archive))
    chooser.reject()
    await hand.see("saved", lambda: "Saved as" in hand.text("diagnostics.said"), PATIENCE_S)
    return shown_by_widgets()


def test_a_key_pasted_into_the_window_is_nowhere_after_trading_and_failing(
    tmp_path: Path,
    exchange: PracticeExchange,
    run_async: RunAsync,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    canary, keyring, wire, person = canary_of(exchange), MemoryKeyring(), Wire(exchange), tmp_path / "person"
    caplog.set_level(logging.DEBUG)
    shown: list[bytes] = []

    async def scene() -> None:
        async with wire.opened(exchange) as reached, running_program(person, keyring) as (application, hand):
            caplog.set_level(logging.DEBUG, logger="pitdesk")
            await fill_in_by_mouse(hand, reached)
            assert clipboard() == "", "the key stays on the clipboard"
            shown.append(shown_by_widgets())
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            shown.append(shown_by_widgets())
            hand.click("connect.open")
            await place_and_cancel(application, hand)
            await fail_with_the_key(application, hand)
            shown.append(await save_diagnostics(application, hand, person / "diagnostics.zip"))
            shown.append(on_clipboards())
            assert [path for path in person.rglob("*-wal") if path.stat().st_size], "the journal is open"
            assert canary.found_under(person) == []
            application.notices.clear("fault")

    run_async(scene(), timeout=240)
    assert canary.found_in(next(iter(keyring.entries.values())).encode()), "the program held this very key"
    assert canary.found_in(b"\n".join([*shown, on_clipboards()])) == []
    printed = "\n".join([*capfd.readouterr(), repr(os.environ)]).encode()
    # As the libraries tell it, before the program's formatter: the stream's tells the headers that it sends,
    # so signatures are looked for in what was written, keys here too.
    assert canary.found_in(caplog.text.encode()) == []
    assert len(wire.signatures) > 5, "the wire was listened to"
    assert b"upgrade: websocket" in wire.unsigned.lower(), "the stream went through it too"
    for signature in wire.signatures:
        canary.add("signature", signature)
    assert canary.found_in(wire.unsigned) == [], "a signature stands in its header alone"
    assert canary.found_in(b"\n".join([*shown, printed])) == []
    assert canary.found_under(person) == []
    assert_it_was_led_through((person / "logs" / "pitdesk.log").read_text(encoding="utf-8"), exchange)

    stored = next(iter(keyring.entries.values()))
    (person / "logs" / "planted.log").write_text(f"could not load {stored}", encoding="utf-8")
    with zipfile.ZipFile(person / "diagnostics.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("logs/planted.log", wire.signatures[0])
    found = canary.found_under(person)
    assert "planted.log: stored form" in found
    assert "diagnostics.zip: signature" in found


def assert_it_was_led_through(log: str, exchange: PracticeExchange) -> None:
    for heard in (
        "DEBUG",
        "a failing task failed",
        "task with SecretKey(…)",
        "the window failed",
        "[removed]",
    ):
        assert heard in log, f"it was not led through: {heard}"
    orders = exchange.call("GET", "/portfolio/orders?limit=100").json["orders"]
    assert [order["status"] for order in orders] == ["canceled"]
