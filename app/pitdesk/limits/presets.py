"""The figures proposed for accounts of different sizes ($1,000, $10,000 and $100,000)."""

from __future__ import annotations

from pitdesk.limits.model import LimitValues
from pitdesk.profile import LimitsPreset
from pitdesk.quantities import Count, Dollars

_SIZES = {
    LimitsPreset.SMALL: "About $1,000",
    LimitsPreset.MEDIUM: "About $10,000",
    LimitsPreset.LARGE: "About $100,000",
}
_VALUES = {
    LimitsPreset.SMALL: LimitValues(
        contracts_confirm=Count.of(100),
        contracts_hard=Count.of(1_000),
        cost_confirm=Dollars.of(50),
        cost_hard=Dollars.of(250),
        batch_cost_confirm=Dollars.of(50),
        batch_cost_hard=Dollars.of(250),
        open_orders_hard=100,
        open_in_market_confirm=20,
        market_cost_confirm=Dollars.of(250),
        market_cost_hard=Dollars.of(500),
        event_cost_confirm=Dollars.of(500),
        event_cost_hard=Dollars.of(1_000),
        day_spend_confirm=Dollars.of(500),
        day_spend_hard=Dollars.of(1_000),
        day_loss_confirm=Dollars.of(125),
        day_loss_hard=Dollars.of(250),
    ),
    LimitsPreset.MEDIUM: LimitValues(),
    LimitsPreset.LARGE: LimitValues(
        contracts_confirm=Count.of(10_000),
        contracts_hard=Count.of(100_000),
        cost_confirm=Dollars.of(5_000),
        cost_hard=Dollars.of(25_000),
        batch_cost_confirm=Dollars.of(5_000),
        batch_cost_hard=Dollars.of(25_000),
        open_orders_hard=1_000,
        open_in_market_confirm=200,
        market_cost_confirm=Dollars.of(25_000),
        market_cost_hard=Dollars.of(50_000),
        event_cost_confirm=Dollars.of(50_000),
        event_cost_hard=Dollars.of(100_000),
        day_spend_confirm=Dollars.of(50_000),
        day_spend_hard=Dollars.of(100_000),
        day_loss_confirm=Dollars.of(12_500),
        day_loss_hard=Dollars.of(25_000),
    ),
}


def describe(preset: LimitsPreset) -> str:
    """The size of account that the preset is for, as a person chooses it."""
    return _SIZES[preset]


def limit_values(preset: LimitsPreset) -> LimitValues:
    """The figures of a preset. The smallest is the strictest, and the default."""
    return _VALUES[preset]
