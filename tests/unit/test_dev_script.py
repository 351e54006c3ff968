"""dev.py as a person meets it: which Python it takes, what it installs and says, when it does nothing."""

import ast
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tools.house import advisories, checks, commands, system
from tools.house.display import has_display, x11_answers
from tools.house.environment import DEV_LOCK, MAKING, RUN_LOCK, STAMP, Environment, Stamp
from tools.house.saying import Exit, Stop

ROOT = Path(__file__).resolve().parents[2]
posix_only = pytest.mark.skipif(os.name == "nt", reason="makes small shell scripts")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about Linux alone")


def write_script(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


# -- which Python ------------------------------------------------------------


@pytest.mark.parametrize(
    "version,fits",
    [((3, 10, 13), False), ((3, 11, 0), True), ((3, 12, 1), True), ((3, 13, 9), True), ((3, 14, 0), False)],
)
def test_the_pythons_it_runs_on(version: tuple[int, ...], fits: bool) -> None:
    assert dev.is_supported(version) is fits


def test_dev_py_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 4))


@posix_only
def test_it_takes_the_newest_python_that_really_starts(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    write_script(folder, "python3.13", "echo 'no such version' >&2; exit 127")
    fitting = write_script(folder, "python3.12", "printf 3.12")
    write_script(folder, "python3.11", "printf 3.11")
    assert dev.find_python(lambda name: shutil.which(name, path=str(folder))) == str(fitting)


@posix_only
def test_it_believes_no_python_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    write_script(folder, "python3.13", "printf 3.9")
    assert dev.find_python(lambda name: shutil.which(name, path=str(folder))) is None


def an_old_python() -> str | None:
    for minor in (10, 9, 8, 7):
        path = shutil.which(f"python3.{minor}")
        if path and dev.answered_version(path) == (3, minor):
            return path
    return None


@posix_only
def test_an_old_python_says_in_one_sentence_what_is_needed(tmp_path: Path) -> None:
    old = an_old_python()
    if old is None:
        pytest.skip("no Python older than 3.11 is installed here")
    real = subprocess.check_output([old, "-c", "import sys; print(sys.executable)"], text=True).strip()
    done = subprocess.run(
        [real, str(ROOT / "dev.py"), "help"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == dev.NO_PYTHON
    assert done.stderr.startswith("Pitdesk needs Python 3.11, 3.12 or 3.13. This is Python 3.")
    assert done.stderr.count("\n") == 1


@posix_only
def test_an_old_python_hands_over_to_a_fitting_one(tmp_path: Path) -> None:
    old = an_old_python()
    if old is None:
        pytest.skip("no Python older than 3.11 is installed here")
    real = subprocess.check_output([old, "-c", "import sys; print(sys.executable)"], text=True).strip()
    name = f"python3.{sys.version_info[1]}"
    (tmp_path / name).symlink_to(Path(sys.executable).resolve())
    done = subprocess.run(
        [real, str(ROOT / "dev.py"), "help"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "usage: python3 dev.py COMMAND" in done.stdout


# -- what it says ------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_an_unknown_command_shows_the_known_ones(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(arguments) == Exit.USAGE
    said = capsys.readouterr().err
    for word in ("run", "test", "check", "tour", "bench", "practice", "lock"):
        assert f"\n  {word}" in said


def test_a_started_program_sees_only_our_source_roots() -> None:
    env = commands.child_environment(
        offscreen=True, environ={"PYTHONPATH": "elsewhere", "PYTHONHOME": "elsewhere"}
    )
    assert env["PYTHONPATH"].split(os.pathsep) == [str(ROOT / "app"), str(ROOT / "ui"), str(ROOT)]
    assert "PYTHONHOME" not in env
    assert env["QT_QPA_PLATFORM"] == "offscreen"


def test_a_started_program_keeps_its_bytecode() -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in commands.child_environment(
        environ={"PYTHONDONTWRITEBYTECODE": "1"}
    )


# -- the display ------------------------------------------------------------


@pytest.mark.parametrize(
    "environ,system_name,there",
    [
        ({}, "Linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "Linux", True),
        ({"DISPLAY": "far.example:0"}, "Linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "offscreen"}, "Linux", False),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, "Linux", True),
        ({}, "Darwin", True),
        ({}, "Windows", True),
    ],
)
def test_where_there_is_a_display(environ: dict[str, str], system_name: str, there: bool) -> None:
    assert has_display(environ, system_name) is there


@linux_only
def test_an_x11_screen_must_answer() -> None:
    number = 40_000 + os.getpid() % 20_000
    assert not x11_answers(f":{number}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as screen:
        screen.bind(f"\0/tmp/.X11-unix/X{number}")
        screen.listen()
        assert x11_answers(f":{number}")
        assert x11_answers(f"unix:{number}.0")


# -- security ----------------------------------------------------------------------------


def audited(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


WEAK = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SOUND = {"name": "y", "version": "2", "vulns": []}
UNKNOWN = {"name": "z", "skip_reason": "not found"}


@pytest.mark.parametrize(
    "text,code,says",
    [
        (audited(SOUND), 0, "no known weakness in 1 packages."),
        (audited(SOUND, WEAK), 1, "1 known weaknesses in 2 packages."),
        (audited(SOUND, UNKNOWN), 0, "1 of 2 packages could not be looked up."),
        (audited(UNKNOWN), 0, "Not checked"),
        ("", 0, "Not checked: the advisory database could not be reached"),
    ],
)
def test_advisories_are_read_and_silence_is_said(
    text: str,
    code: int,
    says: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pip-audit that says what the real one says; without an answer it ends with a failure too."""
    write_script(tmp_path, "python", f"cat {tmp_path / 'said'}; exit 1")
    (tmp_path / "said").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert advisories.main(["requirements.lock"]) == code
    assert says in capfd.readouterr().out


def test_a_weak_line_is_found_by_bandit(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "planted.py"
    for line, code in (("x = 1\n", 0), ("import ssl\nssl._create_unverified_context()\n", 1)):
        planted.write_text(line, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, *checks.CHECKS["bandit"]], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == code, done.stdout.decode()


@linux_only
def test_what_tests_would_like_is_offered_and_never_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write_script(tmp_path / "bin", "apt-get", "exit 100")
    write_script(tmp_path / "bin", "sudo", "exit 1")
    write_script(tmp_path / "bin", "there", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(system, "is_debian", lambda: True)
    system.offer({"there": "a-package"}, "Those tests")
    assert capfd.readouterr().err == ""
    system.offer({"there": "a-package", "not-there": "b-package"}, "Those tests")
    said = capfd.readouterr().err
    assert "Those tests are left out" in said
    assert "apt-get install -y --no-install-recommends b-package" in said


def test_what_is_there_is_found_wherever_such_things_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_script(tmp_path / "bin", "program", "exit 0")
    write_script(tmp_path / "kept", "launcher", "exit 0")
    write_script(tmp_path, "python", "[ \"$3\" = 'import json' ]")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr(system, "_KEPT_ELSEWHERE", (f"{tmp_path}/k*t",))
    there = ("program", "launcher", f"{tmp_path}/python:json")
    assert [system.is_there(what) for what in there] == [True] * 3
    gone = ("absent", f"{tmp_path}/python:absent", f"{tmp_path}/absent:json", "libabsent.so.1")
    assert [system.is_there(what) for what in gone] == [False] * 4


# -- the system's packages ------------------------------------------------------------


def test_only_what_is_missing_is_named() -> None:
    gone = {"libEGL.so.1", "libxcb-cursor.so.0"}
    offscreen = system.missing_libraries(system.Need(qt=True), lambda name: name not in gone)
    on_screen = system.missing_libraries(system.Need(qt=True, display=True), lambda name: name not in gone)
    assert offscreen == {"libEGL.so.1": "libegl1"}
    assert set(on_screen.values()) == {"libegl1", "libxcb-cursor0"}
    assert system.missing_libraries(system.Need(venv=True), lambda name: False) == {}


@linux_only
def test_the_loader_is_asked_for_libraries() -> None:
    assert system.is_loadable("libc.so.6")
    assert not system.is_loadable("libpitdesk-has-no-such-library.so.7")


def test_the_line_to_run_is_exact() -> None:
    line = " ".join(system.install_command(["libgl1", "libegl1", "libgl1"], ["sudo"]))
    assert line == "sudo apt-get install -y --no-install-recommends libegl1 libgl1"


@posix_only
@pytest.mark.parametrize(
    "text,debian",
    [
        ("ID=debian\n", True),
        ('ID=ubuntu\nID_LIKE="debian"\n', True),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True),
        ("ID=fedora\n", False),
        ("", False),
    ],
)
def test_debian_and_its_children_are_known(
    text: str, debian: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_script(tmp_path / "bin", "apt-get", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "os-release").write_text(text, encoding="utf-8")
    assert system.is_debian(tmp_path / "os-release") is debian


@posix_only
@pytest.mark.parametrize("version,package", [((3, 11), "python3-venv"), ((3, 13), "python3.13-venv")])
def test_the_package_that_makes_environments(version: tuple[int, int], package: str, tmp_path: Path) -> None:
    (tmp_path / "python3.11").touch()
    (tmp_path / "python3").symlink_to(tmp_path / "python3.11")
    assert system.venv_package(version, tmp_path / "python3") == package


@posix_only
def test_a_refused_installation_gives_the_line_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a sudo that asks for a password nobody can type, or an apt-get that fails."""
    write_script(tmp_path / "bin", "apt-get", "echo 'could not get lock'; exit 100")
    write_script(tmp_path / "bin", "sudo", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(Stop) as stopped:
        system.apt_install(["libegl1"], os.environ)
    assert stopped.value.code == Exit.SYSTEM_PACKAGES
    assert stopped.value.sentence.endswith("\n  sudo apt-get install -y --no-install-recommends libegl1")


@posix_only
def test_packages_are_installed_with_fresh_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An apt-get that knows a package only after an update, as on a fresh machine."""
    log, lists = tmp_path / "log", tmp_path / "lists"
    apt = f'echo "$@" >>{log}; case "$1" in update) : >{lists};; install) test -e {lists};; esac'
    write_script(tmp_path / "bin", "apt-get", apt)
    write_script(tmp_path / "bin", "sudo", 'if [ "$1" = -n ]; then shift; fi; exec "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    system.apt_install(["libegl1"], os.environ)
    assert log.read_text(encoding="utf-8").splitlines()[-1] == "install -y --no-install-recommends libegl1"


# -- the environment ------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A checkout with two locks that ask for nothing, and its real environment."""
    root = tmp_path_factory.mktemp("checkout")
    for lock in (RUN_LOCK, DEV_LOCK):
        (root / lock).write_text(f"# {lock}\n", encoding="utf-8")
    environment = Environment(root)
    environment.ensure(DEV_LOCK)
    return environment


@pytest.fixture
def environment(made: Environment) -> Environment:
    """The same, whole again before each test."""
    (made.folder / MAKING).unlink(missing_ok=True)
    made.write_stamp([RUN_LOCK, DEV_LOCK])
    return made


def test_what_was_made_is_ready(environment: Environment) -> None:
    assert environment.is_ready(DEV_LOCK)
    assert environment.is_ready(RUN_LOCK), "the tools' lock holds the program's"


def test_a_second_start_starts_nothing(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    environment.ensure(DEV_LOCK)


def test_a_changed_lock_is_installed_again(environment: Environment) -> None:
    lock = environment.root / RUN_LOCK
    before = lock.read_text(encoding="utf-8")
    lock.write_text("# other\n", encoding="utf-8")
    assert not environment.is_ready(RUN_LOCK)
    assert environment.is_ready(DEV_LOCK)
    lock.write_text(before, encoding="utf-8")


def test_line_ends_do_not_change_a_lock(environment: Environment) -> None:
    lock = environment.root / RUN_LOCK
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert environment.is_ready(RUN_LOCK)


def test_an_interrupted_installation_is_noticed(environment: Environment) -> None:
    (environment.folder / MAKING).touch()
    assert not environment.is_ready(RUN_LOCK)


def test_a_package_taken_away_is_noticed(environment: Environment) -> None:
    (pip,) = environment.folder.rglob("site-packages/pip")
    pip.rename(pip.with_name("pip-gone"))
    assert not environment.is_ready(RUN_LOCK)
    pip.with_name("pip-gone").rename(pip)


def test_a_moved_checkout_is_noticed(environment: Environment, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(environment.root, moved, symlinks=True)
    assert not Environment(moved).is_ready(RUN_LOCK)


def test_another_python_is_noticed(environment: Environment) -> None:
    path = environment.folder / STAMP
    stamp = Stamp.read(path)
    assert stamp is not None
    path.write_text(Stamp(stamp.prefix, "3.10", stamp.locks, stamp.entries).to_json(), encoding="utf-8")
    assert not environment.is_ready(RUN_LOCK)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"prefix": 1}'])
def test_a_damaged_stamp_is_no_stamp(environment: Environment, text: str) -> None:
    (environment.folder / STAMP).write_text(text, encoding="utf-8")
    assert not environment.is_ready(RUN_LOCK)


def test_a_half_made_environment_is_made_anew(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for lock in (RUN_LOCK, DEV_LOCK):
        (tmp_path / lock).write_text("", encoding="utf-8")
    half = tmp_path / ".venv"
    half.mkdir()
    (half / MAKING).touch()
    (half / "left-over").touch()
    environment = Environment(tmp_path)
    environment.ensure(RUN_LOCK)
    assert environment.is_ready(RUN_LOCK)
    assert not (half / "left-over").exists()
    assert "not whole" in capfd.readouterr().err


def test_an_environment_made_by_hand_is_kept(environment: Environment) -> None:
    (environment.folder / STAMP).unlink()
    own = environment.folder / "own-file"
    own.touch()
    environment.ensure(RUN_LOCK)
    assert environment.is_ready(RUN_LOCK)
    assert own.exists()


def test_two_starts_at_once_make_one_environment(tmp_path: Path) -> None:
    for lock in (RUN_LOCK, DEV_LOCK):
        (tmp_path / lock).write_text("", encoding="utf-8")
    start = (
        "import sys; from pathlib import Path; from tools.house.environment import Environment; "
        "Environment(Path(sys.argv[1])).ensure('requirements.lock')"
    )
    command = [sys.executable, "-c", start, str(tmp_path)]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Making the environment" in text for text in said) == 1
    assert Environment(tmp_path).is_ready(RUN_LOCK)


# -- checks and tests ------------------------------------------------------------


SMALL_PROJECT = """\
[tool.bandit]
skips = ["B101"]
[tool.mypy]
packages = ["small"]
[tool.importlinter]
root_package = "small"
include_external_packages = true
[[tool.importlinter.contracts]]
name = "none"
type = "forbidden"
source_modules = ["small"]
forbidden_modules = ["PySide6"]
"""


@pytest.mark.parametrize(
    "source,test,code",
    [("x = 1\n", "assert True", 0), ("import os\n", "assert True", 1), ("x = 1\n", "assert 0", 1)],
)
def test_every_part_runs_and_pytest_speaks_last(
    source: str, test: str, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "small"
    package.mkdir()
    (package / "__init__.py").write_text(source, encoding="utf-8")
    (tmp_path / "test_small.py").write_text(f"def test_it():\n    {test}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(SMALL_PROJECT, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert checks.run_everything(Path(sys.executable), tmp_path, env, ["-q"]) == code
    lines = capfd.readouterr().out.rstrip().splitlines()
    for name in checks.CHECKS:
        assert any(line.split()[:1] == [name] for line in lines), f"{name} did not run"
    assert lines[-1].startswith(("1 passed in", "1 failed in"))
