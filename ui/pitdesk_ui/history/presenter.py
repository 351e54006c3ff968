"""The History tab's mind: reads when it is looked at, and on when its end is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pitdesk.desk.order_history import HistoryState, ReadPhase
from pitdesk_ui.instants import day_and_time

if TYPE_CHECKING:
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.order_history import OrderHistory
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.history.panel import HistoryPanel


class HistoryPresenter(QObject):
    """Keeps the panel equal to what is held."""

    def __init__(
        self, *, panel: HistoryPanel, history: OrderHistory, finder: Finder, owner: TaskOwner
    ) -> None:
        super().__init__(panel)
        self._panel, self._history, self._owner = panel, history, owner
        panel.name_markets(finder.label)
        panel.model.reset_rows({})
        self._ends = (
            history.changed.connect(self._rows_changed),
            history.state_changed.connect(self._show_state),
            finder.changed.connect(lambda _: panel.table.viewport().update()),
        )
        panel.came_in_sight.connect(self._begin)
        panel.more_wanted.connect(self._go_on)
        panel.more_asked.connect(self._read)
        if panel.isVisible():
            self._begin()

    @property
    def left_out(self) -> str:
        """What a file of the rows lacks."""
        if self._history.state.phase is ReadPhase.COMPLETE:
            return ""
        return "Older orders were not read yet and are not in it."

    def close(self) -> None:
        """Stop following."""
        for end in self._ends:
            end()

    def _begin(self) -> None:
        """The first look: what ended meanwhile is there already, the rest is read."""
        if self._history.state.phase is ReadPhase.UNREAD:
            self._panel.model.reset_rows(dict(self._history.rows))
            self._read()

    def _go_on(self) -> None:
        if self._history.state.phase is ReadPhase.PAUSED:
            self._read()

    def _read(self) -> None:
        if not self._owner.is_closing:
            self._owner.spawn("read the history", self._history.read_more())

    def _rows_changed(self, keys: frozenset[str]) -> None:
        if self._history.state.phase is ReadPhase.UNREAD:
            return  # nobody has looked yet
        model, rows = self._panel.model, self._history.rows
        known = {key for key in keys if model.record(key) is not None}
        model.apply({key: rows[key] for key in keys - known}, {key: rows[key] for key in known})
        model.resort()
        if self._history.state.phase is not ReadPhase.READING:
            self._show_state(self._history.state)

    def _show_state(self, state: HistoryState) -> None:
        if state.phase is ReadPhase.READING:
            self._panel.show_reading()
        elif state.phase is ReadPhase.FAILED:
            self._panel.show_problem(state.problem)
        elif state.phase is not ReadPhase.UNREAD:
            complete = state.phase is ReadPhase.COMPLETE
            self._panel.show_read(_told(len(self._history.rows), state), complete=complete)


def _told(count: int, state: HistoryState) -> str:
    orders = "1 order" if count == 1 else f"{count:,} orders"
    if state.since_ms is None or state.phase is ReadPhase.COMPLETE:
        return f"{orders}, all there are" if count else ""
    return f"{orders}, back to {day_and_time(state.since_ms)}"
