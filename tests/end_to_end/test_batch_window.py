"""A batch through the real window: pasted, checked, put right, sent, compared with the exchange's list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from pitdesk.desk.batch.rows import Field
from pitdesk.desk.session import Session
from pitdesk.markets import Market
from pitdesk.quantities import Price
from pitdesk_ui.application import Application
from pitdesk_ui.batch.columns import COLUMNS, Column, place_of
from pitdesk_ui.batch.grid import SheetView
from tests.practice_fixture import PracticeExchange, running_exchange
from tests.window_ground import (
    PATIENCE_S,
    fill_in_by_mouse,
    put_on_clipboard,
    running_program,
    signed_in,
)
from tools.exchange_probe import Probe
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]
CONTROL = Qt.KeyboardModifier.ControlModifier
OFF_CENT = Price.from_wire("0.0120")


class Sheet:
    """The Batch tab of a running program, as a person uses it, and eyes on the exchange."""

    def __init__(self, application: Application, hand: Hand, probe: Probe) -> None:
        self.application, self.hand, self.probe = application, hand, probe

    @classmethod
    async def opened(cls, application: Application, hand: Hand) -> Sheet:
        """Once orders could be sent, with the tab in front."""
        await signed_in(application, hand)
        view = application.view
        assert view is not None
        await hand.see("every market", lambda: not view.session.finder.is_loading, PATIENCE_S)
        address = application.practice_address
        assert address is not None
        probe = await asyncio.to_thread(
            Probe.with_key_file, address.rest_url, address.key_id, address.private_key_file
        )
        hand.show_tab("Batch")
        return cls(application, hand, probe)

    @property
    def session(self) -> Session:
        assert self.application.view is not None
        return self.application.view.session

    @property
    def table(self) -> SheetView:
        return self.hand.find("batch.table", SheetView)

    def at(self, place: int, column: Column) -> None:
        index = self.table.model().index(place, place_of(column))
        self.table.scrollTo(index)
        spot = self.table.visualRect(index).center()
        QTest.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def paste(self, text: str) -> None:
        put_on_clipboard(text)
        self.at(0, Field.MARKET)
        QTest.keyClick(self.table, Qt.Key.Key_V, CONTROL)

    def type_over(self, place: int, column: Column, text: str) -> None:
        self.at(place, column)
        for letter in text:
            QTest.keyClicks(self.table.viewport().findChild(QLineEdit) or self.table, letter)
        editor = self.table.viewport().findChild(QLineEdit)
        assert editor is not None
        QTest.keyClick(editor, Qt.Key.Key_Return)

    def rows(self) -> list[dict[str, str]]:
        """The rows as they are read, without the empty line."""
        model = self.table.model()
        return [
            {column.value: model.index(row, at).data() for at, column in enumerate(COLUMNS)}
            for row in range(model.rowCount() - 1)
        ]

    async def orders(self) -> list[dict[str, Any]]:
        return await asyncio.to_thread(self.probe.orders)

    def tickers(self) -> list[str]:
        """Markets of today on whole cents, where 15¢ and less rests on either side."""
        return [
            market.ticker
            for market in self._markets()
            if not market.price_ranges.holds(OFF_CENT)
            if market.quote.bid is not None and market.quote.bid > Price.from_cents(15)
            if market.quote.ask is not None and market.quote.ask < Price.from_cents(85)
        ]

    def fine(self) -> str:
        """A market of today on tenths of a cent, where 1.2¢ rests."""
        return next(
            market.ticker
            for market in self._markets()
            if market.price_ranges.holds(OFF_CENT)
            if market.quote.ask is not None and market.quote.ask > Price.from_cents(2)
        )

    def _markets(self) -> Iterator[Market]:
        for event in self.session.finder.events():
            yield from (market for market in event.markets if market.exchange_index == 0)


def eight_rows(whole: list[str], fine: str) -> str:
    """As a spreadsheet program copies them: the sixth is off its market's grid."""
    rows = [
        (whole[0], "Buy Yes", "12", "10"),
        (whole[0], "Buy Yes", "11", "20"),
        (whole[1], "Buy Yes", "9", "15"),
        (whole[2], "bn", "8", "12"),
        (whole[3], "Buy No", "7", "14"),
        (fine, "Buy Yes", "1.25", "30"),
        (whole[4], "buy yes", "6", "25"),
        (whole[5], "Buy Yes", "5", "40"),
    ]
    return "".join("\t".join(row) + "\n" for row in rows)


def as_told(order: dict[str, Any]) -> tuple[str, str, str, str]:
    """An order of the exchange in the words of the sheet: ticker, book side, Yes price, contracts."""
    return order["ticker"], order["book_side"], order["yes_price_dollars"], order["initial_count_fp"]


