"""The control interface: faults on demand and the exchange's own log, for whoever holds the control token.

It is served where the exchange is, on loopback only, below ``/practice``; every call carries the token in
``PRACTICE-CONTROL``. Bodies and answers are told in ``resources/help/practice.md``.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from pitdesk.practice import faults
from pitdesk.practice.keys import write_private
from pitdesk.practice.market_desk import BadStep, MarketDesk
from pitdesk.practice.reading import Query, read_object
from pitdesk.practice.trouble import ArmedFault, BadFault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pitdesk.practice.floor import Floor
    from pitdesk.practice.records import OrderRecord
    from pitdesk.practice.request_log import RequestLog
    from pitdesk.practice.trouble_desk import TroubleDesk

CONTROL_PATH = "/practice"
TOKEN_HEADER = "PRACTICE-CONTROL"  # noqa: S105 (the header's name)
TOKEN_NAME = "control-token"  # noqa: S105 (the file's name)


def new_token(folder: Path) -> str:
    """A token for this run, also in ``folder`` for its owner's eyes."""
    token = secrets.token_urlsafe(24)
    write_private(folder / TOKEN_NAME, f"{token}\n".encode())
    return token


class ControlRoutes:
    """Arm, list and clear faults; read the log."""

    def __init__(self, token: str, desk: TroubleDesk, log: RequestLog, floor: Floor) -> None:
        self._token = token.encode()
        self._desk = desk
        self._log = log
        self._exchange = floor.exchange
        self._world = floor.world

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.post(f"{CONTROL_PATH}/faults", self._arm),
            web.get(f"{CONTROL_PATH}/faults", self._list),
            web.delete(f"{CONTROL_PATH}/faults", self._clear),
            web.delete(f"{CONTROL_PATH}/faults/{{number}}", self._clear),
            web.post(f"{CONTROL_PATH}/news", self._tell_news),
            web.get(f"{CONTROL_PATH}/log", self._read_log),
            web.post(f"{CONTROL_PATH}/reset", self._reset),
            web.post(f"{CONTROL_PATH}/markets", self._step),
        ]

    def _must_hold_token(self, request: web.Request) -> None:
        shown = request.headers.get(TOKEN_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._token):
            raise faults.nested(403, "forbidden", "forbidden", f"{TOKEN_HEADER} must carry the control token")

    async def _reset(self, request: web.Request) -> web.Response:
        """Every person's account starts again; keys and used client order ids stay."""
        self._must_hold_token(request)
        people = [one for one in self._exchange.engine.accounts.values() if not one.simulated]
        for account in people:
            self._exchange.reset_account(account)
        return _answer({"reset": len(people)})

    async def _step(self, request: web.Request) -> web.Response:
        """One step of a market's life."""
        self._must_hold_token(request)
        fields = await read_object(request, "MarketStep")
        try:
            MarketDesk(self._exchange).step(fields)
        except BadStep as wrong:
            raise faults.nested(400, "invalid_parameters", "invalid parameters", str(wrong)) from None
        return _answer({})

    async def _arm(self, request: web.Request) -> web.Response:
        self._must_hold_token(request)
        fields = await read_object(request, "Fault")
        try:
            fault = self._desk.arm_fields(fields)
        except BadFault as wrong:
            raise faults.nested(400, "invalid_parameters", "invalid parameters", str(wrong)) from None
        return _answer({"fault": _told(fault)}, 201)

    async def _list(self, request: web.Request) -> web.Response:
        self._must_hold_token(request)
        return _answer({"faults": [_told(fault) for fault in self._desk.armed]})

    async def _clear(self, request: web.Request) -> web.Response:
        self._must_hold_token(request)
        text = request.match_info.get("number")
        if text is None:
            return _answer({"cleared": self._desk.clear()})
        cleared = self._desk.clear(int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else 0
        if not cleared:
            raise faults.not_found()
        return _answer({"cleared": cleared})

    async def _tell_news(self, request: web.Request) -> web.Response:
        self._must_hold_token(request)
        fields = await read_object(request, "News")
        ticker, worth = fields.get("market"), fields.get("worth")
        try:
            number = worth if isinstance(worth, int | float) and not isinstance(worth, bool) else 0.0
            self._world.news(str(ticker), number)
        except KeyError:
            raise faults.not_found() from None
        except ValueError as wrong:
            raise faults.nested(400, "invalid_parameters", "invalid parameters", str(wrong)) from None
        return web.Response(status=204)

    async def _read_log(self, request: web.Request) -> web.Response:
        self._must_hold_token(request)
        query = Query(request.query, "GetPracticeLog")
        after_order = query.integer("after_order", 0) or 0
        after_request = query.integer("after_request", 0) or 0
        people = [account for account in self._exchange.engine.accounts.values() if not account.simulated]
        orders = sorted(
            (order for account in people for order in account.history if order.seq > after_order),
            key=lambda order: order.seq,
        )
        fills = [fill for account in people for fill in account.fills]
        return _answer(
            {
                "orders": [_logged(order.record()) for order in orders],
                "fills": [
                    {
                        "trade_id": fill.trade_id,
                        "order_id": fill.order_id,
                        "ticker": fill.ticker,
                        "count": fill.count.to_wire(),
                        "yes_price": fill.yes_price.to_wire(),
                        "fee": fill.fee.to_wire(),
                        "created_ms": fill.created_ms,
                    }
                    for fill in fills
                ],
                "requests": list(self._log.rows(after_request)),
            }
        )


def _logged(order: OrderRecord) -> dict[str, object]:
    """An accepted order as it is now, whatever its owner was told."""
    return {
        "number": order.seq,
        "order_id": order.order_id,
        "client_order_id": order.client_order_id,
        "user_id": order.user_id,
        "ticker": order.ticker,
        "side": order.side.value,
        "price": order.yes_price.to_wire(),
        "initial_count": order.initial_count.to_wire(),
        "fill_count": order.fill_count.to_wire(),
        "remaining_count": order.remaining_count.to_wire(),
        "status": order.status.value,
        "last_update_reason": order.last_update_reason,
        "created_ms": order.created_ms,
        "updated_ms": order.updated_ms,
    }


def _told(fault: ArmedFault) -> dict[str, object]:
    return {
        "id": fault.number,
        "kind": fault.kind.value,
        "left": fault.left,
        "met": fault.met,
        "asked": fault.asked,
    }


def _answer(body: dict[str, object] | Iterable[object], status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), status=status, content_type=faults.JSON_TYPE)
