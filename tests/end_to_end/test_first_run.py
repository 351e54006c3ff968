"""From the very first start to an order on an exchange, by mouse alone; and from one account to another."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox

from pitdesk.dialect import Dialect
from pitdesk.paths import Folders
from pitdesk.settings import Settings
from pitdesk_ui.account_mark import MarkLine
from pitdesk_ui.application import Application
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
Scene = Callable[[], Coroutine[Any, Any, None]]


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[PracticeExchange]:
    with running_exchange(tmp_path / "second", "--quiet-market") as started:
        yield started


def orders(exchange: PracticeExchange) -> list[dict[str, Any]]:
    return list(exchange.call("GET", "/portfolio/orders?limit=100").json["orders"])


def line_role(hand: Hand) -> str:
    return str(hand.find("mark.line", MarkLine).property("role"))


async def buy_by_mouse(application: Application, hand: Hand) -> None:
    """Ten contracts at the best bid."""
    await signed_in(application, hand)
    await book_is_quoted(application, hand)
    hand.click("ticket.plus_10")
    hand.click("ticket.join")
    await hand.see("the button tells the order", lambda: hand.text("ticket.send").startswith("Buy 10 Yes"))
    hand.click("ticket.send")


async def confirmed(look: Callable[[], Any]) -> Any:
    """Ask the exchange until it confirms."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await asyncio.to_thread(look)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found


def test_a_person_with_a_mouse_gets_from_the_first_start_to_an_order(
    tmp_path: Path, exchange: PracticeExchange, run_async: RunAsync
) -> None:
    keyring = MemoryKeyring()

    async def scene() -> None:
        async with running_program(tmp_path / "person", keyring) as (application, hand):
            await fill_in_by_mouse(hand, exchange)
            assert clipboard() == "", "the key stays on the clipboard"
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await hand.see("the desk", lambda: hand.text("mark.word") == "CUSTOM", PATIENCE_S)
            await buy_by_mouse(application, hand)
            order = (await confirmed(lambda: orders(exchange)))[0]
            assert (order["book_side"], order["initial_count_fp"]) == ("bid", "10.00")
            await hand.see("the row", lambda: hand.rows("working.table"))

    run_async(scene(), timeout=240)
    assert len(keyring.entries) == 1, "the key lies in the keyring, once"
    files = [path for path in (tmp_path / "person").rglob("*") if path.is_file()]
    secret = next(iter(keyring.entries.values())).encode()
    assert not [path for path in files if secret[5:40] in path.read_bytes()]


def test_an_exchange_that_speaks_the_classic_way_is_chosen_in_the_form(
    tmp_path: Path, run_async: RunAsync
) -> None:
    person = tmp_path / "person"

    async def scene() -> None:
        async with running_program(person) as (application, hand):
            choice = application.window.findChild(QComboBox, "connect.dialect")
            assert isinstance(choice, QComboBox)
            assert not choice.isVisible(), "Demo and Live are spoken to as they are"
            await fill_in_by_mouse(hand, exchange)
            await hand.see("the choice", choice.isVisible)
            assert choice.currentText() == "Current"
            choice.setCurrentIndex(1)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await buy_by_mouse(application, hand)
            assert await confirmed(lambda: exchange.call("GET", "/portfolio/orders?limit=100").json["orders"])
            await hand.see("the row", lambda: hand.rows("working.table"))

    with running_exchange(tmp_path / "second", "--quiet-market", "--dialect", "classic") as exchange:
        run_async(scene(), timeout=240)
        settings = Settings(Folders.under(person).settings_file)
        assert [profile.dialect for profile in settings.profiles] == [Dialect.CLASSIC]
        settings.close()
        paths = [row["path"] for row in exchange.control("GET", "/log").json["requests"]]
        assert "/portfolio/orders" in paths
        assert "/portfolio/events/orders" not in paths


def test_the_next_start_opens_the_account_used_last(
    tmp_path: Path, exchange: PracticeExchange, run_async: RunAsync
) -> None:
    keyring = MemoryKeyring()

    async def first() -> None:
        async with running_program(tmp_path / "person", keyring) as (application, hand):
            await fill_in_by_mouse(hand, exchange)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await signed_in(application, hand)

    async def second() -> None:
        async with running_program(tmp_path / "person", keyring) as (application, hand):
            assert hand.text("mark.word") == "CUSTOM"
            assert hand.text("top.arm") == "Safe", "an account with a key starts Safe"
            await signed_in(application, hand)

    run_async(first(), timeout=240)
    run_async(second(), timeout=240)


