"""The form of an account: each wrong thing is said at its field, what was typed stays, no key lies about."""

import asyncio
import http.server
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from pitdesk.paths import Folders
from pitdesk.profile import ProfileKind
from pitdesk.profiles import Profiles
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner
from pitdesk.vault import Vault
from pitdesk_ui.connect.card import ConnectCard
from pitdesk_ui.connect.entry import Place, address_warning, default_name, read_subaccount, said_once
from pitdesk_ui.connect.presenter import ConnectPresenter
from tests.practice_fixture import PracticeExchange, running_exchange
from tests.unit.kalshi.key_files import PASSPHRASE, Sample, bad, good, pem, rsa_key
from tests.window_ground import PATIENCE_S, MemoryKeyring, clipboard, put_on_clipboard, vault_on

KEY_ID = "2b48bd70-bd6b-4240-af22-4e7dfdf248ce"
RunAsync = Callable[..., Any]


@dataclass
class Ground:
    """One form, and what stands behind it."""

    card: ConnectCard
    profiles: Profiles
    vault: Vault
    connected: list[str]

    def find(self, name: str) -> Any:
        found = self.card.findChild(QWidget, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        button = self.find(name)
        assert button.isVisible(), f"{name} cannot be seen"
        assert button.isEnabled(), f"{name} is disabled"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_into(self, name: str, text: str) -> None:
        edit: QLineEdit = self.find(name)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)

    def said(self, place: Place) -> str:
        return self.card.form.said(place)

    def everything_said(self) -> str:
        """Every text of the form, as somebody looking over the shoulder could read it."""
        texts = [widget.text() for widget in self.card.findChildren(QLineEdit)]
        return "\n".join([*texts, *(self.said(place) for place in Place), self.card.form.key.held])

    async def see(self, what: str, look: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not look():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"not seen: {what}. Said: {self.everything_said()}") from None

    async def paste_key(self, text: str) -> None:
        """Paste, and wait until something came of it."""
        put_on_clipboard(text)
        self.card.form.say(Place.KEY, "")
        self.click("connect.key.remove" if self.card.form.key.held else "connect.key.paste")
        if not self.card.form.key.held and not self.said(Place.KEY):
            await self.see("something of the key", lambda: self.card.form.key.held or self.said(Place.KEY))


Scene = Callable[[Ground], Awaitable[None]]


@pytest.fixture
def perform(tmp_path: Path, run_async: RunAsync) -> Callable[..., None]:
    """Run a scene on a form of its own."""

    def run(scene: Scene, keyring: MemoryKeyring | None = None) -> None:
        async def whole() -> None:
            failed: list[str] = []
            owner = TaskOwner(lambda name, error: failed.append(f"{name}: {error!r}"))
            settings = Settings(Folders.under(tmp_path / "person").settings_file)
            profiles, vault = Profiles(settings), vault_on(keyring or MemoryKeyring())
            card = ConnectCard()
            presenter = ConnectPresenter(card, profiles=profiles, vault=vault, settings=settings, owner=owner)
            ground = Ground(card, profiles, vault, [])
            presenter.connected.connect(ground.connected.append)
            card.resize(560, 700)
            card.show()
            try:
                await scene(ground)
            finally:
                presenter.close()
                await owner.close()
                await vault.close()
                settings.close()
                card.hide()
                card.deleteLater()
            assert failed == []

        run_async(whole(), timeout=240)

    return run


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    with running_exchange(
        tmp_path_factory.mktemp("exchange") / "practice", "--quiet-market", "--unlimited"
    ) as started:
        yield started


def own_key(exchange: PracticeExchange) -> str:
    return exchange.private_key_file.read_text()


# The private key.


