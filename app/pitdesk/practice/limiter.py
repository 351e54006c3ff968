"""Token buckets at the door: what each call costs and who has run out (FACTS §12)."""

from __future__ import annotations

from aiohttp import web

from pitdesk.clock import Clock
from pitdesk.practice import faults
from pitdesk.practice.buckets import UserBuckets, cost_of


class Limiter:
    """Reads and writes of each user have a bucket of their own; an empty one refuses with 429."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._users: dict[str, UserBuckets] = {}

    def spend(self, user_id: str, request: web.Request) -> None:
        """Take what ``request`` costs; a batch is charged once its items are counted."""
        resource = request.match_info.route.resource
        if resource is None or resource.canonical.endswith("/batched"):
            return
        self._spend(user_id, request.method, cost_of(request.method, resource.canonical))

    def spend_batch(self, user_id: str, method: str, path: str, items: int) -> None:
        """Take the cost of a whole batch at once: it fits or nothing of it is done (FACTS §5)."""
        self._spend(user_id, method, items * cost_of(method, path))