def test_from_practice_to_another_exchange_and_back_without_a_restart(
    tmp_path: Path, exchange: PracticeExchange, run_async: RunAsync
) -> None:
    """Each order goes to the exchange that was in view when it was sent, and to no other."""

    async def scene() -> None:
        async with running_program(tmp_path / "person") as (application, hand):
            hand.click("first_run.practise")
            await signed_in(application, hand)
            assert line_role(hand) == "line_practice"
            await buy_by_mouse(application, hand)
            await hand.see("the practice order", lambda: hand.rows("working.table"))
            assert orders(exchange) == []

            hand.click("top.settings")
            hand.click("accounts.add")
            await fill_in_by_mouse(hand, exchange)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await hand.see("the other desk", lambda: line_role(hand) == "line_demo", PATIENCE_S)
            await signed_in(application, hand)
            assert hand.rows("working.table") == [], "nothing of the other account is shown"
            assert application.practice_address is None, "its process has ended"
            await buy_by_mouse(application, hand)
            await confirmed(lambda: len(orders(exchange)) == 1)

            hand.click("accounts.row.practice")
            hand.click("account.practise")
            await hand.see("practice again", lambda: line_role(hand) == "line_practice", PATIENCE_S)
            await signed_in(application, hand)
            await hand.see("its own order", lambda: len(hand.rows("working.table")) == 1, PATIENCE_S)
            hand.click("top.cancel_all")
            await hand.see("no order here", lambda: hand.rows("working.table") == [], PATIENCE_S)
            assert [order["status"] for order in orders(exchange)] == ["resting"], "the other's is left alone"

    run_async(scene(), timeout=240)


def test_a_key_that_left_the_keyring_is_asked_for_and_practice_is_open_meanwhile(
    tmp_path: Path, exchange: PracticeExchange, run_async: RunAsync
) -> None:
    keyring = MemoryKeyring()

    async def first() -> None:
        async with running_program(tmp_path / "person", keyring) as (application, hand):
            await fill_in_by_mouse(hand, exchange)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await signed_in(application, hand)

    async def second() -> None:
        async with running_program(tmp_path / "person", keyring) as (application, hand):
            await hand.see("the key is asked for", lambda: hand.text("key_page.why"), PATIENCE_S)
            assert "no key" in hand.text("key_page.why")
            hand.click("key_page.practise")
            await signed_in(application, hand)
            assert hand.text("mark.word") == "PRACTICE"

    run_async(first(), timeout=240)
    keyring.entries.clear()
    run_async(second(), timeout=240)
    settings = Settings(Folders.under(tmp_path / "person").settings_file)
    assert len(settings.profiles) == 1, "the account is kept"


def test_read_only_places_nothing_and_still_cancels(
    tmp_path: Path, exchange: PracticeExchange, run_async: RunAsync
) -> None:
    async def scene() -> None:
        async with running_program(tmp_path / "person") as (application, hand):
            await fill_in_by_mouse(hand, exchange)
            hand.click("connect.submit")
            await hand.see("connected", lambda: hand.text("connect.connected"), PATIENCE_S)
            hand.click("connect.open")
            await buy_by_mouse(application, hand)
            await hand.see("the row", lambda: hand.rows("working.table"), PATIENCE_S)
            hand.click("top.settings")
            hand.click("account.read_only")
            await hand.see("it says so", lambda: hand.text("top.arm") == "Read-only", PATIENCE_S)
            await hand.see("the order again", lambda: hand.rows("working.table"), PATIENCE_S)
            view = application.view
            assert view is not None
            assert not view.session.gate.open_for_risk
            assert "read-only" in view.session.gate.reason
            hand.click("top.cancel_all")
            await hand.see("it is gone", lambda: hand.rows("working.table") == [], PATIENCE_S)
            assert [order["status"] for order in orders(exchange)] == ["canceled"]

    run_async(scene(), timeout=240)
