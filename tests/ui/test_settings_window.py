"""The settings window on the whole program: accounts, the proxy, the practice market; arming; diagnostics."""

import asyncio
import uuid
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from pitdesk.kalshi.key_import import read_key
from pitdesk.paths import Folders
from pitdesk.profile import LimitsPreset, Profile, ProfileKind
from pitdesk_ui.account_mark import MarkLine
from pitdesk_ui.application import Application
from pitdesk_ui.settings.practice_page import Speed
from pitdesk_ui.ticket.controls import ChoiceBox
from pitdesk_ui.widgets.stat import Stat
from tests.practice_fixture import PracticeExchange, running_exchange
from tests.window_ground import PATIENCE_S, MemoryKeyring, book_is_quoted, running_program, signed_in
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]
Scene = Callable[[Application, Hand], Awaitable[None]]


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[PracticeExchange]:
    with running_exchange(tmp_path / "exchange", "--quiet-market", "--unlimited") as started:
        yield started


@pytest.fixture
def perform(tmp_path: Path, run_async: RunAsync) -> Callable[..., None]:
    """Run a scene in the program on the practice exchange."""

    def run(scene: Scene, keyring: MemoryKeyring | None = None) -> None:
        async def whole() -> None:
            async with running_program(tmp_path / "person", keyring, practice=True, lively=True) as (
                application,
                hand,
            ):
                await scene(application, hand)

        run_async(whole(), timeout=240)

    return run


async def account(
    application: Application,
    exchange: PracticeExchange,
    name: str = "Second",
    *,
    key: tuple[str, str] | None = None,
) -> Profile:
    """An account that is there already, its key in the keyring: the exchange's first, or ``key``."""
    key_id, text = key or (exchange.key_id, exchange.private_key_file.read_text())
    secret = read_key(text)
    made = application.profiles.new(name=name, kind=ProfileKind.CUSTOM, key_id=key_id, address=exchange.rest)
    profile = application.profiles.put(msgspec.structs.replace(made, key_kind=secret.kind))
    assert await application.vault.store(profile, secret) is None
    return profile


def open_account(hand: Hand, profile: Profile) -> None:
    hand.click("top.settings")
    hand.click(f"accounts.row.{profile.profile_id}")


async def answer(hand: Hand, name: str, how: str) -> None:
    """Answer a question once it stands open; it then goes."""
    await hand.see(name, lambda: hand.find(name, QDialog))
    hand.click(f"{name}.{how}")
    await hand.see("it goes", lambda: hand.window.findChild(QDialog, name) is None)


def fact(hand: Hand, name: str) -> str:
    return hand.text(f"account.fact.{name}")


