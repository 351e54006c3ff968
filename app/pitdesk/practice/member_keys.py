"""What a member's API keys may do, and the grants of a higher usage level (FACTS §2, §10)."""

from __future__ import annotations

from dataclasses import dataclass

SCOPES = (
    "read",
    "write",
    "read::block_trade_accept",
    "read::portfolio_balance",
    "write::trade",
    "write::transfer",
    "write::fcm_risk",
    "write::block_trade_accept",
)
FULL_ACCESS = ("read", "write")


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key (openapi ApiKey). ``scopes`` are separated by blanks; ``subaccount`` locks it to one;
    ``public_pem`` verifies what it signs."""

    key_id: str
    user_id: str
    name: str
    public_pem: str
    scopes: str
    subaccount: int | None
    created_ms: int
    deleted: bool = False

    def allows(self, scope: str) -> bool:
        """Whether a call that needs ``scope`` may be signed with it: a parent scope grants its children."""
        held = self.scopes.split()
        return scope in held or scope.partition("::")[0] in held


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """A usage level that was granted (openapi ApiUsageLevelGrant)."""

    user_id: str
    level: str
    source: str
