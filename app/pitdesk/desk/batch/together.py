"""The rows judged together: who repeats or meets whom, and whether money and open orders reach for all.

Only whole numbers are added here, so that one edit among 2,000 rows costs no more than a few of them each.
The sum is the worst case: everything fills that costs money, and nothing that brings some.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import Field
from pitdesk.desk.batch.verdicts import BLANK_VERDICT, Remark, RowVerdict, Standing
from pitdesk.limits.exposure import UNKNOWN, risk_issues
from pitdesk.orders import BookSide
from pitdesk.quantities import Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.desk.batch.alone import RowAlone, RowMoney
    from pitdesk.desk.batch.facts import TrialView
    from pitdesk.desk.exposure import Ask, Costs
    from pitdesk.limits import LimitValues
    from pitdesk.orders import OrderDraft


@dataclass(frozen=True, slots=True)
class Means:
    """What there is for all rows. ``closable``: hundredths of contracts of a market that an order of a side
    would close; ``open_orders`` counts unconfirmed ones, ``committed`` is what they may cost."""

    cash_on: Callable[[int], Dollars | None]
    closable: Callable[[str, BookSide], int]
    open_orders: int
    open_in: Callable[[str], int]
    committed: Dollars
    values: LimitValues
    risk: TrialView


@dataclass(slots=True)
class Sums:
    """What the rows that may be sent come to, in $0.000001."""

    rows: int = 0
    ready: int = 0
    to_fix: int = 0
    to_ask: int = 0
    cost: int = 0
    resting: int = 0
    first_to_fix: int | None = None
    if_yes: dict[str, int] = field(default_factory=dict)
    if_no: dict[str, int] = field(default_factory=dict)
    resting_in: dict[str, int] = field(default_factory=dict)
    need_on: dict[int, int] = field(default_factory=dict)

    @property
    def worst(self) -> int:
        """The most that can be lost: in each market the worse end, with only the losing orders filled."""
        tickers = self.if_yes.keys() | self.if_no.keys()
        return sum(max(self.if_yes.get(ticker, 0), self.if_no.get(ticker, 0)) for ticker in tickers)

    def take(self, money: RowMoney, all_in: int) -> None:
        """Count one more order."""
        ticker = money.ticker
        self.ready += 1
        self.cost += max(all_in, 0)
        self.need_on[money.shard] = self.need_on.get(money.shard, 0) + max(all_in, 0)
        self.if_yes[ticker] = self.if_yes.get(ticker, 0) + max(-money.if_yes, 0)
        self.if_no[ticker] = self.if_no.get(ticker, 0) + max(-money.if_no, 0)
        if money.rests:
            self.resting += 1
            self.resting_in[ticker] = self.resting_in.get(ticker, 0) + 1


class Together:
    """One pass from the top row to the last."""

    def __init__(self, rows: Sequence[RowAlone], is_done: Callable[[int], bool], means: Means) -> None:
        self.sums = Sums()
        self._rows = rows
        self._is_done = is_done
        self._means = means
        self._first_like: dict[tuple[str, BookSide, int, int], int] = {}
        self._first_id: dict[str, int] = {}
        self._closable: dict[tuple[str, BookSide], int] = {}
        self._best: dict[tuple[str, BookSide], tuple[int, int]] = {}
        self._stakes = Stakes(means)

    def verdicts(self) -> list[RowVerdict]:
        """The verdict of each row, in their order."""
        done = [self._is_done(alone.row.row_id) for alone in self._rows]
        for place, alone in enumerate(self._rows):
            if alone.money is not None and alone.is_good and not done[place]:
                self._note_best(alone.money, place)
        return [self._judge(alone, place, done[place]) for place, alone in enumerate(self._rows)]

    def _note_best(self, money: RowMoney, place: int) -> None:
        key, price = (money.ticker, money.side), money.yes_price
        held = self._best.get(key)
        better = held is None or (price > held[0] if money.side is BookSide.BID else price < held[0])
        if better:
            self._best[key] = (price, place)

    def _judge(self, alone: RowAlone, place: int, done: bool) -> RowVerdict:
        if done:
            return RowVerdict(Standing.DONE, (), alone.draft)
        if alone.row.is_blank:
            return BLANK_VERDICT
        self.sums.rows += 1
        money = alone.money
        if money is None:
            return self._closed(alone, RowVerdict(Standing.FIX, _sorted(alone.remarks), alone.draft))
        opening, all_in = self._cost(money)
        remarks = [*alone.remarks, *self._among_rows(alone, money, place), *self._means_reach(money, all_in)]
        if alone.draft is not None:
            remarks += self._stakes.judge(alone.draft, money.fee)
        standing = max((it.standing for it in remarks), default=Standing.READY)
        if standing is Standing.FIX:
            # What it would have closed is there for the rows below.
            self._closable[money.ticker, money.side] += money.count - opening
        else:
            self.sums.take(money, all_in)
            self._stakes.take()
        verdict = RowVerdict(standing, _sorted(remarks), alone.draft, Dollars(all_in), Count(opening))
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
            closable = self._means.closable(money.ticker, money.side)
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
        remarks += self._meets(money)
        return remarks

    def _meets(self, money: RowMoney) -> list[Remark]:
        best = self._best.get((money.ticker, money.side.opposite))
        if best is None:
            return []
        price, row = best
        meets = price <= money.yes_price if money.side is BookSide.BID else price >= money.yes_price
        if not meets:
            return []
        return [Remark(Standing.ASK, f"It would meet row {row + 1} of this batch. Send both?", Field.PRICE)]

    def _means_reach(self, money: RowMoney, all_in: int) -> list[Remark]:
        means, sums = self._means, self.sums
        remarks = []
        if all_in > 0:
            free = means.cash_on(money.shard)
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


class Stakes:
    """What the rows put at stake one after the other, held to the limits of market, event and day."""

    def __init__(self, means: Means) -> None:
        self._risk, self._values = means.risk, means.values
        self._trial = means.risk.trial()
        self._fees = 0
        self._last: tuple[Ask, int] | None = None
        values = means.values
        spent, loss = (Dollars(0), Dollars(0)) if self._trial is None else means.risk.so_far()
        self._quiet_market = min(values.market_cost_confirm, values.market_cost_hard).units
        self._quiet_event = min(values.event_cost_confirm, values.event_cost_hard).units
        self._quiet_day = min(values.day_spend_confirm, values.day_spend_hard).units - spent.units
        self._is_quiet = loss < min(values.day_loss_confirm, values.day_loss_hard)

    def judge(self, draft: OrderDraft, fee: int) -> list[Remark]:
        """What the limits say of one more row; :meth:`take` then counts it."""
        self._last = None
        if self._trial is None:
            return [] if draft.reduce_only else [Remark(Standing.FIX, UNKNOWN)]
        ask = self._risk.ask(draft)
        if draft.reduce_only:
            self._last = (ask, 0)
            return []
        costs = self._trial.costs(ask)
        grows = costs.market[1] > costs.market[0]
        self._last = (ask, fee if grows else 0)
        if not grows or self._says_nothing(costs, fee):
            return []
        risks = self._risk.of_costs(costs, Dollars(self._fees), Dollars(fee))
        return [
            Remark(Standing.FIX if it.is_hard else Standing.ASK, it.sentence, Field.COUNT)
            for it in risk_issues(risks, self._values)
        ]

    def take(self) -> None:
        """Count the row that was judged last."""
        if self._last is not None and self._trial is not None:
            ask, fee = self._last
            self._trial.take(ask)
            self._fees += fee

    def _says_nothing(self, costs: Costs, fee: int) -> bool:
        """The quick look: nearly every row is far from every limit."""
        return (
            self._is_quiet
            and costs.market[1] <= self._quiet_market
            and costs.event[1] <= self._quiet_event
            and costs.opening[1] + self._fees + fee <= self._quiet_day
        )


def sum_remarks(sums: Sums, means: Means, label: Callable[[str], str] = str) -> tuple[Remark, ...]:
    """What the limits say of the whole, the worst first (RELIABILITY: the sum obeys the same limits)."""
    values, remarks = means.values, []
    cost = Dollars(sums.cost)
    if cost > values.batch_cost_hard:
        remarks.append(
            Remark(
                Standing.FIX,
                f"The batch costs {cost.cents_up()} if all of it fills. "
                f"One batch may cost at most {values.batch_cost_hard}.",
            )
        )
    elif cost > values.batch_cost_confirm:
        remarks.append(
            Remark(
                Standing.ASK,
                f"The batch costs {cost.cents_up()} if all of it fills, more than "
                f"{values.batch_cost_confirm}. Send anyway?",
            )
        )
    for ticker, count in sums.resting_in.items():
        held = means.open_in(ticker)
        if held + count > values.open_in_market_confirm:
            sentence = f"{held + count} of your orders would be open in {label(ticker)}. Send anyway?"
            remarks.append(Remark(Standing.ASK, sentence))
    return _sorted(remarks)


def _sorted(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(remarks, key=lambda it: -it.standing)) if len(remarks) > 1 else tuple(remarks)
