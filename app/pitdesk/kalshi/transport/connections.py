"""``urllib3`` connections that tell an attempt when they stand."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pitdesk.kalshi import tls

if TYPE_CHECKING:
    from pitdesk.kalshi.transport.attempt import Attempt


class Holder:
    """Names the attempt that a lane's connections serve now."""

    def __init__(self) -> None:
        self.attempt: Attempt | None = None

    def connected(self, connection: Any) -> None:
        """Tell the attempt, where there is one, that its connection stands."""
        if self.attempt is not None:
            self.attempt.connected(connection)


class _Watched(HTTPConnection):
    # At any other level it prints the headers that it sends, whatever a part of the process asked of all.
    debuglevel = 0

    def __init__(self, *arguments: Any, holder: Holder, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._holder = holder

    def connect(self) -> None:
        super().connect()
        self._holder.connected(self.sock)

    def endheaders(self, *arguments: Any, **settings: Any) -> None:
        """All of the request's head is put together, and none of it has left."""
        if self.sock is not None:
            self._holder.connected(self.sock)
        super().endheaders(*arguments, **settings)


class _WatchedSecure(_Watched, HTTPSConnection):
    pass


_CONNECTIONS = {"http": _Watched, "https": _WatchedSecure}


class WatchedPools(PoolManager):
    """Pools whose connections report to ``holder``."""

    def __init__(self, holder: Holder, **settings: Any) -> None:
        self._holder = holder
        super().__init__(**settings)

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool | HTTPSConnectionPool:
        context = _secured(scheme, request_context or self.connection_pool_kw)
        return _watched(super()._new_pool(scheme, host, port, context), scheme, self._holder)


class WatchedProxy(ProxyManager):
    """The same through a proxy. To an https host a connection stands once the tunnel and TLS within it do."""

    def __init__(self, holder: Holder, proxy: str, **settings: Any) -> None:
        self._holder = holder
        super().__init__(proxy, **settings)

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool | HTTPSConnectionPool:
        context = _secured(scheme, request_context or self.connection_pool_kw)
        return _watched(super()._new_pool(scheme, host, port, context), scheme, self._holder)


Pool = TypeVar("Pool", bound=HTTPConnectionPool)


def _secured(scheme: str, settings: dict[str, Any]) -> dict[str, Any]:
    """A pool's settings; a secure one's with the authorities, which take some 20 ms to read."""
    return {**settings, "ssl_context": tls.context()} if scheme == "https" else dict(settings)


def _watched(pool: Pool, scheme: str, holder: Holder) -> Pool:
    made: Any = functools.partial(_CONNECTIONS[scheme], holder=holder)
    pool.ConnectionCls = made
    return pool
