"""``python -m tools.bench.storm``: a client of its own that keeps an account's stream full for some seconds.

Each tenth of a second it places orders, cancels those of the tenth before, and takes from the book. Prints
how many changes a second that came to.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from pathlib import Path

from tools.bench.http_load import Line, Target, new_order

_TICK_S, _HALF, _TAKERS = 0.1, 47, 6


async def storm(target: Target, tickers: list[str], seconds: float) -> float:
    """Changes a second."""
    line = await target.connect()
    before: list[str] = []
    told, began = 0, time.monotonic()
    while time.monotonic() < began + seconds:
        tick = time.monotonic()
        new = [_own(new_order(ticker)) for ticker in tickers[:_HALF]]
        now = {"time_in_force": "immediate_or_cancel"}
        takers = [_own(new_order(ticker, "0.9900")) | now for ticker in tickers[:_TAKERS]]
        answers = await _ask(target, line, "POST", [*new, *takers])
        if before:
            await _ask(target, line, "DELETE", [{"order_id": order_id} for order_id in before])
        told += len(answers) + len(before)
        before = [one["order_id"] for one in answers[: len(new)]]
        await asyncio.sleep(max(0.0, tick + _TICK_S - time.monotonic()))
    line.writer.close()
    return told / (time.monotonic() - began)


def _own(order: dict[str, str]) -> dict[str, str]:
    """With an id that nobody used before."""
    return order | {"client_order_id": str(uuid.uuid4())}


async def _ask(target: Target, line: Line, method: str, orders: list[dict[str, str]]) -> list[dict[str, str]]:
    body = json.dumps({"orders": orders}).encode()
    status, said = await line.ask(target.request(method, "/portfolio/events/orders/batched", body))
    if status not in (200, 201):
        raise RuntimeError(f"{status}: {said[:300]!r}")
    answers: list[dict[str, str]] = json.loads(said)["orders"]
    return answers


if __name__ == "__main__":
    rest_url, key_id, key_file, seconds_wanted, *over = sys.argv[1:]
    client = Target.of(rest_url, key_id, Path(key_file))
    print(f"{asyncio.run(storm(client, over, float(seconds_wanted))):.0f}")
