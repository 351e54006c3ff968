"""``bench exchange``: creates a second through HTTP, how quick a page of a thousand is, how much memory.

Every create is signed, checked, matched and on disk before it is answered; the buckets are lifted. Beside it,
in the same run, the same HTTP library answers the same requests with a constant.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.bench.figures import quantile
from tools.bench.http_load import Line, Target, creates_a_second, new_order

_LINES = 32
_SECONDS = 5.0
_ORDERS, _MARKETS = 200_000, 2_000
_BATCH = 1_000
_AIM_CREATES, _AIM_PAGE_MS, _AIM_MEMORY = 2_000, 100.0, 1_500


def run(file: Path | None, rounds: int) -> int:
    """Measure, print, and write ``file``. 0 when every aim is met."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="pitdesk-bench-") as state:
        figures |= asyncio.run(_creates(Path(state), rounds))
        figures |= asyncio.run(_size(Path(state)))
    for name, value in figures.items():
        print(f"{name:44}{value:>12,.1f}")
    print(f"aims: {_AIM_CREATES} creates a second, {_AIM_PAGE_MS:.0f} ms a page, {_AIM_MEMORY} MB")
    if file is not None:
        file.write_text(json.dumps(figures, indent=2) + "\n")
    met = (
        figures["creates a second"] >= _AIM_CREATES
        and figures["page of 1,000, p99 ms"] < _AIM_PAGE_MS
        and figures["memory, MB"] < _AIM_MEMORY
    )
    return 0 if met else 1


async def _creates(state: Path, rounds: int) -> dict[str, float]:
    """Ours and the constant in turn, so that both meet the same machine."""
    ours, plain, serial = [], [], []
    words = ("--quiet-market", "--unlimited", "--state", str(state / "creates"))
    with _exchange(*words) as said, _bare() as port:
        target = Target.of(said["rest"], said["key_id"], Path(said["private_key_file"]))
        bare = Target(f"http://127.0.0.1:{port}/trade-api/v2", target.key_id, target.key)
        tickers = await _tickers(target)
        await creates_a_second(target, tickers, _LINES, 1.0)
        for _ in range(rounds):
            ours.append(await creates_a_second(target, tickers, _LINES, _SECONDS))
            plain.append(await creates_a_second(bare, tickers, _LINES, _SECONDS))
            serial.append(await creates_a_second(target, tickers, 1, _SECONDS / 2))
    mine, constant = quantile(ours, 0.5), quantile(plain, 0.5)
    return {
        "creates a second": mine,
        "constant answers a second": constant,
        "share of the constant, %": 100 * mine / constant,
        "creates a second, one connection": quantile(serial, 0.5),
    }


async def _size(state: Path) -> dict[str, float]:
    """One user's open orders in many markets: pages of them, and what it all weighs."""
    words = ("--quiet-market", "--unlimited", "--state", str(state / "size"))
    with _exchange(*words, "--more-markets", str(_MARKETS)) as said:
        target = Target.of(said["rest"], said["key_id"], Path(said["private_key_file"]))
        line = await target.connect()
        tickers = await _tickers(target)
        begun = time.perf_counter()
        for start in range(0, _ORDERS, _BATCH):
            orders = [new_order(tickers[(start + n) % len(tickers)]) for n in range(_BATCH)]
            await _fill(target, line, orders)
        filled_s = time.perf_counter() - begun
        times = await _pages(target, line)
        memory = _resident_mb(said["pid"])
        line.writer.close()
    return {
        "markets": len(tickers),
        "open orders": _ORDERS,
        "orders a second in batches of 1,000": _ORDERS / filled_s,
        "page of 1,000, median ms": quantile(times, 0.5),
        "page of 1,000, p99 ms": quantile(times, 0.99),
        "memory, MB": memory,
    }


async def _fill(target: Target, line: Line, orders: list[dict[str, str]]) -> None:
    body = json.dumps({"orders": orders}).encode()
    status, said = await line.ask(target.request("POST", "/portfolio/events/orders/batched", body))
    if status != 201 or b'"error"' in said:
        raise RuntimeError(f"{status}: {said[:400]!r}")


async def _pages(target: Target, line: Line) -> list[float]:
    """Milliseconds of each page, from the first to the last."""
    times, cursor, listed = [], "", 0
    while True:
        path = f"/portfolio/orders?status=resting&limit=1000&cursor={cursor}"
        begun = time.perf_counter()
        status, said = await line.ask(target.request("GET", path))
        times.append((time.perf_counter() - begun) * 1000)
        page = json.loads(said)
        if status != 200:
            raise RuntimeError(f"{status}: {said[:200]!r}")
        listed += len(page["orders"])
        cursor = page["cursor"]
        if not cursor:
            break
    if listed != _ORDERS:
        raise RuntimeError(f"{listed} of {_ORDERS} orders were listed")
    return times


async def _tickers(target: Target) -> list[str]:
    line = await target.connect()
    found: list[str] = []
    cursor = ""
    while True:
        path = f"/markets?status=open&limit=1000&cursor={cursor}"
        _, said = await line.ask(target.request("GET", path))
        page = json.loads(said)
        found += [market["ticker"] for market in page["markets"]]
        cursor = page["cursor"]
        if not cursor:
            line.writer.close()
            return found


@contextmanager
def _exchange(*words: str) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "pitdesk.practice", "--json", "--parent-pipe", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield {**json.loads(process.stdout.readline()), "pid": str(process.pid)}
        finally:
            process.stdin.close()


@contextmanager
def _bare() -> Iterator[int]:
    command = [sys.executable, "-m", "tools.bench.bare_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def _resident_mb(pid: str) -> float:
    """What the process holds in memory now; 0 where the system does not tell it this way."""
    file = Path(f"/proc/{pid}/status")
    if not file.exists():
        return 0.0
    line = next(line for line in file.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