def test_an_account_is_renamed_and_a_bad_name_is_told(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        await account(application, exchange, "Other")
        profile = await account(application, exchange)
        open_account(hand, profile)
        for name, says in (("", "Give the profile a name"), ("other", "Another profile has this name")):
            rename(hand, name)
            assert says in hand.text("account.problem.name")
            assert hand.text("account.name") == name, "what was typed stays"
            assert application.profiles.get(profile.profile_id) == profile
        rename(hand, "Weekend")
        kept = application.profiles.get(profile.profile_id)
        assert kept is not None
        assert kept.name == "Weekend"
        assert hand.window.findChild(QWidget, "account.problem.name").isHidden()

    perform(scene)


def rename(hand: Hand, name: str) -> None:
    edit = hand.find("account.name", QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, name)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def test_a_key_is_tested_and_its_health_told(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        open_account(hand, profile)
        assert fact(hand, "key_id") == exchange.key_id
        assert fact(hand, "last_used") == "Never"
        hand.click("account.test")
        await hand.see("the answer", lambda: "just now" in fact(hand, "answered_in"), PATIENCE_S)
        assert "trade" in fact(hand, "may")
        assert fact(hand, "clock") == "Agrees with the exchange's"

    perform(scene)


def test_a_key_that_opens_nothing_any_more_says_so(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(
            application,
            exchange,
            key=("2b48bd70-bd6b-4240-af22-4e7dfdf248ce", exchange.private_key_file.read_text()),
        )
        open_account(hand, profile)
        hand.click("account.test")
        await hand.see(
            "the reason", lambda: "does not know this key ID" in hand.text("account.problem.key"), PATIENCE_S
        )

    perform(scene)


def test_a_removed_account_leaves_nothing_in_the_keyring(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    keyring = MemoryKeyring()

    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        assert len(keyring.entries) == 1
        open_account(hand, profile)
        hand.click("account.remove")
        await answer(hand, "account.remove.question", "no")
        assert application.profiles.all()
        hand.click("account.remove")
        await answer(hand, "account.remove.question", "yes")
        await hand.see("it is gone", lambda: not application.profiles.all(), PATIENCE_S)
        assert keyring.entries == {}

    perform(scene, keyring)


def test_an_account_whose_key_cannot_be_removed_is_kept(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    keyring = MemoryKeyring()

    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        open_account(hand, profile)
        keyring.error = RuntimeError("the collection is locked")
        hand.click("account.remove")
        await answer(hand, "account.remove.question", "yes")
        await hand.see("why", lambda: "The account was kept" in hand.text("account.problem.key"), PATIENCE_S)
        assert application.profiles.all() == (profile,)

    perform(scene, keyring)


def test_a_new_key_takes_the_place_of_the_old_one_which_is_revoked(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    made = exchange.call("POST", "/api_keys/generate", {"name": "old", "key_type": "ed25519"}).json

    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange, key=(made["api_key_id"], made["private_key"]))
        open_account(hand, profile)
        assert hand.window.findChild(QWidget, "account.new_key").isHidden(), "not before it is known"
        hand.click("account.test")
        await hand.see("it may", lambda: hand.find("account.new_key", QWidget), PATIENCE_S)
        hand.click("account.new_key")
        await answer(hand, "account.new_key.question", "yes")
        await hand.see("told", lambda: "the old one is revoked" in hand.text("account.advice"), PATIENCE_S)
        kept = application.profiles.get(profile.profile_id)
        assert kept is not None
        listed = await asyncio.to_thread(lambda: exchange.call("GET", "/api_keys").json["api_keys"])
        assert {key["api_key_id"] for key in listed} == {exchange.key_id, kept.key_id}
        hand.click("account.test")
        await hand.see("the new key answers", lambda: "just now" in fact(hand, "answered_in"), PATIENCE_S)
        assert "transfer" not in fact(hand, "may")
        assert hand.window.findChild(QWidget, "account.new_key").isHidden(), "the new one makes no keys"

    perform(scene)


def test_an_old_key_that_cannot_be_revoked_is_told_by_its_id(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)  # the exchange does not give up its first key
        open_account(hand, profile)
        hand.click("account.test")
        await hand.see("it may", lambda: hand.find("account.new_key", QWidget), PATIENCE_S)
        hand.click("account.new_key")
        await answer(hand, "account.new_key.question", "yes")
        await hand.see("told", lambda: exchange.key_id[:8] in hand.text("account.problem.key"), PATIENCE_S)
        assert "could not be revoked" in hand.text("account.problem.key")

    perform(scene)


def test_where_the_keyring_refuses_the_new_key_the_old_one_stands(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    keyring = MemoryKeyring()

    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        open_account(hand, profile)
        hand.click("account.test")
        await hand.see("it may", lambda: hand.find("account.new_key", QWidget), PATIENCE_S)
        keyring.full = True
        hand.click("account.new_key")
        await answer(hand, "account.new_key.question", "yes")
        await hand.see(
            "told", lambda: "goes on with its old key" in hand.text("account.problem.key"), PATIENCE_S
        )
        assert application.profiles.get(profile.profile_id) == msgspec.structs.replace(
            profile, attested_until_s=None
        )
        listed = await asyncio.to_thread(lambda: exchange.call("GET", "/api_keys").json["api_keys"])
        assert {key["api_key_id"] for key in listed} == {exchange.key_id}, "the new one was revoked again"
        hand.click("account.test")
        await hand.see("the old key answers", lambda: "just now" in fact(hand, "answered_in"), PATIENCE_S)

    perform(scene, keyring)


def type_limit(hand: Hand, figure: str, text: str) -> None:
    edit = hand.find(f"account.limit.{figure}", QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


def limit(hand: Hand, figure: str) -> str:
    return hand.find(f"account.limit.{figure}", QLineEdit).text()


def cost_hard(application: Application) -> str:
    """What the session in view goes by."""
    assert application.view is not None
    return str(application.view.session.batch.judge.limits().cost_hard)


async def open_as_active(application: Application, hand: Hand, exchange: PracticeExchange) -> Profile:
    profile = await account(application, exchange)
    open_account(hand, profile)
    hand.click("account.switch")
    await hand.see("the account", lambda: hand.text("mark.word") == "CUSTOM", PATIENCE_S)
    await signed_in(application, hand)
    kept = application.profiles.get(profile.profile_id)
    assert kept is not None
    return kept


def test_a_stricter_limit_holds_at_once_in_the_session_that_is_open(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await open_as_active(application, hand, exchange)
        before = application.view
        assert (limit(hand, "cost_hard"), cost_hard(application)) == ("250", "$250.00")
        type_limit(hand, "cost_confirm", "10")
        type_limit(hand, "cost_hard", "20")
        hand.click("account.limits.save")
        await hand.see("kept", lambda: cost_hard(application) == "$20.00")
        assert application.view is before, "nobody is signed in anew"
        kept = application.profiles.get(profile.profile_id)
        assert kept is not None
        assert kept.figures == {"cost_confirm": "10", "cost_hard": "20"}
        assert hand.text("account.limits_told") == "These limits are in force."
        assert not hand.find("account.limits.save", QPushButton).isEnabled()

    perform(scene)


def test_a_raised_limit_wants_its_number_typed_and_a_minute(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await open_as_active(application, hand, exchange)
        hand.find("account.limits", ChoiceBox).choose(LimitsPreset.LARGE)
        assert limit(hand, "day_loss_hard") == "25000"
        hand.click("account.limits.save")
        await answer(hand, "account.raise", "no")
        assert limits_of(application, profile) is LimitsPreset.SMALL
        hand.click("account.limits.save")
        await hand.see("the question", lambda: hand.find("account.raise", QDialog))
        go = hand.find("account.raise.yes", QPushButton)
        typed = hand.find("account.raise.typed", QLineEdit)
        for text in ("", "1000", "yes"):
            typed.setText(text)
            assert not go.isEnabled()
            QTest.keyClick(typed, Qt.Key.Key_Return)
            assert hand.find("account.raise", QDialog).isVisible(), "Enter presses nothing by itself"
        assert "Type 100000 to raise them" in told(hand, "account.raise")
        typed.setText("100000")
        hand.click("account.raise.yes")
        await hand.see("kept", lambda: limits_of(application, profile) is LimitsPreset.LARGE)
        assert cost_hard(application) == "$250.00", "the limits before hold for a minute"
        assert "in force in" in hand.text("account.limits_told")
        before = application.view
        application.reopen()
        await hand.see("signed in anew", lambda: application.view not in (None, before), PATIENCE_S)
        await signed_in(application, hand)
        assert cost_hard(application) == "$250.00", "to sign in anew does not shorten it"

    perform(scene)


def limits_of(application: Application, profile: Profile) -> LimitsPreset | None:
    kept = application.profiles.get(profile.profile_id)
    return None if kept is None else kept.limits


def told(hand: Hand, dialog: str) -> str:
    labels = hand.find(dialog, QDialog).findChildren(QLabel)
    return " ".join(label.text() for label in labels)


@pytest.mark.parametrize(
    "figure, text, says",
    [
        ("cost_hard", "1,000", "two ways"),
        ("cost_hard", "49", "Asks must be less than refuses"),
        ("open_orders_hard", "2.5", "whole number"),
        ("day_spend_hard", " ", "Enter a dollar amount"),
    ],
)
def test_what_is_no_limit_is_marked_and_cannot_be_saved(
    perform: Callable[..., None], exchange: PracticeExchange, figure: str, text: str, says: str
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        open_account(hand, profile)
        type_limit(hand, figure, text)
        assert says in hand.text("account.problem.limits")
        assert not hand.find("account.limits.save", QPushButton).isEnabled()
        hand.click("account.limits.undo")
        assert hand.window.findChild(QWidget, "account.problem.limits").isHidden()
        assert application.profiles.get(profile.profile_id) == profile

    perform(scene)


def test_damaged_limits_are_told_and_the_account_is_read_only(
    tmp_path: Path, run_async: RunAsync, exchange: PracticeExchange
) -> None:
    person, keyring = tmp_path / "person", MemoryKeyring()

    async def scene() -> None:
        async with running_program(person, keyring, practice=True, lively=True) as (application, _):
            await account(application, exchange)

    async def again() -> None:
        async with running_program(person, keyring, practice=True, lively=True) as (application, hand):
            said = {notice.key: notice.headline for notice in application.notices.current()}
            assert "The limits of Second were damaged. It is read-only" in said["limits"]
            (profile,) = application.profiles.all()
            open_account(hand, profile)
            assert hand.find("account.read_only", QCheckBox).isChecked()

    run_async(scene(), timeout=240)
    folders = Folders.under(person)
    text = folders.settings_file.read_text().replace('"limits": "small"', '"limits": "large"')
    folders.settings_file.write_text(text)
    (folders.settings_file.parent / "limits.json").unlink()
    run_async(again(), timeout=240)


def test_the_settings_say_which_account_the_main_window_is_about(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        open_account(hand, profile)
        window = hand.find("settings", QWidget)
        assert window.windowTitle() == "Settings – Practice"
        hand.click("account.switch")
        await hand.see("the mark", lambda: window.windowTitle() == "Settings – Custom – Second", PATIENCE_S)
        assert window.findChild(MarkLine).property("role") == "line_demo"

    perform(scene)


def test_accounts_with_a_key_start_safe_and_ctrl_l_arms(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        assert hand.text("top.arm") == "Armed", "practice starts armed"
        profile = await account(application, exchange)
        application.switch(profile.profile_id)
        await hand.see("safe", lambda: hand.text("top.arm") == "Safe", PATIENCE_S)
        application.window.activateWindow()
        await hand.see("the window is active", application.window.isActiveWindow)
        QTest.keyClick(application.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        await hand.see("armed", lambda: hand.text("top.arm") == "Armed")
        hand.click("top.arm")
        assert hand.text("top.arm") == "Safe"
        hand.click("top.arm")
        application.switch("")
        await hand.see("practice", lambda: hand.text("mark.word") == "PRACTICE", PATIENCE_S)
        application.switch(profile.profile_id)
        await hand.see("the account", lambda: hand.text("mark.word") == "CUSTOM", PATIENCE_S)
        assert hand.text("top.arm") == "Safe", "a switch makes everything safe"

    perform(scene)


@pytest.mark.parametrize(
    "typed, says",
    [
        ("proxy.example", "port is missing"),
        ("ftp://proxy.example:21", "must begin with"),
        ("http://me:pass@proxy.example:3128", "no names, passwords"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_and_not_kept(
    perform: Callable[..., None], typed: str, says: str
) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        hand.click("top.settings")
        hand.click("settings.connection")
        hand.type_into("connection.proxy", typed)
        hand.click("connection.keep")
        assert says in hand.text("connection.problem.proxy")
        assert application.settings.proxy == ""
        assert hand.text("connection.proxy") == typed

    perform(scene)


def test_a_proxy_is_kept_and_practice_goes_on_without_it(perform: Callable[..., None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        hand.click("top.settings")
        hand.click("settings.connection")
        hand.type_into("connection.proxy", "127.0.0.1:9")
        hand.click("connection.keep")
        assert application.settings.proxy == "http://127.0.0.1:9"
        hand.click("settings.practice")
        hand.find("practice.speed", ChoiceBox).choose(Speed.STILL)
        await hand.see("it left", lambda: application.view is None or application.host.is_busy, PATIENCE_S)
        await signed_in(application, hand)

    perform(scene)


def test_a_new_practice_account_begins_with_ten_thousand_dollars(perform: Callable[..., None]) -> None:
    async def scene(application: Application, hand: Hand) -> None:
        await signed_in(application, hand)
        await book_is_quoted(application, hand)
        hand.click("ticket.plus_10")
        hand.click("ticket.join")
        await hand.see("the order", lambda: hand.text("ticket.send").startswith("Buy 10 Yes"))
        hand.click("ticket.send")
        await hand.see("the row", lambda: hand.rows("working.table"), PATIENCE_S)
        hand.click("top.settings")
        hand.click("settings.practice")
        hand.click("practice.reset")
        await answer(hand, "practice.reset.question", "yes")
        before = application.view
        await hand.see("a new desk", lambda: application.view not in (None, before), PATIENCE_S)
        await signed_in(application, hand)
        await hand.see(
            "the money",
            lambda: (
                hand.find("top.committed", Stat).text == "$0.00"
                and hand.find("top.cash", Stat).text == "$10,000.00"
            ),
            PATIENCE_S,
        )
        assert hand.rows("working.table") == []

    perform(scene)


def test_diagnostics_are_read_before_they_are_saved_and_hold_no_secret(
    perform: Callable[..., None], exchange: PracticeExchange, tmp_path: Path
) -> None:
    keyring = MemoryKeyring()
    archive = tmp_path / "diagnostics.zip"

    async def scene(application: Application, hand: Hand) -> None:
        profile = await account(application, exchange)
        application.switch(profile.profile_id)
        await hand.see("the account", lambda: hand.text("mark.word") == "CUSTOM", PATIENCE_S)
        await signed_in(application, hand)
        application.pages.show_diagnostics()
        shown = hand.find("diagnostics.text", QPlainTextEdit)
        await hand.see("the text", lambda: "about.txt" in shown.toPlainText(), PATIENCE_S)
        assert "environment: Custom" in shown.toPlainText()
        hand.click("diagnostics.save")
        chooser = application.window.findChild(QFileDialog, "diagnostics.chooser")
        chooser.fileSelected.emit(str(archive))
        chooser.reject()
        await hand.see("saved", lambda: "Saved as" in hand.text("diagnostics.said"), PATIENCE_S)
        whole = shown.toPlainText()
        assert exchange.key_id not in whole
        assert next(iter(keyring.entries.values()))[5:40] not in whole

    perform(scene, keyring)
    with zipfile.ZipFile(archive) as saved:
        assert "about.txt" in saved.namelist()
        assert not [name for name in saved.namelist() if exchange.key_id.encode() in saved.read(name)]


@pytest.fixture
def advanced(tmp_path: Path) -> Iterator[PracticeExchange]:
    """An exchange whose account may have subaccounts."""
    with running_exchange(tmp_path / "advanced", "--quiet-market", "--tier", "advanced") as started:
        yield started


def test_an_account_with_a_subaccount_sends_reads_and_cancels_there(
    perform: Callable[..., None], advanced: PracticeExchange
) -> None:
    exchange, number = advanced, make_subaccount(advanced)

    async def scene(application: Application, hand: Hand) -> None:
        made = await account(application, exchange)
        profile = application.profiles.put(msgspec.structs.replace(made, subaccount=number))
        application.switch(profile.profile_id)
        await hand.see("the account", lambda: hand.text("mark.word") == "CUSTOM", PATIENCE_S)
        await signed_in(application, hand)
        await hand.see("its own cash", lambda: hand.find("top.cash", Stat).text == "$250.00", PATIENCE_S)
        await book_is_quoted(application, hand)
        hand.click("ticket.plus_10")
        hand.click("ticket.join")
        await hand.see("the order", lambda: hand.text("ticket.send").startswith("Buy 10 Yes"))
        hand.click("ticket.send")
        await hand.see("the row", lambda: hand.rows("working.table"), PATIENCE_S)
        held = await asyncio.to_thread(lambda: exchange.call("GET", "/portfolio/orders").json["orders"])
        assert [order["subaccount_number"] for order in held] == [number]
        hand.click("top.cancel_all")
        await hand.see("no row", lambda: not hand.rows("working.table"), PATIENCE_S)

    perform(scene)


def make_subaccount(exchange: PracticeExchange) -> int:
    """A subaccount that holds $250."""
    number = int(exchange.call("POST", "/portfolio/subaccounts", {}).json["subaccount_number"])
    moved = exchange.call(
        "POST",
        "/portfolio/subaccounts/transfer",
        {
            "client_transfer_id": str(uuid.uuid4()),
            "from_subaccount": 0,
            "to_subaccount": number,
            "amount_cents": 25_000,
        },
    )
    assert moved.status in (200, 201), moved.body
    return number
