"""Which columns of a table are in sight, in what order and how wide: as the person chooses.

It works on the header of any table view. The view says how its columns fit themselves; that ends with the
first border the person drags, and begins again with :meth:`ColumnChoice.reset`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from pitdesk.table_layout import TableLayout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SETTLED_MS = 300  # a border that is being dragged is kept once it rests
_NARROWEST, _WIDEST = 40, 2_000


@dataclass(frozen=True, slots=True)
class Choosable:
    """A column by its key in the settings and its title. A ``rare`` one is hidden until it is shown."""

    key: str
    title: str
    rare: bool = False


class ColumnChoice(QObject):
    """The columns of one view, by the numbers that they have in its model."""

    changed = Signal()
    """The person changed something: :meth:`layout` is to be kept."""
    arrange_wanted = Signal()

    def __init__(
        self,
        view: QTableView,
        columns: Sequence[Choosable],
        fit: Callable[[], None],
        *,
        movable: bool = True,
    ) -> None:
        """``fit`` gives the columns in sight their widths as the room allows; call :meth:`begin` after the
        view has its model. ``movable``: whether their order may be changed too."""
        super().__init__(view)
        self.columns = tuple(columns)
        self._view, self._fit, self._movable = view, fit, movable
        self._held = frozenset[str]()
        self._busy = False
        self._fits_itself = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLED_MS)
        self._soon.timeout.connect(self.changed)

    def begin(self) -> None:
        """Hide what is rare, and follow the header from now on."""
        header = self._header
        header.setSectionsMovable(self._movable)
        header.sectionMoved.connect(self._moved)
        header.sectionResized.connect(self._resized)
        with self.fitting():
            self._show_as_at_first()
        self._fit()

    @property
    def fits_itself(self) -> bool:
        """Whether the widths are still the view's own affair."""
        return self._fits_itself

    @contextmanager
    def fitting(self) -> Iterator[None]:
        """What happens to the header in here is not the person's doing."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    def in_sight(self) -> list[int]:
        """The columns that are shown, from the left."""
        header = self._header
        order = (header.logicalIndex(place) for place in range(len(self.columns)))
        return [column for column in order if not self._view.isColumnHidden(column)]

    def in_order(self) -> list[int]:
        """All columns from the left, those hidden at their place."""
        return [self._header.logicalIndex(place) for place in range(len(self.columns))]

    def is_shown(self, column: int) -> bool:
        """Whether a column is in sight."""
        return not self._view.isColumnHidden(column)

    def may_hide(self, column: int) -> bool:
        """Not the last one in sight, nor one that holds what must be seen."""
        return self.columns[column].key not in self._held and self.in_sight() != [column]

    def hold(self, keys: frozenset[str]) -> None:
        """Columns that are to stay in sight whatever the person chose, because something is in them."""
        self._held = keys
        for number, column in enumerate(self.columns):
            if column.key in keys and not self.is_shown(number):
                self._set_shown(number, True)
                self._refit()

    def show(self, column: int, shown: bool) -> None:
        """Show or hide a column because the person wants it."""
        if self.is_shown(column) == shown or (not shown and not self.may_hide(column)):
            return
        self._set_shown(column, shown)
        self._refit()
        self.changed.emit()

    def move(self, column: int, place: int) -> None:
        """Put a column at a place among all of them, from 0."""
        self._header.moveSection(self._header.visualIndex(column), place)

    def settle(self) -> None:
        """Say now what was changed a moment ago."""
        if self._soon.isActive():
            self._soon.stop()
            self.changed.emit()

    def layout(self) -> TableLayout:
        """What is to be kept."""
        header, shown = self._header, self.in_sight()
        widths = {} if self._fits_itself else {
            self.columns[number].key: header.sectionSize(number) for number in shown[:-1]
        }  # fmt: skip
        return TableLayout(
            order=tuple(self.columns[number].key for number in self.in_order()),
            shown={column.key: self.is_shown(number) for number, column in enumerate(self.columns)},
            widths=widths,
        )

    def apply(self, layout: TableLayout) -> None:
        """Take up what was kept; what it does not know of stays as at first."""
        numbers = {column.key: number for number, column in enumerate(self.columns)}
        with self.fitting():
            self._show_as_at_first()
            order = layout.order if self._movable else ()
            for place, number in enumerate(numbers[key] for key in order if key in numbers):
                self._header.moveSection(self._header.visualIndex(number), place)
            for key, shown in layout.shown.items():
                if key in numbers and (shown or self.may_hide(numbers[key])):
                    self._set_shown(numbers[key], shown)
            self._fits_itself = not layout.widths
            self._fit()
            for key, width in layout.widths.items():
                if key in numbers:
                    self._header.resizeSection(numbers[key], min(max(width, _NARROWEST), _WIDEST))

    def reset(self) -> None:
        """As at first."""
        self.apply(TableLayout())
        self.changed.emit()

    def fill(self, menu: QMenu) -> None:
        """Every column to tick, and the ways to arrange them."""
        for number in self.in_order():
            action = menu.addAction(self.columns[number].title.replace("&", "&&"))
            action.setObjectName(f"columns.{self.columns[number].key}")
            action.setCheckable(True)
            action.setChecked(self.is_shown(number))
            action.setEnabled(not self.is_shown(number) or self.may_hide(number))
            action.toggled.connect(lambda shown, chosen=number: self.show(chosen, shown))
        menu.addSeparator()
        if self._movable:
            menu.addAction("Arrange columns…", self.arrange_wanted.emit).setObjectName("columns.arrange")
        menu.addAction("Reset columns", self.reset).setObjectName("columns.reset")

    def popup(self, at: QPoint) -> None:
        """The menu, at a place of the screen."""
        menu = QMenu(self._view)
        menu.setObjectName("columns.menu")
        menu.aboutToHide.connect(menu.deleteLater)
        self.fill(menu)
        menu.popup(at)

    @property
    def _header(self) -> QHeaderView:
        return self._view.horizontalHeader()

    def _show_as_at_first(self) -> None:
        for number, column in enumerate(self.columns):
            self._header.moveSection(self._header.visualIndex(number), number)
            self._set_shown(number, not column.rare or column.key in self._held)
        self._fits_itself = True

    def _set_shown(self, column: int, shown: bool) -> None:
        header = self._header
        with self.fitting():
            # Qt goes on counting the width of a last column that was stretched when it was hidden.
            stretched = header.stretchLastSection()
            header.setStretchLastSection(False)
            self._view.setColumnHidden(column, not shown)
            header.setStretchLastSection(stretched)

    def _refit(self) -> None:
        if self._fits_itself:
            self._fit()

    def _moved(self, _column: int, _from: int, _to: int) -> None:
        if not self._busy:
            self._refit()
            self._soon.start()

    def _resized(self, column: int, old: int, new: int) -> None:
        """Once the person drags a border, the widths are theirs. The last one takes what room is left."""
        if self._busy or not old or not new or self.in_sight()[-1:] == [column]:
            return
        self._fits_itself = False
        self._soon.start()
