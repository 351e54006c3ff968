"""What every route stands on: the engine, the living market, the accounts and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire.base import Wire, encode
from pitdesk.practice import refusals
from pitdesk.practice.answers_portfolio import order_body
from pitdesk.practice.auth import Caller
from pitdesk.practice.faults import JSON_TYPE
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.scopes import subaccount_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pitdesk.clock import Clock
    from pitdesk.practice.accounts import Account
    from pitdesk.practice.exchange import Exchange
    from pitdesk.practice.listings import ListedMarket
    from pitdesk.practice.records import OrderRecord
    from pitdesk.practice.world import World

BASE_PATH = "/trade-api/v2"
_CALLER = web.RequestKey("caller", Caller)


@dataclass(frozen=True, slots=True)
class Floor:
    """The trading floor: handed to each group of routes. ``accounts`` is by user id; ``tell_order`` is how an
    order is told when it is read."""

    exchange: Exchange
    world: World
    accounts: Mapping[str, Account]
    clock: Clock
    tell_order: Callable[[OrderRecord], object] = order_body

    def caller_of(self, request: web.Request) -> Caller:
        """Who signed the request."""
        return request[_CALLER]

    def subaccount_of(self, request: web.Request, named: int | None) -> int | None:
        """The subaccount that a call is about: the named one, and for a restricted key its own; 403 for
        another."""
        return subaccount_for(request[_CALLER], named)

    def account_of(self, request: web.Request) -> Account:
        """The account of the signed-in caller."""
        return self.accounts[request[_CALLER].user_id]

    @property
    def shards(self) -> tuple[int, ...]:
        """Every exchange index something is listed on; 0 always is."""
        listed = {market.exchange_index for market in self.exchange.catalogue.markets.values()}
        return tuple(sorted(listed | {0}))

    def listed(self, ticker: str) -> ListedMarket:
        """The listing of a market; refused with 404 where there is none."""
        market = self.exchange.catalogue.markets.get(ticker)
        if market is None:
            raise ExchangeRefusal(refusals.NOT_FOUND)
        return market


def remember_caller(request: web.Request, caller: Caller) -> None:
    """Let the routes know who signed ``request``."""
    request[_CALLER] = caller


class OrderTold(Wire, frozen=True, kw_only=True):
    """openapi GetOrderResponse, in any dialect."""

    order: object


class OrdersTold(Wire, frozen=True, kw_only=True):
    """openapi GetOrdersResponse, in any dialect. ``cursor`` is empty on the last page."""

    orders: tuple[object, ...]
    cursor: str | None = None


def answer(body: Wire, status: int = 200) -> web.Response:
    """``body`` as the JSON answer of a request."""
    return web.Response(body=encode(body), status=status, content_type=JSON_TYPE)
