"""Records as rows of text and back: fields by name, quantities by units, words by value."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from enum import Enum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from pitdesk.quantities import Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Callable

_QUANTITIES = (Price, Count, Dollars)


class _Record(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Kind = TypeVar("_Kind", bound=_Record)


def to_text(record: _Record) -> str:
    """One record as JSON."""
    return json.dumps({field.name: _plain(getattr(record, field.name)) for field in fields(record)})


def from_text(text: str, kind: type[_Kind]) -> _Kind:
    """The record that :func:`to_text` wrote. KeyError or ValueError where it is not one."""
    held = json.loads(text)
    newer = _with_default(kind)
    return kind(
        **{
            name: read(held[name])
            for name, read in _readers(kind).items()
            if name in held or name not in newer
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, _QUANTITIES):
        return value.units
    return value.value if isinstance(value, Enum) else value


@cache
def _with_default(kind: type[_Record]) -> frozenset[str]:
    """Fields that an older file need not have."""
    return frozenset(field.name for field in fields(kind) if field.default is not MISSING)


@cache
def _readers(kind: type[_Record]) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
        inner = _reader(hint)
        return lambda value: None if value is None else inner(value)
    if isinstance(hint, type) and (issubclass(hint, Enum) or hint in _QUANTITIES):
        return hint
    return _same


def _same(value: Any) -> Any:
    return value
