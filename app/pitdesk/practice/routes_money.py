"""Money within the account: subaccounts, and transfers between them and between exchange indices.

FACTS §10, openapi portfolio.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.practice import answers_money as answers
from pitdesk.practice import refusals
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.paging import page
from pitdesk.practice.reading import Query, as_struct, read_object
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.routes_groups import Empty
from pitdesk.practice.scopes import RESTRICTED
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.transfers import TransferRecord

_PORTFOLIO = f"{BASE_PATH}/portfolio"
_CENT, _CENTICENT = 10_000, 100
_MOST = 10**15


class MoneyRoutes:
    """Signed in. ``may_open`` tells whether a member's usage level allows subaccounts."""

    def __init__(self, floor: Floor, may_open: Callable[[str], bool]) -> None:
        self._floor = floor
        self._cashier = floor.exchange.cashier
        self._may_open = may_open

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        subaccounts, intra = f"{_PORTFOLIO}/subaccounts", f"{_PORTFOLIO}/intra_exchange_instance_transfer"
        return [
            web.post(subaccounts, self._open),
            web.post(f"{subaccounts}/transfer", self._transfer),
            web.get(f"{subaccounts}/balances", self._balances),
            web.get(f"{subaccounts}/transfers", self._transfers),
            web.get(f"{subaccounts}/netting", self._netting),
            web.put(f"{subaccounts}/netting", self._set_netting),
            web.post(intra, self._intra),
            web.get(f"{intra}s", self._intra_list),
            web.get(f"{intra}s/{{transfer_id}}", self._intra_one),
        ]

    async def _open(self, request: web.Request) -> web.Response:
        name = "CreateSubaccountRequest"
        body = as_struct(await read_object(request, name), answers.NewSubaccount, name)
        self._shard(body.exchange_index)
        account = self._floor.account_of(request)
        if not self._may_open(account.user_id):
            raise ExchangeRefusal(refusals.FORBIDDEN, "subaccounts need the Advanced API usage level")
        return answer(
            answers.CreatedSubaccount(subaccount_number=self._cashier.open_subaccount(account)), 201
        )

    def _shard(self, named: int | None) -> int:
        if (named or 0) not in self._floor.shards:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "exchange_index does not exist")
        return named or 0

    async def _transfer(self, request: web.Request) -> web.Response:
        name = "ApplySubaccountTransferRequest"
        body = as_struct(await read_object(request, name), answers.SubaccountTransferRequest, name)
        shard = self._shard(body.exchange_index)
        self._cashier.transfer(
            self._floor.account_of(request),
            (body.from_subaccount, shard),
            (body.to_subaccount, shard),
            _amount(body.amount_cents, _CENT),
            _transfer_id(body.client_transfer_id),
        )
        return answer(Empty())

    async def _intra(self, request: web.Request) -> web.Response:
        name = "IntraExchangeInstanceTransferRequest"
        body = as_struct(await read_object(request, name), answers.IntraTransferRequest, name)
        if (body.source, body.destination) != ("event_contract", "event_contract"):
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "only event_contract is served here")
        source, target = body.source_subaccount or 0, body.destination_subaccount or 0
        own = self._floor.caller_of(request).subaccount
        if own is not None and (source, target) != (own, own):
            raise ExchangeRefusal(refusals.FORBIDDEN, RESTRICTED)
        if body.client_transfer_id and (source or target):
            raise ExchangeRefusal(
                refusals.INVALID_PARAMETERS, "client_transfer_id is for the primary account only"
            )
        record = self._cashier.transfer(
            self._floor.account_of(request),
            (source, self._shard(body.source_exchange_shard)),
            (target, self._shard(body.destination_exchange_shard)),
            _amount(body.amount, _CENTICENT),
            _transfer_id(body.client_transfer_id) if body.client_transfer_id else "",
        )
        return answer(answers.TransferredAnswer(transfer_id=record.transfer_id))

    async def _balances(self, request: web.Request) -> web.Response:
        account = self._floor.account_of(request)
        own = self._floor.subaccount_of(request, None)
        rows = (
            answers.SubaccountBalanceBody(
                subaccount_number=number,
                exchange_index=shard,
                balance=Dollars(account.purses.at(number, shard).available).to_wire(4),
                updated_ts=account.updated_ms // 1000,
            )
            for number in account.subaccounts
            for shard in self._floor.shards
            if own in (None, number)
        )
        return answer(answers.SubaccountBalancesAnswer(subaccount_balances=tuple(rows)))

    def _newest_first(self, request: web.Request, *, within_one_index: bool) -> list[TransferRecord]:
        records = self._floor.account_of(request).transfers
        own = self._floor.subaccount_of(request, None)
        return [
            record
            for record in reversed(records)
            if record.within_one_index is within_one_index
            and (own is None or own in (record.from_subaccount, record.to_subaccount))
        ]

    async def _transfers(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetSubaccountTransfers")
        limit = query.integer("limit", 1, 1000) or 100
        rows = self._newest_first(request, within_one_index=True)
        found, cursor = page(rows, lambda _record: True, query.text("cursor"), limit)
        bodies = tuple(map(answers.subaccount_transfer_body, found))
        return answer(answers.SubaccountTransfersAnswer(transfers=bodies, cursor=cursor))

    async def _intra_list(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetIntraExchangeInstanceTransfers")
        limit = query.integer("limit", 1, 500) or 100
        rows = self._newest_first(request, within_one_index=False)
        found, cursor = page(rows, lambda _record: True, query.text("cursor"), limit)
        return answer(
            answers.IntraTransfersAnswer(
                transfers=tuple(map(answers.intra_transfer_body, found)), cursor=cursor
            )
        )

    async def _intra_one(self, request: web.Request) -> web.Response:
        wanted = request.match_info["transfer_id"]
        for record in self._newest_first(request, within_one_index=False):
            if record.transfer_id == wanted:
                return answer(answers.IntraTransferAnswer(transfer=answers.intra_transfer_body(record)))
        raise ExchangeRefusal(refusals.NOT_FOUND, "transfer not found")

    async def _netting(self, request: web.Request) -> web.Response:
        rows = (
            answers.NettingBody(subaccount_number=row.number, enabled=row.netting, exchange_index=shard)
            for row in self._floor.account_of(request).subaccounts.values()
            for shard in self._floor.shards
        )
        return answer(answers.NettingAnswer(netting_configs=tuple(rows)))

    async def _set_netting(self, request: web.Request) -> web.Response:
        name = "UpdateSubaccountNettingRequest"
        body = as_struct(await read_object(request, name), answers.NettingRequest, name)
        account = self._floor.account_of(request)
        self._cashier.set_netting(account, body.subaccount_number, enabled=body.enabled)
        return web.Response(status=200)


def _amount(count: int, each: int) -> int:
    if not 0 < count <= _MOST:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "the amount must be above zero")
    return count * each


def _transfer_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "client_transfer_id must be a UUID") from None
