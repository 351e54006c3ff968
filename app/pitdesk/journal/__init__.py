"""The journal: every intent on disk before its request leaves, and every state it was in afterwards."""

from pitdesk.journal.damage import Damage
from pitdesk.journal.journal import Journal
from pitdesk.journal.ledger import ActionStep, Statement, Submission
from pitdesk.journal.records import JournaledIntent, JournalError, JournalEvent, OpenReport
from pitdesk.journal.states import IntentState

__all__ = [
    "ActionStep",
    "Damage",
    "IntentState",
    "Journal",
    "JournalError",
    "JournalEvent",
    "JournaledIntent",
    "OpenReport",
    "Statement",
    "Submission",
]
