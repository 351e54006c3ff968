"""``python -m pitdesk.practice``: the exchange alone, until it is told to end.

Exit codes: 0 told to end; 1 the account could not be written; 2 it could not start, with a plain sentence.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pitdesk.practice.buckets import TIERS
from pitdesk.practice.classic import Dialect
from pitdesk.practice.control import CONTROL_PATH, TOKEN_NAME, new_token
from pitdesk.practice.doorstep import MOST_CONNECTIONS
from pitdesk.practice.engine import Rules
from pitdesk.practice.keys import KeyFault, PracticeKey, load_or_make
from pitdesk.practice.scenarios import BadScenario, gallery, load
from pitdesk.practice.server import HOST, Options, PortInUse, PracticeServer, addresses
from pitdesk.practice.state_folder import StateInUse, default_folder, forget_account, locked

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to end; the exit code."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    folder: Path = chosen.state or default_folder()
    try:
        with locked(folder):
            if chosen.fresh:
                forget_account(folder)
            key = load_or_make(folder, use_rsa=chosen.rsa)
            speed = 0.0 if chosen.quiet_market else chosen.speed
            token = new_token(folder)
            scenario = load(chosen.scenario) if chosen.scenario else None
            options = Options(
                folder,
                chosen.port,
                chosen.seed,
                speed,
                chosen.unlimited,
                token,
                scenario,
                Dialect(chosen.dialect),
                TIERS[chosen.tier],
                rules=_rules(chosen),
                more_markets=chosen.more_markets,
            )
            return asyncio.run(_serve(options, key, as_json=chosen.json, with_parent=chosen.parent_pipe))
    except (StateInUse, KeyFault, PortInUse, BadScenario) as fault:
        print(fault, file=sys.stderr)
    except OSError as error:
        told = f"The practice exchange cannot use {folder}: {error.strerror}." if error.strerror else error
        print(told, file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pitdesk.practice", description="A local exchange for practice. No real money."
    )
    parser.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1; a free one by default")
    parser.add_argument("--json", action="store_true", help="print one line of JSON when serving")
    parser.add_argument("--state", type=Path, help="folder that keeps the account and its key")
    parser.add_argument("--fresh", action="store_true", help="forget the account and start with $10,000")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same market")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how fast the market lives; 1 by default")
    parser.add_argument(
        "--scenario", metavar="FILE|NAME", help=f"a script of news and faults: {', '.join(gallery())}"
    )
    parser.add_argument(
        "--dialect",
        choices=[dialect.value for dialect in Dialect],
        default=Dialect.CURRENT.value,
        help="which order calls are served: of today, of late 2025, or both",
    )
    parser.add_argument(
        "--more-markets", type=_crowd, default=0, metavar="N", help="list N plain markets more, to try size"
    )
    parser.add_argument("--quiet-market", action="store_true", help="quotes only: nobody trades by himself")
    parser.add_argument("--tier", choices=tuple(TIERS), default="basic", help="how often one may ask")
    parser.add_argument("--unlimited", action="store_true", help="no limit on how often one may ask")
    parser.add_argument(
        "--strict-cash", action="store_true", help="orders draw only on their own exchange index's cash"
    )
    parser.add_argument(
        "--client-ids", choices=("spent", "open"), default="spent",
        help="whether a client order id is used up for good, or only while its order is open",
    )  # fmt: skip
    parser.add_argument("--brokered", action="store_true", help="cash moves in whole cents")
    parser.add_argument(
        "--maintenance", action="store_true", help="trading pauses each Thursday from 3 to 5 ET"
    )
    parser.add_argument("--rsa", action="store_true", help="use an RSA key instead of Ed25519")
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input closes")
    return parser


def _rules(chosen: argparse.Namespace) -> Rules:
    return Rules(
        cash_moves=not chosen.strict_cash,
        ids_are_spent=chosen.client_ids == "spent",
        brokered=chosen.brokered,
        maintenance=chosen.maintenance,
    )


def _port(text: str) -> int:
    if not (text.isdigit() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 0 to 65535")
    return int(text)


def _crowd(text: str) -> int:
    if not (text.isdigit() and int(text) <= 20_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of markets: give one from 0 to 20000")
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed: give a number from 0 to 1000")
    return speed


async def _serve(options: Options, key: PracticeKey, *, as_json: bool, with_parent: bool) -> int:
    ending = asyncio.Event()
    failures: list[BaseException] = []

    def fail(error: BaseException) -> None:
        failures.append(error)
        ending.set()

    _allow_many_connections()
    _end_on_signals(ending)
    if with_parent:
        _end_with_parent(ending)
    server = PracticeServer(options, key, fail)
    port = await server.start()
    # What was built lives as long as the process; the collector need not look at it again, nor often at what
    # comes: orders hold no cycles.
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)
    _announce(port, key, options, as_json=as_json)
    await ending.wait()
    await server.stop()
    if failures:
        print(f"The practice account could not be written: {failures[0]}", file=sys.stderr)
    return 1 if failures else 0


def _announce(port: int, key: PracticeKey, options: Options, *, as_json: bool) -> None:
    rest, stream = addresses(port)
    file = str(key.private_key_file.resolve())
    if as_json:
        line = {"rest": rest, "ws": stream, "key_id": key.key_id, "private_key_file": file}
        control = f"http://{HOST}:{port}{CONTROL_PATH}"
        print(json.dumps({**line, "control": control, "control_token": options.control_token}))
    else:
        print(f"Practice exchange: no real money.\nREST         {rest}\nWebSocket    {stream}")
        print(f"Key id       {key.key_id}\nPrivate key  {file}")
        print(f"Control      token in {options.folder.resolve() / TOKEN_NAME}\nPress Ctrl+C to end.")
    sys.stdout.flush()


def _allow_many_connections() -> None:
    """As many open files as the doorstep lets in, and some; where the system allows it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 256
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))


def _end_on_signals(ending: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not every system's loop can; there, Ctrl+C raises KeyboardInterrupt instead.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ending.set)


def _end_with_parent(ending: asyncio.Event) -> None:
    """End when the parent does: its end of our standard input then closes, whatever happened to it."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        # Not sys.stdin, whose lock a thread must not hold while the interpreter ends.
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(ending.set)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
