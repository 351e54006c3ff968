"""Keeps the Unconfirmed tab and the banner true: which orders may be live, and how their look-ups stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from pitdesk.clock import Clock
from pitdesk.desk.blotter_row import RowPhase
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.unconfirmed.panel import MOST_CARDS, CardPicture
from pitdesk_ui.unconfirmed.words import banner_text, check_text, details_text, found_text, sent_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter import Blotter, BlotterChanges
    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.order_desk import OrderDesk
    from pitdesk.desk.reconciler import Reconciler
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.unconfirmed.panel import UnconfirmedBanner, UnconfirmedPanel

_TICK_MS = 500


class UnconfirmedPresenter(QObject):
    """Between the desk and the tab with its banner. ``show_count`` is told how many there are."""

    def __init__(  # noqa: PLR0913 (exactly the desk objects that it needs)
        self,
        *,
        panel: UnconfirmedPanel,
        banner: UnconfirmedBanner,
        blotter: Blotter,
        order_desk: OrderDesk,
        reconciler: Reconciler,
        finder: Finder,
        owner: TaskOwner,
        exchange: str,
        show_count: Callable[[int], None],
        clock: Clock | None = None,
    ) -> None:
        super().__init__(panel)
        self._panel, self._banner, self._blotter = panel, banner, blotter
        self._desk, self._reconciler, self._finder = order_desk, reconciler, finder
        self._exchange, self._show_count = exchange, show_count
        self._clock = clock or Clock()
        self._keys: dict[str, None] = dict.fromkeys(blotter.keys_in(RowPhase.UNCONFIRMED))
        self._count = -1
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._render)
        self._disconnect = blotter.changed.connect(self._rows_changed)
        panel.check_wanted.connect(reconciler.check_now)
        panel.check_all_wanted.connect(self.check_all)
        panel.copy_wanted.connect(self._copy)
        panel.cancel_wanted.connect(on_signal(owner, "cancel an unconfirmed order", self._cancel))
        banner.check_wanted.connect(self.check_all)
        self._render()

    def check_all(self) -> None:
        """Look every one of them up at once."""
        for key in self._keys:
            self._reconciler.check_now(key)
        self._render()

    def close(self) -> None:
        """Let go of the desk."""
        self._tick.stop()
        self._disconnect()

    def _rows_changed(self, changes: BlotterChanges) -> None:
        before = len(self._keys)
        for key in (*changes.added, *changes.updated):
            row = self._blotter.row(key)
            if row is not None and row.phase is RowPhase.UNCONFIRMED:
                self._keys[key] = None
            else:
                self._keys.pop(key, None)
        for key in changes.removed:
            self._keys.pop(key, None)
        if self._keys or before:
            self._render()

    def _render(self) -> None:
        rows = [row for key in self._keys if (row := self._blotter.row(key)) is not None]
        now_ms = self._clock.wall_ms()
        self._panel.show_orders(
            [self._picture(row, now_ms) for row in rows[:MOST_CARDS]], max(0, len(rows) - MOST_CARDS)
        )
        if rows:
            standing = self._reconciler.check_standing(rows[0].key)
            label = self._finder.label(rows[0].ticker)
            self._banner.say(banner_text(rows, label), check_text(standing, self._exchange))
        else:
            self._banner.say("")
            self._panel.say("")
        if len(rows) != self._count:
            self._count = len(rows)
            self._show_count(self._count)
        if rows and not self._tick.isActive():
            self._tick.start(_TICK_MS)
        elif not rows:
            self._tick.stop()

    def _picture(self, row: BlotterRow, now_ms: int) -> CardPicture:
        standing = self._reconciler.check_standing(row.key)
        return CardPicture(
            key=row.key,
            market=self._finder.label(row.ticker),
            sent=sent_text(row, standing),
            checking=check_text(standing, self._exchange),
            found=found_text(standing, now_ms),
            canceling=self._desk.cancels_when_found(row.key),
        )

    def _copy(self, key: str) -> None:
        row = self._blotter.row(key)
        if row is None:
            return
        text = details_text(row, self._reconciler.check_standing(key), self._finder.label(row.ticker))
        QGuiApplication.clipboard().setText(text)
        self._panel.say("Copied.")

    async def _cancel(self, key: str) -> None:
        result = await self._desk.cancel([key])
        self._panel.say(result.sentence)
        self._render()
