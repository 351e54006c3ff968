"""What the rows of a batch come to: the sums, what limits say of them, and the line above the sheet.

The sum is the worst case: everything fills that costs money, and nothing that brings some.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pitdesk.desk.batch.verdicts import Remark, Standing, Summary, worst_first
from pitdesk.desk.request_sizes import largest_request, requests_for, seconds_for
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.batch.alone import RowMoney
    from pitdesk.kalshi.batch_calls import WriteBudget
    from pitdesk.limits import LimitValues


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

    def copy(self) -> Sums:
        """Another that goes on from here by itself."""
        return replace(
            self,
            if_yes=dict(self.if_yes),
            if_no=dict(self.if_no),
            resting_in=dict(self.resting_in),
            need_on=dict(self.need_on),
        )

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


def sum_remarks(sums: Sums, values: LimitValues, open_in: Callable[[str], int]) -> tuple[Remark, ...]:
    """What the limits say of the whole, the worst first (RELIABILITY: the sum obeys the same limits)."""
    remarks = []
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
        held = open_in(ticker)
        if held + count > values.open_in_market_confirm:
            sentence = f"{held + count} of your orders would be open in {ticker}. Send anyway?"
            remarks.append(Remark(Standing.ASK, sentence))
    return worst_first(remarks)


def summary_of(sums: Sums, remarks: tuple[Remark, ...], budget: WriteBudget, committed: Dollars) -> Summary:
    """The line above the sheet. ``committed``: what open and unconfirmed orders may cost."""
    worst = Dollars(sums.worst)
    return Summary(
        rows=sums.rows,
        to_fix=sums.to_fix,
        ready=sums.ready,
        to_ask=sums.to_ask,
        requests=len(requests_for(sums.ready, budget)),
        per_request=largest_request(budget, budget.create_cost, budget.reserve),
        seconds=seconds_for(sums.ready, budget),
        all_in=Dollars(sums.cost),
        worst_case=worst,
        worst_case_with_open=worst + committed,
        remarks=remarks,
        first_to_fix=sums.first_to_fix,
    )
