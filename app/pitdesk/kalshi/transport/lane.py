"""One kept connection and the work of one request on it. Runs in a worker; used by one at a time."""

from __future__ import annotations

import http.client
import zlib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from pitdesk import __version__
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.server_clock import BLOCK_MS, ServerClock, off_by
from pitdesk.kalshi.signer import SignerError
from pitdesk.kalshi.transport.attempt import AbandonedError, Attempt, HeldBackError, SignedLongAgoError
from pitdesk.kalshi.transport.connections import Holder, WatchedPools, WatchedProxy
from pitdesk.kalshi.transport.reasons import reason

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.kalshi.signer import Signer
    from pitdesk.kalshi.transport.call import Call

_CHUNK = 65_536
_STALE_S = 20.0
_BODILESS = (204, 304)
_SET_IT = "Nothing was sent. Set the clock, then send again."
# What requests, urllib3 and http.client raise between them for anything a network or a server can do; the
# last three come from connections that are cut under them and from bytes that do not unpack.
_NETWORK_ERRORS = (OSError, HTTPError, http.client.HTTPException, ValueError, AttributeError, zlib.error)


class TooLargeError(Exception):
    """The answer is larger than any answer to this call may be."""


class Lane:
    """A session that keeps one connection, trusts no environment, repeats nothing and follows no one."""

    def __init__(self, clock: Clock, server_clock: ServerClock, proxy: str = "") -> None:
        """``proxy`` is ``http://host:port``, empty for none; the machine's own settings are not asked."""
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._clock = clock
        self._server_clock = server_clock
        self._holder = Holder()
        self._session = _Session(self._holder)
        self._used = (clock.monotonic(), clock.wall_ms())
        self.is_new = True

    @property
    def idle_s(self) -> float:
        """Seconds since its last use; a sleep of the machine counts too."""
        monotonic, wall_ms = self._used
        return max(self._clock.monotonic() - monotonic, (self._clock.wall_ms() - wall_ms) / 1000)

    def perform(self, call: Call, signer: Signer | None, attempt: Attempt) -> Reply | Fault:
        """Sign, send and read. Never raises for what the network or the server does."""
        if call.is_write and self.idle_s > _STALE_S:
            self.close()
        self.is_new = False
        self._holder.attempt = attempt
        try:
            attempt.check()
            try:
                return self._exchange(call, signer, attempt)
            except SignedLongAgoError:  # nothing was sent, and what it waited for is over
                return self._exchange(call, signer, attempt)
        except HeldBackError as error:
            return Fault(sent=False, detail=str(error), sentence=str(error))
        except (AbandonedError, SignedLongAgoError):
            return self._fault(attempt, "no connection before the deadline")
        except TooLargeError:
            return self._fault(attempt, f"the answer is larger than {call.most_bytes} bytes")
        except SignerError as error:
            return Fault(sent=False, detail=str(error), sentence=str(error), why="signer")
        except _NETWORK_ERRORS as error:
            return self._fault(attempt, _told(error), error)
        finally:
            attempt.finish()
            self._holder.attempt = None
            self._used = (self._clock.monotonic(), self._clock.wall_ms())

    def close(self) -> None:
        """Drop the connection; the next request makes a new one."""
        self._session.close()

    def _fault(self, attempt: Attempt, detail: str, error: BaseException | None = None) -> Fault:
        self.close()
        if error is None or attempt.sent:
            return Fault(sent=attempt.sent, detail=detail)
        why, sentence = reason(error)
        return Fault(sent=False, detail=detail, sentence=sentence, why=why)

    def _exchange(self, call: Call, signer: Signer | None, attempt: Attempt) -> Reply | Fault:
        prepared = _prepare(call)
        if signer is not None:
            offset = self._server_clock.offset_ms or 0
            if call.is_write and call.method != "DELETE" and abs(offset) > BLOCK_MS:
                return Fault(
                    sent=False,
                    detail=f"clock off by {offset} ms",
                    sentence=f"{off_by(offset)} {_SET_IT}",
                    why="clock",
                )
            signer.offset_ms = offset
            path = prepared.path_url.partition("?")[0]
            host = urlsplit(prepared.url or "").hostname or ""
            prepared.headers.update(signer.headers(call.method, path, host))
        started, started_wall = self._clock.monotonic(), self._clock.wall_ms()
        response = self._session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            proxies=self._proxies,
            timeout=_timeouts(call, attempt),
        )
        body = _read(response, call.most_bytes, attempt)
        if attempt.was_cut:
            raise TimeoutError("the answer did not end before the deadline")
        _check_headers(response, body)
        elapsed_ms = (self._clock.monotonic() - started) * 1000
        server_ms = _date_ms(response.headers.get("Date"))
        if server_ms is not None and "Age" not in response.headers:  # a cache's answer tells of another time
            self._server_clock.note(started_wall, elapsed_ms, server_ms)
        return Reply(response.status_code, body, elapsed_ms, server_ms)


