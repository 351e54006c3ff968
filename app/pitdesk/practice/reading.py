"""How a request is read: its JSON body and its query, each refused in the exchange's own words (FACTS §3).

The exchange decodes bodies strictly by type: a JSON number where a string is due is an error that names the
field. Fields that are not known are ignored, and a null counts as absent.
"""

from __future__ import annotations

import types
from functools import cache
from typing import TYPE_CHECKING, TypeVar, get_args, get_type_hints

import msgspec
from aiohttp import web

from pitdesk.kalshi.wire.base import Wire
from pitdesk.practice import faults
from pitdesk.practice.request_log import remember_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multidict import MultiMapping

Body = TypeVar("Body", bound=Wire)

_INT64 = range(-(2**63), 2**63)
_GO_NAMES: Mapping[type, str] = {str: "string", int: "int64", bool: "bool"}


async def read_object(request: web.Request, go_name: str) -> dict[str, object]:
    """The body as a JSON object; ``go_name`` is the exchange's name of it. Raises :class:`faults.Fault`."""
    if request.content_type.lower() != faults.JSON_TYPE:
        raise faults.flat(400, "invalid_content_type", "Content-Type must be application/json")
    try:
        data = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise faults.flat(400, "bad_request", "http: request body too large") from None
    remember_body(request, data)
    return as_object(_parse(data), go_name)


def _parse(data: bytes) -> object:
    if not data.strip():
        raise faults.flat(400, "bad_request", "EOF")
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise faults.flat(400, "bad_request", f"invalid JSON: {str(error)[:100]}") from None


def as_object(value: object, go_name: str) -> dict[str, object]:
    """``value`` if it is a JSON object, its nulls left out; a null is an empty object."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        text = f"json: cannot unmarshal {_kind(value)} into Go value of type {go_name}"
        raise faults.flat(400, "bad_request", text)
    return {name: field for name, field in value.items() if field is not None}


def as_struct(fields: dict[str, object], kind: type[Body], go_name: str) -> Body:
    """``fields`` as the request struct ``kind``, every field of its own type and every required one there."""
    known = _scalar_fields(kind)
    for name, value in fields.items():
        if name in known and not _fits(value, known[name]):
            raise _wrong_type(value, go_name, name, known[name])
    for name in _required_fields(kind):
        if fields.get(name) in (None, ""):
            raise faults.nested(400, "invalid_parameters", "invalid parameters", f"{name} is required")
    return msgspec.convert({name: fields[name] for name in fields if name in known}, kind)


@cache
def _required_fields(kind: type[Wire]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required)


@cache
def _scalar_fields(kind: type[Wire]) -> dict[str, type]:
    """Each field's name and its type without the ``| None``."""
    return {name: _bare_type(hint) for name, hint in get_type_hints(kind).items()}


def _bare_type(hint: object) -> type:
    options = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    found = next(option for option in options if option is not types.NoneType)
    return found if isinstance(found, type) else object


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and value in _INT64
    return type(value) is kind


def _wrong_type(value: object, go_name: str, name: str, kind: type) -> faults.Fault:
    said = _kind(value)
    if said == "number" and kind is int:
        said = f"number {value}"[:60]
    text = f"json: cannot unmarshal {said} into Go struct field {go_name}.{name} of type {_GO_NAMES[kind]}"
    return faults.flat(400, "bad_request", text)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


class Query:
    """The query of one request. ``operation`` is the exchange's name of the call, used in its complaints."""

    def __init__(self, query: MultiMapping[str], operation: str) -> None:
        self._query = query
        self._operation = operation

    def text(self, name: str) -> str | None:
        """The parameter, or None where it is absent or empty."""
        return self._query.get(name) or None

    def required(self, name: str) -> str:
        """The parameter, which must be there."""
        value = self.text(name)
        if value is None:
            raise faults.bare(f"Query argument {name} is required, but not found")
        return value

    def word(self, name: str, words: Sequence[str]) -> str | None:
        """The parameter if it is one of ``words``."""
        value = self.text(name)
        if value is not None and value not in words:
            raise self._invalid(name, "oneof")
        return value

    def integer(self, name: str, lowest: int | None = None, highest: int | None = None) -> int | None:
        """The parameter as a whole number within its limits; nothing is clamped (FACTS §7)."""
        value = self.text(name)
        if value is None:
            return None
        number = self._number(name, value)
        if lowest is not None and number < lowest:
            raise self._invalid(name, "gte")
        if highest is not None and number > highest:
            raise self._invalid(name, "lte")
        return number

    def need_integer(self, name: str) -> int:
        """The whole number, which must be there."""
        return self._number(name, self.required(name))

    def flag(self, name: str) -> bool:
        """The parameter as true or false; absent is false."""
        value = self.text(name)
        if value not in (None, "true", "false", "1", "0"):
            raise faults.bare(f"Invalid format for parameter {name}: strconv.ParseBool: invalid syntax")
        return value in ("true", "1")

    def comma_list(self, name: str, most: int = 100) -> frozenset[str]:
        """The parameter's comma-separated words; empty where it is absent."""
        words = frozenset(filter(None, (self._query.get(name) or "").split(",")))
        if len(words) > most:
            raise self._invalid(name, "max")
        return words

    def repeated(self, name: str, most: int = 100) -> tuple[str, ...]:
        """The parameter given once for each value."""
        values = tuple(filter(None, self._query.getall(name, [])))
        if len(values) > most:
            raise self._invalid(name, "max")
        return values

    def _number(self, name: str, value: str) -> int:
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            raise faults.bare(
                f"Invalid format for parameter {name}: error binding string parameter: "
                f'strconv.ParseInt: parsing "{value[:40]}": invalid syntax'
            )
        return int(value)

    def _invalid(self, name: str, tag: str) -> faults.Fault:
        field = "".join(part.capitalize() for part in name.split("_"))
        return faults.bare(
            f"Parameter validation failed for {self._operation}: Key: '{self._operation}Params.{field}' "
            f"Error:Field validation for '{field}' failed on the '{tag}' tag"
        )
