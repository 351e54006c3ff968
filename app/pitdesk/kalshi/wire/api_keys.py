"""The account's API keys as the exchange lists and makes them (FACTS §2)."""

from __future__ import annotations

from pitdesk.kalshi.wire.base import Wire


class ApiKeyBody(Wire, frozen=True, kw_only=True):
    """openapi ApiKey."""

    api_key_id: str
    name: str
    scopes: tuple[str, ...]
    subaccount: int | None = None


class ApiKeysAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetApiKeysResponse. The time is in Unix seconds."""

    api_keys: tuple[ApiKeyBody, ...]
    api_key_region_expiration_ts: int | None = None


class GenerateApiKeyRequest(Wire, frozen=True, kw_only=True):
    """openapi GenerateApiKeyRequest."""

    name: str
    key_type: str | None = None
    scopes: tuple[str, ...] | None = None
    subaccount: int | None = None


class GenerateApiKeyAnswer(Wire, frozen=True, kw_only=True):
    """openapi GenerateApiKeyResponse. ``private_key`` is shown this once, for the vault alone."""

    api_key_id: str
    private_key: str
    key_type: str | None = None
    warning: str | None = None

    def __repr__(self) -> str:
        return f"GenerateApiKeyAnswer({self.api_key_id!r})"
