"""Packs the program for the system it runs on, tries what was packed, and on Debian makes a package of it.

PyInstaller packs only for the system that it runs on: for Windows on Windows, for macOS on macOS. Nothing is
signed here.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from tools.house.saying import Exit, Stop, say
from tools.house.system import DISPLAY_LIBRARIES, OFFSCREEN_LIBRARIES

_NAME = "pitdesk"
_COMPILER_LIBRARIES = ("libgcc-s1", "libstdc++6 (>= 12)")
_FALLBACK_EPOCH = "315532800"  # 1980, the first year that every archive can write


def build(root: Path, python: Path) -> int:
    """Everything into ``dist/``: the folder, on Debian a package as well, and their sums. The exit code."""
    target, epoch = root / "dist", _epoch(root)
    shutil.rmtree(target, ignore_errors=True)
    folder = _pack(root, python, target, epoch)
    _try(folder)
    made = [_debian_package(root, folder, target, epoch)] if shutil.which("dpkg-deb") else []
    _write_sums(target, made)
    for file in made:
        say(f"Made {file.relative_to(root)}, {file.stat().st_size / 1e6:.1f} MB.")
    say(f"Made {folder.relative_to(root)}, {_size(folder) / 1e6:.0f} MB. Nothing is signed.")
    return Exit.OK


def version_of(root: Path) -> str:
    """The version in pyproject.toml."""
    found = re.search(r'^version = "([^"]+)"', (root / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise Stop("pyproject.toml names no version.", Exit.FAILED)
    return found.group(1)


def _pack(root: Path, python: Path, target: Path, epoch: str) -> Path:
    """The folder that PyInstaller made, the same bytes whenever the same sources are packed."""
    say("Packing; this takes a minute.")
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"]
    places = ["--distpath", str(target), "--workpath", str(root / "build")]
    unwanted = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    env |= {"SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "1"}
    spec = str(root / "packaging" / "pitdesk.spec")
    if subprocess.run([*command, *places, spec], cwd=root, env=env, check=False).returncode != 0:
        raise Stop("The program could not be packed (the reason is above).", Exit.FAILED)
    return target / _NAME


def _try(folder: Path) -> None:
    """The packed program tries itself, with nothing of this checkout or its Python in sight."""
    say("Trying what was packed:")
    program = folder / (f"{_NAME}.exe" if os.name == "nt" else _NAME)
    kept = ("HOME", "PATH", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env["QT_QPA_PLATFORM"] = "offscreen"
    if subprocess.run([str(program), "--self-test"], cwd=folder, env=env, check=False).returncode != 0:
        raise Stop("The packed program is not whole (what failed is above).", Exit.FAILED)


def _debian_package(root: Path, folder: Path, target: Path, epoch: str) -> Path:
    """A .deb of the folder: the program under /usr/lib, its command, its entry in the menu and its icon."""
    command = [str(shutil.which("dpkg")), "--print-architecture"]
    architecture = subprocess.check_output(command, text=True).strip()
    tree = root / "build" / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree / "usr/lib" / _NAME, symlinks=True)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin" / _NAME).symlink_to(f"../lib/{_NAME}/{_NAME}")
    linux = root / "packaging" / "linux"
    _place(linux / "pitdesk.desktop", tree / "usr/share/applications")
    _place(root / "resources/icons/pitdesk.svg", tree / "usr/share/icons/hicolor/scalable/apps")
    _place(root / "LICENSE", tree / "usr/share/doc" / _NAME).rename(tree / "usr/share/doc/pitdesk/copyright")
    control = _control((linux / "control").read_text("utf-8"), root, tree, architecture)
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(control, encoding="utf-8")
    _make_plain(tree)
    file = target / f"{_NAME}_{version_of(root)}_{architecture}.deb"
    command = [str(shutil.which("dpkg-deb")), "--root-owner-group", "-Zxz", "--build", str(tree), str(file)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    if subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise Stop("dpkg-deb could not make the package (the reason is above).", Exit.FAILED)
    return file


def _control(text: str, root: Path, tree: Path, architecture: str) -> str:
    """The package's own words, filled in."""
    depends = {*OFFSCREEN_LIBRARIES.values(), *DISPLAY_LIBRARIES.values(), *_COMPILER_LIBRARIES}
    return text.format(
        version=version_of(root),
        architecture=architecture,
        kibibytes=_size(tree) // 1024,
        glibc=platform.libc_ver()[1],
        depends=", ".join(sorted(depends)),
    )


def _place(file: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(file, folder))


def _make_plain(tree: Path) -> None:
    """Modes that do not depend on the umask of whoever built it."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _write_sums(target: Path, files: list[Path]) -> None:
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    if lines:
        (target / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _epoch(root: Path) -> str:
    """When the packed sources were written: the last commit, in Unix seconds."""
    git = shutil.which("git")
    if git is None:
        return _FALLBACK_EPOCH
    command = [git, "log", "-1", "--format=%ct"]
    asked = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or _FALLBACK_EPOCH
