"""The sheet as Qt's views read it: the rows, what is said of each, and an empty line to type into below them.

It decides nothing: what is typed is handed on (``edited``), and what became of it is shown when it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from pitdesk.desk.batch.rows import BatchRow, Field
from pitdesk_ui.batch.columns import (
    COLUMNS,
    TIPS,
    Column,
    Said,
    SheetRow,
    align_of,
    cell_text,
    cell_tip,
    place_of,
)
from pitdesk_ui.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pitdesk.desk.batch.results import RowResult
    from pitdesk.desk.batch.verdicts import RowVerdict

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NEW = SheetRow(BatchRow(0))
_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TYPED = _READ | Qt.ItemFlag.ItemIsEditable


class SheetModel(QAbstractTableModel):
    """One line for each row, and one more. ``edited(place, field, text)``: somebody typed into a cell."""

    edited = Signal(int, object, str)
    first_result = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[SheetRow] = []
        self._places: dict[int, int] = {}
        self._has_results = False
        self._label: Callable[[str], str] = lambda ticker: ticker
        self._labels: dict[str, str] = {}

    # What is held

    @property
    def count(self) -> int:
        """Rows, without the empty line below them."""
        return len(self._rows)

    def held(self, place: int) -> SheetRow:
        """The row at a place; an empty one below the last."""
        return self._rows[place] if 0 <= place < len(self._rows) else _NEW

    def id_at(self, place: int) -> int | None:
        """The id of the row at a place, None below the last."""
        return self._rows[place].row.row_id if 0 <= place < len(self._rows) else None

    def place_of_row(self, row_id: int) -> int | None:
        """Where a row stands, from 0."""
        return self._places.get(row_id)

    def text(self, place: int, column: Column) -> str:
        """What a cell shows."""
        return cell_text(self.held(place), column, self._name)

    def typed(self, place: int, column: Column) -> str:
        """What stands in a cell for whoever copies it: as typed, or as shown where nobody types."""
        return self.typed_row(place, (column,))[0]

    def typed_row(self, place: int, columns: Sequence[Column]) -> list[str]:
        """The same of some cells of a row."""
        held = self.held(place)
        return [
            cell_text(held, column, self._name) if isinstance(column, Said) else held.row.text(column)
            for column in columns
        ]

    # What is told

    def name_markets(self, label: Callable[[str], str]) -> None:
        """From now on ``label`` tells a market's name from its ticker."""
        self._label = label
        self._labels.clear()
        self._tell_column(Field.MARKET)

    def show_rows(
        self,
        rows: Sequence[BatchRow],
        verdict: Callable[[int], RowVerdict],
        result: Callable[[int], RowResult | None],
    ) -> None:
        """Show these rows; only what differs is told to the views, so that selections stay on their rows."""
        kept = {held.row.row_id: held for held in self._rows}
        fresh = [_shown(row, kept.get(row.row_id), verdict, result) for row in rows]
        first, old_end, new_end = _difference(self._rows, fresh)
        if kept.keys() == {row.row_id for row in rows}:
            self._reorder(fresh)
            return
        # Qt wants to see rows come or go first, and what changed in those that stay only afterwards.
        staged = [kept.get(held.row.row_id, held) for held in fresh]
        if first == old_end == len(self._rows):
            staged[first] = SheetRow(BatchRow(fresh[first].row.row_id))
        self._come_or_go(first, old_end, new_end, staged)
        self._set(fresh)
        self._tell_rows(place for place, held in enumerate(fresh) if staged[place] is not held)

    def show_verdicts(self, verdicts: Mapping[int, RowVerdict]) -> None:
        """The check of some rows."""
        self._change(verdicts, {})

    def show_results(self, results: Mapping[int, RowResult | None]) -> None:
        """What became of some rows."""
        self._change({}, results)
        if not self._has_results and any(result is not None for result in results.values()):
            self._has_results = True
            self.first_result.emit()

    @property
    def has_results(self) -> bool:
        """Whether anything was sent."""
        return self._has_results

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """The rows and the empty line."""
        return 0 if parent.isValid() else len(self._rows) + 1

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Every column, those hidden included."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for the view, its editors and screen readers; the delegate paints from :meth:`held`."""
        place, column = index.row(), COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(place, column)
        if role == Qt.ItemDataRole.EditRole:
            return self.text(place, column) if column is Field.MARKET else self.typed(place, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(cell_tip(self.held(place), column))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed; nothing is written here."""
        column = COLUMNS[index.column()]
        if role != Qt.ItemDataRole.EditRole or isinstance(column, Said):
            return False
        self.edited.emit(index.row(), column, str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles above, numbers at the left."""
        if orientation == Qt.Orientation.Vertical:
            if role != Qt.ItemDataRole.DisplayRole:
                return None
            return str(section + 1) if section < len(self._rows) else "+"
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(align_of(column).value | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(TIPS.get(column, ""))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of orders that may be live are read, not written."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        is_typed = isinstance(COLUMNS[index.column()], Field) and not self.held(index.row()).is_live
        return _TYPED if is_typed else _READ

    # Inside

    def _name(self, ticker: str) -> str:
        """What a market is called: asked once, and painted many times."""
        name = self._labels.get(ticker)
        if name is None:
            name = self._labels[ticker] = self._label(ticker)
        return name

    def _set(self, rows: list[SheetRow]) -> None:
        self._rows = rows
        self._places = {held.row.row_id: place for place, held in enumerate(rows)}

    def _come_or_go(self, first: int, old_end: int, new_end: int, rows: list[SheetRow]) -> None:
        """Rows between others come, or go, or both.

        At the end the empty line becomes the first new row, so that whoever typed there stays with it.
        """
        if first == old_end:
            below = int(first == len(self._rows))
            self.beginInsertRows(_NOWHERE, first + below, new_end - 1 + below)
            self._set(rows)
            self.endInsertRows()
        elif first == new_end:
            self.beginRemoveRows(_NOWHERE, first, old_end - 1)
            self._set(rows)
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self._set(rows)
            self.endResetModel()

    def _reorder(self, fresh: list[SheetRow]) -> None:
        """The same rows, perhaps in another order, perhaps with other cells."""
        before = self._rows
        if [held.row.row_id for held in before] != [held.row.row_id for held in fresh]:
            self.layoutAboutToBeChanged.emit()
            places = {held.row.row_id: place for place, held in enumerate(fresh)}
            old = self.persistentIndexList()
            self._set(fresh)
            self.changePersistentIndexList(old, [self._moved(index, before, places) for index in old])
            self.layoutChanged.emit()
            self._tell_rows(range(len(fresh)))
            return
        self._set(fresh)
        self._tell_rows([place for place, held in enumerate(fresh) if held is not before[place]])

    def _moved(self, index: QModelIndex, before: list[SheetRow], places: dict[int, int]) -> QModelIndex:
        if index.row() >= len(before):
            return index
        return self.createIndex(places[before[index.row()].row.row_id], index.column())

    def _change(self, verdicts: Mapping[int, RowVerdict], results: Mapping[int, RowResult | None]) -> None:
        told: list[int] = []
        for row_id in verdicts.keys() | results.keys():
            place = self._places.get(row_id)
            if place is None:
                continue
            held = self._rows[place]
            verdict, result = verdicts.get(row_id, held.verdict), results.get(row_id, held.result)
            self._rows[place] = SheetRow(held.row, verdict, result)
            told.append(place)
        self._tell_rows(sorted(told))

    def _tell_rows(self, places: Iterable[int]) -> None:
        for first, last in _unbroken(places):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def _tell_column(self, column: Column) -> None:
        if self._rows:
            place = place_of(column)
            self.dataChanged.emit(self.index(0, place), self.index(len(self._rows) - 1, place))


def _shown(
    row: BatchRow,
    held: SheetRow | None,
    verdict: Callable[[int], RowVerdict],
    result: Callable[[int], RowResult | None],
) -> SheetRow:
    """The record of a row, the very same one while nothing about it changed."""
    if held is not None and held.row is row:
        return held
    return SheetRow(row, verdict(row.row_id), result(row.row_id))


def _difference(old: list[SheetRow], new: list[SheetRow]) -> tuple[int, int, int]:
    """Where two lists begin to differ by id, and where in each they end to."""
    first = 0
    shorter = min(len(old), len(new))
    while first < shorter and old[first].row.row_id == new[first].row.row_id:
        first += 1
    old_end, new_end = len(old), len(new)
    while min(old_end, new_end) > first and old[old_end - 1].row.row_id == new[new_end - 1].row.row_id:
        old_end, new_end = old_end - 1, new_end - 1
    return first, old_end, new_end


def _unbroken(places: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring places."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
