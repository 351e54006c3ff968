"""Between the form and the core: asks the exchange about the account, stores the key, keeps the profile.

The key comes from :mod:`pitdesk_ui.connect.offered_key`; here it is held while it is tried and stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from pitdesk.desk.account_check import AccountFacts, CheckFailed
from pitdesk.profiles import ProfileError, environment_of
from pitdesk_ui.connect.clipboard import clipboard_text
from pitdesk_ui.connect.entry import (
    Place,
    default_name,
    entry_problems,
    failed_place,
    failed_sentence,
    read_subaccount,
)
from pitdesk_ui.connect.offered_key import OfferedKey

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from pitdesk.kalshi.secret_key import SecretKey
    from pitdesk.profile import Profile
    from pitdesk.profiles import Profiles
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk.vault import Vault, VaultFault
    from pitdesk_ui.connect.card import ConnectCard
    from pitdesk_ui.connect.form import ConnectForm

_NO_KEY = "The private key is missing. Drop its file here, choose it, or paste it."


class ConnectPresenter(QObject):
    """One account from its form to the keyring. ``connected`` carries the profile's id once it is kept."""

    connected = Signal(str)

    def __init__(
        self,
        card: ConnectCard,
        *,
        profiles: Profiles,
        vault: Vault,
        settings: Settings,
        owner: TaskOwner,
        replacing: Profile | None = None,
    ) -> None:
        """``replacing``: the profile that gets another key, None for a new one."""
        super().__init__(card)
        self._card, self._form = card, card.form
        self._profiles, self._vault, self._settings = profiles, vault, settings
        self._owner = owner
        self._replacing = replacing
        self._offered = OfferedKey(card.form)
        self._pending: tuple[Profile, AccountFacts, SecretKey] | None = None
        self._work: asyncio.Task[None] | None = None
        self._connect_form(card.form)
        if replacing is not None:
            card.form.lock_to(replacing)
        self._suggest_name()

    def close(self) -> None:
        """Forget the key and whatever is on its way."""
        self._forget()
        if self._work is not None:
            self._work.cancel()

    def _forget(self) -> None:
        self._offered.forget()
        self._pending = None

    # The key.

    def _take_file(self, path: Path) -> None:
        self._start("read the key file", self._offered.read_file(path))

    def _take_text(self, text: str) -> None:
        self._start(
            "read the pasted key", self._offered.read_pasted(bytearray(text, "utf-8", "surrogatepass"))
        )

    def _remove_key(self) -> None:
        self._offered.remove()

    def _paste(self) -> None:
        text = clipboard_text()
        if text.strip():
            self._take_text(text)
        else:
            self._form.say(
                Place.KEY, "There is no text on the clipboard. Copy the whole private key, then paste."
            )

    # The account.

    def _submit(self) -> None:
        self._start("connect the account", self._connect())

    async def _connect(self) -> None:
        form, offered = self._form, self._offered
        refused = form.said(Place.KEY) if offered.is_missing else ""
        form.say_nothing()
        form.say(Place.KEY, refused)  # what was wrong with the key offered last is still wrong
        profile = self._read_form()
        if offered.is_locked and not await offered.unlock():
            return
        if offered.key is None:
            if not form.said(Place.KEY):
                form.say(Place.KEY, _NO_KEY)
        elif profile is not None:
            await self._try(profile, offered.key)

    async def _try(self, profile: Profile, key: SecretKey) -> None:
        """Ask the exchange about the account, and store the key that it knows."""
        self._form.show_busy(f"Asking {environment_of(profile).shown_host}…")
        try:
            facts = await self._check(profile, key)
            if isinstance(facts, CheckFailed):
                self._form.say(failed_place(facts, profile.kind), failed_sentence(facts))
                return
            self._pending = (_with_facts(profile, key, facts), facts, key)
            await self._store()
        finally:
            self._form.show_busy("")

    async def _check(self, profile: Profile, key: SecretKey) -> AccountFacts | CheckFailed:
        from pitdesk.desk.account_check import check_account

        environment = environment_of(profile)
        proxy = "" if environment.is_here else self._settings.proxy
        return await check_account(environment, profile.key_id, key, proxy=proxy)

    def _read_form(self) -> Profile | None:
        """The profile as typed, or None after a sentence at the field that is wrong."""
        entry = self._form.entry()
        problems = entry_problems(entry)
        for place, sentence in problems.items():
            self._form.say(place, sentence)
        if problems:
            return None
        try:
            if self._replacing is not None:
                other = msgspec.structs.replace(self._replacing, key_id=entry.key_id, dialect=entry.dialect)
                return self._profiles.checked(other)
            made = self._profiles.new(
                name=entry.name.strip() or default_name(entry.kind, self._profiles.all()),
                kind=entry.kind,
                key_id=entry.key_id,
                address=entry.address,
                dialect=entry.dialect,
            )
        except ProfileError as error:
            self._form.say(Place(error.field), str(error))
            return None
        return msgspec.structs.replace(made, subaccount=read_subaccount(entry.subaccount))

    # The keyring.

    async def _store(self) -> None:
        """Put the key into the keyring; where that fails, ask what to do instead."""
        if self._pending is None:
            return
        profile, facts, key = self._pending
        self._form.show_busy("Storing the key…")
        fault: VaultFault | None = await self._vault.store(profile, key)
        self._form.show_busy("")
        if fault is None:
            found = await self._vault.look()
            self._keep(profile, facts, found if isinstance(found, str) else "the system's keyring")
        else:
            self._card.ask_storing(fault)

    def _store_again(self) -> None:
        self._card.show_form()
        self._start("store the key", self._store())

    def _remember(self) -> None:
        """Keep the key in memory until the program ends."""
        if self._pending is None:
            return
        profile, facts, key = self._pending
        profile = msgspec.structs.replace(profile, in_keyring=False)
        self._vault.remember(profile, key)
        self._keep(profile, facts, "")

    def _keep(self, profile: Profile, facts: AccountFacts, keyring: str) -> None:
        try:
            kept = self._profiles.put(profile)
        except ProfileError as error:
            self._form.say(Place.FOOT, str(error))
            return
        from_file = self._offered.file_name
        self._forget()
        self._card.show_facts(kept, facts, keyring, from_file)

    def _open(self, profile_id: str) -> None:
        self.connected.emit(profile_id)

    # The form.

    def _connect_form(self, form: ConnectForm) -> None:
        form.key.file_offered.connect(self._take_file)
        form.key.text_offered.connect(self._take_text)
        form.key.paste_wanted.connect(self._paste)
        form.key.removed.connect(self._remove_key)
        form.submitted.connect(self._submit)
        form.kind_changed.connect(self._suggest_name)
        self._card.store_again.connect(self._store_again)
        self._card.remember_wanted.connect(self._remember)
        self._card.opened.connect(self._open)

    def _suggest_name(self) -> None:
        self._form.suggest_name(default_name(self._form.kind, self._profiles.all()))

    def _start(self, name: str, work: object) -> None:
        """One thing at a time: what is offered meanwhile takes the place of what is being read."""
        if self._work is not None and not self._work.done():
            self._work.cancel()
        if self._owner.is_closing:
            work.close()  # type: ignore[attr-defined]
            return
        self._work = self._owner.spawn(name, work)  # type: ignore[arg-type]


def _with_facts(profile: Profile, key: SecretKey, facts: AccountFacts) -> Profile:
    return msgspec.structs.replace(
        profile,
        key_kind=key.kind,
        fingerprint=key.fingerprint,
        subaccount=facts.subaccount if facts.subaccount is not None else profile.subaccount,
        attested_until_s=facts.attested_until_s,
        in_keyring=True,
    )
