"""A table's rows brought into another order, or through another filter, while the window goes on.

The order in sight stays as it is until the other is made and what changed meanwhile is right in it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pitdesk_ui.widgets.data_table_order import RowOrder

Row = TypeVar("Row")
_SLICE_S = 0.006
_AT_ONCE = 32


class LayingOut(QObject, Generic[Row]):
    """Takes ``steps``, some at a turn of the event loop, which make ``order``; then calls ``done``.

    ``passes`` tells whether a key is held and to be shown.
    """

    def __init__(
        self,
        order: RowOrder[Row],
        steps: Iterator[None],
        passes: Callable[[str], bool],
        done: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.order = order
        self.touched: dict[str, None] = {}
        """The keys of rows that came, changed or went since it was begun."""
        self._passes, self._done = passes, done
        self._steps = self._all_of(steps)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(0)

    def give_up(self) -> None:
        """Another order is wanted."""
        self._timer.stop()
        for key in self.touched:
            self._let_go_of(key)
        self.deleteLater()

    def _go_on(self) -> None:
        until = time.monotonic() + _SLICE_S
        for _ in self._steps:
            if time.monotonic() >= until:
                return
        self._timer.stop()
        self._done()
        self.deleteLater()

    def _all_of(self, steps: Iterator[None]) -> Iterator[None]:
        yield from steps
        while self.touched:
            for key in list(self.touched)[:_AT_ONCE]:
                del self.touched[key]
                self._put_right(key)
            if self.touched:
                yield

    def _put_right(self, key: str) -> None:
        order, wanted = self.order, self._passes(key)
        if order.is_shown(key) and not wanted:
            order.hide(key)
            order.drop_heading()
        elif wanted and not order.is_shown(key):
            if order.heading_to_add(key) is not None:
                order.add_heading(key)
            order.show(key)
        self._let_go_of(key)

    def _let_go_of(self, key: str) -> None:
        if key not in self.order.rows:
            self.order.forget(key)
