"""Between the page of accounts and the core: profiles, keys and the account in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer

from pitdesk.desk.account_check import AccountFacts, CheckFailed, check_account
from pitdesk.desk.key_change import ChangeKind, change_key, may_make_keys
from pitdesk.limits.in_force import raised
from pitdesk.limits.kept import own_figures
from pitdesk.profiles import ProfileError, environment_of
from pitdesk.vault import VaultFault
from pitdesk_ui.account_mark import PRACTICE, mark_of
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.connect.entry import failed_sentence
from pitdesk_ui.connect.presenter import ConnectPresenter
from pitdesk_ui.question import Question, ask_and_forget
from pitdesk_ui.settings.raise_question import RaiseQuestion
from pitdesk_ui.settings.words import key_rows, limits_standing

if TYPE_CHECKING:
    from pitdesk.limits import LimitValues
    from pitdesk.profile import LimitsPreset, Profile
    from pitdesk_ui.program import Program
    from pitdesk_ui.settings.accounts_page import AccountsPage

_TICK_MS = 1_000
_REMOVE = (
    "Remove {name}?",
    (
        "Its key is taken out of the system's keyring. On the exchange the key and your orders stay as they "
        "are.",
        "To make the key useless, revoke it on the exchange's API page.",
    ),
    "Remove",
)
_NEW_KEY = (
    "Make a new key for {name}?",
    (
        "The exchange makes a key that may read and trade and move no money. It is tried and stored, and the "
        "key used until now is revoked.",
        "Whatever else uses the old key is signed out. Your orders stay as they are.",
    ),
    "Make a new key",
)


class AccountsPresenter(QObject):
    """Shows the profiles as they are, and does with them what the person wants."""

    def __init__(self, page: AccountsPage, program: Program) -> None:
        super().__init__(page)
        self._page, self._program = page, program
        self._profiles, self._vault = program.profiles, program.vault
        self._chosen = program.host.mark.profile_id
        self._facts: dict[str, AccountFacts] = {}
        self._connecting: ConnectPresenter | None = None
        self._shown_limits = ""
        self._until_raised = QTimer(self)
        self._until_raised.timeout.connect(self._tell_limits)
        self._until_raised.start(_TICK_MS)
        self._disconnects = (
            self._profiles.changed.connect(lambda _: self._show()),
            program.host.entered.connect(lambda _: self._show()),
        )
        self._connect_page()
        self._show()

    def close(self) -> None:
        """Listen no more, and forget a key that was not stored."""
        self._until_raised.stop()
        self._end_form()
        for disconnect in self._disconnects:
            disconnect()

    def _connect_page(self) -> None:
        page, detail, owner = self._page, self._page.detail, self._program.owner
        page.list.chosen.connect(self._choose)
        page.list.add_wanted.connect(self._add)
        page.practice.switch_wanted.connect(lambda: self._program.switch(""))
        detail.switch_wanted.connect(lambda: self._program.switch(self._chosen))
        detail.renamed.connect(self._rename)
        detail.read_only_wanted.connect(self._set_read_only)
        detail.limits.save_wanted.connect(on_signal(owner, "change the limits", self._set_limits))
        detail.replace_wanted.connect(self._replace)
        detail.new_key_wanted.connect(on_signal(owner, "make a new key", self._make_key))
        detail.test_wanted.connect(on_signal(owner, "test the key", self._test))
        detail.remove_wanted.connect(on_signal(owner, "remove the account", self._remove))

    def _show(self) -> None:
        """Bring list and detail up to date."""
        profile = self._profiles.get(self._chosen)
        if profile is None:
            self._chosen = ""
        active = self._active_id()
        marks = (PRACTICE, *map(mark_of, self._profiles.all()))
        selected = None if self._connecting is not None else self._chosen
        self._page.list.show_accounts(marks, selected, active)
        if self._connecting is not None:
            return
        if profile is None:
            self._page.practice.show_active(is_active=active == "")
            self._page.show_practice()
            return
        rows = key_rows(
            profile, self._facts.get(profile.profile_id), remembered=self._vault.is_remembered(profile)
        )
        is_active = profile.profile_id == active
        self._page.detail.show_profile(profile, mark_of(profile), rows, is_active=is_active)
        self._show_limits(profile)
        facts = self._facts.get(profile.profile_id)
        self._page.detail.offer_new_key(offered=facts is not None and may_make_keys(facts.scopes))
        self._page.show_detail()

    def _active_id(self) -> str | None:
        """The account in the main window, None while there is none."""
        return self._program.mark.profile_id if self._program.mark.word else None

    def _choose(self, profile_id: str) -> None:
        self._end_form()
        self._chosen = profile_id
        self._page.detail.say_name("")
        self._page.detail.say_key("")
        self._show()

    # One account.

    def _profile(self) -> Profile | None:
        return self._profiles.get(self._chosen)

    def _rename(self, name: str) -> None:
        profile = self._profile()
        if profile is None or name == profile.name:
            return
        try:
            self._profiles.rename(profile.profile_id, name)
            self._page.detail.say_name("")
        except ProfileError as error:
            self._page.detail.say_name(str(error))

    def _set_read_only(self, read_only: bool) -> None:
        profile = self._profile()
        if profile is not None:
            self._change(msgspec.structs.replace(profile, read_only=read_only))

    def _show_limits(self, profile: Profile) -> None:
        anew, self._shown_limits = self._shown_limits != profile.profile_id, profile.profile_id
        chosen = self._profiles.limits_in_force(profile).chosen
        self._page.detail.limits.show_limits(profile.limits, chosen, anew=anew)
        self._tell_limits()

    def _tell_limits(self) -> None:
        profile = self._profile()
        if profile is not None:
            waits_s = self._profiles.limits_in_force(profile).waits_s
            self._page.detail.limits.tell(limits_standing(waits_s))

    async def _set_limits(self, preset: LimitsPreset, values: LimitValues) -> None:
        """Kept at once; what is raised asks first. The session in view goes by it without signing in anew."""
        profile = self._profile()
        if profile is None:
            return
        before = self._profiles.limits_in_force(profile).chosen
        higher = raised(before, values)
        if higher:
            question = RaiseQuestion(
                higher, before, values, mark=mark_of(profile), parent=self._page.window()
            )
            if not await ask_and_forget(question):
                return
        now = self._profiles.get(profile.profile_id)
        if now is not None:
            figures = own_figures(values, preset)
            self._profiles.put(msgspec.structs.replace(now, limits=preset, figures=figures))

    def _change(self, profile: Profile) -> None:
        """Keep it; the account in view is signed in anew, so that its session goes by it."""
        self._profiles.put(profile)
        program = self._program
        if self._is_in_view(profile):
            if profile.read_only and program.view is not None:
                program.view.session.hold_read_only()  # at once, whatever keeps the account from leaving
            program.reopen()

    async def _test(self) -> None:
        profile = self._profile()
        if profile is None:
            return
        detail = self._page.detail
        detail.say_key("")
        detail.show_busy("Asking…")
        try:
            said = await self._ask(profile)
        finally:
            detail.show_busy("")
        if self._chosen != profile.profile_id:
            return
        if isinstance(said, AccountFacts):
            self._facts[profile.profile_id] = said
            detail.say_key("", "\n".join(said.advice))
            self._profiles.put(msgspec.structs.replace(profile, attested_until_s=said.attested_until_s))
        else:
            detail.say_key(said.sentence if isinstance(said, VaultFault) else failed_sentence(said))

    async def _ask(self, profile: Profile) -> AccountFacts | CheckFailed | VaultFault:
        key = await self._vault.load(profile)
        if isinstance(key, VaultFault):
            return key
        environment = environment_of(profile)
        proxy = "" if environment.is_here else self._program.settings.proxy
        return await check_account(environment, profile.key_id, key, proxy=proxy)

    async def _make_key(self) -> None:
        """A new key in place of the old one, which is revoked."""
        profile, detail = self._profile(), self._page.detail
        if profile is None or not await self._ask_about(profile, "account.new_key.question", *_NEW_KEY):
            return
        detail.say_key("")
        detail.show_busy("Making a key…")
        proxy = "" if environment_of(profile).is_here else self._program.settings.proxy
        try:
            change = await change_key(profile, self._vault, self._profiles.put, proxy=proxy)
        finally:
            detail.show_busy("")
        self._facts.pop(profile.profile_id, None)
        self._show()
        if change.kind is ChangeKind.CHANGED:
            detail.say_key("", change.sentence)
        else:
            detail.say_key(change.sentence)
        if change.kind is not ChangeKind.OLD_STANDS and self._is_in_view(profile):
            self._program.reopen()

    async def _remove(self) -> None:
        """Out of the keyring first: a profile goes only when its key is gone."""
        profile = self._profile()
        if profile is None or not await self._ask_about(profile, "account.remove.question", *_REMOVE):
            return
        fault = await self._vault.remove(profile)
        if fault is not None:
            self._page.detail.say_key(f"{fault.sentence} The account was kept.")
            return
        was_in_view = self._is_in_view(profile)
        self._profiles.drop(profile.profile_id)
        if was_in_view:
            self._program.switch("")

    async def _ask_about(
        self, profile: Profile, name: str, title: str, sentences: tuple[str, ...], yes: str
    ) -> bool:
        question = Question(
            name,
            title.format(name=profile.name),
            sentences,
            yes=yes,
            no="Keep",
            mark=mark_of(profile),
            parent=self._page.window(),
        )
        return await ask_and_forget(question)

    def _is_in_view(self, profile: Profile) -> bool:
        return self._program.host.mark.profile_id == profile.profile_id

    # A new account, or another key.

    def _add(self) -> None:
        self._begin_form("Add an account", None)

    def _replace(self) -> None:
        profile = self._profile()
        if profile is not None:
            self._begin_form(f"Another key for {profile.name}", profile)

    def _begin_form(self, title: str, replacing: Profile | None) -> None:
        self._end_form()
        program = self._program
        self._connecting = ConnectPresenter(
            self._page.show_form(title),
            profiles=self._profiles,
            vault=self._vault,
            settings=program.settings,
            owner=program.owner,
            replacing=replacing,
        )
        self._connecting.connected.connect(self._connected)
        self._show()

    def _connected(self, profile_id: str) -> None:
        self._choose(profile_id)
        self._program.switch(profile_id)

    def _end_form(self) -> None:
        if self._connecting is not None:
            self._connecting.close()
            self._connecting = None