class _Session(requests.Session):
    def __init__(self, holder: Holder) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(holder))

    def get_redirect_target(self, resp: Any) -> None:
        """No redirect is followed, or even read: a body of any size could hang on one."""
        return


class _Adapter(HTTPAdapter):
    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **settings: Any) -> None:
        """Pools whose connections say when they stand."""
        self.poolmanager = WatchedPools(
            self._holder, num_pools=connections, maxsize=maxsize, block=block, **settings
        )

    def proxy_manager_for(self, proxy: str, **settings: Any) -> WatchedProxy:
        """The same through the proxy of the settings: what its connections report decides what was sent."""
        if proxy not in self.proxy_manager:
            self.proxy_manager[proxy] = WatchedProxy(self._holder, proxy, num_pools=1, maxsize=1, **settings)
        manager: WatchedProxy = self.proxy_manager[proxy]
        return manager


def _prepare(call: Call) -> requests.PreparedRequest:
    headers = {
        "User-Agent": f"Pitdesk/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity" if call.is_write else "gzip",
    }
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    return requests.Request(call.method, call.url, headers=headers, data=call.body).prepare()


def _timeouts(call: Call, attempt: Attempt) -> tuple[float, float]:
    remaining = max(0.001, attempt.remaining())
    return min(call.connect_s, remaining), min(call.read_s, remaining)


def _read(response: requests.Response, most_bytes: int, attempt: Attempt) -> bytes:
    """The decoded body, piece by piece, within the cap and the deadline."""
    pieces, size = [], 0
    try:
        for piece in response.raw.stream(_CHUNK, decode_content=True):
            size += len(piece)
            if size > most_bytes:
                raise TooLargeError
            if attempt.remaining() <= 0:
                raise TimeoutError("the answer did not end before the deadline")
            pieces.append(piece)
    except BaseException:
        response.close()
        raise
    return b"".join(pieces)


def _check_headers(response: requests.Response, body: bytes) -> None:
    """Raise ValueError where the headers cannot be whole: a cut among them is not an error to the libraries,
    which read an empty body then."""
    length = response.headers.get("Content-Length")
    if length is not None and not length.strip().isdecimal():
        raise ValueError("the answer's length is not a number")
    has_end = length is not None or "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    if not body and not has_end and response.status_code not in _BODILESS:
        raise ValueError("the answer was cut in its headers")


def _date_ms(text: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime(text).timestamp()) * 1000 if text else None
    except (TypeError, ValueError, OverflowError):
        return None


def _told(error: BaseException) -> str:
    """What happened, for the record: the innermost reason, short, without addresses of memory."""
    reason = error.__cause__ or error.__context__
    inner = f" ({type(reason).__name__}: {reason})" if reason is not None else ""
    return f"{type(error).__name__}: {error}{inner}"[:400]
