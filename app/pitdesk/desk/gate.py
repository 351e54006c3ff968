"""The gate in front of everything that adds risk. The session opens and closes it; cancels do not ask it."""

from __future__ import annotations

from pitdesk.events import Listeners


class Gate:
    """Closed from the start, with a reason the person can read."""

    def __init__(self, reason: str = "Connecting to the exchange.") -> None:
        self.changed: Listeners[None] = Listeners()
        self._reason = reason

    @property
    def open_for_risk(self) -> bool:
        """Whether new orders and changes that add risk may leave."""
        return not self._reason

    @property
    def reason(self) -> str:
        """Why new orders wait, a plain sentence; empty when they do not."""
        return self._reason

    def open(self) -> None:
        """Let new orders through."""
        self._become("")

    def close(self, reason: str) -> None:
        """Hold new orders back. ``reason`` is shown to the person and may not be empty."""
        if not reason:
            raise ValueError("a closed gate needs a reason")
        self._become(reason)

    def _become(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            self.changed.emit(None)
