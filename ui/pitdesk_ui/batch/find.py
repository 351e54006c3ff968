"""Finding and replacing in the sheet, in slices: two thousand rows have a hundred thousand words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.batch.columns import COLUMNS, place_of
from pitdesk_ui.widgets.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pitdesk.desk.batch.draft import BatchDraft
    from pitdesk_ui.batch.columns import SheetRow
    from pitdesk_ui.batch.panel import BatchPanel

    Spot = tuple[int, int]

_A_STEP = 100  # rows: a short sheet is looked through at once


class Finding:
    """Between the find bar and the sheet. What is shown and what is typed are both searched."""

    def __init__(self, panel: BatchPanel, draft: BatchDraft) -> None:
        self._panel, self._draft = panel, draft
        self._bar = panel.find_bar
        self._slices = Slices(panel)
        self._bar.step_wanted.connect(self.step)
        self._bar.replace_wanted.connect(self._replace)
        self._bar.wanted.textChanged.connect(lambda _: self._forget())
        self._bar.closed.connect(self._forget)

    def step(self, direction: int) -> None:
        """Go to the next cell, or the one before, from where the keyboard stands, round the end."""
        self._forget()
        if self._bar.wanted.text():
            self._slices.begin(self._look(direction))
            self._slices.go_on()

    def _forget(self) -> None:
        self._slices.stop()
        self._bar.say("")

    def _look(self, direction: int) -> Iterator[None]:
        """From the keyboard's cell once round the sheet: goes to the first hit as soon as there is one, and
        tells which of how many it is once all are counted."""
        table = self._panel.table
        here = (table.current_place(), place_of(table.current_column()))
        hits_in = self._hits_in()
        first: Spot | None = None
        spots: list[Spot] = []
        for number, place in enumerate(_round(here[0], self._panel.model.count, direction), 1):
            hits = hits_in(place)
            spots += hits
            ahead = [spot for spot in hits if (spot > here if direction > 0 else spot < here)]
            if first is None and (ahead or (hits and place != here[0])):
                first = (ahead or hits)[0 if direction > 0 else -1]
                self._stand_on(first)
            if not number % _A_STEP:
                yield
        if first is None and spots:  # all that there is lies in the row it began in, on the other side
            first = spots[0] if direction > 0 else spots[-1]
            self._stand_on(first)
        if first is None:
            self._bar.say("Not in the sheet.")
        else:
            self._bar.say(f"{sum(spot <= first for spot in spots):,} of {len(spots):,}")

    def _stand_on(self, spot: Spot) -> None:
        self._panel.table.go_to(spot[0], COLUMNS[spot[1]])
        self._bar.wanted.setFocus()

    def _hits_in(self) -> Callable[[int], list[Spot]]:
        """The cells of a row that hold the text, from the left."""
        model, bar = self._panel.model, self._bar
        fold: Callable[[str], str] = str if bar.match_case.isChecked() else str.casefold
        needle, whole = fold(bar.wanted.text()), bar.whole_cell.isChecked()
        fields = self._panel.table.fields_in_sight()

        def holds(text: str) -> bool:
            return needle == fold(text) if whole else needle in fold(text)

        def hits(place: int) -> list[Spot]:
            return [
                (place, place_of(field))
                for field in fields
                if holds(model.typed(place, field)) or holds(model.text(place, field))
            ]

        return hits

    def _replace(self, everywhere: bool) -> None:
        table, bar = self._panel.table, self._bar
        fields = table.fields_in_sight()
        if everywhere:
            rows = [held.row.row_id for held in self._held() if not held.is_live]
        else:
            held = self._panel.model.held(table.current_place())
            rows, fields = [held.row.row_id], [each for each in fields if each is table.current_column()]
            if held.is_live:
                rows = []
        count = self._draft.find_and_replace(
            bar.wanted.text(),
            bar.replacement.text(),
            fields=fields,
            row_ids=rows,
            match_case=bar.match_case.isChecked(),
            whole_cell=bar.whole_cell.isChecked(),
        )
        if not everywhere:
            self.step(1)
        if everywhere or not count:
            bar.say(f"Replaced in {count:,} cell{'' if count == 1 else 's'}.")

    def _held(self) -> list[SheetRow]:
        model = self._panel.model
        return [model.held(place) for place in range(model.count)]


def _round(start: int, count: int, direction: int) -> Iterator[int]:
    """Every place once, from ``start`` on."""
    if start >= count:
        start = 0 if direction > 0 else count - 1
    for step in range(count):
        yield (start + direction * step) % count
