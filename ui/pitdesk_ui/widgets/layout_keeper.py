"""Brings a table back to how the person arranged it, and keeps each change for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from pitdesk.settings import Settings
    from pitdesk_ui.widgets.column_choice import ColumnChoice


class LayoutKeeper(QObject):
    """For one table by its name in the settings."""

    def __init__(self, name: str, choice: ColumnChoice, settings: Settings) -> None:
        super().__init__(choice)
        self._name, self._choice, self._settings = name, choice, settings
        choice.apply(settings.table(name))
        choice.changed.connect(self._keep)

    @property
    def grouped(self) -> bool:
        """Whether its rows were grouped at last."""
        return self._settings.table(self._name).grouped

    @grouped.setter
    def grouped(self, grouped: bool) -> None:
        kept = self._settings.table(self._name)
        self._settings.set_table(self._name, msgspec.structs.replace(kept, grouped=grouped))

    def close(self) -> None:
        """Keep what was changed last."""
        self._choice.settle()

    def _keep(self) -> None:
        layout = msgspec.structs.replace(self._choice.layout(), grouped=self.grouped)
        self._settings.set_table(self._name, layout)
