"""Where a secret could leave through: log, output, arguments, environment, network and clipboard have ears.

Each ear hands on what it hears and changes nothing for the one who speaks.
"""

import http.client
import io
import logging
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Hear = Callable[[str, bytes], None]
_TEST_SERVER = "websockets.server"
"""A test's own exchange tells the headers that it was sent, as any exchange may."""

of_other_programs: set[str] = set()
"""What tests put on the clipboard as another program's Copy does: that is not ours to answer for."""


class _LogEar(logging.Handler):
    """Hears what a handler without redaction would write: what is not in there is in no log."""

    def __init__(self, hear: Hear) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != _TEST_SERVER:
            self._hear("log", self.format(record).encode("utf-8", "backslashreplace"))


def listen_to_logs(hear: Hear, patch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every library's every word, before any redaction of ours. What is returned ends it."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    ear = _LogEar(hear)
    root.addHandler(ear)
    log = logging.getLogger("http.client")
    patch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    # It prints what it sends: into the log rather than into the tests' output.
    patch.setattr(http.client, "print", lambda *words: log.debug(" ".join(map(str, words))), raising=False)

    return lambda: root.removeHandler(ear)


def quiet_reports(config: pytest.Config) -> None:
    """Reports of failed tests, and ``caplog`` until a test asks for more, keep to warnings."""
    plugin = config.pluginmanager.get_plugin("logging-plugin")
    if plugin is not None:
        plugin.caplog_handler.setLevel(logging.WARNING)
        plugin.report_handler.setLevel(logging.WARNING)


def listen_to_children(hear: Hear, patch: pytest.MonkeyPatch) -> None:
    """The arguments and the environment that every child is given, and what it says."""
    begin, talk = subprocess.Popen.__init__, subprocess.Popen.communicate

    def init(self: Any, args: Any, *more: Any, **named: Any) -> None:
        hear("argument list", repr(args).encode("utf-8", "backslashreplace"))
        given = os.environ if named.get("env") is None else named["env"]
        hear("environment", repr(dict(given)).encode("utf-8", "backslashreplace"))
        begin(self, args, *more, **named)
        for name in ("stdout", "stderr"):
            setattr(self, name, _heard(getattr(self, name), hear))

    def communicate(self: Any, *more: Any, **named: Any) -> Any:
        said = talk(self, *more, **named)
        for each in said:
            if each:
                hear(
                    "output of a child", each if isinstance(each, bytes) else each.encode("utf-8", "replace")
                )
        return said

    patch.setattr(subprocess.Popen, "__init__", init)
    patch.setattr(subprocess.Popen, "communicate", communicate)


def _heard(pipe: Any, hear: Hear) -> Any:
    """The same pipe, with an ear."""
    if type(pipe) is io.TextIOWrapper and type(pipe.buffer) is io.BufferedReader:
        encoding, errors = pipe.encoding, pipe.errors
        return io.TextIOWrapper(_heard(pipe.detach(), hear), encoding=encoding, errors=errors)
    return _Pipe(pipe.detach(), hear) if type(pipe) is io.BufferedReader else pipe


class _Pipe(io.BufferedReader):
    def __init__(self, raw: Any, hear: Hear) -> None:
        super().__init__(raw)
        self._hear = hear

    def _pass(self, data: bytes) -> bytes:
        if data:
            self._hear("output of a child", data)
        return data

    def read(self, *size: Any) -> bytes:
        return self._pass(super().read(*size))

    def read1(self, *size: Any) -> bytes:
        return self._pass(super().read1(*size))

    def readline(self, *size: Any) -> bytes:
        return self._pass(super().readline(*size))

    def __next__(self) -> bytes:
        return self._pass(super().__next__())


def listen_to_network(hear: Hear, patch: pytest.MonkeyPatch) -> None:
    """Every byte that this process sends, before it is encrypted. What goes through TLS is heard twice, the
    second time unreadable."""

    def ear(owner: Any, name: str) -> None:
        send = getattr(owner, name)

        def sent(self: Any, data: Any, *more: Any) -> Any:
            count = send(self, data, *more)
            whole = b"".join(data) if name == "sendmsg" else data
            hear("sent", bytes(whole if count is None else memoryview(whole).cast("B")[:count]))
            return count

        patch.setattr(owner, name, sent)

    for name in ("send", "sendall", "sendto", "sendmsg"):
        if hasattr(socket.socket, name):
            ear(socket.socket, name)
    ear(ssl.SSLSocket, "send")
    ear(ssl.SSLObject, "write")


def listen_to_captured(hear: Hear, patch: pytest.MonkeyPatch) -> None:
    """What a test asks of ``capsys`` and ``capfd`` is in no report."""
    read = pytest.CaptureFixture.readouterr

    def readouterr(self: Any) -> Any:
        said = read(self)
        for each in said:
            hear("output", each if isinstance(each, bytes) else each.encode("utf-8", "backslashreplace"))
        return said

    patch.setattr(pytest.CaptureFixture, "readouterr", readouterr)


class Clipboard:
    """Hears what the program puts on the clipboard, from the first test with a screen on."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._board: Any = None

    def listen(self) -> None:
        """Once there is an application; to be called again until then."""
        gui = sys.modules.get("PySide6.QtGui")
        if self._board is not None or gui is None or gui.QGuiApplication.instance() is None:
            return
        self._board = gui.QGuiApplication.clipboard()
        self._board.changed.connect(self._changed)

    def _changed(self, mode: Any) -> None:
        text = self._board.text(mode)
        if text not in of_other_programs:
            self._hear("clipboard", text.encode("utf-8", "surrogatepass"))
