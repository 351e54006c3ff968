"""What every struct of the wire shares, and the one way from bytes to a struct and back."""

from __future__ import annotations

from typing import TypeVar

import msgspec


class Wire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body or message. Optional fields are left out when unset; fields that we do not know are ignored,
    because this interface grows monthly."""


class WireError(ValueError):
    """Bytes that are not the struct they should be. The text names the first fault, for the log."""


Struct = TypeVar("Struct", bound=object)

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(body: Wire) -> bytes:
    """The JSON bytes of ``body``: what is hashed in the journal and what is sent."""
    return _ENCODER.encode(body)


def decode(data: bytes | str, kind: type[Struct]) -> Struct:
    """``data`` as a ``kind``; raises :class:`WireError` on anything else, however malformed.

    NaN, lone surrogates, wrong types and missing fields are refused.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise WireError(str(error)[:200]) from None
