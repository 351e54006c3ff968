"""Damage of the journal that a person has not looked at yet: files put aside, and a chain that was broken.

What was acknowledged is a line of the journal itself, for each account that trades by it. So a damage
outlasts restarts until somebody has said that they saw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pitdesk.journal.records import OpenReport
    from pitdesk.journal.store import Store

KIND, ACKNOWLEDGED = "damage", "ACKNOWLEDGED"


@dataclass(frozen=True, slots=True)
class Damage:
    """One damage. ``name`` tells it from others; ``file`` is where what was found is kept."""

    name: str
    file: Path
    sentence: str


def damages_of(path: Path, report: OpenReport) -> tuple[Damage, ...]:
    """All that there is beside the journal at ``path`` and, as it was opened, in it; the oldest first."""
    found = [
        Damage(aside.name, aside, "The journal was damaged, and a new one was begun.")
        for aside in sorted(path.parent.glob(f"{path.name}.bad-*"))
        if not aside.name.endswith(("-wal", "-shm"))
    ]
    if report.tampered_at is not None:
        line = f"line {report.tampered_at}"
        sentence = f"The journal was changed by something else than Pitdesk, at {line}."
        found.append(Damage(line, path, sentence))
    return tuple(found)


def acknowledged(store: Store, environment: str) -> frozenset[str]:
    """The names of what was acknowledged for one account."""
    query = "SELECT subject FROM event WHERE kind = ? AND to_state = ? AND cause = ?"
    return frozenset(row[0] for row in store.read(query, (KIND, ACKNOWLEDGED, environment)))
