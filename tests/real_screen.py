"""A screen with a window manager, an accessibility bus, and the program on it as a process of its own.

All of it is started for the tests and ended by its id; nothing touches the person's own session.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tools.house.system import SCREEN_NEEDS, SYSTEM_PYTHON, is_there

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0
SIZE = (1280, 800)
_BUS_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_READER = Path(__file__).with_name("accessibility_reader.py")
_PATHS = os.pathsep.join((str(ROOT / "app"), str(ROOT / "ui")))
Seen = TypeVar("Seen")


def missing() -> list[str]:
    """The packages without which there is no such screen here."""
    return sorted({package for what, package in SCREEN_NEEDS.items() if not is_there(what)})


NEEDS_SCREEN = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is Linux's"),
    pytest.mark.skipif(
        bool(missing()),
        reason=f"{', '.join(missing())} not installed: 'dev.py test' installs it where it may",
    ),
]


@pytest.fixture(scope="module")
def real_screen(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Screen]":
    """One screen for the tests of a module."""
    folder = tmp_path_factory.mktemp("screen")
    folder.chmod(0o700)
    with screen(folder) as made:
        yield made


def let_the_market_stand_still(folder: Path) -> None:
    """The program that keeps its files in ``folder`` opens a practice exchange where nothing moves."""
    settings = folder / "settings" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"welcomed": true, "practice_speed": "0"}')


def until(what: str, look: Callable[[], Seen]) -> Seen:
    """Look until it is so, and give what was seen."""
    end = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        assert time.monotonic() < end, f"not seen: {what}"
        time.sleep(0.03)
    return seen


@dataclass
class Screen:
    """An X screen of its own, with a window manager and a session bus. ``environment`` leads there."""

    environment: dict[str, str]
    folder: Path
    _pictures: int = 0

    def run(self, *words: str) -> str:
        """A program's output."""
        done = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Keys, in whatever window has the keyboard, such as ``ctrl+Return``."""
        self.run("xdotool", "key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Letters and digits, as typed."""
        self.run("xdotool", "type", "--delay", "5", "--", text)

    def click(self, control: dict[str, Any]) -> None:
        """The middle of a control, with the left button."""
        x, y, width, height = control["place"]
        self.run("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "1")

    def picture(self) -> Path:
        """The whole screen as it is now, in a file."""
        self._pictures += 1
        path = self.folder / f"{self._pictures}.png"
        self.run("scrot", "-o", str(path))
        return path


@contextmanager
def screen(folder: Path, size: tuple[int, int] = SIZE) -> Iterator[Screen]:
    """A screen of ``size`` until the block ends."""
    with ExitStack() as stack:
        server = _started(stack, {**os.environ}, "Xvfb", "-displayfd", "1", *_screen_words(size))
        environment = {**os.environ, "DISPLAY": f":{_first_line(server)}", "XDG_RUNTIME_DIR": str(folder)}
        environment |= {
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "NO_AT_BRIDGE": "0",
        }
        bus = _started(stack, environment, "dbus-daemon", "--session", "--nofork", "--print-address=1")
        environment["DBUS_SESSION_BUS_ADDRESS"] = _first_line(bus)
        launcher = next(path for path in _BUS_LAUNCHERS if Path(path).exists())
        _started(stack, environment, launcher, "--launch-immediately")
        _started(stack, environment, "openbox")
        made = Screen(environment, folder)
        until(
            "the window manager",
            lambda: "window id" in made.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"),
        )
        yield made


def _screen_words(size: tuple[int, int]) -> tuple[str, ...]:
    return ("-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp", "-noreset")


def _started(stack: ExitStack, environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        words,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    stack.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    """It, and whatever it started: each stands at the head of a session of its own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
            break
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, f"{process.args!r} said nothing"
    return line


@dataclass
class Program:
    """The program on a screen, and what assistive technology is told of it."""

    screen: Screen
    folder: Path
    process: "subprocess.Popen[str]"
    _reader: "subprocess.Popen[str] | None" = field(default=None)

    def ask(self, what: str) -> Any:
        """One question to the reader."""
        if self._reader is None:
            words = [SYSTEM_PYTHON, "-I", str(_READER), str(self.process.pid)]
            environment = {**self.screen.environment, "PYTHONPATH": ""}
            self._reader = subprocess.Popen(
                words,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        self._reader.stdin.write(json.dumps({"ask": what}) + "\n")
        self._reader.stdin.flush()
        line = self._reader.stdout.readline()
        assert line, "the reader has ended"
        return json.loads(line)

    def control(self, role: str, name: str) -> dict[str, Any]:
        """The showing control whose name begins so, once there is one."""
        return until(
            f"{role} “{name}”",
            lambda: next(
                (it for it in self.ask("controls") if it["role"] == role and it["name"].startswith(name)), {}
            ),
        )

    def gone(self, role: str, name: str) -> None:
        """Until no control of that name shows any longer, and the main window has the keyboard again."""
        until(
            f"{role} “{name}” is gone",
            lambda: (
                not any(it["role"] == role and it["name"].startswith(name) for it in self.ask("controls"))
            ),
        )
        main = self.window()
        until(
            "the main window in front", lambda: self.screen.run("xdotool", "getactivewindow").strip() == main
        )

    def focus_on(self, name: str) -> dict[str, Any]:
        """What has the keyboard, once its name begins so."""
        return until(f"the keyboard on “{name}”", lambda: _named(self.ask("focus"), name))

    def window(self) -> str:
        """The id of its main window."""
        words = ("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid), "--name", "Pitdesk$")
        return until("the window", lambda: self.screen.run(*words).split())[0]

    def exchange_log(self) -> dict[str, Any]:
        """What the practice exchange that it started says it accepted."""
        token = (self.folder / "state" / "practice" / "control-token").read_text().strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{_listening_port(str(self.folder))}/practice/log",
            headers={"PRACTICE-CONTROL": token},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            log: dict[str, Any] = json.loads(answer.read())
        return log

    def end(self) -> None:
        """Whatever still runs."""
        for process in (self._reader, self.process):
            if process is not None:
                _end(process)


@contextmanager
def program(screen: Screen, folder: Path, *words: str) -> Iterator[Program]:
    """The program with its files in ``folder``, until the block ends."""
    environment = {**screen.environment, "PYTHONPATH": _PATHS, "HOME": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "pitdesk_ui", "--state", str(folder), *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    made = Program(screen, folder, process)
    try:
        made.window()
        until("the program on the accessibility bus", lambda: made.ask("ready"))
        yield made
    finally:
        made.end()


def _named(found: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    return found if found is not None and found["name"].startswith(name) else None


def _listening_port(mark: str) -> int:
    """Where the practice exchange listens whose words have ``mark`` in them."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            if "pitdesk.practice" not in words or not any(mark in word for word in words):
                continue
            links = [os.readlink(link) for link in (folder / "fd").iterdir()]
        except OSError:
            continue
        held = {
            link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")
        }
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and parts[9] in held:
                return int(parts[1].partition(":")[2], 16)
    raise AssertionError("no practice exchange listens")
