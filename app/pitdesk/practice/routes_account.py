"""The member's API keys, usage level and limits (openapi account, api-keys; FACTS §2, §12)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire.account import AccountLimitsAnswer, BucketLimitBody, UsageGrantBody
from pitdesk.kalshi.wire.base import Wire
from pitdesk.practice import refusals
from pitdesk.practice.buckets import TIERS
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.keys import new_pair, public_from_pem
from pitdesk.practice.limiter import COSTS
from pitdesk.practice.member_keys import SCOPES
from pitdesk.practice.reading import as_struct, read_object
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import COUNT_ZERO

if TYPE_CHECKING:
    from pitdesk.practice.buckets import BucketSize
    from pitdesk.practice.key_desk import KeyDesk
    from pitdesk.practice.member_keys import KeyRecord

_KEYS = f"{BASE_PATH}/api_keys"
_ACCOUNT = f"{BASE_PATH}/account"
_MONTH_MS = 30 * 86_400_000
_KINDS = ("rsa", "ed25519")


class NewKey(Wire, frozen=True, kw_only=True):
    """openapi GenerateApiKeyRequest and CreateApiKeyRequest, less the scopes, which are a list."""

    name: str
    key_type: str | None = None
    public_key: str | None = None
    subaccount: int | None = None


class KeyBody(Wire, frozen=True, kw_only=True):
    """openapi ApiKey."""

    api_key_id: str
    name: str
    scopes: tuple[str, ...]
    subaccount: int | None = None


class KeysAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetApiKeysResponse."""

    api_keys: tuple[KeyBody, ...]


class GeneratedKey(Wire, frozen=True, kw_only=True):
    """openapi GenerateApiKeyResponse."""

    api_key_id: str
    private_key: str
    key_type: str


class CreatedKey(Wire, frozen=True, kw_only=True):
    """openapi CreateApiKeyResponse."""

    api_key_id: str


class VolumeProgress(Wire, frozen=True, kw_only=True):
    """openapi AccountApiUsageLevelVolumeProgress; no level is earned by volume here."""

    computed_ts: int
    trailing_30d_volume_fp: str
    goals: tuple[str, ...]


class VolumeProgressAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetAccountApiUsageLevelVolumeProgressResponse."""

    volume_progress: tuple[VolumeProgress, ...]


class AccountRoutes:
    """Signed in; the costs are everybody's."""

    def __init__(self, floor: Floor, desk: KeyDesk) -> None:
        self._floor = floor
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(_KEYS, self._keys),
            web.post(_KEYS, self._create),
            web.post(f"{_KEYS}/generate", self._generate),
            web.delete(f"{_KEYS}/{{api_key}}", self._delete),
            web.get(f"{_ACCOUNT}/limits", self._limits),
            web.get(f"{_ACCOUNT}/endpoint_costs", self._costs),
            web.post(f"{_ACCOUNT}/api_usage_level/upgrade", self._upgrade),
            web.get(f"{_ACCOUNT}/api_usage_level/volume_progress", self._volume),
        ]

    async def _keys(self, request: web.Request) -> web.Response:
        keys = self._floor.account_of(request).keys.values()
        return answer(KeysAnswer(api_keys=tuple(map(_key_body, keys))))

    async def _read(self, request: web.Request, name: str) -> tuple[NewKey, list[str] | None]:
        fields = await read_object(request, name)
        scopes = fields.pop("scopes", None)
        if scopes is not None and not (
            isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)
        ):
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "scopes must be a list of words")
        if fields.pop("fcm_subtrader_id", None) is not None:
            raise ExchangeRefusal(refusals.FORBIDDEN, "fcm_subtrader_id is for FCM members")
        return as_struct(fields, NewKey, name), scopes

    def _must_hold(self, request: web.Request, scopes: list[str] | None) -> None:
        """A key makes no key that may do more than itself."""
        key = self._floor.caller_of(request).key
        wanted = ("read", "write") if scopes is None else scopes
        if key is not None and not all(key.allows(scope) for scope in wanted if scope in SCOPES):
            raise ExchangeRefusal(refusals.FORBIDDEN, "the API key lacks a scope that it would grant")

    async def _generate(self, request: web.Request) -> web.Response:
        body, scopes = await self._read(request, "GenerateApiKeyRequest")
        self._must_hold(request, scopes)
        kind = body.key_type or "rsa"
        if kind not in _KINDS:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "key_type must be rsa or ed25519")
        private, public = await asyncio.to_thread(new_pair, use_rsa=kind == "rsa")
        record = self._desk.add(self._floor.account_of(request), body.name, public, scopes, body.subaccount)
        made = GeneratedKey(api_key_id=record.key_id, private_key=private, key_type=kind)
        return answer(made, 201)

    async def _create(self, request: web.Request) -> web.Response:
        account = self._floor.account_of(request)
        if not self._desk.tier_of(account).is_at_least(TIERS["premier"]):
            raise ExchangeRefusal(refusals.FORBIDDEN, "uploading keys needs the Premier API usage level")
        body, scopes = await self._read(request, "CreateApiKeyRequest")
        self._must_hold(request, scopes)
        public = public_from_pem((body.public_key or "").encode())
        if public is None:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "public_key must be an RSA or Ed25519 PEM")
        record = self._desk.add(account, body.name, public, scopes, body.subaccount)
        return answer(CreatedKey(api_key_id=record.key_id), 201)

    async def _delete(self, request: web.Request) -> web.Response:
        self._desk.delete(self._floor.account_of(request), request.match_info["api_key"])
        return web.Response(status=204)

    async def _limits(self, request: web.Request) -> web.Response:
        account = self._floor.account_of(request)
        tier = self._desk.tier_of(account)
        grants = (
            UsageGrantBody(exchange_instance="event_contract", level=grant.level, source=grant.source)
            for grant in account.grants
        )
        return answer(
            AccountLimitsAnswer(
                usage_tier=tier.name,
                read=_bucket_body(tier.read),
                write=_bucket_body(tier.write),
                grants=tuple(grants),
            )
        )

    async def _costs(self, _request: web.Request) -> web.Response:
        return answer(COSTS)

    async def _upgrade(self, request: web.Request) -> web.Response:
        self._desk.upgrade(self._floor.account_of(request))
        return web.Response(status=201)

    async def _volume(self, request: web.Request) -> web.Response:
        now_ms = self._floor.clock.wall_ms()
        fills = self._floor.account_of(request).fills
        volume = sum((fill.count for fill in fills if fill.created_ms > now_ms - _MONTH_MS), COUNT_ZERO)
        progress = VolumeProgress(
            computed_ts=now_ms // 1000, trailing_30d_volume_fp=volume.to_wire(), goals=()
        )
        return answer(VolumeProgressAnswer(volume_progress=(progress,)))


def _key_body(key: KeyRecord) -> KeyBody:
    return KeyBody(
        api_key_id=key.key_id,
        name=key.name,
        scopes=tuple(key.scopes.split()),
        subaccount=key.subaccount,
    )


def _bucket_body(size: BucketSize) -> BucketLimitBody:
    return BucketLimitBody(refill_rate=size.refill_rate, bucket_capacity=size.capacity)
