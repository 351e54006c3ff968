"""Finding and replacing in the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.batch.columns import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.batch.draft import BatchDraft
    from pitdesk.desk.batch.rows import Field
    from pitdesk_ui.batch.columns import Column, SheetRow
    from pitdesk_ui.batch.panel import BatchPanel


class Finding:
    """Between the find bar and the sheet. What is shown and what is typed are both searched."""

    def __init__(self, panel: BatchPanel, draft: BatchDraft) -> None:
        self._panel, self._draft = panel, draft
        self._bar = panel.find_bar
        self._bar.step_wanted.connect(self.step)
        self._bar.replace_wanted.connect(self._replace)
        self._bar.wanted.textChanged.connect(lambda _: self._bar.say(""))

    def step(self, direction: int) -> None:
        """Go to the next cell, or the one before, from where the keyboard stands, round the end."""
        hits = self._hits()
        if not hits:
            self._bar.say("Not in the sheet." if self._bar.wanted.text() else "")
            return
        here = (self._panel.table.current_place(), _order(self._panel.table.current_column()))
        if direction > 0:
            number = next((at for at, hit in enumerate(hits) if _key(hit) > here), 0)
        else:
            before = [at for at, hit in enumerate(hits) if _key(hit) < here]
            number = before[-1] if before else len(hits) - 1
        place, field = hits[number]
        focus = self._bar.wanted
        self._panel.table.go_to(place, field)
        focus.setFocus()
        self._bar.say(f"{number + 1:,} of {len(hits):,}")

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

    def _hits(self) -> list[tuple[int, Field]]:
        """The cells that hold the text, from the top."""
        model, wanted = self._panel.model, self._bar.wanted.text()
        if not wanted:
            return []
        fold: Callable[[str], str] = str if self._bar.match_case.isChecked() else str.casefold
        needle, whole = fold(wanted), self._bar.whole_cell.isChecked()
        fields = self._panel.table.fields_in_sight()
        return [
            (place, field)
            for place in range(model.count)
            for field in fields
            if any(
                needle == fold(text) if whole else needle in fold(text)
                for text in (model.text(place, field), model.typed(place, field))
            )
        ]


def _key(hit: tuple[int, Field]) -> tuple[int, int]:
    return hit[0], _order(hit[1])


def _order(column: Column) -> int:
    return place_of(column)
