"""One request's way from the queue to its answer, as both the loop and the worker see it.

It answers the one question that decides what a failed write means: was a connection ever made? The kind of
an exception does not tell; whether ``connect()`` has returned does. And it holds a request back, prepared,
signed and with its connection standing, until it may leave.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.clock import Clock

_SHARE_FOR_THE_ANSWER = 0.25
_SIGNED_FOR_MS = 1_000


class AbandonedError(Exception):
    """Too little time was left when the connection stood: sending now would only lose the answer."""


class HeldBackError(Exception):
    """It may not leave. Its text is a plain sentence, why not."""


class SignedLongAgoError(Exception):
    """It was held back so long that its signature's time may no longer be taken (FACTS §2): sign again."""


class Attempt:
    """Shared by the loop, which may end it, and one worker, which makes it. Thread-safe."""

    def __init__(self, clock: Clock, seconds: float, before: Callable[[], str] | None = None) -> None:
        """``before`` has the last word, in the worker: it may wait, and says why nothing may leave, if so."""
        self._clock = clock
        self._before = before
        self._until = clock.monotonic() + seconds
        self._least = seconds * _SHARE_FOR_THE_ANSWER
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._abandoned = False
        self._sent = False
        self._cut = False

    @property
    def sent(self) -> bool:
        """True once a connection stood: from then on bytes may have left."""
        return self._sent

    @property
    def was_cut(self) -> bool:
        """True where its connection was ended under it: what was read may look like an end and is none."""
        return self._cut

    def remaining(self) -> float:
        """Seconds until its deadline, never below zero."""
        return max(0.0, self._until - self._clock.monotonic())

    def check(self) -> None:
        """Raise :class:`AbandonedError` where it was given up while it waited in the queue."""
        if self._abandoned:
            raise AbandonedError

    def connected(self, connection: socket.socket | None) -> None:
        """The connection stands and the request goes out next, once it may.

        Raises :class:`AbandonedError` where less than a quarter of the time is left for the answer,
        :class:`HeldBackError` and :class:`SignedLongAgoError`: then nothing goes out.
        """
        if not self._sent:
            self._ask()
        with self._lock:
            if self._abandoned or (not self._sent and self.remaining() < self._least):
                self._abandoned = True
                raise AbandonedError
            self._sent = True
            self._socket = connection

    def expire(self) -> bool:
        """Give it up. True where nothing was sent, and then nothing will be; else its connection is cut."""
        with self._lock:
            if not self._sent:
                self._abandoned = True
                return True
            if self._socket is not None:
                self._cut = True
                _cut(self._socket)
            return False

    def finish(self) -> None:
        """The worker is done with the connection: it may serve another attempt now."""
        with self._lock:
            self._socket = None

    def _ask(self) -> None:
        """Outside the lock: the loop may give the attempt up meanwhile."""
        if self._before is None:
            return
        asked_ms = self._clock.wall_ms()  # a sleep of the machine counts too
        if why_not := self._before():
            raise HeldBackError(why_not)
        if abs(self._clock.wall_ms() - asked_ms) > _SIGNED_FOR_MS:
            raise SignedLongAgoError


def _cut(connection: socket.socket) -> None:
    """Wake a worker that waits on ``connection``. Under TLS too: the plain socket below it is shut down."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
