"""What every tab of a session has alike: its arrangement is kept, and its rows can be written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.table_export import TableExport
from pitdesk_ui.widgets.layout_keeper import LayoutKeeper

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.notices import Notices
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.widgets.tab_page import Arranged, TabPage


class TabServices:
    """For the tabs of one session, each once its panel is there."""

    def __init__(self, settings: Settings, notices: Notices, owner: TaskOwner) -> None:
        self._settings, self._notices, self._owner = settings, notices, owner
        self._keepers: list[LayoutKeeper] = []
        self._exports: list[TableExport] = []

    def keep(self, page: TabPage) -> LayoutKeeper:
        """Arrange the tab's table as the person last did, and keep what is changed."""
        return self.keep_table(page.arranged)

    def keep_table(self, table: Arranged) -> LayoutKeeper:
        """The same for one table of a tab that has several."""
        keeper = LayoutKeeper(table.objectName(), table.choice, self._settings)
        self._keepers.append(keeper)
        return keeper

    def write(self, page: TabPage, name: str, left_out: Callable[[], str] = str) -> None:
        """Let its rows be written to a file, at first called ``name``; ``left_out``: see
        :class:`~pitdesk_ui.table_export.TableExport`."""
        self._exports.append(TableExport(page, name, self._notices, self._owner, left_out))

    def close(self) -> None:
        """Keep what was arranged last, and close what is open."""
        for keeper in self._keepers:
            keeper.close()
        for export in self._exports:
            export.close()
