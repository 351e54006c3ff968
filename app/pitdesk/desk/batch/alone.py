"""A row judged by itself: its cells, and every limit that looks at one order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk.cost import order_cost
from pitdesk.desk.batch.rows import BatchRow, Field
from pitdesk.desk.batch.verdicts import Remark, Standing
from pitdesk.limits import RULES, check
from pitdesk.orders import BookSide, OrderDraft, TimeInForce

if TYPE_CHECKING:
    from pitdesk.desk.batch.cells import CellReader
    from pitdesk.desk.batch.facts import FactsNow
    from pitdesk.limits import Issue

_JUDGED_ON_THE_SUM = frozenset({"free cash", "open orders"})
ROW_RULES = tuple(rule for rule in RULES if rule.name not in _JUDGED_ON_THE_SUM)
_FIELDS = {
    "price": Field.PRICE,
    "count": Field.COUNT,
    "expiration": Field.EXPIRES,
    "post_only": Field.POST_ONLY,
    "reduce_only": Field.REDUCE_ONLY,
}
_PAUSE_AHEAD_MS = 60 * 60_000


@dataclass(frozen=True, slots=True)
class RowMoney:
    """What the sums need of one order, as whole numbers of $0.000001 and of 0.01 contracts.

    ``leg`` is what one hundredth of a contract costs to open, ``back`` what it brings when it closes.
    ``if_yes`` and ``if_no``: the result at resolution if all of it fills.
    """

    ticker: str
    side: BookSide
    yes_price: int
    count: int
    leg: int
    back: int
    fee: int
    if_yes: int
    if_no: int
    shard: int
    rests: bool
    reduce_only: bool


@dataclass(frozen=True, slots=True)
class RowAlone:
    """One row without its neighbours. ``draft`` is None while a cell is wrong."""

    row: BatchRow
    ticker: str
    draft: OrderDraft | None = None
    remarks: tuple[Remark, ...] = ()
    money: RowMoney | None = None
    client_order_id: str | None = None

    @property
    def is_good(self) -> bool:
        """Nothing about the row itself keeps it from being sent."""
        return self.money is not None and not any(it.standing is Standing.FIX for it in self.remarks)


def judge_alone(row: BatchRow, reader: CellReader, now: FactsNow) -> RowAlone:
    """Read the cells of ``row`` and hold its order to every rule for single orders."""
    if row.is_blank:
        return RowAlone(row, "")
    parsed = reader.read(row, now.now_ms)
    if parsed.draft is None:
        return RowAlone(row, reader.ticker(row), None, parsed.remarks)
    draft = parsed.draft
    known = now.of(draft.ticker)
    cost = order_cost(draft, known.fees, position=known.position, book=known.book)
    remarks = [_remark(issue) for issue in check(draft, now.context(draft, cost), ROW_RULES)]
    remarks += _pause_ahead(draft, now)
    used = parsed.client_order_id
    if used is not None and now.facts.blotter.knows(used):
        remarks.append(
            Remark(Standing.FIX, "This id was used before. Leave the cell empty to get a new one.",
                   Field.CLIENT_ORDER_ID)
        )  # fmt: skip
    shard = draft.exchange_index
    if shard is None:
        shard = 0 if known.market is None else known.market.exchange_index
    leg = draft.yes_price.units if draft.book_side is BookSide.BID else draft.yes_price.complement().units
    money = RowMoney(
        ticker=draft.ticker,
        side=draft.book_side,
        yes_price=draft.yes_price.units,
        count=draft.count.units,
        leg=leg,
        back=10_000 - leg,
        fee=cost.fee.most.units,
        if_yes=cost.gain_yes.units,
        if_no=cost.gain_no.units,
        shard=shard,
        rests=draft.time_in_force is TimeInForce.GOOD_TILL_CANCELED,
        reduce_only=draft.reduce_only,
    )
    return RowAlone(row, draft.ticker, draft, tuple(remarks), money, used)


def _remark(issue: Issue) -> Remark:
    standing = Standing.FIX if issue.is_hard else Standing.ASK
    return Remark(standing, issue.sentence, _FIELDS.get(issue.field or ""))


def _pause_ahead(draft: OrderDraft, now: FactsNow) -> list[Remark]:
    """Trading pauses soon: said of what would still rest then."""
    pause_ms = now.facts.next_pause_ms()
    if pause_ms is None or not 0 <= pause_ms - now.now_ms <= _PAUSE_AHEAD_MS:
        return []
    if draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED:
        return []
    if draft.expiration_s is not None and draft.expiration_s * 1_000 <= pause_ms:
        return []
    minutes = max(1, (pause_ms - now.now_ms) // 60_000)
    at = f"{datetime.fromtimestamp(pause_ms // 1_000, UTC):%H:%M} UTC, in {minutes} min"
    then = "this order is canceled then" if draft.cancel_order_on_pause else "this order rests through it"
    return [Remark(Standing.NOTE, f"Trading pauses at {at}; {then}.", Field.CANCEL_ON_PAUSE)]
