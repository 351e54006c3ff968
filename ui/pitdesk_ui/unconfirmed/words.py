"""What is said of an order whose fate is not known. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk_ui.instants import time_of_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.desk.look_up import CheckStanding

HEADLINE = "Unknown – may be live."
ADVICE = (
    "Sent, but not answered. Each is looked up by its own ID until its outcome is known, and counts in full "
    "until then. Pitdesk never sends an order again by itself; do not send it again by hand."
)


def sent_text(row: BlotterRow, standing: CheckStanding | None) -> str:
    """``Sent 14:03:07, Buy 10 Yes at 56¢, up to $5.60.``"""
    sent_ms = standing.sent_ms if standing is not None else row.created_ms
    return f"Sent {time_of_day(sent_ms)}, {row.sentence()}, up to {row.committed}."


def check_text(standing: CheckStanding | None, exchange: str) -> str:
    """``Checking with Kalshi (attempt 4), next in 7 s.``"""
    if standing is None:
        return f"Waiting to be checked with {exchange}."
    began = f"Checking with {exchange} (attempt {standing.attempt})"
    return f"{began} now…" if standing.next_in_s is None else f"{began}, next in {standing.next_in_s:.0f} s."


def found_text(standing: CheckStanding | None, now_ms: int) -> str:
    """What is known so far, and until when that proves nothing."""
    if standing is None or not standing.said:
        return ""
    if now_ms < standing.provable_ms:
        until = time_of_day(standing.provable_ms)
        return f"{standing.said} A late copy could still arrive until {until}."
    return f"{standing.said} Its absence is being proved."


def banner_text(rows: Sequence[BlotterRow], label: str) -> str:
    """One line for the window: the first order, and how many more. ``label`` names its market."""
    first = rows[0]
    others = f" and {len(rows) - 1:,} more" if len(rows) > 1 else ""
    return f"{HEADLINE}  {first.sentence()} · {label}{others}."


def details_text(row: BlotterRow, standing: CheckStanding | None, label: str) -> str:
    """Everything that helps to ask somebody about the order. Nothing of it is secret."""
    sent_ms = standing.sent_ms if standing is not None else row.created_ms
    lines = [
        f"Order not confirmed: {row.sentence()}, up to {row.committed}",
        f"Market: {label} ({row.ticker})",
        f"Client order id: {row.key}",
        f"Sent: {_utc(sent_ms)}",
        f"Time in force: {row.time_in_force}",
    ]
    if row.expires_ms is not None:
        lines.append(f"Expires: {_utc(row.expires_ms)}")
    if standing is not None:
        lines.append(f"Checks: {standing.attempt}. {standing.said}".rstrip())
        lines.append(f"Absence can be proved from: {_utc(standing.provable_ms)}")
    return "\n".join(lines)


def _utc(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
