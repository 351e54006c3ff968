"""Records of money that moved within one account, and of what its settled markets paid (FACTS §10)."""

from __future__ import annotations

from dataclasses import dataclass

from pitdesk.quantities import Count, Dollars

__all__ = ["SettlementRecord", "SubaccountRecord", "TransferRecord"]


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """One move of cash from a subaccount and exchange index to another.

    Within one index it is done at once (openapi SubaccountTransfer); between two it is under way until
    ``done`` (openapi IntraExchangeInstanceTransfer). ``client_transfer_id`` is empty where none was given.
    """

    seq: int
    transfer_id: str
    user_id: str
    client_transfer_id: str
    from_subaccount: int
    to_subaccount: int
    from_shard: int
    to_shard: int
    amount: Dollars
    created_ms: int
    done: bool

    @property
    def within_one_index(self) -> bool:
        """Whether it is listed among the subaccount transfers."""
        return self.from_shard == self.to_shard


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """One holding that was paid out (openapi Settlement). ``value`` is what one Yes contract paid."""

    seq: int
    user_id: str
    subaccount: int
    ticker: str
    event_ticker: str
    exchange_index: int
    result: str
    yes_count: Count
    no_count: Count
    yes_cost: Dollars
    no_cost: Dollars
    revenue: Dollars
    fees: Dollars
    value: Dollars
    settled_ms: int


@dataclass(frozen=True, slots=True)
class SubaccountRecord:
    """One numbered subaccount, or the setting of the primary one."""

    user_id: str
    number: int
    netting: bool
    created_ms: int
