"""Requests and answers about money within the account (openapi portfolio, FACTS §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.kalshi.wire.base import Wire

if TYPE_CHECKING:
    from pitdesk.practice.transfers import TransferRecord

_CENT = 10_000


class NewSubaccount(Wire, frozen=True, kw_only=True):
    """openapi CreateSubaccountRequest."""

    exchange_index: int | None = None


class CreatedSubaccount(Wire, frozen=True, kw_only=True):
    """openapi CreateSubaccountResponse."""

    subaccount_number: int


class SubaccountTransferRequest(Wire, frozen=True, kw_only=True):
    """openapi ApplySubaccountTransferRequest."""

    client_transfer_id: str
    from_subaccount: int
    to_subaccount: int
    amount_cents: int
    exchange_index: int | None = None


class IntraTransferRequest(Wire, frozen=True, kw_only=True):
    """openapi IntraExchangeInstanceTransferRequest; ``amount`` is in hundredths of a cent."""

    source: str
    destination: str
    amount: int
    client_transfer_id: str | None = None
    source_exchange_shard: int | None = None
    destination_exchange_shard: int | None = None
    source_subaccount: int | None = None
    destination_subaccount: int | None = None


class NettingRequest(Wire, frozen=True, kw_only=True):
    """openapi UpdateSubaccountNettingRequest."""

    subaccount_number: int
    enabled: bool


class SubaccountBalanceBody(Wire, frozen=True, kw_only=True):
    """openapi SubaccountBalance."""

    subaccount_number: int
    exchange_index: int
    balance: str
    updated_ts: int


class SubaccountBalancesAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSubaccountBalancesResponse."""

    subaccount_balances: tuple[SubaccountBalanceBody, ...]


class SubaccountTransferBody(Wire, frozen=True, kw_only=True):
    """openapi SubaccountTransfer."""

    transfer_id: str
    from_subaccount: int
    to_subaccount: int
    amount_cents: int
    created_ts: int
    exchange_index: int


class IntraTransferBody(Wire, frozen=True, kw_only=True):
    """openapi IntraExchangeInstanceTransfer."""

    transfer_id: str
    source: str
    destination: str
    source_exchange_shard: int
    destination_exchange_shard: int
    amount: str
    status: str
    created_ts: int
    client_transfer_id: str | None = None


class SubaccountTransfersAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSubaccountTransfersResponse."""

    transfers: tuple[SubaccountTransferBody, ...]
    cursor: str


class IntraTransfersAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetIntraExchangeInstanceTransfersResponse."""

    transfers: tuple[IntraTransferBody, ...]
    cursor: str


class IntraTransferAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetIntraExchangeInstanceTransferResponse."""

    transfer: IntraTransferBody


class TransferredAnswer(Wire, frozen=True, kw_only=True):
    """openapi IntraExchangeInstanceTransferResponse."""

    transfer_id: str


class NettingBody(Wire, frozen=True, kw_only=True):
    """openapi SubaccountNettingConfig."""

    subaccount_number: int
    enabled: bool
    exchange_index: int


class NettingAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSubaccountNettingResponse."""

    netting_configs: tuple[NettingBody, ...]


def subaccount_transfer_body(record: TransferRecord) -> SubaccountTransferBody:
    """openapi SubaccountTransfer: whole cents."""
    return SubaccountTransferBody(
        transfer_id=record.transfer_id,
        from_subaccount=record.from_subaccount,
        to_subaccount=record.to_subaccount,
        amount_cents=record.amount.units // _CENT,
        created_ts=record.created_ms // 1000,
        exchange_index=record.from_shard,
    )


def intra_transfer_body(record: TransferRecord) -> IntraTransferBody:
    """openapi IntraExchangeInstanceTransfer."""
    return IntraTransferBody(
        transfer_id=record.transfer_id,
        source="event_contract",
        destination="event_contract",
        source_exchange_shard=record.from_shard,
        destination_exchange_shard=record.to_shard,
        amount=record.amount.to_wire(4),
        status="complete" if record.done else "pending",
        created_ts=record.created_ms // 1000,
        client_transfer_id=record.client_transfer_id or None,
    )