def test_every_wrong_key_is_named_at_its_field_by_paste_and_by_file(
    perform: Callable[..., None], tmp_path: Path
) -> None:
    async def offer(ground: Ground, sample: Sample, by: str) -> str:
        form = ground.card.form
        form.say(Place.KEY, "")
        if by == "file":
            file = tmp_path / "offered.key"
            data = sample.data.encode() if isinstance(sample.data, str) else sample.data
            file.write_bytes(data)
            form.key.file_offered.emit(file)
        else:
            form.key.text_offered.emit(sample.data)
        await ground.see(sample.name, lambda: ground.said(Place.KEY))
        return ground.said(Place.KEY)

    async def scene(ground: Ground) -> None:
        ground.type_into("connect.key_id", KEY_ID)
        for sample in bad():
            if sample.passphrase or "nothing typed" in sample.name:
                continue
            ways = ("file", "paste") if isinstance(sample.data, str) else ("file",)
            for by in ways:
                sentence = await offer(ground, sample, by)
                assert sample.says in sentence, (sample.name, sentence)
                assert ground.card.form.key.held == "", sample.name
                assert ground.find("connect.key_id").text() == KEY_ID, "what was typed stays"

    perform(scene)


def test_every_good_key_is_taken_and_shown_by_its_kind_alone(
    perform: Callable[..., None], tmp_path: Path
) -> None:
    async def scene(ground: Ground) -> None:
        form = ground.card.form
        for sample in good():
            if sample.passphrase or "8192" in sample.name:
                continue
            form.key.removed.emit()
            if isinstance(sample.data, str):
                form.key.text_offered.emit(sample.data)
            else:
                file = tmp_path / "offered.key"
                file.write_bytes(sample.data)
                form.key.file_offered.emit(file)
            await ground.see(sample.name, lambda: form.key.held)
            assert form.key.held == f"{sample.kind} private key"

    perform(scene)


def test_a_dropped_file_is_taken_and_where_it_lies_is_warned_of(
    perform: Callable[..., None], tmp_path: Path
) -> None:
    file = tmp_path / "Downloads" / "my key.txt"
    file.parent.mkdir()
    file.write_bytes(pem(rsa_key(2048)))
    file.chmod(0o644)

    async def scene(ground: Ground) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file))])
        _drop(ground.card.form.key, mime)
        await ground.see("the key", lambda: ground.card.form.key.held == "RSA 2048 private key")
        assert "downloads folder" in ground.card.form.key_notes.text

    perform(scene)


def test_a_file_dropped_beside_the_field_is_taken_too(perform: Callable[..., None], tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(rsa_key(2048)))

    async def scene(ground: Ground) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file))])
        _drop(ground.card.form, mime)
        await ground.see("the key", lambda: ground.card.form.key.held)

    perform(scene)


def test_a_chosen_file_is_taken(perform: Callable[..., None], tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(rsa_key(2048)))

    async def scene(ground: Ground) -> None:
        ground.click("connect.key.choose")
        chooser = ground.card.findChild(QFileDialog, "connect.key.chooser")
        assert chooser is not None
        chooser.selectFile(str(file))
        chooser.fileSelected.emit(str(file))
        chooser.reject()
        await ground.see("the key", lambda: ground.card.form.key.held)

    perform(scene)


def test_a_pasted_key_leaves_neither_the_clipboard_nor_the_form_holding_its_text(
    perform: Callable[..., None],
) -> None:
    text = pem(rsa_key(2048)).decode()

    async def scene(ground: Ground) -> None:
        await ground.paste_key(text)
        assert ground.card.form.key.held == "RSA 2048 private key"
        assert clipboard() == ""
        assert text.split("\n")[3] not in ground.everything_said()

    perform(scene)


def test_something_else_on_the_clipboard_stays_there(perform: Callable[..., None]) -> None:
    async def scene(ground: Ground) -> None:
        await ground.paste_key("milk, eggs, bread")
        assert "no private key" in ground.said(Place.KEY)
        assert clipboard() == "milk, eggs, bread"
        put_on_clipboard("")
        ground.click("connect.key.paste")
        assert "no text on the clipboard" in ground.said(Place.KEY)

    perform(scene)


def test_a_private_key_pasted_into_the_key_ids_field_goes_where_it_belongs(
    perform: Callable[..., None],
) -> None:
    async def scene(ground: Ground) -> None:
        put_on_clipboard(pem(rsa_key(2048)).decode())
        ground.click("connect.key_id.paste")
        await ground.see("the key", lambda: ground.card.form.key.held == "RSA 2048 private key")
        edit: QLineEdit = ground.find("connect.key_id")
        assert edit.text() == ""
        edit.undo()
        assert edit.text() == "", "undo brings no key back"

    perform(scene)


