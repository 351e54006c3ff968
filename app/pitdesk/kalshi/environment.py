"""Where an exchange is: the addresses of its two doors, and whether real money is behind them (FACTS §1)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Environment:
    """One exchange to sign in to. ``rest_url`` and ``stream_url`` carry the whole path, without a slash at
    the end: ``https://host/trade-api/v2`` and ``wss://host/trade-api/ws/v2``.

    ``name`` is ``Practice``, ``Demo``, ``Live`` or a person's own word; ``is_real`` says that money moves.
    """

    name: str
    rest_url: str
    stream_url: str
    is_real: bool

    @property
    def stream_path(self) -> str:
        """What the stream's handshake signs (FACTS §2)."""
        return urlsplit(self.stream_url).path


DEMO = Environment(
    "Demo",
    "https://external-api.demo.kalshi.co/trade-api/v2",
    "wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2",
    is_real=False,
)
LIVE = Environment(
    "Live",
    "https://external-api.kalshi.com/trade-api/v2",
    "wss://external-api-ws.kalshi.com/trade-api/ws/v2",
    is_real=True,
)


def practice(rest_url: str, stream_url: str) -> Environment:
    """The practice exchange at the addresses it chose when it started."""
    return Environment("Practice", rest_url, stream_url, is_real=False)
