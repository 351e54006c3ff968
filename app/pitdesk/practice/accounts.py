"""Accounts: cash, positions and what resting orders hold back."""

from __future__ import annotations


class Account:
    """One member. ``simulated`` marks the participants of the living market."""

    user_id: str
    simulated: bool
