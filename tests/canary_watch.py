"""Over the whole run: every private key that is held, and every place where it must not be found at the end.

A key is held when a test makes or reads one, or the program does. At the end all files of the run, and all
that the ears heard, are searched for all keys; for the program's signatures too, which may stand in their
header alone. A hit fails the run. Not looked into: what pytest itself says of a failed test.
"""

import base64
import bisect
import contextlib
import functools
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from pitdesk.kalshi.secret_key import SecretKey
from tests import canary_ears as ears
from tests.canary import Canary, Hit, parts_of
from tests.canary_places import SENT, has_place, is_meant

ROOT = Path(__file__).resolve().parents[1]
_PEM = re.compile(rb"-----BEGIN (?:RSA )?PRIVATE KEY-----[^-]{40,20000}-----END (?:RSA )?PRIVATE KEY-----")
_HEADER = re.compile(rb"kalshi-access-signature:[^\r\n]*\Z", re.IGNORECASE)
_SIGNATURE = "a signature"
_ELSEWHERE = (".git", ".venv", ".mypy_cache", ".ruff_cache")


class Watch:
    """The keys held so far, what was heard so far, and the verdict on both."""

    def __init__(self, folder: Path) -> None:
        """What is heard is kept in ``folder``."""
        self.now = "before the tests"
        self.keys = self.signatures = self._bytes = 0
        self.summary = ""
        self.tests: dict[str, str] = {}
        self._folder = folder
        self._canary = Canary()
        self._known: set[bytes] = set()
        self._heard: dict[str, list[tuple[int, str]]] = {}
        self._spools: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._since = time.time()
        self._is_over = False

    def hold(self, key: Any) -> None:
        """Look for this private key, whatever test it comes from."""
        parts = list(parts_of(key))
        with self._lock:
            if not parts or parts[0][1] in self._known or len(set(parts[0][1])) < 12:
                return  # known already, or made of a repeated byte, which is found anywhere
            self._known.add(parts[0][1])
            self.keys += 1
            self._canary.add_key(f"the key of {self.now}", key)

    def hold_signature(self, signature: bytes) -> None:
        """Look for this signature everywhere but in its header."""
        with self._lock:
            self.signatures += 1
            self._canary.add_header(_SIGNATURE, base64.b64encode(signature))

    def hear(self, place: str, data: bytes) -> None:
        """Keep what left, for the search at the end, when all keys are known."""
        if len(data) < 12:
            return
        with self._lock:
            if self._is_over:
                return
            if place not in self._spools:
                self._spools[place] = (self._folder / f"{place}.heard").open("wb", buffering=1 << 20)
                self._heard[place] = []
            spool, marks = self._spools[place], self._heard[place]
            if not marks or marks[-1][1] != self.now:
                marks.append((spool.tell(), self.now))
            spool.write(data + b"\n")

    def verdict(self, base: Path) -> list[str]:
        """A line for each leak. ``base`` is where the run kept its files."""
        start = time.monotonic()
        with self._lock:
            self._is_over = True
            for spool in self._spools.values():
                spool.close()
            self._spools.clear()
            files = sorted({*_files_of(self._folder), *_files_of(base), *self._changed_in(ROOT)})
            for path in files:
                self._hold_those_in(path)
            leaks = [leak for path in files for leak in self._leaks(path, base)]
        leaks = list(dict.fromkeys(leaks))
        self.summary = (
            f"canary: {self.keys:,} keys and {self.signatures:,} signatures sought in {len(files):,} files, "
            f"{self._bytes / 1e6:,.0f} MB, in {time.monotonic() - start:.1f} s: {len(leaks)} found"
        )
        return leaks

    def _changed_in(self, root: Path) -> Iterator[Path]:
        """What the run wrote beside the code: caches, or what a crash left."""
        for folder, names, files in os.walk(root):
            names[:] = [name for name in names if name not in _ELSEWHERE]
            for path in (Path(folder, name) for name in files):
                with contextlib.suppress(OSError):  # gone meanwhile
                    if path.is_file() and path.stat().st_mtime >= self._since:
                        yield path

    def _hold_those_in(self, path: Path) -> None:
        """Keys that processes of their own made are known by their files."""
        try:
            data = path.read_bytes()
        except OSError:
            return
        self._bytes += len(data)
        if b"PRIVATE KEY-----" in data:
            self.now = path.name
            for found in _PEM.findall(data):
                try:
                    self.hold(serialization.load_pem_private_key(found, None))
                except (ValueError, TypeError, UnsupportedAlgorithm):
                    continue

    def _leaks(self, path: Path, base: Path) -> Iterator[str]:
        heard = self._heard.get(path.stem) if path.parent == self._folder else None
        test = self.tests.get(path.relative_to(base).parts[0], "") if path.is_relative_to(base) else ""
        try:
            hits = list(self._canary.hits_in_file(path))
        except OSError:  # a socket, or gone meanwhile
            return
        if hits and is_meant(path, test, base):
            return
        if heard is not None:
            yield from self._leaks_heard(path, heard, hits)
            return
        owner = f" (a file of {test})" if test else ""
        where = path.stem if path.parent == self._folder else path
        yield from (f"{where}: {hit.secret}, as {hit.form}{owner}" for hit in hits)

    def _leaks_heard(self, path: Path, marks: list[tuple[int, str]], hits: list[Hit]) -> Iterator[str]:
        data = path.read_bytes() if hits else b""
        for hit in hits:
            test = marks[bisect.bisect_right(marks, hit.at, key=lambda mark: mark[0]) - 1][1]
            is_header = hit.secret == _SIGNATURE and _HEADER.search(data[max(0, hit.at - 2_000) : hit.at])
            if path.stem == SENT and (is_header or has_place(test, SENT)):
                continue
            yield f"{path.stem}, in {test}: {hit.secret}, as {hit.form}"


