"""A new key for an account in place of its old one: made, tried, stored, and only then the old one revoked.

At every point one of the two opens the account, and what could not be done is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pitdesk.desk.account_check import CheckFailed, check_account
from pitdesk.kalshi.account_calls import AccountCalls, NewApiKey
from pitdesk.kalshi.outcomes import Accepted, Unknown
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from pitdesk.profiles import environment_of
from pitdesk.vault import VaultFault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.secret_key import SecretKey
    from pitdesk.profile import Profile
    from pitdesk.vault import Vault

Result = TypeVar("Result")
_MAKING_SCOPE = "write"


class ChangeKind(Enum):
    """How it ended."""

    CHANGED = "changed"  # the new key is in use, the old one opens nothing any more
    OLD_STANDS = "old stands"  # nothing changed: the account goes on with its old key
    BOTH_OPEN = "both open"  # the new key is in use, and the old one could not be revoked


@dataclass(frozen=True, slots=True)
class KeyChange:
    """``sentence`` tells what happened and what is left to do."""

    kind: ChangeKind
    sentence: str


def may_make_keys(scopes: tuple[str, ...]) -> bool:
    """Whether a key with these scopes may make and revoke keys: only an unrestricted one may (FACTS §2)."""
    return _MAKING_SCOPE in scopes


async def change_key(
    profile: Profile, vault: Vault, keep: Callable[[Profile], object], *, proxy: str = ""
) -> KeyChange:
    """Make a key that may read and trade, put it in place of the profile's, and revoke the old one.

    ``keep`` is told the changed profile as soon as the keyring holds the new key.
    """
    old = await vault.load(profile)
    if isinstance(old, VaultFault):
        return _stands(old.sentence)
    environment = environment_of(profile)
    made = await _with_key(
        environment,
        profile.key_id,
        old,
        proxy,
        lambda calls: calls.generate_api_key(f"Pitdesk {profile.name}", profile.subaccount),
    )
    if not isinstance(made, Accepted):
        left = " A new key may have been made: look at the exchange's API page."
        return _stands(f"{made.sentence}{left if isinstance(made, Unknown) else ''}")
    return await _use(profile, vault, keep, old, made.value, proxy)


async def _use(
    profile: Profile,
    vault: Vault,
    keep: Callable[[Profile], object],
    old: SecretKey,
    new: NewApiKey,
    proxy: str,
) -> KeyChange:
    """Try the new key, store it, revoke the old one."""
    environment = environment_of(profile)
    checked = await check_account(environment, new.key_id, new.key, proxy=proxy)
    if isinstance(checked, CheckFailed):
        gone = await _revoke(environment, profile.key_id, old, new.key_id, proxy)
        return _stands(f"The new key does not work yet. {checked.sentence}{_left(new.key_id, gone)}")
    fault = await vault.store(profile, new.key)
    if fault is not None:
        gone = await _revoke(environment, profile.key_id, old, new.key_id, proxy)
        if await vault.store(profile, old) is not None:
            vault.remember(profile, old)
        return _stands(f"{fault.sentence}{_left(new.key_id, gone)}")
    changed = msgspec.structs.replace(
        profile,
        key_id=new.key_id,
        key_kind=new.key.kind,
        fingerprint=new.key.fingerprint,
        attested_until_s=checked.attested_until_s,
        in_keyring=True,
    )
    keep(changed)
    # The old key, which may make and revoke keys, takes itself away: the new one may not.
    if await _revoke(environment, profile.key_id, old, profile.key_id, proxy):
        return KeyChange(ChangeKind.CHANGED, "The new key is in use, and the old one is revoked.")
    return KeyChange(
        ChangeKind.BOTH_OPEN,
        "The new key is in use. The old one could not be revoked: revoke it on the exchange's API page. "
        f"Its id begins with {profile.key_id[:8]}.",
    )


async def _revoke(environment: Environment, by_id: str, by: SecretKey, key_id: str, proxy: str) -> bool:
    said = await _with_key(environment, by_id, by, proxy, lambda calls: calls.delete_api_key(key_id))
    return isinstance(said, Accepted)


async def _with_key(
    environment: Environment,
    key_id: str,
    key: SecretKey,
    proxy: str,
    ask: Callable[[AccountCalls], Awaitable[Result]],
) -> Result:
    signer = Signer(key_id, key, environment=environment)
    transport = Transport(environment, signer, proxy=proxy)
    try:
        return await ask(AccountCalls(transport, Pacer()))
    finally:
        await transport.close()


def _stands(sentence: str) -> KeyChange:
    return KeyChange(ChangeKind.OLD_STANDS, f"{sentence} The account goes on with its old key.")


def _left(key_id: str, gone: bool) -> str:
    if gone:
        return ""
    return f" The new key was left on the exchange: revoke the one whose id begins with {key_id[:8]}."