def test_a_locked_key_asks_for_its_passphrase_and_says_when_it_is_wrong(
    perform: Callable[..., None],
) -> None:
    async def scene(ground: Ground) -> None:
        ground.type_into("connect.key_id", KEY_ID)
        ground.click("connect.custom")
        ground.type_into("connect.address", "http://127.0.0.1:9")
        assert not ground.find("connect.passphrase").isVisible()
        await ground.paste_key(pem(rsa_key(2048), passphrase=PASSPHRASE).decode())
        assert ground.card.form.key.held == "Locked private key"
        assert clipboard() == ""
        assert ground.find("connect.passphrase").isVisible()
        ground.click("connect.submit")
        await ground.see("it asks", lambda: "Type the passphrase" in ground.said(Place.PASSPHRASE))
        ground.type_into("connect.passphrase", "guess")
        ground.click("connect.submit")
        await ground.see("it is wrong", lambda: "passphrase is wrong" in ground.said(Place.PASSPHRASE))
        ground.find("connect.passphrase").setText(PASSPHRASE)
        ground.click("connect.submit")
        await ground.see("it is open", lambda: ground.card.form.key.held == "RSA 2048 private key")
        assert not ground.find("connect.passphrase").isVisible()
        assert ground.find("connect.passphrase").text() == "", "the passphrase is forgotten"

    perform(scene)


def test_a_removed_key_is_gone(perform: Callable[..., None]) -> None:
    async def scene(ground: Ground) -> None:
        ground.type_into("connect.key_id", KEY_ID)
        await ground.paste_key(pem(rsa_key(2048)).decode())
        ground.click("connect.key.remove")
        assert ground.card.form.key.held == ""
        ground.click("connect.submit")
        await ground.see("it asks for one", lambda: "private key is missing" in ground.said(Place.KEY))

    perform(scene)


# The other fields.


@pytest.mark.parametrize(
    "field, typed, place, says",
    [
        ("connect.key_id", "", Place.KEY_ID, "missing"),
        ("connect.key_id", "my key", Place.KEY_ID, "not a key ID"),
        ("connect.key_id", KEY_ID[:-1], Place.KEY_ID, "five groups"),
        ("connect.name", "Practice", Place.NAME, "Choose another"),
        ("connect.name", "x" * 41, Place.NAME, "at most 40"),
        ("connect.subaccount", "64", Place.SUBACCOUNT, "0 to 63"),
        ("connect.subaccount", "main", Place.SUBACCOUNT, "0 to 63"),
        ("connect.subaccount", "-1", Place.SUBACCOUNT, "0 to 63"),
        ("connect.address", "", Place.ADDRESS, "address"),
        ("connect.address", "http://elsewhere.example", Place.ADDRESS, "https://"),
        ("connect.address", "external-api.kalshi.com", Place.ADDRESS, "Choose Live or Demo"),
        ("connect.address", "https://me:pass@elsewhere.example", Place.ADDRESS, "host and a port only"),
    ],
)
def test_a_wrong_field_says_what_would_be_accepted_and_keeps_what_was_typed(
    perform: Callable[..., None], field: str, typed: str, place: Place, says: str
) -> None:
    async def scene(ground: Ground) -> None:
        ground.click("connect.custom")
        ground.click("connect.more")
        for name, text in (("connect.key_id", KEY_ID), ("connect.address", "127.0.0.1:9")):
            ground.type_into(name, text)
        await ground.paste_key(pem(rsa_key(2048)).decode())
        ground.find(field).clear()
        ground.type_into(field, typed)
        ground.click("connect.submit")
        await ground.see(says, lambda: says in ground.said(place))
        assert ground.find(field).text() == typed
        assert ground.find(field).property("invalid")
        assert ground.card.form.key.held == "RSA 2048 private key", "the key need not be given again"
        ground.type_into(field, "a")
        assert ground.said(place) == "", "typing takes the sentence away"

    perform(scene)


