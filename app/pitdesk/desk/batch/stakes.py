"""What the rows of a batch put at stake one after the other, held to the limits of market, event and day."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import Field
from pitdesk.desk.batch.verdicts import Remark, Standing
from pitdesk.limits.exposure import UNKNOWN, risk_issues
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from pitdesk.desk.batch.facts import TrialView
    from pitdesk.desk.exposure import Ask, Costs
    from pitdesk.limits import LimitValues
    from pitdesk.orders import OrderDraft


class Stakes:
    """Counts row after row, those that may be sent."""

    def __init__(self, risk: TrialView, values: LimitValues) -> None:
        self._risk, self._values = risk, values
        self._trial = risk.trial()
        self._fees = 0
        self._last: tuple[Ask, int] | None = None
        spent, loss = (Dollars(0), Dollars(0)) if self._trial is None else risk.so_far()
        self._quiet_market = min(values.market_cost_confirm, values.market_cost_hard).units
        self._quiet_event = min(values.event_cost_confirm, values.event_cost_hard).units
        self._quiet_day = min(values.day_spend_confirm, values.day_spend_hard).units - spent.units
        self._is_quiet = loss < min(values.day_loss_confirm, values.day_loss_hard)

    def copy(self) -> Stakes:
        """Another that goes on from here by itself."""
        other = copy(self)
        other._trial = None if self._trial is None else self._trial.copy()
        return other

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
