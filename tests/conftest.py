"""What every test stands on: an offscreen screen, folders of its own, an event loop per test, no leftovers.

Qt is imported only by the fixtures that need it, so that the core's tests run without it.
"""

import asyncio
import contextlib
import functools
import gc
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest

from tests.canary_watch import CanaryPlugin

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"

Result = TypeVar("Result")
RunAsync = Callable[..., Any]

_PATIENCE_S = 60.0
"""How long a test waits for what must come: only one that fails ever waits so long."""
_END_S = 10.0
_LOOKS, _LOOK_S = 20, 0.05
"""How often a task that should have ended is looked at: for a second, or as many turns of a starved loop."""

# Made-up examples are the same at every run and may take their time; the longer runs try new ones.
_IS_LONGER_RUN = bool({"PITDESK_SEQUENCES", "PITDESK_FUZZ"} & os.environ.keys())
hypothesis.settings.register_profile(
    "pitdesk",
    derandomize=not _IS_LONGER_RUN,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("pitdesk")

_PRIVATE_FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "home/roaming",
    "LOCALAPPDATA": "home/local",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_RUNTIME_DIR": "runtime",
}


def pytest_configure(config: pytest.Config) -> None:
    """The whole run is searched for keys at its end."""
    config.pluginmanager.register(CanaryPlugin(), "canary")


@pytest.fixture(scope="session", autouse=True)
def private_folders(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Path]:
    """No test reads or writes the person's own settings, journal or keyring."""
    root = tmp_path_factory.mktemp("person")
    pytestconfig.pluginmanager.get_plugin("canary").base = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in _PRIVATE_FOLDERS.items():
            path = root / folder
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            patch.setenv(name, str(path))
        for name in ("TMPDIR", "TEMP", "TMP"):
            patch.setenv(name, str(root))
        patch.setattr(tempfile, "tempdir", str(root))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)  # the vault asks the bus, not the variable
        yield root


@pytest.fixture(scope="session", autouse=True)
def names_that_are_none() -> Iterator[None]:
    """Names below ``.invalid`` are none by definition (RFC 6761): how long a network takes to say so is not
    what is tested."""
    ask = socket.getaddrinfo

    def asked(host: Any, *more: Any, **named: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ask(host, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", asked)
        yield


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port where nobody answers, held so that nobody else comes to listen there."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


@pytest.fixture
def run_async(qapp: Any) -> RunAsync:
    """``run_async(coroutine, timeout=60.0)``: run it to its end on a Qt event loop of its own.

    The test fails when tasks are still alive some time after the coroutine returned: each task has an
    owner that ends it. It fails too, and does not wait for ever, when a canceled task does not end: that is
    what is left of one that was woken while Qt's events were processed inside another's step.
    """
    from qasync import QEventLoop

    qapp.setQuitOnLastWindowClosed(False)

    def run(coroutine: Coroutine[Any, Any, Result], timeout: float = _PATIENCE_S) -> Result:
        with contextlib.closing(QEventLoop(qapp)) as loop:
            asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(_bounded(coroutine, timeout))
            finally:
                loop.run_until_complete(_end_all())
                asyncio.set_event_loop(None)

    return run


async def _bounded(coroutine: Coroutine[Any, Any, Result], timeout: float) -> Result:
    async with asyncio.timeout(timeout):
        result = await coroutine
    alive = asyncio.all_tasks() - {asyncio.current_task()}
    for _ in range(_LOOKS):
        if alive:
            _, alive = await asyncio.wait(alive, timeout=_LOOK_S)
    assert not alive, f"tasks left behind: {_names(alive)}"
    return result


async def _end_all() -> None:
    """Cancel what a failed test left running, and name what does not end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        _, alive = await asyncio.wait(others, timeout=_END_S)
        assert not alive, f"tasks that do not end when canceled: {_names(alive)}"
    await asyncio.get_running_loop().shutdown_asyncgens()


def _names(tasks: set[asyncio.Task[Any]]) -> list[str]:
    return sorted(task.get_name() for task in tasks)


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """pytest-qt's, more patient: by itself it gives up after five seconds."""
    for name in ("waitUntil", "waitSignal", "waitActive"):
        setattr(qtbot, name, functools.partial(getattr(qtbot, name), timeout=int(_PATIENCE_S * 1_000)))
    return qtbot


@pytest.fixture(autouse=True)
def garbage_stays_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Qt's objects end on the thread that made them: a worker thread on which Python happens to collect
    garbage would end the timers of this one, which Qt forbids and may crash on. Each test with a screen
    leaves none behind, so that the many without one need not pay for it."""
    if _qt("QtCore") is None or "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def no_qt_leftovers() -> Iterator[None]:
    """A test that leaves a running QThread or a top-level widget behind fails, naming it."""
    if _qt("QtCore") is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        started = _note_threads(patch)
        before = {_address(widget) for widget in _top_level_widgets()}
        yield
    running = [thread for thread in started if _is_running(thread)]
    for thread in running:
        thread.wait(2000)
    assert not running, f"QThread still running after the test: {running}"
    left = _new_widgets(before)
    if left:
        gc.collect()
        left = _new_widgets(before)
    assert not left, f"top-level widgets left after the test: {left}"


def _qt(module: str) -> Any:
    """The Qt module if some test imported it already, else None: this file imports no Qt by itself."""
    return sys.modules.get(f"PySide6.{module}")


def _note_threads(patch: pytest.MonkeyPatch) -> list[Any]:
    """Remember every QThread started from now on."""
    started: list[Any] = []
    thread_class = _qt("QtCore").QThread
    start = thread_class.start

    def noted(thread: Any, *arguments: Any) -> None:
        started.append(thread)
        start(thread, *arguments)

    patch.setattr(thread_class, "start", noted)
    return started


def _is_running(thread: Any) -> bool:
    try:
        return bool(thread.isRunning())
    except RuntimeError:  # its Qt object is gone already
        return False


def _top_level_widgets() -> list[Any]:
    widgets, core = _qt("QtWidgets"), _qt("QtCore")
    if widgets is None or not isinstance(core.QCoreApplication.instance(), widgets.QApplication):
        return []
    return [widget for widget in widgets.QApplication.topLevelWidgets() if widget.parent() is None]


def _address(widget: Any) -> int:
    """The widget behind the Python wrapper, which may be made anew each time it is asked for."""
    import shiboken6

    return int(shiboken6.getCppPointer(widget)[0])


def _new_widgets(before: set[int]) -> list[str]:
    core = _qt("QtCore")
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    return [repr(widget) for widget in _top_level_widgets() if _address(widget) not in before]
