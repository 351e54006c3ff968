"""Every call of the exchange's REST interface that the desk makes, as one object.

Each returns an outcome of the desk's own records (:mod:`pitdesk.kalshi.outcomes`): nothing is raised for
what the exchange or the network does.
"""

from __future__ import annotations

from pitdesk.kalshi.batch_calls import BatchCalls
from pitdesk.kalshi.history_calls import HistoryCalls
from pitdesk.kalshi.market_calls import MarketCalls
from pitdesk.kalshi.portfolio_calls import PortfolioCalls
from pitdesk.kalshi.records import (
    AccountLimits,
    AmendedOrder,
    Balance,
    BucketLimit,
    CanceledOrder,
    CreatedOrder,
    DecreasedOrder,
    EndpointCosts,
    ExchangeState,
    Schedule,
)

__all__ = [
    "AccountLimits",
    "AmendedOrder",
    "Balance",
    "BucketLimit",
    "CanceledOrder",
    "CreatedOrder",
    "DecreasedOrder",
    "EndpointCosts",
    "ExchangeState",
    "Rest",
    "Schedule",
]


class Rest(MarketCalls, PortfolioCalls, HistoryCalls, BatchCalls):
    """The signed client of one exchange."""
