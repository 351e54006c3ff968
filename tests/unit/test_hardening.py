"""A crash writes no memory to a file, and what comes from outside is removed or named."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pitdesk import hardening
from pitdesk.hardening import harden, surprises_in

APP = Path(hardening.__file__).parents[1]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")
CRASH = """
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
if sys.argv[1] == "hardened":
    from pitdesk.hardening import harden, is_dumpable
    done = harden()
    assert not is_dumpable() and not done.failed, done
secret = b"canary-" * 4
os.kill(os.getpid(), signal.SIGSEGV)
"""


def crashed(folder: Path, word: str) -> tuple[int, list[Path]]:
    """How a process ends that crashes, and the core dumps it leaves."""
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler=0", "-c", CRASH, word],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(APP)},
    )
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    assert os.WIFSIGNALED(status), status
    return int(os.WCOREDUMP(status)), list(folder.glob("core*"))


_, hard = resource.getrlimit(resource.RLIMIT_CORE)


@linux_only
def test_a_crash_leaves_no_core_dump(tmp_path: Path) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if hard == 0 or pattern.startswith("|"):
        pytest.skip(f"this system writes no core files here (limit {hard}, pattern {pattern!r})")
    for folder in ("plain", "hardened"):
        (tmp_path / folder).mkdir()
    dumped, files = crashed(tmp_path / "plain", "plain")
    assert dumped, "without it there is one, so that this test can fail"
    assert "/" in pattern or any(b"canary-canary" in file.read_bytes() for file in files)
    assert crashed(tmp_path / "hardened", "hardened") == (0, [])


@linux_only
@pytest.mark.parametrize("sandbox", ["SNAP", "FLATPAK_ID"])
def test_in_a_sandbox_the_portals_still_see_the_program(sandbox: str) -> None:
    names = [name for name, _ in hardening._measures({sandbox: "x"})]
    assert names == ["no core dumps"]
    assert [name for name, _ in hardening._measures({})] == ["no core dumps", "closed to neighbors"]


def test_the_key_log_is_taken_away_and_the_rest_of_the_environment_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hardening, "_measures", lambda environ: ())
    environ = {"SSLKEYLOGFILE": "/somewhere/keys", "PATH": "/bin"}
    assert harden(environ).removed == ("SSLKEYLOGFILE",)
    assert environ == {"PATH": "/bin"}


def test_a_measure_that_fails_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OSError(1, "not permitted")

    monkeypatch.setattr(hardening, "_measures", lambda environ: (("first", fails), ("second", lambda: None)))
    said = harden({})
    assert said.done == ("second",)
    assert said.failed[0].startswith("first (")


@pytest.mark.parametrize("name", ["LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "OPENSSL_CONF", "QT_PLUGIN_PATH"])
def test_what_loads_foreign_code_is_named(name: str) -> None:
    assert any(name in sentence for sentence in surprises_in({name: "/x.so"}))
    assert not any(name in sentence for sentence in surprises_in({name: ""}))


def test_another_place_for_modules_is_named_and_the_checkout_s_own_are_not(tmp_path: Path) -> None:
    own = os.pathsep.join(map(str, (APP, APP.parent / "ui", APP.parent)))
    assert not any("PYTHONPATH" in sentence for sentence in surprises_in({"PYTHONPATH": own}))
    other = f"{own}{os.pathsep}{tmp_path}"
    assert any("PYTHONPATH" in sentence for sentence in surprises_in({"PYTHONPATH": other}))


def test_a_bundle_s_own_library_path_is_no_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert not any("LD_LIBRARY_PATH" in sentence for sentence in surprises_in({"LD_LIBRARY_PATH": "/x"}))


NEIGHBOR = """
import ctypes, os, sys
if os.geteuid() == 0:  # root may read everything: be somebody else, and open to others as programs start
    os.setgid(65534)
    os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
if sys.argv[1] == "hardened":
    from pitdesk.hardening import harden
    harden()
child = os.fork()
if child == 0:
    try:
        open(f"/proc/{os.getppid()}/mem", "rb").close()
    except OSError:
        os._exit(1)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@linux_only
def test_another_program_of_the_same_person_cannot_read_the_memory() -> None:
    def denied(word: str) -> int:
        environment = {**os.environ, "PYTHONPATH": str(APP), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", NEIGHBOR, word]
        return subprocess.run(command, env=environment, check=False, timeout=60).returncode

    if denied("plain"):
        pytest.skip("this system lets no program read another's memory")
    assert denied("hardened") == 1
