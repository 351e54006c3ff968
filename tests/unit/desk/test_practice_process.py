"""The child process: its address, its faults, its unexpected end and its orderly one, with programs that
behave as told."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pitdesk.desk.practice_process import PracticeError, PracticeProcess, launch
from pitdesk.tasks import TaskOwner

SERVES = """
import json, sys
words = sys.argv
port = words[words.index("--port") + 1] if "--port" in words else "4321"
note = words[words.index("--state") + 1] + "/starts"
open(note, "a").write(port + "\\n")
print(json.dumps({"rest": f"http://127.0.0.1:{port}/x", "ws": f"ws://127.0.0.1:{port}/y",
                  "key_id": "k", "private_key_file": "/p"}), flush=True)
print("more output", flush=True)
"""
UNTIL_PARENT_LEAVES = SERVES + "sys.stdin.read()\n"
STUBBORN = SERVES + "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)\n"
DIES_AFTER_SERVING = SERVES + "import time; time.sleep(0.05); sys.exit(7)\n"
DIES_ONCE = (
    SERVES
    + """
if open(note).read().count("\\n") == 1:
    sys.exit(7)
sys.stdin.read()
"""
)
PORT_TAKEN_AT_RESTART = (
    """
import sys
if "--port" in sys.argv:
    print("Port 4321 is in use.", file=sys.stderr)
    sys.exit(2)
"""
    + DIES_ONCE
)

Scene = Callable[[PracticeProcess], Awaitable[None]]


def play(tmp_path: Path, program: str, scene: Scene, deadline_s: float = 20.0) -> None:
    async def whole() -> None:
        failed: list[BaseException] = []
        owner = TaskOwner(lambda _, error: failed.append(error))
        process = PracticeProcess(
            tmp_path, owner, program=(sys.executable, "-c", program), deadline_s=deadline_s
        )
        try:
            async with asyncio.timeout(90):
                await scene(process)
        finally:
            await process.stop()
            assert await owner.close() == []
        assert failed == []

    asyncio.run(whole())


def starts(tmp_path: Path) -> list[str]:
    return (tmp_path / "starts").read_text().split()


def test_the_address_is_read_and_the_child_ends_with_its_input(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        address = await process.start()
        assert address.rest_url == "http://127.0.0.1:4321/x"
        assert address.port == 4321
        pid = process.pid
        assert pid is not None
        await process.stop()
        assert process.pid is None
        if os.name == "posix":
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)

    play(tmp_path, UNTIL_PARENT_LEAVES, scene)


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX systems")
def test_a_child_that_does_not_go_is_killed(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        await process.start()
        pid = process.pid
        await process.stop()
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    play(tmp_path, STUBBORN, scene)


@pytest.mark.parametrize(
    "program, sentence",
    [
        ("", "it ended without saying where it serves"),
        ("import sys; sys.exit('State folder is in use.')", "It said: State folder is in use."),
        ("print('hello')", "did not start (hello)"),
        ("print('[' * 100000)", "did not start ([[["),
        ("print('{\"rest\": 1}')", "did not start"),
    ],
)
def test_a_child_that_does_not_serve_is_a_plain_sentence(tmp_path: Path, program: str, sentence: str) -> None:
    async def scene(process: PracticeProcess) -> None:
        with pytest.raises(PracticeError) as caught:
            await process.start()
        assert sentence in str(caught.value)
        assert process.pid is None

    play(tmp_path, program, scene)


def test_a_silent_child_has_a_deadline(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        with pytest.raises(PracticeError, match="did not answer within"):
            await process.start()
        assert process.pid is None

    play(tmp_path, "import sys; sys.stdin.read()", scene, deadline_s=0.3)


def test_a_program_that_is_not_there_is_a_plain_sentence(tmp_path: Path) -> None:
    async def scene() -> None:
        owner = TaskOwner(lambda *_: None)
        process = PracticeProcess(tmp_path, owner, program=(str(tmp_path / "nobody"),))
        with pytest.raises(PracticeError, match="not started: No such file"):
            await process.start()

    asyncio.run(scene())


def heard_by(process: PracticeProcess) -> tuple[list[str], asyncio.Event]:
    heard: list[str] = []
    settled = asyncio.Event()
    process.died.connect(lambda sentence: heard.append(f"died: {sentence}"))
    process.returned.connect(lambda address: (heard.append(f"returned: {address.port}"), settled.set()))
    process.gave_up.connect(lambda sentence: (heard.append(f"gave up: {sentence}"), settled.set()))
    return heard, settled


def test_an_unexpected_end_is_said_and_it_returns_on_the_same_port(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        heard, settled = heard_by(process)
        await process.start()
        await settled.wait()
        assert "stopped unexpectedly (exit code 7)" in heard[0]
        assert heard[1:] == ["returned: 4321"]
        assert starts(tmp_path) == ["4321", "4321"]
        assert process.pid is not None

    play(tmp_path, DIES_ONCE, scene)


def test_where_the_port_is_taken_meanwhile_it_returns_on_another(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        heard, settled = heard_by(process)
        await process.start()
        await settled.wait()
        assert heard[1] == "returned: 4321"
        assert starts(tmp_path) == ["4321", "4321"]

    play(tmp_path, PORT_TAKEN_AT_RESTART, scene)


def test_a_child_that_keeps_dying_is_given_up_with_what_to_do(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        heard: list[str] = []
        given_up = asyncio.Event()
        process.gave_up.connect(lambda sentence: (heard.append(sentence), given_up.set()))
        await process.start()
        await given_up.wait()
        assert "twice within a minute" in heard[0]
        assert "Close Pitdesk and open it again" in heard[0]
        assert starts(tmp_path) == ["4321", "4321"]

    play(tmp_path, DIES_AFTER_SERVING, scene)


def test_a_child_begun_before_the_loop_is_taken_over(tmp_path: Path) -> None:
    program = (sys.executable, "-c", UNTIL_PARENT_LEAVES)
    begun = launch(tmp_path, program=program)

    async def scene() -> None:
        owner = TaskOwner(lambda *_: None)
        process = PracticeProcess(tmp_path, owner, program=program, begun=begun)
        address = await process.start()
        assert address.port == 4321
        assert starts(tmp_path) == ["4321"]
        await process.stop()
        assert await owner.close() == []

    asyncio.run(scene())
    assert begun.process is not None
    assert begun.process.poll() is not None


def test_a_child_begun_and_never_used_ends_too(tmp_path: Path) -> None:
    begun = launch(tmp_path, program=(sys.executable, "-c", UNTIL_PARENT_LEAVES))

    async def scene() -> None:
        await PracticeProcess(tmp_path, TaskOwner(lambda *_: None), begun=begun).stop()

    asyncio.run(scene())
    assert begun.exit.done()


def test_stopping_it_is_not_an_unexpected_end(tmp_path: Path) -> None:
    async def scene(process: PracticeProcess) -> None:
        heard, _ = heard_by(process)
        await process.start()
        await process.stop()
        await asyncio.sleep(0)
        assert heard == []

    play(tmp_path, UNTIL_PARENT_LEAVES, scene)
