"""What the form holds, and which sentence of the core belongs to which of its fields. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.dialect import Dialect
from pitdesk.kalshi.environment import AddressError, Environment, custom
from pitdesk.kalshi.key_text import check_key_id
from pitdesk.profile import ProfileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pitdesk.desk.account_check import CheckFailed
    from pitdesk.profile import Profile


class Place(Enum):
    """A place of the form that a sentence can stand at. The value is what :class:`ProfileError` calls it."""

    ENVIRONMENT = "environment"
    ADDRESS = "address"
    NAME = "name"
    KEY_ID = "key_id"
    KEY = "key"
    PASSPHRASE = "passphrase"  # noqa: S105 (the name of a field)
    SUBACCOUNT = "subaccount"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Entry:
    """The form as typed."""

    kind: ProfileKind
    address: str
    dialect: Dialect
    name: str
    key_id: str
    subaccount: str
    passphrase: str


ENVIRONMENTS = {
    ProfileKind.DEMO: (
        "Demo",
        "Kalshi's test exchange, with play money. It takes keys made on Kalshi's demo site.",
    ),
    ProfileKind.LIVE: ("Live", "Real money. It takes keys made on kalshi.com, under Account → API keys."),
    ProfileKind.CUSTOM: (
        "Other…",
        "Another exchange that speaks as Kalshi does, such as one on this computer.",
    ),
}
DIALECTS = {Dialect.CURRENT: "Current", Dialect.CLASSIC: "Classic, as Kalshi's was in late 2025"}
_NO_ADDRESS = "The address is missing. One looks like https://exchange.example:8443."
_CHECK_PLACES = {
    "UNKNOWN_KEY_ID": Place.KEY_ID,
    "OTHER_ENVIRONMENT": Place.ENVIRONMENT,
    "WRONG_KEY": Place.KEY,
}


def default_name(kind: ProfileKind, profiles: Iterable[Profile]) -> str:
    """``Demo``, or ``Demo 2`` where that is taken."""
    word = {ProfileKind.DEMO: "Demo", ProfileKind.LIVE: "Live", ProfileKind.CUSTOM: "Custom"}[kind]
    taken = {each.name.casefold() for each in profiles}
    names = (word if number == 1 else f"{word} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name.casefold() not in taken)


def read_subaccount(text: str) -> int | None:
    """A subaccount's number as typed; None for an empty field. Raises ValueError with a plain sentence."""
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed[:4]) <= 63):
        raise ValueError("A subaccount is a whole number from 0 to 63. Leave it empty for the main account.")
    return int(typed)


def entry_problems(entry: Entry) -> dict[Place, str]:
    """What is wrong with each field by itself; that the name is free and all fits together comes after."""
    found: dict[Place, str] = {}
    if entry.kind is ProfileKind.CUSTOM:
        if not entry.address.strip():
            found[Place.ADDRESS] = _NO_ADDRESS
        else:
            _try(found, Place.ADDRESS, lambda: custom(entry.address))
    _try(found, Place.KEY_ID, lambda: check_key_id(entry.key_id))
    _try(found, Place.SUBACCOUNT, lambda: read_subaccount(entry.subaccount))
    return found


def _try(found: dict[Place, str], place: Place, read: Callable[[], object]) -> None:
    try:
        read()
    except ValueError as error:
        found[place] = str(error)


def said_once(warnings: Sequence[str]) -> str:
    """Several warnings in one text; advice that all of them end in is given once, at the end."""
    parts = [warning.split(". ") for warning in warnings]
    last = parts[-1][1:] if parts else []
    whats = [part[:1] if part[1:] == last else part for part in parts]
    return " ".join(". ".join(each).rstrip(".") + "." for each in (*whats, last) if each)


def address_warning(text: str) -> str:
    """What is to be known before signing for an address; empty while it is not an address."""
    try:
        environment: Environment = custom(text)
    except AddressError:
        return ""
    if not environment.is_real:
        return f"Requests signed with this key go to {environment.shown_host}, a program on this computer."
    return (
        f"Requests signed with this key go to {environment.shown_host}. Whoever runs that host sees your "
        "orders and may place others in your name there. Go on only if you trust it."
    )


def failed_place(failed: CheckFailed, kind: ProfileKind) -> Place:
    """Where a failed check is to be said: at the field that would mend it, else above the button."""
    found = _CHECK_PLACES.get(failed.trouble.name)
    if found is not None:
        return found
    if kind is ProfileKind.CUSTOM and failed.trouble.name in ("NOT_THE_EXCHANGE", "NO_NETWORK", "NO_ANSWER"):
        return Place.ADDRESS
    return Place.FOOT


def failed_sentence(failed: CheckFailed) -> str:
    """What is wrong, what to do, and the exchange's own words where it had any."""
    said = f"The exchange said: “{failed.detail}”" if failed.detail else ""
    return " ".join(filter(None, (failed.sentence, failed.advice, said)))
