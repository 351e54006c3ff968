"""A tab that is a table: what the View menu offers for it, and what it asks of its presenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from pitdesk_ui.widgets.data_table import DataTable


class TabPage(QWidget):
    """``table`` is what View is about; ``groups_by`` what its rows can stand under, empty if nothing."""

    export_wanted = Signal()
    """All rows that are shown, or those that are selected, are to be written to a file."""
    grouping_wanted = Signal(bool)

    table: DataTable[Any]
    groups_by = ""

    def fill_view(self, menu: QMenu) -> None:
        """What can be seen otherwise, in the order of use."""
        if self.groups_by:
            action = menu.addAction(f"Group by {self.groups_by}\tCtrl+G")
            action.setObjectName("view.group")
            action.setCheckable(True)
            action.setChecked(self.table.rows.is_grouped)
            action.triggered.connect(self.grouping_wanted)
            menu.addSeparator()
        self.table.choice.fill(menu)
        menu.addSeparator()
        menu.addAction("Write a CSV file…\tCtrl+E", self.export_wanted.emit).setObjectName("view.export")

    def toggle_grouping(self) -> bool:
        """Group, or not any more; False where nothing can be grouped by."""
        if self.groups_by:
            self.grouping_wanted.emit(not self.table.rows.is_grouped)
        return bool(self.groups_by)
