"""The Batch tab's mind: rows, verdicts and results into the sheet, and what the person wants out of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from pitdesk.desk.batch.rows import FIELDS, Field
from pitdesk_ui.batch.choices import choices
from pitdesk_ui.batch.columns import Column, Said, said_order
from pitdesk_ui.batch.edits import SheetEdits
from pitdesk_ui.batch.files import Files
from pitdesk_ui.batch.find import Finding
from pitdesk_ui.batch.grid_keys import Ask
from pitdesk_ui.batch.sending import Sending
from pitdesk_ui.batch.tools import Tools
from pitdesk_ui.instants import time_of_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.batch.draft import DraftChange
    from pitdesk.desk.batch.room import BatchRoom
    from pitdesk.desk.finder import Finder
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.batch.panel import BatchPanel

_NEEDED = frozenset({Field.MARKET, Field.VERB, Field.PRICE, Field.COUNT})


class BatchPresenter(QObject):
    """Connects the tab to the session's batch."""

    def __init__(
        self,
        *,
        panel: BatchPanel,
        room: BatchRoom,
        finder: Finder,
        owner: TaskOwner,
        show_count: Callable[[int], None] = lambda _: None,
    ) -> None:
        """``show_count`` is told how many rows there are."""
        super().__init__(panel)
        self._panel, self._room, self._finder = panel, room, finder
        self._show_count = show_count
        self._market = ""
        self._count = 0
        self._sorted: tuple[Column, bool] | None = None
        self._filled_at = 0.0
        self._problem_at = -1
        self._files = Files(panel, room, owner)
        self._edits = SheetEdits(panel, room.draft, self._files.look_at)
        self._tools = Tools(panel, room, finder, self._edits.rows_meant, lambda: self._market)
        self._sending = Sending(panel, room, owner)
        self._finding = Finding(panel, room.draft)
        self._asks: dict[Ask, Callable[[], None]] = {
            **self._edits.asks,
            **self._files.asks,
            **self._tools.asks,
            Ask.CHECK: self._check_again,
            Ask.SEND: self._send,
            Ask.FIND: lambda: panel.find_bar.open(replacing=False),
            Ask.REPLACE: lambda: panel.find_bar.open(replacing=True),
        }
        self._disconnects = [
            room.draft.changed.connect(self._rows_changed),
            room.judge.changed.connect(self._verdicts_changed),
            room.sender.results_changed.connect(self._results_changed),
            finder.changed.connect(lambda _: panel.model.name_markets(finder.label)),
        ]
        self._connect_panel()
        self._show_rows()

    def show_market(self, ticker: str) -> None:
        """The market looked at: the one a ladder is built in at first."""
        self._market = ticker

    def focus(self) -> None:
        """The keyboard into the sheet."""
        self._panel.focus_sheet()

    def close(self) -> None:
        """Let go of the desk."""
        for disconnect in self._disconnects:
            disconnect()
        self._sending.close()
        self._tools.close()
        self._files.close()

    # What the panel says

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.model.name_markets(self._finder.label)
        panel.table.cells.offer(choices(self._finder))
        panel.model.edited.connect(self._edits.write)
        panel.table.cells.fill_wanted.connect(self._fill_selected)
        panel.asked.connect(self._asked)
        panel.table.sort_wanted.connect(self._sort)
        panel.toolbar.problem_wanted.connect(self._go_to_problem)

    def _asked(self, ask: Ask) -> None:
        self._asks[ask]()

    def _fill_selected(self, text: str) -> None:
        self._filled_at = time.monotonic()
        self._edits.write_selected(text)

    def _send(self) -> None:
        """A second Ctrl+Enter right after one that filled cells was meant for the cells."""
        pause_s = QApplication.doubleClickInterval() / 1_000
        if time.monotonic() - self._filled_at > pause_s:
            self._sending.send()

    def _check_again(self) -> None:
        self._room.judge.check_again()
        self._panel.say(f"Checked again at {time_of_day(time.time_ns() // 1_000_000)}.")

    def _sort(self, column: Column) -> None:
        """By a header: up, then down; what is to be fixed comes first. A step that can be undone."""
        descending = self._sorted == (column, False)
        self._sorted = (column, descending)
        draft, model = self._room.draft, self._panel.model
        if isinstance(column, Field):
            draft.sort(column, descending=descending)
        else:
            rows = sorted(
                (model.held(place) for place in range(model.count)),
                key=lambda held: said_order(held, column),
                reverse=descending,
            )
            draft.arrange((held.row.row_id for held in rows), f"Sort by {column.value.lower()}")
        self._panel.table.show_sorted(column, descending)

    def _go_to_problem(self) -> None:
        """The first row to fix; from there, each press goes on to the next."""
        model, table = self._panel.model, self._panel.table
        bad = [place for place in range(model.count) if model.held(place).verdict.standing.name == "FIX"]
        if not bad:
            return
        here = table.current_place()
        later = [place for place in bad if place > here] if here == self._problem_at else []
        place = self._problem_at = (later or bad)[0]
        column = model.held(place).verdict.field or Said.CHECK
        if isinstance(column, Field):
            table.show_column(column, True)
        table.go_to(place, column)

    # What the desk says

    def _show_rows(self) -> None:
        room, panel = self._room, self._panel
        rows = room.draft.rows
        panel.model.show_rows(rows, room.judge.verdict, room.sender.result)
        panel.table.executeDelayedItemsLayout()  # else rows that came are painted a frame after their sum
        filled = [any(texts) for texts in zip(*(row.texts for row in rows), strict=True)]
        used = {field for field, is_filled in zip(FIELDS, filled, strict=False) if is_filled}
        panel.show_columns_in_use(used | _NEEDED)
        self._count = sum(any(row.texts) for row in rows)
        self._show_count(self._count)
        self._show_sums()

    def _rows_changed(self, change: DraftChange) -> None:
        if not change.reordered or change.added or change.removed:
            self._sorted = None
            self._panel.table.show_sorted(None, False)
        self._panel.footer.rows_changed()
        self._sending.forget_question()
        self._show_rows()
        self._panel.allow(Ask.UNDO, enabled=bool(self._room.draft.can_undo))
        self._panel.allow(Ask.REDO, enabled=bool(self._room.draft.can_redo))

    def _verdicts_changed(self, row_ids: frozenset[int]) -> None:
        judge = self._room.judge
        self._panel.model.show_verdicts({row_id: judge.verdict(row_id) for row_id in row_ids})
        self._show_sums()

    def _results_changed(self, row_ids: frozenset[int]) -> None:
        sender = self._room.sender
        self._panel.model.show_results({row_id: sender.result(row_id) for row_id in row_ids})
        self._show_sums()

    def _show_sums(self) -> None:
        summary = self._room.judge.summary
        self._panel.toolbar.show_summary(summary, self._count)
        self._sending.show_button()
