"""The plain program of ``bench submit``: for each line, one durable commit, one signature, one post.

``python -m tools.bench.plain_script URL KEY_ID KEY_FILE FOLDER TICKER``; a line of input is the price
and the count; the answer is two monotonic stamps, at the beginning and when the exchange's answer is parsed.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tools.exchange_probe import Probe


def main() -> int:
    """Serve lines until the input ends."""
    url, key_id, key_file, folder, ticker = sys.argv[1:]
    probe = Probe.with_key_file(url, key_id, Path(key_file))
    database = sqlite3.connect(Path(folder) / "plain.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS intent (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
    session = requests.Session()
    session.trust_env = False
    target = f"{url}/portfolio/events/orders"
    path = urlsplit(target).path
    session.get(f"{url}/exchange/status", timeout=5)
    print("ready", flush=True)
    for line in sys.stdin:
        price, count = line.split()
        began = time.monotonic_ns()
        client_order_id = str(uuid.uuid4())
        body = json.dumps(
            {
                "ticker": ticker,
                "side": "bid",
                "count": count,
                "price": price,
                "time_in_force": "good_till_canceled",
                "self_trade_prevention_type": "taker_at_cross",
                "client_order_id": client_order_id,
            }
        ).encode()
        with database:
            database.execute("INSERT INTO intent VALUES (?, ?)", (client_order_id, body))
        headers = {"Content-Type": "application/json", **probe.headers("POST", path)}
        answer = session.post(target, data=body, headers=headers, timeout=5, allow_redirects=False)
        answer.raise_for_status()
        assert answer.json()["client_order_id"] == client_order_id
        print(began, time.monotonic_ns(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
