"""A tab that is a table: what the View menu offers for it, and what it asks of its presenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pitdesk_ui.hotkeys.keymap import TAB_KEY
from pitdesk_ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.widgets.column_choice import ColumnChoice


class Arranged(Protocol):
    """A table whose columns can be chosen."""

    choice: ColumnChoice

    def objectName(self) -> str:
        """Its name, also in the settings."""
        ...


class TabPage(QWidget):
    """``groups_by`` is what its rows can stand under, empty if nothing."""

    export_wanted = Signal()
    """The rows that are shown, or those that are selected, are to be written to a file."""
    grouping_wanted = Signal(bool)
    groups_by = ""

    @property
    def arranged(self) -> Arranged:
        """The table that View is about; one of the name ``table`` unless a tab says otherwise."""
        table: Arranged = self.table  # type: ignore[attr-defined]
        return table

    @property
    def rows_table(self) -> DataTable[Any] | None:
        """That table where it is one of rows."""
        table = self.arranged
        return table if isinstance(table, DataTable) else None

    def fill_view(self, menu: QMenu, keys: KeyMap) -> None:
        """What can be seen otherwise, in the order of use."""
        if self.groups_by:
            action = menu.addAction(f"Group by {self.groups_by}{keys.phrase('group', TAB_KEY)}")
            action.setObjectName("view.group")
            action.setCheckable(True)
            action.setChecked(self._is_grouped)
            action.triggered.connect(self.grouping_wanted)
        self._fill_folding(menu)
        if self.groups_by:
            menu.addSeparator()
        self.arranged.choice.fill(menu)
        menu.addSeparator()
        export = menu.addAction(f"Write a CSV file…{keys.phrase('export', TAB_KEY)}", self.export_wanted.emit)
        export.setObjectName("view.export")

    def _fill_folding(self, menu: QMenu) -> None:
        table = self.rows_table
        if table is None or not table.rows.is_grouped:
            return
        for text, name, folded in (("Fold all groups", "fold", True), ("Open all groups", "open", False)):
            action = menu.addAction(text)
            action.setObjectName(f"view.{name}_all")
            action.triggered.connect(lambda _=False, to=folded: table.rows.fold_all(folded=to))

    def toggle_grouping(self) -> bool:
        """Group, or not any more; False where nothing can be grouped by."""
        if self.groups_by:
            self.grouping_wanted.emit(not self._is_grouped)
        return bool(self.groups_by)

    @property
    def _is_grouped(self) -> bool:
        table = self.rows_table
        return table is not None and table.rows.is_grouped