def test_everything_wrong_is_said_at_once_and_a_refused_key_stays_refused(
    perform: Callable[..., None],
) -> None:
    async def scene(ground: Ground) -> None:
        ground.click("connect.custom")
        ground.click("connect.more")
        ground.type_into("connect.subaccount", "64")
        await ground.paste_key("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")
        ground.click("connect.submit")
        await ground.see("the address", lambda: ground.said(Place.ADDRESS))
        assert ground.said(Place.KEY_ID)
        assert ground.said(Place.SUBACCOUNT)
        assert "certificate" in ground.said(Place.KEY)

    perform(scene)


def test_advice_that_several_warnings_share_is_given_once() -> None:
    assert said_once(()) == ""
    assert said_once(("A. Delete it; or not.",)) == "A. Delete it; or not."
    assert said_once(("A. Delete it.", "B. Delete it.")) == "A. B. Delete it."
    assert said_once(("A. Keep it.", "B. Delete it.")) == "A. Keep it. B. Delete it."


def test_another_address_is_shown_with_its_host_before_anything_is_signed(
    perform: Callable[..., None],
) -> None:
    async def scene(ground: Ground) -> None:
        ground.click("connect.custom")
        ground.type_into("connect.address", "elsewhere.example:8443/trade-api/v2")
        warning = ground.card.form._warning.text
        assert "elsewhere.example:8443" in warning
        assert "only if you trust it" in warning
        ground.click("connect.demo")
        assert not ground.find("connect.address").isVisible()

    perform(scene)
    assert "program on this computer" in address_warning("http://127.0.0.1:80")
    assert address_warning("not an address !") == ""


def test_names_are_suggested_that_are_free() -> None:
    assert default_name(ProfileKind.LIVE, ()) == "Live"
    assert read_subaccount(" 07 ") == 7
    assert read_subaccount("") is None


# The exchange's answer.


async def fill_in(ground: Ground, address: str, key_id: str, key: str) -> None:
    ground.click("connect.custom")
    ground.type_into("connect.address", address)
    ground.type_into("connect.key_id", key_id)
    await ground.paste_key(key)


