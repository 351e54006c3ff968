"""Stands between client and exchange and says when the first byte of each order arrives.

``python -m tools.bench.relay PORT``: prints its own port, then one line of monotonic nanoseconds for each
create-order request. The clock is the machine's, so the times compare with those of other processes.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time

_ORDER = b"POST /trade-api/v2/portfolio/events/orders "
_CHUNK = 65_536


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stamp: bool) -> None:
    while data := await reader.read(_CHUNK):
        now = time.monotonic_ns()
        writer.write(data)
        if stamp and data.startswith(_ORDER):
            sys.stdout.write(f"{now}\n")
            sys.stdout.flush()
        await writer.drain()
    writer.close()


async def _serve(port: int) -> None:
    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            _copy(reader, there_writer, stamp=True),
            _copy(there_reader, writer, stamp=False),
            return_exceptions=True,
        )

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until the bench goes
    sys.stdout.flush()
    os._exit(0)  # what is still open belongs to a bench that has gone


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
