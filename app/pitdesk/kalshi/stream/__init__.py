"""The exchange's WebSocket: subscriptions, sequence, liveness, and what it says as the desk's records.

The only package that imports ``websockets``, and only when it first connects: the window is up first.
"""

from __future__ import annotations

from pitdesk.kalshi.stream.news import FillNews, LifecycleNews
from pitdesk.kalshi.stream.stream import Stream, StreamState, StreamTiming
from pitdesk.kalshi.stream.subscriptions import LIFECYCLE, TRADES

__all__ = ["LIFECYCLE", "TRADES", "FillNews", "LifecycleNews", "Stream", "StreamState", "StreamTiming"]
