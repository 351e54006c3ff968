"""Small things that outlast a restart beside orders, fills and cash: each a record under its kind and key."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.markets import FeeSchedule, MarketStatus
from pitdesk.practice.facts import (
    EventFeesChanged,
    FeesPlanned,
    GrantChanged,
    GroupChanged,
    KeyChanged,
    MarketChanged,
    PaidOut,
    SubaccountChanged,
    Transferred,
)
from pitdesk.practice.groups import GroupRecord
from pitdesk.practice.ledger_rows import from_text, to_text
from pitdesk.practice.member_keys import GrantRecord, KeyRecord
from pitdesk.practice.records import FeeChange
from pitdesk.practice.transfers import SettlementRecord, SubaccountRecord, TransferRecord
from pitdesk.quantities import Price

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.practice.facts import Fact

# Outlast a reset of the account, too.
LASTING = ("key", "grant")
Key = tuple[str, str, str]
_NOBODY = ""


@dataclass(frozen=True, slots=True)
class MarketState:
    """What happened to a market otherwise than by time. ``grid`` is its label."""

    ticker: str
    status: MarketStatus
    close_ms: int
    result: str
    value: Price | None
    settled_ms: int | None
    grid: str


@dataclass(frozen=True, slots=True)
class EventFees:
    """An event's fee override; an empty ``fee_type`` clears it. The multiplier is a fraction as text."""

    event_ticker: str
    fee_type: str
    multiplier: str

    @property
    def override(self) -> FeeSchedule | None:
        """As the engine takes it."""
        return FeeSchedule(self.fee_type, Fraction(self.multiplier)) if self.fee_type else None


@dataclass(frozen=True, slots=True)
class PlannedFees(EventFees):
    """A change of an event's fees, done or to come."""

    change_id: str
    seq: int
    at_ms: int

    @property
    def change(self) -> FeeChange:
        """As the fee desk takes it."""
        return FeeChange(self.change_id, self.seq, self.event_ticker, self.override, self.at_ms)


_KINDS = {
    "group": GroupRecord,
    "transfer": TransferRecord,
    "settlement": SettlementRecord,
    "subaccount": SubaccountRecord,
    "key": KeyRecord,
    "grant": GrantRecord,
    "market": MarketState,
    "event_fees": EventFees,
    "planned_fees": PlannedFees,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``body`` None takes it away; ``seq`` orders lines of a kind."""

    key: Key
    seq: int
    body: str | None


def row_of(fact: Fact) -> Row | None:  # noqa: PLR0911 (one line for each fact)
    """What has to be kept of a fact."""
    match fact:
        case GroupChanged(group):
            return _row("group", group.user_id, group.group_id, group.seq, None if group.deleted else group)
        case Transferred(record):
            return _row("transfer", record.user_id, record.transfer_id, record.seq, record)
        case PaidOut(paid):
            return _row("settlement", paid.user_id, str(paid.seq), paid.seq, paid)
        case SubaccountChanged(found):
            return _row("subaccount", found.user_id, str(found.number), found.number, found)
        case KeyChanged(key):
            return _row("key", key.user_id, key.key_id, key.created_ms, None if key.deleted else key)
        case GrantChanged(grant):
            return _row("grant", grant.user_id, grant.level, 0, grant)
        case MarketChanged():
            return _market_row(fact)
        case EventFeesChanged(ticker, override):
            return _row("event_fees", _NOBODY, ticker, 0, EventFees(ticker, *_words(override)))
        case FeesPlanned(change):
            what = (change.event_ticker, *_words(change.override))
            planned = PlannedFees(*what, change.change_id, change.seq, change.at_ms)
            return _row("planned_fees", _NOBODY, change.change_id, change.seq, planned)
        case _:
            return None


def _words(override: FeeSchedule | None) -> tuple[str, str]:
    return (override.fee_type, str(override.multiplier)) if override is not None else ("", "0")


def _market_row(change: MarketChanged) -> Row | None:
    if not change.event_type or change.listed is None:
        return None
    settled_ms = change.ts_ms if change.status is MarketStatus.FINALIZED else None
    state = MarketState(
        change.ticker,
        change.status,
        change.close_ms,
        change.result,
        change.value,
        settled_ms,
        change.listed.grid.value,
    )
    return _row("market", _NOBODY, change.ticker, 0, state)


def _row(kind: str, user_id: str, key: str, seq: int, record: _Record | None) -> Row:
    return Row((kind, user_id, key), seq, None if record is None else to_text(record))


_Record = (
    GroupRecord
    | TransferRecord
    | SettlementRecord
    | SubaccountRecord
    | KeyRecord
    | GrantRecord
    | MarketState
    | EventFees
    | PlannedFees
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that was kept, by kind, oldest first."""

    groups: list[GroupRecord]
    transfers: list[TransferRecord]
    settlements: list[SettlementRecord]
    subaccounts: list[SubaccountRecord]
    keys: list[KeyRecord]
    grants: list[GrantRecord]
    markets: list[MarketState]
    event_fees: list[EventFees]
    planned_fees: list[PlannedFees]


def read_rows(rows: Iterable[tuple[str, str]]) -> Kept:
    """From kind and body. KeyError or ValueError where they are not what was written."""
    found: dict[str, list[object]] = {kind: [] for kind in _KINDS}
    for kind, body in rows:
        found[kind].append(from_text(body, _KINDS[kind]))
    return Kept(*found.values())  # type: ignore[arg-type]
