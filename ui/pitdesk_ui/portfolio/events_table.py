"""The positions by event: what each outcome brings, as held and if every working order fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.table_csv import dollars, number
from pitdesk.orders import Outcome
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.data_table_grouping import Grouping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.desk.event_results import EventResult, Scenario
    from pitdesk.quantities import Count, Dollars


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One way an event may end, by its name."""

    scenario: Scenario
    label: str
    place: int


def _contracts(count: Count) -> str:
    if not count:
        return "—"
    return f"{abs(count)} {'Yes' if count.units > 0 else 'No'}"


def _color(amount: Dollars) -> ColorRole:
    if not amount:
        return ColorRole.MUTED
    return ColorRole.POSITIVE if amount.units > 0 else ColorRole.NEGATIVE


def _count(key: str, title: str, of: Callable[[Scenario], Count], tip: str) -> ColumnSpec[ScenarioRow]:
    return ColumnSpec(
        key,
        title,
        lambda row: _contracts(of(row.scenario)),
        lambda row: of(row.scenario).units,
        align=Align.RIGHT,
        width=140,
        tip=tip,
        in_file=lambda row: number(of(row.scenario)),
        file_title=f"{title} (Yes; below zero No)",
    )


def _money(key: str, title: str, of: Callable[[Scenario], Dollars], tip: str) -> ColumnSpec[ScenarioRow]:
    return ColumnSpec(
        key,
        title,
        lambda row: of(row.scenario).signed(),
        lambda row: of(row.scenario).units,
        align=Align.RIGHT,
        width=200,
        color=lambda row: _color(of(row.scenario)),
        tip=tip,
        in_file=lambda row: dollars(of(row.scenario)),
        file_title=f"{title} ($)",
    )


_LIFE = "Everything paid and received in the market so far, fees too, and what the contracts then pay."
COLUMNS: tuple[ColumnSpec[ScenarioRow], ...] = (
    ColumnSpec("outcome", "If this comes true", lambda row: row.label, lambda row: row.place, width=420),
    _count("held", "Held", lambda it: it.held, "Contracts held of this market"),
    _count("working", "Working", lambda it: it.working, "What all working orders together would add"),
    _money("now", "Result as held", lambda it: it.now, _LIFE),
    _money(
        "with_orders",
        "With working orders",
        lambda it: it.with_orders,
        f"The same if every working order fills, before the fees of those fills. {_LIFE}",
    ),
    ColumnSpec(
        "event", "Event", lambda row: row.scenario.event, lambda row: row.scenario.event, width=200, rare=True
    ),
    ColumnSpec(
        "ticker",
        "Ticker",
        lambda row: row.scenario.ticker,
        lambda row: row.scenario.ticker,
        width=240,
        rare=True,
    ),
)


class EventsTable(DataTable[ScenarioRow]):
    """Outcomes under their events."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._results: dict[str, EventResult] = {}
        super().__init__(
            TableModel(COLUMNS),
            "events.table",
            "Result by event",
            empty_text="You hold nothing and no order works.",
        )
        self.rows.group_by(Grouping(lambda row: row.scenario.event, self._title_of, self._text_of))
        self.sort_at_first("outcome")

    def show_results(
        self, results: Iterable[EventResult], title: Callable[[str], str], label: Callable[[str], str]
    ) -> None:
        """Show exactly these. ``title`` names an event, ``label`` a market within it."""
        self._results = {result.event: result for result in results}
        titles = {event: title(event) for event in self._results}
        rows = {
            scenario.key: ScenarioRow(scenario, _name(result, scenario, label), place)
            for result in self._results.values()
            for place, scenario in enumerate(result.scenarios)
        }
        model = self.rows
        if titles != self._titles:
            self._titles = titles
            model.reset_rows(rows)
            return
        held = {key for key in rows if model.record(key) is not None}
        gone = [key for key in model.passing_keys() if key not in rows]
        changed = {key: rows[key] for key in held if model.record(key) != rows[key]}
        if changed or gone or len(held) != len(rows):
            model.apply({key: row for key, row in rows.items() if key not in held}, changed, gone)

    def _title_of(self, event: str) -> str:
        return self._titles.get(event, event)

    def _text_of(self, event: str, _shown: int) -> str:
        result = self._results.get(event)
        if result is None:
            return self._title_of(event)
        return (
            f"{self._title_of(event)}\nat worst {result.now[0].signed()}  ·  at best {result.now[1].signed()}"
            f"  ·  with working orders {result.with_orders[0].signed()} to {result.with_orders[1].signed()}"
        )


def _name(result: EventResult, scenario: Scenario, label: Callable[[str], str]) -> str:
    if not scenario.ticker:
        return "Any other, or none"
    if result.exclusive:
        return label(scenario.ticker)
    return f"{label(scenario.ticker)}: {'Yes' if scenario.outcome is Outcome.YES else 'No'}"
