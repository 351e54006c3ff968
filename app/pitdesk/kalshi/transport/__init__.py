"""Requests that say what became of them: whether anything was sent, and what came back.

The only package that imports ``requests``, and only when the first request is made: the window is up first.
"""

from __future__ import annotations

from pitdesk.kalshi.transport.transport import Timing, Transport

__all__ = ["Timing", "Transport"]
