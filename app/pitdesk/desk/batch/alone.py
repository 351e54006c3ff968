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
    from pitdesk.cost import OrderCost
    from pitdesk.desk.batch.cells import CellReader, ParsedRow
    from pitdesk.desk.batch.facts import FactsNow, TickerFacts
    from pitdesk.limits import Issue
    from pitdesk.markets import Market

_JUDGED_ON_THE_SUM = frozenset(
    {
        "free cash",
        "open orders",
        "cost in one market",
        "cost in one event",
        "spent in one day",
        "lost in one day",
    }
)
_FOR_SINGLE_PRESSES = frozenset({"order rate"})
ROW_RULES = tuple(rule for rule in RULES if rule.name not in _JUDGED_ON_THE_SUM | _FOR_SINGLE_PRESSES)
_FIELDS = {
    "price": Field.PRICE,
    "count": Field.COUNT,
    "expiration": Field.EXPIRES,
    "post_only": Field.POST_ONLY,
    "reduce_only": Field.REDUCE_ONLY,
}


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
    """One row without its neighbours. ``money`` is None while a cell is wrong.

    ``parsed`` and ``facts`` are what it rests on: a second look at the same cells in a market where nothing
    moved finds the same.
    """

    row: BatchRow
    ticker: str
    remarks: tuple[Remark, ...] = ()
    money: RowMoney | None = None
    parsed: ParsedRow | None = None
    facts: TickerFacts | None = None

    @property
    def draft(self) -> OrderDraft | None:
        """The order that the cells ask for."""
        return None if self.parsed is None else self.parsed.draft

    @property
    def client_order_id(self) -> str | None:
        """The id that the person typed."""
        return None if self.parsed is None else self.parsed.client_order_id

    @property
    def is_good(self) -> bool:
        """Nothing about the row itself keeps it from being sent."""
        return self.money is not None and not any(it.standing is Standing.FIX for it in self.remarks)

    @property
    def fault(self) -> Remark | None:
        """What of the row itself keeps it from being sent, None where nothing does."""
        return next((it for it in self.remarks if it.standing is Standing.FIX), None)


def judge_alone(row: BatchRow, reader: CellReader, now: FactsNow, before: RowAlone | None = None) -> RowAlone:
    """Read the cells of ``row`` and hold its order to every rule for single orders; ``before`` is the last
    look at the row, if there was one."""
    if row.is_blank:
        return RowAlone(row, "")
    parsed = _parsed(row, reader, now, before)
    draft = parsed.draft
    if draft is None:
        return RowAlone(row, reader.ticker(row), parsed.remarks, None, parsed)
    if before is not None and parsed is before.parsed and now.is_as_before(draft.ticker, before.facts):
        return before
    known = now.of(draft.ticker)
    cost = order_cost(draft, known.fees, position=known.position, book=known.book)
    money = _money(draft, cost, known.market)
    remarks = [_remark(issue) for issue in check(draft, now.context(draft, cost), ROW_RULES)]
    remarks += _pause_ahead(draft, now)
    used = parsed.client_order_id
    if used is not None and now.facts.blotter.knows(used):
        sentence = "This id was used before. Leave the cell empty to get a new one."
        remarks.append(Remark(Standing.FIX, sentence, Field.CLIENT_ORDER_ID))
    return RowAlone(row, draft.ticker, tuple(remarks), money, parsed, None if used else known)


def _parsed(row: BatchRow, reader: CellReader, now: FactsNow, before: RowAlone | None) -> ParsedRow:
    """The cells read, or as they were read before where neither they nor the market changed since.

    An expiry may be told by the clock, so that it is read each time.
    """
    held = None if before is None or before.row is not row else before.parsed
    if held is None or held.draft is None or row.text(Field.EXPIRES):
        return reader.read(row, now.now_ms)
    same = now.of(held.draft.ticker).market is held.market
    return held if same else reader.read(row, now.now_ms)


def _money(draft: OrderDraft, cost: OrderCost, market: Market | None) -> RowMoney:
    shard = draft.exchange_index
    if shard is None:
        shard = 0 if market is None else market.exchange_index
    side, yes_price = draft.book_side, draft.yes_price
    leg = side.leg(yes_price).units
    return RowMoney(
        ticker=draft.ticker,
        side=side,
        yes_price=yes_price.units,
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


def _remark(issue: Issue) -> Remark:
    standing = Standing.FIX if issue.is_hard else Standing.ASK
    return Remark(standing, issue.sentence, _FIELDS.get(issue.field or ""))


def _pause_ahead(draft: OrderDraft, now: FactsNow) -> list[Remark]:
    """Trading pauses soon: said of what would still rest then."""
    pause_ms = now.facts.next_pause_ms()
    if pause_ms is None or not now.pause_is_near:
        return []
    if draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED:
        return []
    if draft.expiration_s is not None and draft.expiration_s * 1_000 <= pause_ms:
        return []
    minutes = max(1, (pause_ms - now.now_ms) // 60_000)
    at = f"{datetime.fromtimestamp(pause_ms // 1_000, UTC):%H:%M} UTC, in {minutes} min"
    then = "this order is canceled then" if draft.cancel_order_on_pause else "this order rests through it"
    return [Remark(Standing.NOTE, f"Trading pauses at {at}; {then}.", Field.CANCEL_ON_PAUSE)]
