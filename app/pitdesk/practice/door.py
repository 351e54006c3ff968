"""The door every request passes: who asks, whether the bucket holds, and what an error looks like."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.practice import auth, faults
from pitdesk.practice.floor import BASE_PATH, remember_caller
from pitdesk.practice.limiter import Limiter, is_charged_later
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.scopes import check_scope
from pitdesk.practice.stream_endpoint import STREAM_PATH

if TYPE_CHECKING:
    from pitdesk.practice.durability import Durability

_LOG = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PRIVATE = (
    f"{BASE_PATH}/portfolio/",
    f"{BASE_PATH}/account/limits",
    f"{BASE_PATH}/account/api_usage_level",
    f"{BASE_PATH}/api_keys",
    f"{BASE_PATH}/historical/fills",
    f"{BASE_PATH}/historical/orders",
    f"{BASE_PATH}/historical/positions",
    STREAM_PATH,
)


class Door:
    """Admits, limits, gives errors their shape, and lets no answer out before it is durable."""

    def __init__(self, doorkeeper: auth.Doorkeeper, limiter: Limiter, durability: Durability) -> None:
        self._doorkeeper = doorkeeper
        self._limiter = limiter
        self._durability = durability

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Around every handler."""
        response = await self._guarded(request, handler)
        if not response.prepared:
            try:
                await self._durability.settled()
            except OSError:
                return _error(faults.inside())
        return response

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._admit(request)
            return await handler(request)
        except ExchangeRefusal as refusal:
            details = refusal.details or None
            return _error(faults.nested(refusal.http_status, refusal.code, refusal.message, details))
        except faults.Fault as fault:
            return _error(fault)
        except web.HTTPMethodNotAllowed:
            return _error(faults.nested(405, "method_not_allowed", "method not allowed"))
        except web.HTTPException as other:
            return _error(_fault_of(other))
        except Exception:  # noqa: BLE001 (the guard around every request)
            _LOG.exception("%s %s failed.", request.method, request.path)
            return _error(faults.inside())

    def _admit(self, request: web.Request) -> None:
        """Know the caller where the call needs one or shows one, and take the call's tokens."""
        is_private = request.path.startswith(_PRIVATE)
        if not (is_private or auth.KEY_HEADER in request.headers):
            return
        signed_path = request.raw_path.partition("?")[0]
        caller = self._doorkeeper.admit(request.headers, request.method, signed_path)
        remember_caller(request, caller)
        if is_private:
            check_scope(caller, request.method, request.path.removeprefix(BASE_PATH))
        if not is_charged_later(request):
            self._limiter.spend(caller.user_id, request, exchange_index=_named_index(request))


def _named_index(request: web.Request) -> int:
    """The exchange index in the query; zero where there is none."""
    text = request.query.get("exchange_index", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _fault_of(other: web.HTTPException) -> faults.Fault:
    """What the server itself refused, in the exchange's shape."""
    if other.status == 404:
        return faults.not_found()
    if other.status < 500:
        return faults.nested(other.status, "bad_request", "bad request", other.text)
    return faults.inside()


def _error(fault: faults.Fault) -> web.Response:
    return web.Response(body=fault.body, status=fault.http_status, content_type=faults.JSON_TYPE)