def test_a_sound_key_is_stored_in_the_keyring_and_its_facts_are_told(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    keyring = MemoryKeyring()

    async def scene(ground: Ground) -> None:
        await fill_in(ground, exchange.rest, exchange.key_id, own_key(exchange))
        ground.click("connect.submit")
        await ground.see("connected", lambda: ground.find("connect.connected").isVisible())
        assert "the test's keyring" in ground.find("connect.stored").text()
        profile = ground.profiles.all()[0]
        assert (profile.kind, profile.name, profile.key_kind) == (ProfileKind.CUSTOM, "Custom", "Ed25519")
        assert profile.in_keyring
        ground.click("connect.open")
        assert ground.connected == [profile.profile_id]

    perform(scene, keyring)
    assert len(keyring.entries) == 1


@pytest.mark.parametrize(
    "key_id, key, place, says",
    [
        (KEY_ID, "own", Place.KEY_ID, "does not know this key ID"),
        ("own", "other", Place.KEY, "does not belong to it"),
    ],
)
def test_what_the_exchange_refuses_is_said_at_the_field_that_would_mend_it(
    perform: Callable[..., None], exchange: PracticeExchange, key_id: str, key: str, place: Place, says: str
) -> None:
    keyring = MemoryKeyring()

    async def scene(ground: Ground) -> None:
        wanted = exchange.key_id if key_id == "own" else key_id
        await fill_in(
            ground, exchange.rest, wanted, own_key(exchange) if key == "own" else pem(rsa_key(2048)).decode()
        )
        ground.click("connect.submit")
        await ground.see(says, lambda: says in ground.said(place))
        assert ground.find("connect.key_id").text() == wanted
        assert ground.card.form.key.held
        assert ground.find("connect.submit").isEnabled()
        assert ground.profiles.all() == ()

    perform(scene, keyring)
    assert keyring.entries == {}


def test_a_place_where_nobody_answers_is_said_at_the_address(perform: Callable[..., None]) -> None:
    async def scene(ground: Ground) -> None:
        await fill_in(ground, "http://127.0.0.1:9", KEY_ID, pem(rsa_key(2048)).decode())
        ground.click("connect.submit")
        await ground.see("no answer", lambda: "could not be reached" in ground.said(Place.ADDRESS))

    perform(scene)


class _SomethingElse(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Sign in to the hotel's network</html>")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def something_else() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _SomethingElse) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_that_is_not_the_exchange_is_said_at_the_address(
    perform: Callable[..., None], something_else: str
) -> None:
    async def scene(ground: Ground) -> None:
        await fill_in(ground, something_else, KEY_ID, pem(rsa_key(2048)).decode())
        ground.click("connect.submit")
        await ground.see(
            "what it is", lambda: "does not answer as the exchange" in ground.said(Place.ADDRESS)
        )

    perform(scene)


# The keyring.


def test_where_no_keyring_takes_the_key_it_can_be_remembered_for_the_session(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    keyring = MemoryKeyring()
    keyring.error = PermissionError("denied")

    async def scene(ground: Ground) -> None:
        await fill_in(ground, exchange.rest, exchange.key_id, own_key(exchange))
        ground.click("connect.submit")
        await ground.see("the question", lambda: ground.find("connect.store.remember").isVisible())
        assert "does not let Pitdesk in" in ground.find("connect.store.why").text()
        assert ground.profiles.all() == (), "nothing is kept yet"
        ground.click("connect.store.remember")
        await ground.see("connected", lambda: ground.find("connect.connected").isVisible())
        profile = ground.profiles.all()[0]
        assert not profile.in_keyring
        assert ground.vault.is_remembered(profile)
        assert "until Pitdesk is closed" in ground.find("connect.stored").text()

    perform(scene, keyring)
    assert keyring.entries == {}


def test_storing_can_be_tried_again(perform: Callable[..., None], exchange: PracticeExchange) -> None:
    keyring = MemoryKeyring()
    keyring.error = RuntimeError("the collection is locked")

    async def scene(ground: Ground) -> None:
        await fill_in(ground, exchange.rest, exchange.key_id, own_key(exchange))
        ground.click("connect.submit")
        await ground.see("the question", lambda: ground.find("connect.store.again").isVisible())
        keyring.error = None
        ground.click("connect.store.again")
        await ground.see("connected", lambda: ground.find("connect.connected").isVisible())
        assert ground.profiles.all()[0].in_keyring

    perform(scene, keyring)
    assert len(keyring.entries) == 1


def _drop(target: QWidget, mime: QMimeData) -> None:
    """Drag over ``target`` and let go, as the window system tells it."""
    spot, copy, left = QPointF(10, 10), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(spot.toPoint(), copy, mime, left, none)
    target.dragEnterEvent(enter)
    assert enter.isAccepted()
    target.dropEvent(QDropEvent(spot, copy, mime, left, none))


def test_the_send_button_waits_while_the_exchange_is_asked(
    perform: Callable[..., None], exchange: PracticeExchange
) -> None:
    async def scene(ground: Ground) -> None:
        await fill_in(ground, exchange.rest, exchange.key_id, own_key(exchange))
        submit: QPushButton = ground.find("connect.submit")
        exchange.arm("slow_answer", seconds=2, times=1, match={"method": "GET"})
        ground.click("connect.submit")
        await ground.see("asking", lambda: not submit.isEnabled())
        assert submit.text().startswith("Asking 127.0.0.1")
        QTest.mouseClick(submit, Qt.MouseButton.LeftButton)
        await ground.see("connected", lambda: ground.find("connect.connected").isVisible())
        assert len(ground.profiles.all()) == 1

    perform(scene)


def test_tab_goes_from_field_to_field_as_they_are_read(perform: Callable[..., None]) -> None:
    async def scene(ground: Ground) -> None:
        ground.click("connect.custom")
        ground.click("connect.more")
        first = ground.find("connect.custom")
        first.setFocus()
        seen = [first]
        while seen[-1].objectName() != "connect.submit":
            QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
            focused = ground.card.window().focusWidget()
            assert focused is not None
            assert focused not in seen
            seen.append(focused)
        names = [each.objectName() for each in seen]
        assert {"connect.dialect", "connect.key_id", "connect.name", "connect.subaccount"} <= set(names)
        places = [each.mapTo(ground.card, each.rect().center()) for each in seen]
        rows = [(place.y() // 20, place.x()) for place in places]
        assert rows == sorted(rows), names

    perform(scene)
