"""What the person of ``bench window`` does, phase by phase; each tells in a few words what was seen."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from pitdesk_ui.batch.grid import SheetView
from pitdesk_ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from pitdesk_ui.application import Application
    from pitdesk_ui.session_view import SessionView
    from tools.tour.hand import Hand

Act = Callable[[], Awaitable[str]]
_KEY_S, _LOOK_S = 0.08, 1.5
_STORM_S = 10.0
_SHEET_ROWS = 2_000
_CTRL = Qt.KeyboardModifier.ControlModifier


class Person:
    """Uses the window. ``client``: address, key id and key file for another that trades as well."""

    def __init__(
        self,
        application: Application,
        hand: Hand,
        client: Sequence[str],
        tickers: Sequence[str],
        orders: int,
    ) -> None:
        self._app, self._hand, self._client = application, hand, client
        self._tickers, self._orders = tickers, orders

    def phases(self) -> Iterator[tuple[str, Act]]:
        """In order."""
        yield "sign in and reconcile", self._sign_in
        yield "steady, lively market", lambda: self._wait(12.0)
        yield "storm of 1,000 messages a second", self._storm
        yield "filter as typed", self._filter
        for place in range(len(self._table.rows.columns)):
            yield f"sort by {self._table.rows.columns[place].title}", lambda at=place: self._sort(at)
        yield "as they came", lambda: self._sort(-1)
        yield "group by event, and back", self._group
        yield "select all", self._select_all
        yield "scroll", self._scroll
        yield "ladder of the crowded market", self._ladder
        yield "batch: paste 2,000 rows", self._paste
        yield "batch: fill down", self._fill_down
        yield "batch: undo", lambda: self._press(Qt.Key.Key_Z)
        yield "batch: redo, undo", self._redo
        yield "batch: sort", self._sort_sheet
        yield "batch: verdicts again", self._check
        yield "reconnect", self._reconnect
        yield "cancel 5,000 selected", self._cancel_selected
        yield "cancel all", self._cancel_all

    def agree_to_close(self) -> None:
        """Answer the question that may come at closing."""
        yes = self._app.window.findChild(QPushButton, "close.question.yes")
        if yes is not None and yes.isVisible():
            yes.click()

    # Signing in

    async def _sign_in(self) -> str:
        began, first, said = time.monotonic(), 0.0, ""
        while not self._is_ready():
            await asyncio.sleep(0.05)
            shown = self._app.view is not None and self._table.rows.rowCount()
            if shown and not first:
                first, said = time.monotonic() - began, self._gate_reason()
            if time.monotonic() - began > 300:
                raise RuntimeError(f"not signed in: {self._gate_reason()}")
        opened = time.monotonic() - began
        await asyncio.sleep(_LOOK_S)
        return f"first rows {first:.1f} s (“{said}”), gate open {opened:.1f} s"

    def _is_ready(self) -> bool:
        view = self._app.view
        return (
            view is not None
            and view.session.gate.open_for_risk
            and self._table.rows.total > 0.9 * self._orders  # the market has met some
        )

    def _gate_reason(self) -> str:
        view = self._app.view
        return "" if view is None else view.session.gate.reason

    async def _wait(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return ""

    # While others' messages come in

    async def _storm(self) -> str:
        """Another client of the same account, in a process of its own."""
        words = [*self._client, str(_STORM_S), *self._tickers[1:60]]
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tools.bench.storm", *words, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await child.communicate()
        await asyncio.sleep(_LOOK_S)
        return f"{said.decode().strip()} changes a second"

    # The table

    @property
    def _table(self) -> DataTable:
        assert self._app.parts is not None
        return self._app.parts.working.table

    @property
    def _view(self) -> SessionView:
        assert self._app.view is not None
        return self._app.view

    async def _filter(self) -> str:
        assert self._app.parts is not None
        field = self._app.parts.working.filter
        field.setFocus()
        for letter in "above 10":
            QTest.keyClick(field, letter)
            await asyncio.sleep(_KEY_S)
        await asyncio.sleep(_LOOK_S)
        await self._see(lambda: not self._table.rows.is_busy)
        shown = self._table.rows.rowCount()
        for _ in "above 10":
            QTest.keyClick(field, Qt.Key.Key_Backspace)
            await asyncio.sleep(_KEY_S)
        await self._see(lambda: self._table.rows.rowCount() >= self._table.rows.total)
        return f"{shown:,} shown"

    async def _sort(self, place: int) -> str:
        began = time.monotonic()
        self._table.horizontalHeader().setSortIndicator(place, Qt.SortOrder.DescendingOrder)
        await asyncio.sleep(_LOOK_S)
        await self._see(lambda: not self._table.rows.is_busy)
        return f"{time.monotonic() - began:.1f} s"

    async def _group(self) -> str:
        assert self._app.parts is not None
        for grouped in (True, False):
            self._app.parts.working.grouping_wanted.emit(grouped)
            await asyncio.sleep(_LOOK_S)
            await self._see(lambda: not self._table.rows.is_busy)
        return ""

    async def _select_all(self) -> str:
        self._table.setFocus()
        QTest.keyClick(self._table, Qt.Key.Key_A, _CTRL)
        await asyncio.sleep(2 * _LOOK_S)
        said = self._table.selected_count()
        self._table.clearSelection()
        await asyncio.sleep(_LOOK_S)
        return f"{said:,} selected"

    async def _scroll(self) -> str:
        bar = self._table.verticalScrollBar()
        for step in range(200):
            bar.setValue(bar.maximum() * step // 200)
            await asyncio.sleep(0.016)
        bar.setValue(0)
        return ""

    async def _ladder(self) -> str:
        self._view.show_market(self._tickers[1])
        await asyncio.sleep(_LOOK_S)
        self._view.show_market(self._tickers[0])
        await asyncio.sleep(2 * _LOOK_S)
        return f"{len(self._view.session.blotter.own_orders(self._tickers[0])):,} own orders"

    # The batch sheet

    async def _paste(self) -> str:
        lines = (f"{self._tickers[n % 500]}\tBuy Yes\t1\t{1 + n // 500}" for n in range(_SHEET_ROWS))
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._view.go_to_batch()
        await asyncio.sleep(_LOOK_S)
        began = time.monotonic()
        QTest.keyClick(self._sheet, Qt.Key.Key_V, _CTRL)
        await self._see(lambda: self._view.session.batch.judge.summary.rows == _SHEET_ROWS)
        await self._judged()
        took = time.monotonic() - began
        await asyncio.sleep(_LOOK_S)
        return f"judged in {took:.1f} s: {self._view.session.batch.judge.summary.text}"

    async def _fill_down(self) -> str:
        fields = self._sheet.fields_in_sight()
        self._sheet.select_block(0, _SHEET_ROWS - 1, [fields[3]])
        await asyncio.sleep(_LOOK_S)
        return await self._press(Qt.Key.Key_D)

    async def _redo(self) -> str:
        await self._press(Qt.Key.Key_Y)
        return await self._press(Qt.Key.Key_Z)

    async def _press(self, key: Qt.Key) -> str:
        began = time.monotonic()
        QTest.keyClick(self._sheet, key, _CTRL)
        await self._judged()
        took = time.monotonic() - began
        await asyncio.sleep(_LOOK_S)
        return f"judged in {took:.1f} s"

    async def _sort_sheet(self) -> str:
        header = self._sheet.horizontalHeader()
        for section in (0, 2, 2):
            header.sectionClicked.emit(section)
            await asyncio.sleep(_LOOK_S)
        return ""

    async def _check(self) -> str:
        self._view.session.batch.judge.check_again()
        await self._judged()
        await asyncio.sleep(_LOOK_S)
        return ""

    async def _judged(self) -> None:
        await asyncio.sleep(0.05)
        await self._see(lambda: self._view.session.batch.judge.summary.judged)

    @property
    def _sheet(self) -> SheetView:
        assert self._app.parts is not None
        return self._app.parts.batch.table

    # Larger things

    async def _reconnect(self) -> str:
        self._hand.show_tab("Working")
        session, began = self._view.session, time.monotonic()
        session.stream.renew()
        await self._see(lambda: not session.gate.open_for_risk)
        await self._see(lambda: session.gate.open_for_risk)
        took = time.monotonic() - began
        await asyncio.sleep(_LOOK_S)
        return f"gate open again after {took:.1f} s"

    async def _cancel_selected(self) -> str:
        assert self._app.parts is not None
        working, began = self._app.parts.working, 0.0
        working.filter.setText(self._tickers[0].casefold())
        await asyncio.sleep(_LOOK_S)
        before = self._table.rows.total
        self._table.setFocus()
        QTest.keyClick(self._table, Qt.Key.Key_A, _CTRL)
        await asyncio.sleep(_LOOK_S)
        count = self._table.selected_count()
        began = time.monotonic()
        working.cancel.click()
        await self._see(lambda: self._table.rows.total <= before - count)
        took = time.monotonic() - began
        working.filter.clear()
        await asyncio.sleep(_LOOK_S)
        return f"{count:,} in {took:.1f} s"

    async def _cancel_all(self) -> str:
        began = time.monotonic()
        self._hand.click("top.cancel_all")
        await self._see(lambda: not self._table.rows.total)
        gone = time.monotonic() - began
        await asyncio.sleep(2 * _LOOK_S)
        return f"empty after {gone:.1f} s"

    async def _see(self, look: Callable[[], object], seconds: float = 300.0) -> None:
        deadline = time.monotonic() + seconds
        while not look():
            if time.monotonic() > deadline:
                raise RuntimeError("not seen in time")
            await asyncio.sleep(0.02)
