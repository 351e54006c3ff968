"""A member's API keys and usage level: made, listed, deleted, granted (FACTS §2, §10)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from pitdesk.practice import refusals
from pitdesk.practice.auth import KnownKey
from pitdesk.practice.buckets import BASIC, TIERS, Tier
from pitdesk.practice.facts import GrantChanged, KeyChanged
from pitdesk.practice.keys import public_from_pem, public_pem
from pitdesk.practice.member_keys import FULL_ACCESS, SCOPES, GrantRecord, KeyRecord
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.keys import PracticeKey, PublicKey

_ADVANCED = "advanced"
_LONGEST_NAME = 128
_MOST_KEYS = 1_000


class KeyDesk:
    """``known`` is what the doorkeeper checks by. The first key of an account is in its state folder and
    stays; ``tier`` is what everybody has at least."""

    def __init__(self, exchange: Exchange, tier: Tier = BASIC) -> None:
        self.known: dict[str, KnownKey] = {}
        self._exchange = exchange
        self._tier = tier
        self._first: dict[str, str] = {}

    def welcome(self, account: Account, first: PracticeKey) -> None:
        """Know an account's keys."""
        record = KeyRecord(
            first.key_id,
            account.user_id,
            "Practice",
            public_pem(first.public),
            " ".join(FULL_ACCESS),
            None,
            0,
        )
        self._first[account.user_id] = first.key_id
        account.keys = {record.key_id: record} | account.keys
        self.known[record.key_id] = KnownKey(first.public, account.user_id, record)
        for kept in account.keys.values():
            if kept.key_id != first.key_id:
                public = public_from_pem(kept.public_pem.encode())
                if public is not None:
                    self.known[kept.key_id] = KnownKey(public, account.user_id, kept)

    def add(
        self,
        account: Account,
        name: str,
        public: PublicKey,
        scopes: Sequence[str] | None,
        subaccount: int | None,
    ) -> KeyRecord:
        """A new key; ExchangeRefusal 400 for words that are none."""
        _check(account, name, scopes, subaccount)
        record = KeyRecord(
            str(uuid.uuid4()),
            account.user_id,
            name,
            public_pem(public),
            " ".join(dict.fromkeys(FULL_ACCESS if scopes is None else scopes)),
            subaccount,
            self._exchange.clock.wall_ms(),
        )
        account.keys[record.key_id] = record
        self.known[record.key_id] = KnownKey(public, account.user_id, record)
        self._exchange.facts.emit(KeyChanged(record))
        return record

    def delete(self, account: Account, key_id: str) -> None:
        """Take a key away; 404 where it is not there, 400 for the account's own first key."""
        record = account.keys.get(key_id)
        if record is None:
            raise ExchangeRefusal(refusals.NOT_FOUND, "api key not found")
        if key_id == self._first[account.user_id]:
            raise ExchangeRefusal(refusals.BAD_REQUEST, "the practice account keeps its first key")
        del account.keys[key_id], self.known[key_id]
        self._exchange.facts.emit(KeyChanged(_deleted(record)))

    def tier_of(self, account: Account) -> Tier:
        """The account's usage level."""
        granted = (TIERS[grant.level] for grant in account.grants)
        return max((self._tier, *granted), key=lambda tier: tier.write.refill_rate)

    def upgrade(self, account: Account) -> None:
        """To Advanced for good, once one order was placed here (FACTS §10); 403 before."""
        if not account.history:
            raise ExchangeRefusal(refusals.FORBIDDEN, "none of the last 100 orders was created via API")
        if not any(grant.level == _ADVANCED for grant in account.grants):
            grant = GrantRecord(account.user_id, _ADVANCED, "manual")
            account.grants.append(grant)
            self._exchange.facts.emit(GrantChanged(grant))


def _deleted(record: KeyRecord) -> KeyRecord:
    return KeyRecord(record.key_id, record.user_id, record.name, "", "", None, record.created_ms, True)


def _check(account: Account, name: str, scopes: Sequence[str] | None, subaccount: int | None) -> None:
    problem = ""
    if not name.strip() or len(name) > _LONGEST_NAME:
        problem = f"name must have 1 to {_LONGEST_NAME} characters"
    elif scopes is not None and (not scopes or any(scope not in SCOPES for scope in scopes)):
        problem = f"scopes must be some of {', '.join(SCOPES)}"
    elif scopes is not None and "write" in scopes and "read" not in scopes:
        problem = "the write scope needs the read scope"
    elif subaccount is not None and subaccount not in account.subaccounts:
        problem = "subaccount does not exist"
    elif len(account.keys) >= _MOST_KEYS:
        problem = f"at most {_MOST_KEYS} api keys"
    if problem:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, problem)
