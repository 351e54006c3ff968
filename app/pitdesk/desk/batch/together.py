"""The rows judged together: who repeats or meets whom, and whether money and open orders reach for all.

Only whole numbers are added here, so that one edit among 2,000 rows costs no more than a few of them each.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import Field
from pitdesk.desk.batch.stakes import Stakes
from pitdesk.desk.batch.summing import Sums
from pitdesk.desk.batch.verdicts import BLANK_VERDICT, Remark, RowVerdict, Standing, worst_first
from pitdesk.orders import BookSide
from pitdesk.quantities import Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.desk.batch.alone import RowAlone, RowMoney
    from pitdesk.desk.batch.facts import TrialView
    from pitdesk.limits import LimitValues


@dataclass(frozen=True, slots=True)
class Means:
    """What there is for all rows. ``closable``: hundredths of contracts of a market that an order of a side
    would close; ``open_orders`` counts unconfirmed ones. ``moves``: how often the risk had moved by then."""

    cash_on: Callable[[int], Dollars | None]
    closable: Callable[[str, BookSide], int]
    open_orders: int
    values: LimitValues
    risk: TrialView
    moves: int


class Best:
    """The best price of each side of a market among the rows, and the first row that asks it: looked for when
    it is asked for. ``rows_in``: place and money of the rows of a market that may be sent."""

    def __init__(self, rows_in: Callable[[str], Iterable[tuple[int, RowMoney]]]) -> None:
        self._rows_in = rows_in
        self._found: dict[str, dict[BookSide, tuple[int, int]]] = {}

    def of(self, ticker: str, side: BookSide) -> tuple[int, int] | None:
        """Yes price and place, None where no row is on that side."""
        found = self._found.get(ticker)
        if found is None:
            found = self._found[ticker] = self._look(ticker)
        return found.get(side)

    def _look(self, ticker: str) -> dict[BookSide, tuple[int, int]]:
        best: dict[BookSide, tuple[int, int]] = {}
        for place, money in self._rows_in(ticker):
            rank = -money.yes_price if money.side is BookSide.BID else money.yes_price
            held = best.get(money.side)
            if held is None or (rank, place) < held:
                best[money.side] = (rank, place)
        return {side: (abs(rank), place) for side, (rank, place) in best.items()}


class Together:
    """Judges row after row from the top; what it holds is what the rows so far come to."""

    def __init__(self, means: Means) -> None:
        self.sums = Sums()
        self.means = means
        self._first_like: dict[tuple[str, BookSide, int, int], int] = {}
        self._first_id: dict[str, int] = {}
        self._closable: dict[tuple[str, BookSide], int] = {}
        self._cash: dict[int, Dollars | None] = {}
        self._stakes = Stakes(means.risk, means.values)

    def copy(self) -> Together:
        """Another that goes on from here by itself."""
        other = copy(self)
        other.sums, other._stakes = self.sums.copy(), self._stakes.copy()
        other._first_like, other._first_id = dict(self._first_like), dict(self._first_id)
        other._closable, other._cash = dict(self._closable), dict(self._cash)
        return other

    def still_holds(self, values: LimitValues) -> bool:
        """Whether money, orders and limits are as they were found on the way."""
        means = self.means
        return (
            means.moves == means.risk.moves
            and means.values == values
            and all(means.cash_on(shard) == cash for shard, cash in self._cash.items())
        )

    def judge(self, alone: RowAlone, place: int, best: Best) -> RowVerdict:
        """The verdict of the next row, at ``place``."""
        if alone.row.is_blank:
            return BLANK_VERDICT
        self.sums.rows += 1
        money = alone.money
        if money is None:
            return self._closed(alone, RowVerdict(Standing.FIX, worst_first(alone.remarks), alone.draft))
        opening, all_in = self._cost(money)
        remarks = [
            *alone.remarks,
            *self._among_rows(alone, money, place),
            *_meets(money, best),
            *self._means_reach(money, all_in),
        ]
        if alone.draft is not None:
            remarks += self._stakes.judge(alone.draft, money.fee)
        standing = max(it.standing for it in remarks) if remarks else Standing.READY
        if standing is Standing.FIX:
            # What it would have closed is there for the rows below.
            self._closable[money.ticker, money.side] += money.count - opening
        else:
            self.sums.take(money, all_in)
            self._stakes.take()
        verdict = RowVerdict(standing, worst_first(remarks), alone.draft, Dollars(all_in), Count(opening))
        return self._closed(alone, verdict)

    def _closed(self, alone: RowAlone, verdict: RowVerdict) -> RowVerdict:
        if verdict.standing is Standing.FIX:
            self.sums.to_fix += 1
            if self.sums.first_to_fix is None:
                self.sums.first_to_fix = alone.row.row_id
        elif verdict.standing is Standing.ASK:
            self.sums.to_ask += 1
        return verdict

    def _cost(self, money: RowMoney) -> tuple[int, int]:
        """Hundredths of contracts that open, and what the order costs with its fee."""
        key = (money.ticker, money.side)
        closable = self._closable.get(key)
        if closable is None:
            closable = self.means.closable(money.ticker, money.side)
        closing = min(closable, money.count)
        self._closable[key] = closable - closing
        opening = 0 if money.reduce_only else money.count - closing
        return opening, opening * money.leg - closing * money.back + money.fee

    def _among_rows(self, alone: RowAlone, money: RowMoney, place: int) -> list[Remark]:
        remarks: list[Remark] = []
        like = (money.ticker, money.side, money.yes_price, money.count)
        first = self._first_like.setdefault(like, place)
        if first != place:
            remarks.append(Remark(Standing.ASK, f"Row {first + 1} asks for the same. Send both?"))
        if alone.client_order_id is not None:
            first = self._first_id.setdefault(alone.client_order_id, place)
            if first != place:
                sentence = f"Row {first + 1} has the same id; each order needs its own."
                remarks.append(Remark(Standing.FIX, sentence, Field.CLIENT_ORDER_ID))
        return remarks

    def _means_reach(self, money: RowMoney, all_in: int) -> list[Remark]:
        means, sums = self.means, self.sums
        remarks = []
        if all_in > 0:
            free = self._cash_on(money.shard)
            needed = sums.need_on.get(money.shard, 0) + all_in
            if free is None:
                sentence = "Your free cash is not known yet. Wait until the account has been read."
                remarks.append(Remark(Standing.FIX, sentence))
            elif needed > free.units:
                where = f" on exchange shard {money.shard}" if money.shard else ""
                sentence = (
                    f"You have {free} free{where}; the rows down to here need {Dollars(needed).cents_up()}."
                )
                remarks.append(Remark(Standing.FIX, sentence, Field.COUNT))
        most = means.values.open_orders_hard
        if money.rests and means.open_orders + sums.resting >= most:
            sentence = f"{most} orders may be open at once; the rows above reach that."
            remarks.append(Remark(Standing.FIX, sentence))
        return remarks

    def _cash_on(self, shard: int) -> Dollars | None:
        if shard not in self._cash:
            self._cash[shard] = self.means.cash_on(shard)
        return self._cash[shard]


def _meets(money: RowMoney, best: Best) -> list[Remark]:
    across = best.of(money.ticker, money.side.opposite)
    if across is None:
        return []
    price, row = across
    meets = price <= money.yes_price if money.side is BookSide.BID else price >= money.yes_price
    if not meets:
        return []
    return [Remark(Standing.ASK, f"It would meet row {row + 1} of this batch. Send both?", Field.PRICE)]
