"""Where faults of our own go: the log, one notice, and a file of stacks for the worst ones."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import IO, TYPE_CHECKING, Any

from pitdesk.notices import Notice, Notices, Severity
from pitdesk.redaction import RedactingFormatter

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

_LOG = logging.getLogger("pitdesk")
_LOG_BYTES = 2_000_000


class Failures:
    """Reports each fault once: whole to the log, as one sentence to the person."""

    def __init__(self, notices: Notices, log_dir: Path) -> None:
        self._notices = notices
        self._log_dir = log_dir
        self._stacks: IO[str] | None = None
        self._handler: logging.Handler | None = None
        self._former = sys.excepthook, threading.excepthook

    def install(self) -> None:
        """Take over every place where Python would only print. Call once, early."""
        handler = RotatingFileHandler(
            self._log_dir / "pitdesk.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8", delay=True
        )
        handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        self._handler = handler
        logging.getLogger().addHandler(handler)
        if not _LOG.isEnabledFor(logging.INFO):  # whoever asked for more has it
            _LOG.setLevel(logging.INFO)
        self._stacks = (self._log_dir / "stacks.txt").open("a", encoding="utf-8")
        faulthandler.enable(self._stacks)
        self._former = sys.excepthook, threading.excepthook
        sys.excepthook = self._uncaught
        threading.excepthook = lambda caught: self.report(
            caught.thread.name if caught.thread else "a thread", caught.exc_value or RuntimeError("unknown")
        )

    def remove(self) -> None:
        """Give those places back, at the very end."""
        sys.excepthook, threading.excepthook = self._former
        faulthandler.disable()
        if self._stacks is not None:
            self._stacks.close()
            self._stacks = None
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def loop_handler(self) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
        """For ``loop.set_exception_handler``."""

        def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            error = context.get("exception")
            self.report(
                str(context.get("message", "event loop")), error or RuntimeError("no exception given")
            )

        return handle

    def report(self, where: str, error: BaseException) -> None:
        """Log ``error`` and say that something went wrong; a task owner's reporter."""
        _LOG.error("%s failed", where, exc_info=(type(error), error, error.__traceback__))
        self._notices.say(
            Notice(
                headline=f"Something in Pitdesk failed ({where}).",
                advice="Orders already sent are kept in the journal. If figures look wrong, restart Pitdesk.",
                detail=f"{type(error).__name__}. The log is in {self._log_dir}.",
                severity=Severity.ERROR,
                key="fault",
            )
        )

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report("the window", error)
