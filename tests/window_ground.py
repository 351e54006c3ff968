"""The whole program in a test: its window, a hand for it, and a keyring in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from pitdesk.paths import Folders
from pitdesk.vault import Vault
from pitdesk_ui.application import Application, Options
from tests.canary_ears import of_other_programs
from tools.tour.hand import Hand

if TYPE_CHECKING:
    from tests.practice_fixture import PracticeExchange

PATIENCE_S = 60.0


class MemoryKeyring:
    """A keyring as the vault uses it, in memory. ``error`` is raised instead, where one is set;
    ``full``: it takes nothing new."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.full = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error
        if self.full and self.entries.get((service, username)) != password:
            raise OSError("not enough storage is available")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.error is not None:
            raise self.error
        del self.entries[service, username]


def vault_on(keyring: MemoryKeyring) -> Vault:
    """A vault that finds ``keyring`` and no other."""
    return Vault(find=lambda: ("the test's keyring", keyring))


@asynccontextmanager
async def running_program(
    folder: Path,
    keyring: MemoryKeyring | None = None,
    *,
    practice: bool = False,
    lively: bool = False,
    surprises: tuple[str, ...] = (),
) -> AsyncIterator[tuple[Application, Hand]]:
    """The program on the files in ``folder`` until the block ends; it must end in order.

    ``practice``: on an exchange of its own, where only the test moves a price unless it is ``lively``.
    """
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    vault = vault_on(keyring or MemoryKeyring())
    options = Options(Folders.under(folder), practice=practice, vault=vault, surprises=surprises)
    application = Application(qt, options)
    if practice and not lively:
        application.settings.practice_speed = "0"
    running = asyncio.ensure_future(application.run())
    hand = Hand(application.window)
    try:
        await hand.see("the window", application.window.isVisible)
        yield application, hand
    finally:
        application.ask_to_close()
        await asyncio.wait_for(running, PATIENCE_S)
        application.window.deleteLater()
    assert not [notice for notice in application.notices.current() if notice.key == "fault"]


def put_on_clipboard(text: str) -> None:
    """As another program's Copy does."""
    of_other_programs.add(text)
    QApplication.clipboard().setText(text)


def clipboard() -> str:
    """What another program's Paste would give."""
    return QApplication.clipboard().text()


async def fill_in_by_mouse(hand: Hand, exchange: PracticeExchange) -> None:
    """The form for ``exchange`` as another address, by clicks alone: what is pasted was copied elsewhere."""
    hand.click("connect.custom")
    for text, button in (
        (exchange.rest.removesuffix("/trade-api/v2"), "connect.address.paste"),
        (exchange.key_id, "connect.key_id.paste"),
        (exchange.private_key_file.read_text(), "connect.key.paste"),
    ):
        put_on_clipboard(text)
        hand.click(button)
    await hand.see("the key was taken", lambda: "private key" in hand.text("connect.key.held"), PATIENCE_S)


async def signed_in(application: Application, hand: Hand) -> None:
    """Until an order could be sent."""
    await hand.see(
        "the gate is open",
        lambda: (view := application.view) is not None and view.ticker and view.session.status.trading_open,
        PATIENCE_S,
    )


async def book_is_quoted(application: Application, hand: Hand) -> None:
    """Until a price can be taken from the book that is open: its caption is there before it is."""

    def is_quoted() -> bool:
        view = application.view
        shown = view.session.market_data.book(view.ticker) if view is not None and view.ticker else None
        book = shown.book if shown is not None and shown.fresh else None
        return book is not None and book.best_bid is not None and book.best_ask is not None

    await hand.see("both sides of the book", is_quoted, PATIENCE_S)
