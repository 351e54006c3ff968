"""The doorstep: a full house lets nobody in, and who never asks is cut off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from pitdesk.practice.doorstep import Doorstep, whole_requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def served(doorstep: Doorstep, scene: Callable[[int, Doorstep], Awaitable[None]]) -> None:
    async def whole() -> None:
        async def hello(request: web.Request) -> web.Response:
            return web.Response(body=await request.read())

        application = web.Application(middlewares=[whole_requests])
        application.router.add_route("*", "/", hello)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await doorstep.listen(runner, "127.0.0.1", 0)
        try:
            async with asyncio.timeout(60):
                await scene(runner.addresses[0][1], doorstep)
        finally:
            await runner.cleanup()

    asyncio.run(whole())


async def ask(port: int, sent: bytes) -> bytes:
    """What is answered until the connection ends; empty where it is cut off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def test_who_never_asks_is_cut_off_and_who_asks_is_not() -> None:
    async def scene(port: int, doorstep: Doorstep) -> None:
        assert await ask(port, b"") == b""
        assert await ask(port, b"GET / HT") == b""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(0.3)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).count(b"HTTP/1.1 200") == 1
        writer.close()

    served(Doorstep(head_within_s=0.1), scene)


def test_a_full_house_lets_nobody_in_until_somebody_goes() -> None:
    async def scene(port: int, doorstep: Doorstep) -> None:
        inside = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert await ask(port, request) == b""
        for _, writer in inside:
            writer.close()
        while doorstep.open:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert (await ask(port, request)).startswith(b"HTTP/1.1 200")

    served(Doorstep(most=3), scene)


@pytest.mark.parametrize("sent", [b"\x16\x03\x01", b"GET / HTTP/1.1\r\nbad\r\n\r\n", b"NONSENSE\r\n\r\n"])
def test_what_is_no_request_is_answered_in_json(sent: bytes) -> None:
    async def scene(port: int, _doorstep: Doorstep) -> None:
        said = await ask(port, sent)
        assert not said or b'{"error":{"code":"bad_request"' in said

    served(Doorstep(head_within_s=0.5), scene)
