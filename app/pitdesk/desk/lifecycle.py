"""What the stream says of a market's life, put into the market (FACTS §14, §15)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.markets import Market, MarketStatus

if TYPE_CHECKING:
    from pitdesk.kalshi.stream import LifecycleNews

_LIVE = (MarketStatus.INITIALIZED, MarketStatus.ACTIVE, MarketStatus.INACTIVE, MarketStatus.UNKNOWN)


def after_news(market: Market, news: LifecycleNews) -> Market:
    """``market`` as it is after ``news``; an event that we do not know changes only what it names."""
    status = _status(market.status, news)
    return replace(
        market,
        status=status,
        status_word=status.value if status is not market.status else market.status_word,
        open_ms=market.open_ms if news.open_ms is None else news.open_ms,
        close_ms=market.close_ms if news.close_ms is None else news.close_ms,
        result=market.result if news.result is None else news.result,
        price_ranges=news.price_ranges or market.price_ranges,
    )


def _status(before: MarketStatus, news: LifecycleNews) -> MarketStatus:
    if news.event == "settled":
        return MarketStatus.FINALIZED
    if news.event == "determined":
        return MarketStatus.DETERMINED
    if before not in _LIVE:  # a pause is told of open markets only; nothing brings an ended one back
        return before
    if news.is_deactivated is not None:
        return MarketStatus.INACTIVE if news.is_deactivated else MarketStatus.ACTIVE
    return {"activated": MarketStatus.ACTIVE, "deactivated": MarketStatus.INACTIVE}.get(news.event, before)
