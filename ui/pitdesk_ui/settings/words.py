"""How the settings tell limits, keys and moments. Pure."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk.limits.presets import describe
from pitdesk.profile import LimitsPreset, ProfileKind
from pitdesk.profiles import ProfileError, environment_of
from pitdesk_ui.connect.entry import DIALECTS
from pitdesk_ui.connect.facts import attestation, clock, rights
from pitdesk_ui.took import took

if TYPE_CHECKING:
    from pitdesk.desk.account_check import AccountFacts
    from pitdesk.profile import Profile
    from pitdesk_ui.connect.facts import Row


def limits_choices() -> tuple[tuple[LimitsPreset, str], ...]:
    """The presets with the size of account that each is for."""
    return tuple((preset, describe(preset)) for preset in LimitsPreset)


def limits_standing(waits_s: float) -> str:
    """Whether the limits chosen are in force; ``waits_s`` seconds from now they are."""
    if not waits_s:
        return "These limits are in force."
    seconds = math.ceil(waits_s)
    return f"What was raised is in force in {seconds} s. Until then the limits before it hold."


def key_rows(profile: Profile, facts: AccountFacts | None, *, remembered: bool) -> tuple[Row, ...]:
    """What is known of a profile's key; ``facts`` as the last test of this session found them."""
    try:
        host = environment_of(profile).shown_host
    except ProfileError as error:
        host = str(error)
    kept = "In the system's keyring" if profile.in_keyring else "In memory, until Pitdesk is closed"
    if not profile.in_keyring and not remembered:
        kept = "Nowhere now: import it when this account is opened"
    if profile.kind is ProfileKind.CUSTOM:
        host += f" · {DIALECTS[profile.dialect].partition(',')[0].lower()} interface"
    rows: list[Row] = [
        ("Exchange", host, "value"),
        ("Key ID", profile.key_id, "value"),
        ("Key", " · ".join(filter(None, (profile.key_kind, profile.fingerprint))) or "Not known", "value"),
        ("Kept", kept, "value"),
        ("Last used", moment(profile.last_used_ms), "value"),
        ("Location confirmed", attestation(profile.attested_until_s), "value"),
    ]
    if facts is not None:
        rows += [
            ("May", rights(facts), "value" if facts.may_trade else "warning"),
            ("Subaccount", "All" if facts.subaccount is None else f"{facts.subaccount} only", "value"),
            ("Clock", clock(facts.clock_offset_ms), "value"),
            ("Answered in", f"{took(facts.round_trip_ms)}, just now", "positive"),
        ]
    elif profile.subaccount is not None:
        rows.append(("Subaccount", f"{profile.subaccount}", "value"))
    return tuple(rows)


def moment(when_ms: int | None) -> str:
    """A moment in the person's zone; None is never."""
    if when_ms is None:
        return "Never"
    when = datetime.fromtimestamp(when_ms / 1000, tz=UTC).astimezone()
    return f"{when:%b} {when.day}, {when.year}, {when:%H:%M} {when.tzname()}"
