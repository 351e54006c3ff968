"""A real practice exchange in its own process, for any test: start it, sign for it, end it by its id.

In a folder's ``conftest.py``: ``from tests.practice_fixture import practice_exchange``. The fixture gives a
fresh account on a quiet market; :func:`running_exchange` starts one with options of its own.
"""

import base64
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ROOT = Path(__file__).parent.parent
STREAM_PATH = "/trade-api/ws/v2"
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)


@dataclass(frozen=True)
class Answer:
    """One HTTP answer: its status, its headers and its body as sent."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


class PracticeExchange:
    """Where a running exchange serves, and its key. ``call`` signs and sends one request."""

    def __init__(self, line: dict[str, str], process: "subprocess.Popen[bytes]", state: Path) -> None:
        self.rest: str = line["rest"]
        self.ws: str = line["ws"]
        self.key_id: str = line["key_id"]
        self.private_key_file = Path(line["private_key_file"])
        self.control_url = line["control"]
        self.control_token = line["control_token"]
        self.process = process
        self.state = state
        self._key: Any = load_pem_private_key(self.private_key_file.read_bytes(), None)

    @property
    def pid(self) -> int:
        """The exchange's process."""
        return self.process.pid

    def sign(self, text: bytes) -> str:
        """The signature of ``text``, as the header carries it."""
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            raw = self._key.sign(text)
        else:
            raw = self._key.sign(text, _PSS, SHA256())
        return base64.b64encode(raw).decode()

    def headers(self, method: str, path: str, *, late_ms: int = 0) -> dict[str, str]:
        """The three headers for a full ``path`` such as ``/trade-api/v2/portfolio/balance``."""
        timestamp = str(time.time_ns() // 1_000_000 - late_ms)
        return {
            "KALSHI-ACCESS-KEY": self.key_id,
            "KALSHI-ACCESS-TIMESTAMP": timestamp,
            "KALSHI-ACCESS-SIGNATURE": self.sign(f"{timestamp}{method}{path}".encode()),
        }

    def stream_headers(self) -> dict[str, str]:
        """The three headers for the WebSocket's handshake."""
        return self.headers("GET", STREAM_PATH)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        """Send one request below ``rest`` and read its answer; ``headers`` None signs it."""
        parts = urlsplit(self.rest)
        full = parts.path + path
        sent = dict(self.headers(method, full.partition("?")[0]) if headers is None else headers)
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, full, data, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def control(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
        """One call of the control interface: ``POST /faults``, ``GET /log`` and so on."""
        parts = urlsplit(self.control_url)
        headers = {"PRACTICE-CONTROL": self.control_token if token is None else token}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, parts.path + path, data, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def arm(self, kind: str, **more: Any) -> int:
        """Put a fault in force; its number."""
        answer = self.control("POST", "/faults", {"kind": kind, **more})
        assert answer.status == 201, answer.body
        return int(answer.json["fault"]["id"])

    def kill(self) -> None:
        """End it as a power cut would: no last word, nothing written any more."""
        self.process.kill()
        self.process.wait(60)

    def end(self) -> int:
        """Close its standard input, as a dying parent does, and wait; its exit code."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        return self.process.wait(30)


@contextmanager
def running_exchange(state: Path, *options: str) -> Iterator[PracticeExchange]:
    """An exchange on the account in ``state``; ends with the block."""
    command = [sys.executable, "-m", "pitdesk.practice", "--json", "--parent-pipe", "--state", str(state)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "app")}
    with (state.parent / f"{state.name}.errors").open("ab+") as errors:
        process = subprocess.Popen(
            [*command, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                errors.seek(0)
                raise AssertionError(f"The practice exchange did not start: {errors.read().decode()}")
            yield PracticeExchange(json.loads(line), process, state)
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(60)


@pytest.fixture
def practice_exchange(tmp_path: Path) -> Iterator[PracticeExchange]:
    """A fresh account with $10,000 on a quiet market, gone after the test."""
    with running_exchange(tmp_path / "practice", "--quiet-market") as exchange:
        yield exchange
