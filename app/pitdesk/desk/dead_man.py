"""Dead-man's help: cancels for a person who sleeps, is away or has gone, as far as Pitdesk can.

The exchange has no such switch for a desktop. Pitdesk acts only while it runs and is connected: a lost line,
a power cut or a computer that stays asleep leave the orders working. What ends them then is their expiry.
"""

from __future__ import annotations

import asyncio
from itertools import chain, repeat
from typing import TYPE_CHECKING

from pitdesk.desk.gatekeeper import DEAD_MAN
from pitdesk.desk.results import CancelResult
from pitdesk.notices import Notice, NoticeKind, Notices, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pitdesk.clock import Clock
    from pitdesk.desk.gatekeeper import Gatekeeper
    from pitdesk.desk.order_desk import OrderDesk
    from pitdesk.settings import Settings
    from pitdesk.tasks import TaskOwner

LIMITS = (
    "Pitdesk can only do this while it runs and is connected. A crash, a lost line or a computer that stays "
    "asleep leaves your orders working: only an expiry ends them then."
)
WARN_S = 60.0
"""How long before it cancels for an absent person it says so."""
_RETRY_S = (1.0, 2.0, 5.0, 15.0)
_LEAVE_S = 10.0
_KEY = "dead man"
_LATE = f"The exchange has not confirmed the cancels within {_LEAVE_S:.0f} seconds."
_HELD = "Your orders are being canceled because the computer was asleep."


class DeadMan:
    """One account's. Asked about once a second by :meth:`look`; told of the person and of sleep."""

    def __init__(
        self,
        order_desk: OrderDesk,
        may_work: Callable[[], int],
        settings: Settings,
        notices: Notices,
        owner: TaskOwner,
        clock: Clock,
        keeper: Gatekeeper,
        retry_s: tuple[float, ...] = _RETRY_S,
    ) -> None:
        """``may_work``: how many orders may trade; ``keeper`` holds the gate closed after a sleep."""
        self._desk, self._may_work, self._settings = order_desk, may_work, settings
        self._notices, self._owner, self._clock = notices, owner, clock
        self._keeper, self._retry_s = keeper, retry_s
        self._acted_at = clock.monotonic()
        self._is_gone = False
        self._warned = False

    def person_acted(self) -> None:
        """A key, the mouse or a touch: the person is there."""
        self._acted_at = self._clock.monotonic()
        if self._warned or self._is_gone:
            self._warned = self._is_gone = False
            self._notices.clear(_KEY)

    def look(self) -> None:
        """Cancel once when the person has been away for as long as was chosen, said a minute before."""
        safety = self._settings.safety
        if not safety.cancel_when_away:
            self._stand_down()
            return
        left_s = self._acted_at + safety.away_minutes * 60 - self._clock.monotonic()
        if self._is_gone or not self._may_work():
            return
        if left_s <= 0:
            self._is_gone = True
            minutes = "1 minute" if safety.away_minutes == 1 else f"{safety.away_minutes} minutes"
            self._spawn(self._cancel(f"No key or mouse for {minutes}"))
        elif left_s <= WARN_S and not self._warned:
            self._warned = True
            self._notices.say(
                Notice(
                    f"Nobody is there: in {left_s:.0f} s every order is canceled.",
                    "Any key or a move of the mouse stops it.",
                    severity=Severity.WARNING,
                    key=_KEY,
                    kind=NoticeKind.AWAY,
                )
            )

    def woke(self) -> None:
        """The computer was asleep. Where that is chosen, new orders wait until the old ones are canceled."""
        if not self._settings.safety.cancel_on_sleep or not self._may_work() or self._owner.is_closing:
            return
        self._keeper.close(DEAD_MAN, _HELD)
        self._spawn(self._after_sleep())

    async def leave(self) -> CancelResult | None:
        """Pitdesk is to be closed or the account left: cancel everything where that is chosen.

        None where it is not, or nothing works. A cancel that takes longer than ten seconds goes on by itself
        and is told as not verified.
        """
        if not self._settings.safety.cancel_on_quit or not self._may_work() or self._owner.is_closing:
            return None
        self._notices.say(Notice("Your orders are being canceled before this account is left.", key=_KEY))
        work = self._owner.spawn("cancel before leaving", self._desk.cancel_all())
        done, _ = await asyncio.wait({work}, timeout=_LEAVE_S)
        self._notices.clear(_KEY)
        return work.result() if done else CancelResult(_LATE, verified=False)

    def _stand_down(self) -> None:
        if self._warned:
            self._warned = False
            self._notices.clear(_KEY)
        self._is_gone = False

    async def _after_sleep(self) -> None:
        try:
            await self._cancel("The computer was asleep")
        finally:
            self._keeper.lift(DEAD_MAN)

    async def _cancel(self, why: str) -> None:
        """Cancel everything, again until the exchange has answered, then what is left as long as any is."""
        result = await self._desk.cancel_all()
        for pause in chain(self._retry_s, repeat(self._retry_s[-1])):
            if result.verified:
                break
            await asyncio.sleep(pause)
            result = await self._desk.cancel_all()
        self._say(why, result)
        if self._still(result):
            self._spawn(self._cancel_rest(why, result))

    async def _cancel_rest(self, why: str, result: CancelResult) -> None:
        """Of these orders alone: what is placed meanwhile is somebody's who is there."""
        while left := self._still(result):
            await asyncio.sleep(self._retry_s[-1])
            result = await self._desk.cancel(left)
        self._say(why, result)

    def _still(self, result: CancelResult) -> list[str]:
        """What to ask again for. An unconfirmed order is canceled by itself once it is found."""
        return [key for key in result.left if not self._desk.cancels_when_found(key)]

    def _say(self, why: str, result: CancelResult) -> None:
        sentence = f"{why}: {result.sentence}"
        self._notices.say(Notice(sentence, severity=Severity.WARNING, key=_KEY, kind=NoticeKind.AWAY))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        self._owner.spawn("cancel for an absent person", work)
