"""Where Qt's signals meet asyncio: slots that start owned tasks, and dialogs that answer later."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pitdesk.tasks import TaskOwner


def on_signal(
    owner: TaskOwner, name: str, work: Callable[..., Coroutine[Any, Any, Any]]
) -> Callable[..., None]:
    """A slot that starts ``work`` with the signal's arguments as a task of ``owner``.

    Once the owner is closing, nothing new is started: the window is on its way out.
    """

    def slot(*arguments: object) -> None:
        if not owner.is_closing:
            owner.spawn(name, work(*arguments))

    return slot


def ask(dialog: QDialog) -> asyncio.Future[bool]:
    """Open ``dialog`` and answer whether it was accepted, without a nested event loop."""
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def finished(result: int) -> None:
        if not answer.done():
            answer.set_result(result == QDialog.DialogCode.Accepted)

    dialog.finished.connect(finished)
    dialog.open()
    return answer
