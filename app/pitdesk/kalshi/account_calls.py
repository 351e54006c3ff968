"""The account's own API keys: how the exchange lists them, the calls that make and revoke one (FACTS §2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.kalshi.calls import Calls
from pitdesk.kalshi.classify import CallKind
from pitdesk.kalshi.key_import import KeyImportError, read_key
from pitdesk.kalshi.wire import api_keys
from pitdesk.kalshi.wire.base import decode, encode

if TYPE_CHECKING:
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.kalshi.reply import Reply
    from pitdesk.kalshi.secret_key import SecretKey

TRADING_SCOPES = ("read", "write::trade")
"""All that trading needs, and nothing that moves money (FACTS §2)."""


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """One key as the exchange lists it. ``subaccount``: the one it is locked to, None for all."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    subaccount: int | None

    @property
    def may_trade(self) -> bool:
        """Whether it may place and cancel orders."""
        return bool({"write", "write::trade"} & set(self.scopes))

    @property
    def may_transfer(self) -> bool:
        """Whether it may move money."""
        return bool({"write", "write::transfer"} & set(self.scopes))


@dataclass(frozen=True, slots=True)
class ApiKeyList:
    """``attested_until_s``: Unix seconds until which the account's location counts; None where never said."""

    keys: tuple[ApiKeyRecord, ...]
    attested_until_s: int | None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made: the exchange does not show it a second time."""

    key_id: str
    key: SecretKey


class AccountCalls(Calls):
    """The keys of one account."""

    async def generate_api_key(self, name: str, subaccount: int | None) -> CallOutcome[NewApiKey]:
        """Make an Ed25519 key that may read and trade, in one subaccount alone where one is named."""
        request = api_keys.GenerateApiKeyRequest(
            name=name, key_type="ed25519", scopes=TRADING_SCOPES, subaccount=subaccount
        )
        return await self._write(
            "POST",
            "/api_keys/generate",
            _new_key,
            kind=CallKind.CHANGE,
            statuses=(200, 201),
            body=encode(request),
        )

    async def delete_api_key(self, key_id: str) -> CallOutcome[None]:
        """Revoke a key. It opens nothing from then on."""
        return await self._write(
            "DELETE", "/api_keys/{}", _nothing, key_id, kind=CallKind.CHANGE, statuses=(200, 204)
        )


def parse_keys(reply: Reply) -> ApiKeyList:
    """The list as answered. Raises :class:`pitdesk.kalshi.wire.base.WireError`."""
    body = decode(reply.body, api_keys.ApiKeysAnswer)
    keys = tuple(ApiKeyRecord(key.api_key_id, key.name, key.scopes, key.subaccount) for key in body.api_keys)
    return ApiKeyList(keys, body.api_key_region_expiration_ts)


def _new_key(reply: Reply) -> NewApiKey:
    body = decode(reply.body, api_keys.GenerateApiKeyAnswer)
    try:
        return NewApiKey(body.api_key_id, read_key(body.private_key))
    except KeyImportError:
        raise ValueError("the new key cannot be read") from None


def _nothing(reply: Reply) -> None:
    return None
