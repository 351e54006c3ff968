"""The ladder of one session: what it shows and what is traded on it, opened and closed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.table_layout import TableLayout
from pitdesk_ui.ladder.presenter import LadderPresenter
from pitdesk_ui.ladder.trader import LadderTrader

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.session import Session
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.ladder.panel import LadderPanel
    from pitdesk_ui.ticket.entry import Entry

_TABLE, _RESULT = "ladder.grid", "result"


class LadderRoom:
    """Makes presenter and trader for ``panel``; ``terms`` gives the ticket's fields as they are set."""

    def __init__(
        self,
        panel: LadderPanel,
        session: Session,
        settings: Settings,
        owner: TaskOwner,
        terms: Callable[[], Entry],
    ) -> None:
        self._panel, self._settings = panel, settings
        panel.tools.show_sizes(settings.size_presets)
        panel.tools.show_result(settings.table(_TABLE).shown.get(_RESULT, False))
        panel.tools.result_wanted.connect(self._keep_result)
        self._presenter = LadderPresenter(
            panel=panel,
            market_data=session.market_data,
            blotter=session.blotter,
            finder=session.finder,
            portfolio=session.portfolio,
        )
        self._trader = LadderTrader(
            panel=panel,
            order_desk=session.order_desk,
            market_data=session.market_data,
            portfolio=session.portfolio,
            finder=session.finder,
            blotter=session.blotter,
            gate=session.gate,
            owner=owner,
            terms=terms,
            say=session.notices.say,
            limits=session.pre_trade.check,
        )
        self._disconnect = settings.changed.connect(self._settings_changed)

    def show_market(self, ticker: str) -> None:
        """Show another market from now on; no size is chosen in it yet."""
        self._presenter.show_market(ticker)
        self._trader.show_market()

    def close(self) -> None:
        """Look at nothing and send nothing any more."""
        self._disconnect()
        self._panel.tools.result_wanted.disconnect(self._keep_result)
        self._trader.close()
        self._presenter.close()

    def _keep_result(self, shown: bool) -> None:
        self._settings.set_table(_TABLE, TableLayout(shown={_RESULT: shown}))

    def _settings_changed(self, name: str) -> None:
        if name == "size_presets":
            self._panel.tools.show_sizes(self._settings.size_presets)
