"""The finder's rows behind a list view, and the announcement of exactly those quotes that are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pitdesk.markets import Quote
from pitdesk_ui.finder.rows import FinderRow, FinderRows, RowKind
from pitdesk_ui.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Container

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class FinderModel(QAbstractListModel):
    """Rows of events and markets. Quotes are read when a row is painted and never kept here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.quote_of: Callable[[str], Quote] = lambda ticker: Quote()
        self._rows = FinderRows()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name, the tip, and a row told in full for assistive technology."""
        row = self._rows.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._words(row)
        return None

    def row(self, number: int) -> FinderRow | None:
        """The row of that number, None outside."""
        return self._rows.row(number)

    def first_market(self) -> int | None:
        """The first row that is a market."""
        return self._rows.first_market()

    def index_like(self, kind: RowKind, ticker: str) -> QModelIndex:
        """The index of an event or a market, invalid where it is not shown."""
        number = self._rows.find(kind, ticker)
        return QModelIndex() if number is None else self.index(number)

    def show_rows(self, rows: FinderRows) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def tell_quotes(self, tickers: Container[str], in_sight: range) -> None:
        """Let the rows of ``tickers`` be painted anew, of those that are in sight."""
        for number in in_sight:
            row = self._rows.row(number)
            if row is not None and row.kind is RowKind.MARKET and row.ticker in tickers:
                index = self.index(number)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DisplayRole])

    def _words(self, row: FinderRow) -> str:
        if row.kind is RowKind.EVENT:
            return f"{row.text}, {'open' if row.is_open else 'folded'}"
        quote = self.quote_of(row.ticker)
        bid = f"bid {quote.bid}" if quote.bid else "no bid"
        ask = f"ask {quote.ask}" if quote.ask else "no ask"
        return f"{row.text}, {bid}, {ask}{', on your watchlist' if row.is_watched else ''}"
