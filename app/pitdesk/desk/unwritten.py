"""The one notice that says that the journal cannot be written, whoever met it first."""

from __future__ import annotations

from pitdesk.notices import Notice, Severity

UNWRITTEN = "journal unwritten"
"""The key under which it stands until something could be written."""


def unwritten_notice(why: str) -> Notice:
    """``why`` is the journal's own sentence."""
    return Notice(
        "The journal could not be written.",
        "Cancels still work. New orders wait until it can be.",
        why,
        Severity.ERROR,
        key=UNWRITTEN,
    )
