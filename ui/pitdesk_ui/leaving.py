"""Before an account is left or Pitdesk is closed: what is unconfirmed, and what is to be canceled first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk_ui.question import Question, ask_and_forget

if TYPE_CHECKING:
    from pitdesk.desk.results import CancelResult
    from pitdesk.desk.session import Session
    from pitdesk_ui.account_mark import AccountMark
    from pitdesk_ui.main_window import MainWindow

_LOOKED_UP = "looked up with the exchange when this account is opened again. Nothing is sent twice."


@dataclass(frozen=True, slots=True)
class Farewell:
    """How the question is put: ``title`` asks, ``yes`` goes, ``no`` stays. ``ends``: nobody looks after the
    account afterwards, so that its orders are canceled first where that is chosen."""

    title: str
    yes: str
    no: str
    ends: bool = True


CLOSING = Farewell("Close Pitdesk?", "Close anyway", "Stay")
LEAVING = Farewell("Leave this account?", "Leave", "Stay")
REOPENING = Farewell("Sign in again?", "Sign in again", "Stay", ends=False)


async def may_leave(session: Session | None, window: MainWindow, mark: AccountMark, how: Farewell) -> bool:
    """Ask while an order is unconfirmed, and where a cancel before leaving left something; else go at once.

    Only once the person goes is anything canceled: to stay leaves the orders as they are.
    """
    if session is None:
        return True
    if (count := session.status.unconfirmed) and not await _ask(window, mark, how, _unconfirmed(count)):
        return False
    result = await session.dead_man.leave() if how.ends else None
    if result is None:
        return True
    known = [key for key in result.left if not session.order_desk.cancels_when_found(key)]
    if result.verified and not known:
        return True
    return await _ask(window, mark, how, _left(result, len(known)))


async def _ask(window: MainWindow, mark: AccountMark, how: Farewell, sentences: tuple[str, ...]) -> bool:
    question = Question(
        "close.question", how.title, sentences, yes=how.yes, no=how.no, mark=mark, parent=window
    )
    return await ask_and_forget(question)


def _unconfirmed(count: int) -> tuple[str, ...]:
    orders = "1 order is" if count == 1 else f"{count:,} orders are"
    return f"{orders} not confirmed and may be live.", f"{'It is' if count == 1 else 'They are'} {_LOOKED_UP}"


def _left(result: CancelResult, count: int) -> tuple[str, ...]:
    if not count:
        return "Your orders were to be canceled first, and some may still be working.", result.sentence
    orders = "1 order is" if count == 1 else f"{count:,} orders are"
    return f"{orders} still working, though all were to be canceled first.", result.sentence
