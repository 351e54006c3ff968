"""A damaged journal, until the person has said that they know: new orders wait for it, cancels do not.

What was in doubt when it was damaged is not known any more. So the orders are read from the exchange first;
then the person is shown what happened and where the file is kept, and opens trading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.activity import Activity, ActivityEntry
from pitdesk.desk.gatekeeper import DAMAGE, SNAPSHOT, Gatekeeper
from pitdesk.events import Listeners
from pitdesk.journal import Damage, Journal, JournalError
from pitdesk.notices import Notices, Severity

if TYPE_CHECKING:
    from pitdesk.clock import Clock

NOTICE = "journal"
"""What is said when the journal was opened goes by this key."""
_REASON = "The journal of your orders was damaged. Read what is said above, then open trading there."


class DamageWatch:
    """Of one session. ``changed`` tells that there is, or no longer is, something to be acknowledged."""

    def __init__(
        self,
        journal: Journal,
        environment: str,
        keeper: Gatekeeper,
        notices: Notices,
        activity: Activity,
        clock: Clock,
    ) -> None:
        self.changed: Listeners[None] = Listeners()
        self._journal, self._environment, self._keeper = journal, environment, keeper
        self._notices, self._activity, self._clock = notices, activity, clock
        self._damages: tuple[Damage, ...] = ()

    @property
    def damages(self) -> tuple[Damage, ...]:
        """What was not acknowledged yet, the oldest first."""
        return self._damages

    @property
    def may_acknowledge(self) -> bool:
        """Whether the orders were read from the exchange, so that there is something to compare with."""
        return bool(self._damages) and not self._keeper.holds(SNAPSHOT)

    async def look(self) -> None:
        """After the journal was opened: what of it was damaged keeps the gate closed."""
        try:
            self._damages = await self._journal.unseen_damages(self._environment)
        except JournalError as error:
            self._keeper.close(DAMAGE, str(error))
            return
        if self._damages:
            self._keeper.close(DAMAGE, _REASON)
            self.changed.emit(None)

    async def acknowledge(self) -> str:
        """The person has understood: written down, then the gate no longer waits for it. Why not, if not."""
        if not self.may_acknowledge:
            return "Your orders are still being read from the exchange. Wait until they were."
        damages = self._damages
        try:
            await self._journal.acknowledge(damages, self._environment)
        except JournalError as error:
            return f"Trading stays closed. {error}"
        self._damages = ()
        self._keeper.lift(DAMAGE)
        self._notices.clear(NOTICE)
        names = ", ".join(damage.file.name for damage in damages)
        self._activity.add(
            ActivityEntry(
                self._clock.wall_ms(), "Journal", "", names, "Damage acknowledged", severity=Severity.WARNING
            )
        )
        self.changed.emit(None)
        return ""
