"""The WebSocket library, and no more of it than opening a connection and naming what goes wrong."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from pitdesk import __version__
from pitdesk.kalshi import tls
from pitdesk.redaction import RedactingFilter

if TYPE_CHECKING:
    import ssl

    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.signer import Signer

__all__ = ["ClientConnection", "ConnectionClosed", "DoorError", "open_stream"]

_MOST_BYTES = 16 * 1024 * 1024
_WIRE_LOG = logging.getLogger("pitdesk.kalshi.stream.wire")
# At DEBUG the library tells the headers that it sends, signature included.
_WIRE_LOG.addFilter(RedactingFilter())


class DoorError(Exception):
    """The stream could not be opened. Its text is a plain sentence fit for the person."""


class _Connection(ClientConnection):
    def connection_lost(self, exc: Exception | None) -> None:
        """As the library does; but TLS that fails within a proxy's tunnel loses what was never made."""
        if hasattr(self, "recv_messages"):
            super().connection_lost(exc)


class _Connect(connect):
    def process_redirect(self, exc: Exception) -> Exception:
        """No redirect is followed: the signed headers would go along."""
        return exc


async def open_stream(
    environment: Environment, signer: Signer, seconds: float, proxy: str = ""
) -> ClientConnection:
    """Connect with a signature made now. Raises :class:`DoorError`.

    ``proxy`` is from the settings; the machine's own are ignored. Our own pings prove that it lives.
    """
    url = urlsplit(environment.stream_url)
    security: dict[str, Any] = {"ssl": trusted()} if url.scheme == "wss" else {}
    try:
        return await _Connect(
            environment.stream_url,
            additional_headers=signer.headers("GET", url.path, url.hostname or ""),
            user_agent_header=f"Pitdesk/{__version__}",
            open_timeout=seconds,
            close_timeout=1.0,
            ping_interval=None,
            max_size=_MOST_BYTES,
            proxy=proxy or None,
            create_connection=_Connection,
            logger=_WIRE_LOG,
            **security,
        )
    except InvalidStatus as error:
        raise DoorError(_refusal(error.response.status_code)) from error
    except (OSError, TimeoutError, WebSocketException, ValueError) as error:
        raise DoorError(tls.sentence(error) or "The exchange's stream could not be reached.") from error


@functools.cache
def trusted() -> ssl.SSLContext:
    """The same authorities as the transport's, whatever the environment names. Takes some 20 ms to read."""
    return tls.context()


def _refusal(status: int) -> str:
    if status == 401:
        return "The exchange's stream did not accept the API key, or the computer's clock is off."
    if status == 429:
        return "The exchange's stream has too many connections for this account."
    return f"The exchange's stream refused to open (HTTP {status})."
