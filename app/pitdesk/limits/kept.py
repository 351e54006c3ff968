"""Figures as the settings keep them: as text, and only those that are not the preset's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.limits.figures import fault_of, read, tell
from pitdesk.limits.in_force import names
from pitdesk.limits.presets import limit_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pitdesk.limits.model import LimitValues
    from pitdesk.profile import LimitsPreset


def own_figures(values: LimitValues, preset: LimitsPreset) -> dict[str, str]:
    """The figures of ``values`` that are not those of ``preset``."""
    usual = limit_values(preset)
    found = {name: getattr(values, name) for name in names()}
    return {name: tell(name, value) for name, value in found.items() if value != getattr(usual, name)}


def values_of(preset: LimitsPreset, own: Mapping[str, str]) -> LimitValues:
    """The figures of ``preset``, but for those of one's own. Raises ValueError for what can be none."""
    unknown = own.keys() - frozenset(names())
    if unknown:
        raise ValueError(f"no such limits: {sorted(unknown)}")
    values = replace(limit_values(preset), **{name: read(name, text) for name, text in own.items()})
    fault = fault_of(values)
    if fault is not None:
        raise ValueError(fault[1])
    return values
