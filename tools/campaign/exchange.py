"""The practice exchange of one world: its process, and its control interface."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.campaign import terms

ROOT = Path(__file__).resolve().parents[2]
_PERMANENT = {"kind": "slow_answer", "seconds": 0, "times": 1_000_000, "match": {"client_order_id": "nobody"}}


def child_environment() -> dict[str, str]:
    """What a child sees: our source roots, whoever started us."""
    roots = os.pathsep.join(str(ROOT / name) for name in ("app", "ui", "."))
    return {**os.environ, "PYTHONPATH": roots, "PYTHONUTF8": "1"}


class CampaignExchange:
    """Started on a folder of its own, ended by its id. ``ids``: ``spent`` for good, or while ``open``."""

    def __init__(self, folder: Path, seed: int, ids: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        words = ["--json", "--parent-pipe", "--quiet-market", "--seed", str(seed), "--state", str(folder)]
        words += ["--client-ids", ids, "--tier", terms.TIER]
        with (folder / "errors.txt").open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pitdesk.practice", *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=child_environment(),
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the practice exchange did not start; see {folder / 'errors.txt'}")
        said = json.loads(line)
        self.rest, self.ws = str(said["rest"]), str(said["ws"])
        self.key_id, self.key_file = str(said["key_id"]), str(said["private_key_file"])
        self._control, self._token = urlsplit(said["control"]), str(said["control_token"])

    async def keep_bodies(self) -> None:
        """The exchange reads bodies only while a fault is in force: keep one that meets nobody."""
        await self.control("POST", "/faults", _PERMANENT)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """One control call; its JSON. Raises RuntimeError with the exchange's words."""
        return await asyncio.to_thread(self._call, method, path, body)

    def _call(self, method: str, path: str, body: Any) -> Any:
        connection = http.client.HTTPConnection(
            self._control.hostname or "", self._control.port or 0, timeout=60
        )
        try:
            headers = {"PRACTICE-CONTROL": self._token, "Content-Type": "application/json"}
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, self._control.path + path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]!r}")
            return json.loads(text) if text else None
        finally:
            connection.close()

    def close(self) -> None:
        """Close its input, as a dying parent does, and wait."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
