"""The program in a window on a practice exchange that can be told to fail, and a hand for it."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTabWidget, QWidget

from pitdesk_ui.application import Application
from tests.window_ground import PATIENCE_S, book_is_quoted, running_program, signed_in
from tools.tour.hand import Hand


@dataclass
class Stage:
    """The program on a practice exchange that can be told to fail."""

    application: Application
    hand: Hand
    folder: Path

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        address = self.application.practice_address
        assert address is not None
        token = (self.folder / "state" / "practice" / "control-token").read_text().strip()
        base = address.rest_url.removesuffix("/trade-api/v2") + "/practice"
        request = urllib.request.Request(
            base + path,
            method=method,
            headers={"PRACTICE-CONTROL": token, "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )

        def ask() -> Any:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
            return json.loads(text) if text else None

        return await asyncio.to_thread(ask)

    async def arm(self, kind: str, **more: Any) -> None:
        await self.control("POST", "/faults", {"kind": kind, **more})

    async def accepted(self) -> list[dict[str, Any]]:
        """The orders that the exchange itself says it has had."""
        return list((await self.control("GET", "/log"))["orders"])

    async def resting(self) -> list[dict[str, Any]]:
        return [order for order in await self.accepted() if order["status"] == "resting"]

    async def send(self, count: int, cents: int) -> None:
        hand = self.hand
        hand.type_into("ticket.contracts", str(count))
        hand.type_into("ticket.price", str(cents))
        told = f"Buy {count} Yes at {cents}¢"
        await hand.see(
            told,
            lambda: hand.find("ticket.send", QPushButton).isEnabled() and told in hand.text("ticket.send"),
        )
        hand.click("ticket.send")

    async def rest(self, *orders: tuple[int, int]) -> None:
        """Send orders and see each of them rest."""
        for count, cents in orders:
            await self.send(count, cents)
            await self.hand.see(
                "the row rests",
                lambda count=count: any(
                    row["Contracts"] == str(count) and row["Status"] == "Resting"
                    for row in self.hand.rows("working.table")
                ),
                PATIENCE_S,
            )

    def tab_is_shown(self) -> bool:
        tabs = self.hand.find("window.tabs", QTabWidget)
        bar = tabs.tabBar()
        return any(
            bar.tabData(index) == "Unconfirmed" and tabs.isTabVisible(index) for index in range(tabs.count())
        )

    async def answer_question(self, button: str) -> str:
        """Read the question before leaving, and press a button of it."""
        question = await self.hand.see(
            "the question", lambda: self.hand.find("close.question", QWidget), PATIENCE_S
        )
        words = " ".join(label.text() for label in question.findChildren(QLabel))
        pressed = question.findChild(QPushButton, f"close.question.{button}")
        assert pressed is not None
        QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
        await self.hand.see("the question is gone", lambda: not self._asks(), PATIENCE_S)
        return words

    def _asks(self) -> bool:
        return self.application.window.findChild(QWidget, "close.question") is not None


@asynccontextmanager
async def stage_in(folder: Path) -> AsyncIterator[Stage]:
    async with running_program(folder, practice=True) as (application, hand):
        await signed_in(application, hand)
        await hand.see("the book", lambda: "last" in hand.text("ladder.caption"), PATIENCE_S)
        await book_is_quoted(application, hand)
        yield Stage(application, hand, folder)
