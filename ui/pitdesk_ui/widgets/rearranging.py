"""A table's rows brought into another order, or through another filter, while the window goes on.

The order in sight stays as it is until the other is made and what changed meanwhile is right in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from pitdesk_ui.widgets.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QObject

    from pitdesk_ui.widgets.data_table_order import RowOrder

Row = TypeVar("Row")
_AT_ONCE = 32


class Rearranging(Generic[Row]):
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
        self.order = order
        self.touched: dict[str, None] = {}
        """The keys of rows that came, changed or went since it was begun."""
        self._passes, self._done = passes, done
        self._slices = Slices(parent, self._finish)
        self._slices.begin(self._all_of(steps))

    def give_up(self) -> None:
        """Another order is wanted."""
        self._slices.stop()
        for key in self.touched:
            self._let_go_of(key)
        self._slices.deleteLater()

    def _finish(self) -> None:
        self._done()
        self._slices.deleteLater()

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
