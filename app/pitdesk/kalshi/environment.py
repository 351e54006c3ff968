"""Where an exchange is: the addresses of its two doors, and whether real money is behind them (FACTS §1)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pitdesk.dialect import Dialect

REST_PATH, STREAM_PATH = "/trade-api/v2", "/trade-api/ws/v2"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")

PRACTICE = "Practice"
"""The name of the practice exchange, and the key of its account."""


@dataclass(frozen=True, slots=True)
class Environment:
    """One exchange to sign in to. ``rest_url`` and ``stream_url`` carry the whole path, without a slash at
    the end: ``https://host/trade-api/v2`` and ``wss://host/trade-api/ws/v2``.

    ``name`` is ``Practice``, ``Demo``, ``Live`` or ``Custom``; ``is_real`` says that money may move.
    ``account`` tells accounts of one environment apart in what is kept of them: a profile's id, or empty.
    ``subaccount``: where orders go that name none, and whose cash and positions are read; None: the primary.
    ``moves_cash``: an order draws on all the account's cash, not only on that of its exchange index.
    """

    name: str
    rest_url: str
    stream_url: str
    is_real: bool
    account: str = ""
    subaccount: int | None = None
    dialect: Dialect = Dialect.CURRENT
    moves_cash: bool = False

    @property
    def key(self) -> str:
        """The name under which settings and journal keep what belongs to this account."""
        return f"{self.name} {self.account}" if self.account else self.name

    @property
    def hosts(self) -> frozenset[str]:
        """The only hosts that a key of this environment signs for."""
        return frozenset(filter(None, (urlsplit(self.rest_url).hostname, urlsplit(self.stream_url).hostname)))

    @property
    def shown_host(self) -> str:
        """The host and port as a warning shows them."""
        return urlsplit(self.rest_url).netloc

    @property
    def is_here(self) -> bool:
        """Whether it is on this computer, so that no proxy stands between."""
        return all(map(is_loopback, self.hosts))


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
    """The practice exchange at the addresses it chose when it started. It fetches the cash that an order
    misses from the account's other exchange indices, as the exchange's own web page does (FACTS §11)."""
    return Environment(PRACTICE, rest_url, stream_url, is_real=False, moves_cash=True)


class AddressError(ValueError):
    """An address that cannot be used. Its text says what would be accepted."""


def custom(text: str) -> Environment:
    """The exchange at an address as typed: a host, or ``https://host:port`` with or without the usual path.

    https only, except on this computer. Raises :class:`AddressError`; so it does for the exchange's own
    hosts, for which Demo and Live are there: a live key never signs for an address that was typed.
    """
    typed = text.strip()
    scheme, host, netloc = _parts(typed if "://" in typed else f"https://{typed}")
    if "://" not in typed and is_loopback(host):
        scheme = "http"  # what runs on this computer, such as a practice exchange, rarely has a certificate
    if is_own_host(host):
        raise AddressError("This is the exchange's own address. Choose Live or Demo instead of a custom one.")
    if scheme == "http" and not is_loopback(host):
        raise AddressError("The address must begin with https:// because others could read along otherwise.")
    stream = "ws" if scheme == "http" else "wss"
    return Environment(
        "Custom",
        f"{scheme}://{netloc}{REST_PATH}",
        f"{stream}://{netloc}{STREAM_PATH}",
        is_real=not is_loopback(host),
    )


def _parts(address: str) -> tuple[str, str, str]:
    """Scheme, host, and host with port. Raises :class:`AddressError`."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressError("This is not an address. One looks like https://exchange.example:8443.") from None
    if parts.scheme not in ("https", "http"):
        raise AddressError("The address must begin with https://.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise AddressError("The address may hold a host and a port only: no names, passwords or questions.")
    if parts.path.rstrip("/") not in ("", REST_PATH):
        raise AddressError(f"Leave the path away: it is always {REST_PATH}.")
    is_v6 = ":" in host
    if not (_is_ip(host) if is_v6 else _HOST.fullmatch(host) and ".." not in host):
        raise AddressError("The host may have the letters a to z, digits, dots and hyphens only.")
    shown = f"[{host}]" if is_v6 else host
    return parts.scheme, host, shown if port is None else f"{shown}:{port}"


def is_own_host(host: str) -> bool:
    """Whether the host is one of the exchange's own domains."""
    host = host.rstrip(".")
    return any(host == domain or host.endswith(f".{domain}") for domain in ("kalshi.com", "kalshi.co"))


def is_loopback(host: str) -> bool:
    """Whether the host is this computer itself."""
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def proxy_of(text: str) -> str:
    """The proxy as typed, as ``http://host:port``; empty for none. Raises :class:`AddressError`."""
    typed = text.strip()
    if not typed:
        return ""
    scheme, _, netloc = _parts(typed if "://" in typed else f"http://{typed}")
    if urlsplit(f"//{netloc}").port is None:
        raise AddressError("The proxy's port is missing: one looks like http://proxy.example:3128.")
    return f"{scheme}://{netloc}"