def _files_of(base: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(base):
        # A pytest within this one looks by itself.
        names[:] = [name for name in names if not name.startswith("pytest-of-")]
        paths = (Path(folder, name) for name in files)
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def hold_every_key(watch: Watch, patch: pytest.MonkeyPatch) -> None:
    """Wherever a private key comes to be in this process."""

    def held(make: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(make)
        def made(*arguments: Any, **named: Any) -> Any:
            key = make(*arguments, **named)
            watch.hold(key)
            return key

        return made

    for module, name in (
        (rsa, "generate_private_key"),
        (serialization, "load_pem_private_key"),
        (serialization, "load_der_private_key"),
    ):
        patch.setattr(module, name, held(getattr(module, name)))
    for name in ("generate", "from_private_bytes"):
        patch.setattr(
            ed25519.Ed25519PrivateKey, name, staticmethod(held(getattr(ed25519.Ed25519PrivateKey, name)))
        )
    init, sign = SecretKey.__init__, SecretKey.sign

    def secret_key(self: SecretKey, private_key: Any) -> None:
        init(self, private_key)
        watch.hold(private_key)

    def signature(self: SecretKey, message: bytes) -> bytes:
        signed = sign(self, message)
        watch.hold_signature(signed)
        return signed

    patch.setattr(SecretKey, "__init__", secret_key)
    patch.setattr(SecretKey, "sign", signature)


class CanaryPlugin:
    """Watches from before the tests are imported until pytest has nothing left to say of them."""

    def __init__(self) -> None:
        self.base: Path | None = None
        self._spools = tempfile.TemporaryDirectory(prefix="pitdesk-canary-", ignore_cleanup_errors=True)
        self._watch = Watch(Path(self._spools.name))
        self._patch = pytest.MonkeyPatch()
        self._clipboard = ears.Clipboard(self._watch.hear)
        hold_every_key(self._watch, self._patch)
        self._logs = ears.listen_to_logs(self._watch.hear, self._patch)
        for listen in (ears.listen_to_children, ears.listen_to_network, ears.listen_to_captured):
            listen(self._watch.hear, self._patch)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """The parts that report are there now."""
        ears.quiet_reports(session.config)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """From here on it is this test that holds keys."""
        self._watch.now = nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Its screen and its folder are there now."""
        self._clipboard.listen()
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        if folder is not None:
            self._watch.tests[folder.name] = item.nodeid.partition("[")[0]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What the test printed."""
        if report.when == "teardown":
            for name, text in report.sections:
                if not name.startswith("Captured log"):  # these are in the logs whole
                    self._watch.hear("output", text.encode("utf-8", "backslashreplace"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """The search; what it finds is an error like a test's own."""
        if self.base is None:
            return
        self._logs()
        leaks = self._watch.verdict(self.base)
        if leaks:
            told = "Secrets were found where they must not be:\n" + "\n".join(leaks)
            report = pytest.TestReport("the canary", ("", None, "the canary"), {}, "failed", told, "teardown")
            session.config.hook.pytest_runtest_logreport(report=report)
            session.testsfailed += 1
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """How much was looked for, and in how much."""
        if self.base is not None:
            terminalreporter.write_line(self._watch.summary)

    def pytest_unconfigure(self) -> None:
        """Nothing is heard any more."""
        self._logs()
        self._patch.undo()
        self._spools.cleanup()
