"""What the exchange says of a key, as rows of caption, value and role. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk_ui.took import took

if TYPE_CHECKING:
    from pitdesk.desk.account_check import AccountFacts

_FAR_OFF_MS = 1_000
Row = tuple[str, str, str]


def fact_rows(facts: AccountFacts, key_kind: str) -> tuple[Row, ...]:
    """The lines of a checked key."""
    named = f"{facts.key_name} · {key_kind}" if facts.key_name else key_kind
    return (
        ("Key", named, "value"),
        ("May", rights(facts), "value" if facts.may_trade else "warning"),
        ("Subaccount", "All" if facts.subaccount is None else f"{facts.subaccount} only", "value"),
        ("Location confirmed", attestation(facts.attested_until_s), "value"),
        ("Clock", clock(facts.clock_offset_ms), "value"),
        ("Answered in", took(facts.round_trip_ms), "value"),
    )


def rights(facts: AccountFacts) -> str:
    """What the key may do, with the exchange's own words for it."""
    words = ["read"]
    words += ["trade"] if facts.may_trade else []
    words += ["transfer money"] if facts.may_transfer else []
    told = ", ".join(words).capitalize()
    return f"{told} ({', '.join(facts.scopes)})" if facts.scopes else told


def attestation(until_s: int | None) -> str:
    """Until when the exchange takes the person's location as confirmed."""
    if until_s is None:
        return "The exchange does not say"
    when = datetime.fromtimestamp(until_s, tz=UTC).astimezone()
    return f"Until {when:%b} {when.day}, {when.year}, {when:%H:%M} {when.tzname()}"


def clock(offset_ms: int | None) -> str:
    """How far this computer's clock is from the exchange's."""
    if offset_ms is None:
        return "Not measured"
    if abs(offset_ms) < _FAR_OFF_MS:
        return "Agrees with the exchange's"
    way = "behind" if offset_ms > 0 else "ahead of"
    return f"{abs(offset_ms) / 1000:.1f} s {way} the exchange's; corrected"


def stored_sentence(keyring: str, from_file: str) -> str:
    """Where the key is now, and what to do with the file it came from."""
    where = (
        f"The key is stored in {keyring}."
        if keyring
        else "The key is remembered until Pitdesk is closed; at the next start you import it again."
    )
    if not from_file or not keyring:
        return where
    return (
        f"{where} You can delete {from_file} now. Copies may remain in backups and on the disk; if the "
        "file was ever shared, make a new key."
    )