def test_eight_pasted_rows_one_off_its_grid_are_put_right_and_sent(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def scene() -> None:
        async with running_program(tmp_path / "person", practice=True) as (application, hand):
            sheet = await Sheet.opened(application, hand)
            whole, fine = sheet.tickers(), sheet.fine()
            sheet.paste(eight_rows(whole, fine))
            await hand.see("one to fix", lambda: hand.text("batch.to_fix") == "1 to fix")
            rows = sheet.rows()
            assert len(rows) == 8
            assert rows[5]["Check"].startswith("Price must be a multiple of 0.1¢ here")
            assert [row["Check"] for row in rows if row is not rows[5]] == ["Ready"] * 7
            assert await sheet.orders() == [], "nothing is sent from a paste"

            hand.click("batch.to_fix")
            assert (sheet.table.current_place(), sheet.table.current_column()) == (5, Field.PRICE)
            sheet.type_over(5, Field.PRICE, "1.2")
            button = await hand.see(
                "all are ready", lambda: (t := hand.text("batch.send")).startswith("Send 8 orders") and t
            )
            hand.click("batch.send")
            await hand.see("the end", lambda: "8 placed" in hand.text("batch.message"), PATIENCE_S)
            await hand.see(
                "every result", lambda: all(row["Result"] == "Resting" for row in sheet.rows()), PATIENCE_S
            )
            told = sorted(as_told(order) for order in await sheet.orders())
            assert told == sorted(
                [
                    (whole[0], "bid", "0.1200", "10.00"),
                    (whole[0], "bid", "0.1100", "20.00"),
                    (whole[1], "bid", "0.0900", "15.00"),
                    (whole[2], "ask", "0.9200", "12.00"),
                    (whole[3], "ask", "0.9300", "14.00"),
                    (fine, "bid", "0.0120", "30.00"),
                    (whole[4], "bid", "0.0600", "25.00"),
                    (whole[5], "bid", "0.0500", "40.00"),
                ]
            ), button
            assert not hand.window.findChild(SheetView, "batch.table").isHidden()

            hand.click("batch.cancel")
            await hand.see(
                "all canceled",
                lambda: all("anceled" in row["Result"] for row in sheet.rows()),
                PATIENCE_S,
            )
            assert {order["status"] for order in await sheet.orders()} == {"canceled"}

    run_async(scene(), timeout=240)


def test_what_was_sent_is_not_sent_again_and_rows_below_it_go_alone(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def scene() -> None:
        async with running_program(tmp_path / "person", practice=True) as (application, hand):
            sheet = await Sheet.opened(application, hand)
            one, other, third = sheet.tickers()[:3]
            sheet.paste(f"{one}\tBuy Yes\t12\t10\n{other}\tBuy Yes\t9\t10\n")
            view = application.view
            assert view is not None
            await hand.see("ready", lambda: hand.text("batch.send").startswith("Send 2 orders"))
            sheet.at(0, Field.MARKET)
            QTest.keyClick(sheet.table, Qt.Key.Key_Return, CONTROL)
            await hand.see("the end", lambda: "2 placed" in hand.text("batch.message"), PATIENCE_S)
            first = {order["order_id"] for order in await sheet.orders()}
            QTest.keyClick(sheet.table, Qt.Key.Key_Return, CONTROL)
            await asyncio.sleep(0)
            assert not view.session.batch.sender.is_sending
            assert {order["order_id"] for order in await sheet.orders()} == first, "sent once"

            sheet.at(2, Field.MARKET)
            put_on_clipboard(f"{third}\tBuy Yes\t6\t25\n")
            QTest.keyClick(sheet.table, Qt.Key.Key_V, CONTROL)
            await hand.see("one more", lambda: hand.text("batch.send").startswith("Send 1 order "))
            hand.click("batch.send")
            await hand.see("the end", lambda: "1 placed" in hand.text("batch.message"), PATIENCE_S)
            assert len(await sheet.orders()) == 3

    run_async(scene(), timeout=240)


def test_a_refusal_stands_in_its_row_and_goes_again_after_editing(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def scene() -> None:
        async with running_program(tmp_path / "person", practice=True) as (application, hand):
            sheet = await Sheet.opened(application, hand)
            view = application.view
            assert view is not None
            ticker = sheet.tickers()[0]
            ask = view.session.market_data.quote(ticker).ask
            assert ask is not None
            far = str(ask + Price.from_cents(3)).removesuffix("¢")
            sheet.paste(f"{ticker}\tBuy Yes\t{far}\t10\tGTC\tyes\n{ticker}\tBuy Yes\t9\t10\n")
            await hand.see("asked of", lambda: sheet.rows()[0]["Check"].startswith("Post only"))
            hand.click("batch.send")
            await hand.see("a question", lambda: "Post only" in hand.text("batch.confirm.text"))
            assert await sheet.orders() == []
            hand.click("batch.confirm.send")
            await hand.see("the end", lambda: "1 placed, 1 refused" in hand.text("batch.message"), PATIENCE_S)
            await hand.see("and why", lambda: "post only" in sheet.rows()[0]["Result"])
            assert len(await sheet.orders()) == 1
            sheet.type_over(0, Field.PRICE, "8")
            await hand.see("ready", lambda: sheet.rows()[0]["Check"] == "Ready")
            hand.click("batch.retry")
            await hand.see("the end", lambda: "Batch 2: 1 placed" in hand.text("batch.message"), PATIENCE_S)
            await hand.see("both rest", lambda: [row["Result"] for row in sheet.rows()] == ["Resting"] * 2)
            prices = sorted(order["yes_price_dollars"] for order in await sheet.orders())
            assert prices == ["0.0800", "0.0900"]

    run_async(scene(), timeout=240)


def test_a_lost_answer_leaves_rows_unconfirmed_until_the_exchange_tells_and_doubles_none(
    tmp_path: Path, run_async: RunAsync
) -> None:
    """The first request is taken and its answer lost: the rest is not sent, and goes by a press."""

    async def scene(exchange: PracticeExchange) -> None:
        async with running_program(tmp_path / "person") as (application, hand):
            await fill_in_by_mouse(hand, exchange)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await signed_in(application, hand)
            hand.show_tab("Batch")
            probe = await asyncio.to_thread(
                Probe.with_key_file, exchange.rest, exchange.key_id, exchange.private_key_file
            )
            sheet = Sheet(application, hand, probe)
            await hand.see("every market", lambda: not sheet.session.finder.is_loading, PATIENCE_S)
            ticker = sheet.tickers()[0]
            sheet.paste("".join(f"{ticker}\tBuy Yes\t{price}\t1\n" for price in range(1, 13)))
            await hand.see("ready", lambda: hand.text("batch.send").startswith("Send 12 orders"), PATIENCE_S)
            exchange.arm("accept_then_500", match={"method": "POST", "path": "*batched*"})
            hand.click("batch.send")
            await hand.see("the end", lambda: "not sent" in hand.text("batch.message"), PATIENCE_S)
            sent = len(await sheet.orders())
            assert 0 < sent < 12
            await hand.see(
                "found again",
                lambda: [row["Result"] for row in sheet.rows()].count("Resting") == sent,
                PATIENCE_S,
            )
            hand.click("batch.send_rest")
            await hand.see(
                "all rest", lambda: all(row["Result"] == "Resting" for row in sheet.rows()), PATIENCE_S
            )
            orders = await sheet.orders()
            assert sorted(order["yes_price_dollars"] for order in orders) == [
                f"0.{price:02d}00" for price in range(1, 13)
            ], "every row once"

    with running_exchange(tmp_path / "second", "--quiet-market") as exchange:
        run_async(scene(exchange), timeout=240)


def test_the_sheet_and_its_results_are_there_again_after_a_restart(
    tmp_path: Path, run_async: RunAsync
) -> None:
    """What was sent reads as it was sent, with its cost, though its order ended and its cells say less."""
    sent: list[dict[str, str]] = []

    async def first() -> None:
        async with running_program(tmp_path / "person", practice=True) as (application, hand):
            sheet = await Sheet.opened(application, hand)
            one, other, third = sheet.tickers()[:3]
            sheet.paste(f"{one.lower()}\tby\t12\t10\tgtc\n{other}\tbn\t5\t1,000\n")
            sheet.type_over(1, Field.COUNT, "100")
            await hand.see("ready", lambda: hand.text("batch.send").startswith("Send 2 orders"))
            hand.click("batch.send")
            await hand.see("the end", lambda: "2 placed" in hand.text("batch.message"), PATIENCE_S)
            sheet.at(2, Field.MARKET)
            put_on_clipboard(f"{third}\tBuy Yes\t6\t25\n")
            QTest.keyClick(sheet.table, Qt.Key.Key_V, CONTROL)
            sent.extend(sheet.rows()[:2])
            hand.click("batch.cancel")
            await hand.see(
                "canceled", lambda: all("anceled" in row["Result"] for row in sheet.rows()[:2]), PATIENCE_S
            )

    async def second() -> None:
        async with running_program(tmp_path / "person") as (application, hand):
            sheet = await Sheet.opened(application, hand)
            await hand.see("three rows", lambda: len(sheet.rows()) == 3, PATIENCE_S)
            await hand.see(
                "the results", lambda: all("anceled" in row["Result"] for row in sheet.rows()[:2]), PATIENCE_S
            )
            for before, row in zip(sent, sheet.rows(), strict=False):
                assert row["All-in"].startswith("$"), row
                assert {**row, "Check": "", "Result": ""} == {**before, "Check": "", "Result": ""}
                assert row["Check"] == "Sent"
            assert sheet.rows()[2]["Result"] == ""
            await hand.see("only the other", lambda: hand.text("batch.send").startswith("Send 1 order "))
            hand.click("batch.send")
            await hand.see("the end", lambda: "1 placed" in hand.text("batch.message"), PATIENCE_S)
            assert len(await sheet.orders()) == 3

    run_async(first(), timeout=240)
    run_async(second(), timeout=240)
