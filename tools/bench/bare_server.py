"""``python -m tools.bench.bare_server``: the same HTTP library answering one constant, to compare with."""

from __future__ import annotations

import sys

from aiohttp import web

_ANSWER = (
    b'{"order_id":"01a1fbaa-d6d8-4000-8000-0000000003cd","fill_count":"0.00","remaining_count":"1.00",'
    b'"ts_ms":1795223639800,"client_order_id":"bench-1"}'
)


async def _create(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=_ANSWER, status=201, content_type="application/json")


async def _application() -> web.Application:
    application = web.Application()
    application.router.add_post("/trade-api/v2/portfolio/events/orders", _create)
    return application


def main() -> int:
    """Serve until standard input closes."""
    import asyncio

    async def serve() -> None:
        runner = web.AppRunner(await _application(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
