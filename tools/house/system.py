"""What Pitdesk needs of the operating system, and how Debian and Ubuntu are made to have it.

macOS and Windows need nothing. A library is looked for by loading it, which is what Qt will do; the package
is only the name under which it is installed.
"""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from glob import glob
from importlib.util import find_spec
from pathlib import Path

from tools.house.saying import Exit, Stop, say

# What the Qt libraries of PySide6-Essentials 6.11 load, on any screen.
OFFSCREEN_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# What its plug-in for a real X11 screen loads besides.
DISPLAY_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
# What the tests of a real keyring start. Without them those tests are skipped, and say so.
KEYRING_PROGRAMS = {"dbus-run-session": "dbus-daemon", "gnome-keyring-daemon": "gnome-keyring"}
# What the tests on a real screen start. Debian's own Python reads what assistive technology is told.
SYSTEM_PYTHON = "/usr/bin/python3"
SCREEN_NEEDS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "scrot": "scrot",
    "dbus-daemon": "dbus-daemon",
    "at-spi-bus-launcher": "at-spi2-core",
    f"{SYSTEM_PYTHON}:gi": "python3-gi",
    "Atspi-2.0.typelib": "gir1.2-atspi-2.0",
    **DISPLAY_LIBRARIES,
}
_KEPT_ELSEWHERE = ("/usr/libexec", "/usr/lib/at-spi2-core", "/usr/lib/*/girepository-1.0")


@dataclass(frozen=True)
class Need:
    """What a command needs of the system: to make environments, to load Qt, to show windows."""

    venv: bool = False
    qt: bool = False
    display: bool = False


def is_loadable(library: str) -> bool:
    """Whether the system's loader finds this shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def can_make_environments() -> bool:
    """Whether this Python can make a venv with pip in it: Debian keeps that part in a package of its own."""
    return find_spec("venv") is not None and find_spec("ensurepip") is not None


def venv_package(
    version: tuple[int, int] = sys.version_info[:2], default: Path = Path("/usr/bin/python3")
) -> str:
    """The Debian package that lets this version make environments: unversioned for Debian's own Python."""
    name = f"python{version[0]}.{version[1]}"
    return "python3-venv" if default.resolve().name == name else f"{name}-venv"


def missing_libraries(need: Need, loadable: Callable[[str], bool] = is_loadable) -> dict[str, str]:
    """The libraries the loader does not find, each with its Debian package."""
    wanted = dict(OFFSCREEN_LIBRARIES) if need.qt or need.display else {}
    if need.display:
        wanted |= DISPLAY_LIBRARIES
    return {library: package for library, package in wanted.items() if not loadable(library)}


def is_debian(os_release: Path = Path("/etc/os-release")) -> bool:
    """Whether this is Debian, Ubuntu or one of their children, with apt-get to hand."""
    if shutil.which("apt-get") is None:
        return False
    try:
        lines = os_release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    pairs = dict(line.split("=", 1) for line in lines if "=" in line)
    words = f"{pairs.get('ID', '')} {pairs.get('ID_LIKE', '')}".replace('"', " ").split()
    return bool({"debian", "ubuntu"} & set(words))


def install_command(packages: Iterable[str], prefix: Iterable[str] = ()) -> list[str]:
    """The exact apt-get command for these packages."""
    names = sorted(set(packages))
    return [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *names]


def ensure(need: Need, environ: Mapping[str, str] = os.environ) -> None:
    """Install on Debian and Ubuntu what is missing; elsewhere, or where that is not allowed, say what to do.

    Raises Stop with the exact line to run.
    """
    if platform.system() != "Linux":
        return
    libraries = missing_libraries(need)
    packages = set(libraries.values())
    if need.venv and not can_make_environments():
        packages.add(venv_package())
    if not packages:
        return
    if not is_debian():
        raise Stop(_elsewhere(libraries), Exit.SYSTEM_PACKAGES)
    say(f"Installing what this system lacks: {', '.join(sorted(packages))}. This takes a minute.")
    apt_install(packages, environ)
    left = sorted(missing_libraries(need))
    if left:
        raise Stop(f"These libraries still cannot be loaded: {', '.join(left)}.", Exit.SYSTEM_PACKAGES)
    if need.venv and not _fresh_python_makes_environments():
        raise Stop(
            f"{sys.executable} still cannot make environments: it lacks the module ensurepip.",
            Exit.SYSTEM_PACKAGES,
        )


def is_there(what: str) -> bool:
    """Whether a program is to be found, on the path or where such are kept, or a library can be loaded;
    ``python:module`` is a module of that Python."""
    if ".so." in what:
        return is_loadable(what)
    python, colon, module = what.partition(":")
    if colon:
        return Path(python).exists() and _runs_silently([python, "-I", "-c", f"import {module}"])
    return shutil.which(what) is not None or any(
        Path(found).exists() for place in _KEPT_ELSEWHERE for found in glob(f"{place}/{what}")
    )


def offer(programs: Mapping[str, str], what: str, environ: Mapping[str, str] = os.environ) -> None:
    """Install on Debian and Ubuntu the programs that are missing, by their packages; where that cannot be
    done, say that ``what`` is left out, and go on."""
    missing = {package for program, package in programs.items() if not is_there(program)}
    if platform.system() != "Linux" or not missing:
        return
    if not is_debian():
        say(f"{what} are left out: this system lacks {', '.join(sorted(missing))}.")
        return
    try:
        say(f"Installing what the tests need: {', '.join(sorted(missing))}.")
        apt_install(missing, environ)
    except Stop as stop:
        say(f"{what} are left out. {stop.sentence}")


def _fresh_python_makes_environments() -> bool:
    """Asked of a new process, which sees what was just installed."""
    return _runs_silently([sys.executable, "-c", "import ensurepip, venv"])


def _runs_silently(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _elsewhere(libraries: Mapping[str, str]) -> str:
    missing = ", ".join(sorted(libraries)) or "the Python module ensurepip"
    return (
        f"This system lacks: {missing}. Install the packages that hold them with the system's own "
        "package manager, then give the same command again."
    )


def apt_install(packages: Iterable[str], environ: Mapping[str, str]) -> None:
    """Install with fresh package lists. Raises Stop, with the exact line to run, when that is refused."""
    prefix = root_prefix()
    if prefix is not None:
        env = {**environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = install_command(packages, prefix)
        # First the package lists: on a fresh machine there are none, on an old one they name files long gone.
        _runs([*prefix, "apt-get", "update"], env)
        if _runs(install, env):
            return
    line = " ".join(install_command(packages, ["sudo"] if shutil.which("sudo") else []))
    advice = "Run this line" if prefix or shutil.which("sudo") else "Run this line as root"
    raise Stop(f"{advice}, then give the same command again:\n  {line}", Exit.SYSTEM_PACKAGES)


def root_prefix() -> list[str] | None:
    """What makes a command run as root here: nothing, sudo, or None when it may not."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    if subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin is not None and sys.stdin.isatty() else None


def _runs(command: list[str], env: Mapping[str, str]) -> bool:
    """Run it in silence; when it fails, what it said goes to the error stream."""
    try:
        done = subprocess.run(
            command, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        say(f"{command[0]} cannot be started: {error.strerror}.")
        return False
    if done.returncode != 0:
        say(done.stdout.decode("utf-8", "replace").rstrip())
    return done.returncode == 0
