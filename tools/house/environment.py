"""The checkout's own environment, .venv: made once, known by its stamp, remade when it is not whole.

The stamp is written last. It says for which checkout, Python and locks the environment was made and what lay
in it, so that a second start only compares, and an interrupted, moved or damaged one is noticed.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from tools.house.one_at_a_time import one_at_a_time
from tools.house.saying import Exit, Stop, say

RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
BUILD_LOCK = "requirements-build.lock"
STAMP = "pitdesk-stamp.json"
MAKING = "pitdesk-making"
_INSTALL = ["install", "--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-input", "-qq"]


@dataclass(frozen=True)
class Stamp:
    """What an environment was made for. ``locks`` maps a lock's file name to its SHA-256."""

    prefix: str
    python: str
    locks: Mapping[str, str]
    entries: tuple[str, ...]

    def to_json(self) -> str:
        """The text of the stamp file."""
        fields = {"prefix": self.prefix, "python": self.python}
        return json.dumps({**fields, "locks": dict(self.locks), "entries": list(self.entries)}, indent=1)

    @classmethod
    def read(cls, path: Path) -> "Stamp | None":
        """The stamp in this file, or None when there is none that can be read."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(raw["prefix"], raw["python"], dict(raw["locks"]), tuple(raw["entries"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None


class Environment:
    """The .venv of one checkout, or another folder's: a build sees only what it packs."""

    def __init__(self, root: Path, name: str = ".venv") -> None:
        self.root = root
        self.folder = root / name
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def is_ready(self, lock: str) -> bool:
        """Whether everything in this lock is installed here already. Compares only; starts nothing."""
        stamp = self._whole_stamp()
        return stamp is not None and stamp.locks.get(lock) == self.lock_hash(lock)

    def ensure(self, lock: str) -> None:
        """Make or complete the environment for this lock. Raises Stop when packages cannot be had."""
        if self.is_ready(lock):
            return
        with one_at_a_time(self.root / f"{self.folder.name}.lock"):
            if not self.is_ready(lock):
                self._complete(lock)

    def _complete(self, lock: str) -> None:
        if self._whole_stamp() is not None:
            self._install(lock)
        elif self._is_made_by_hand() and not self._lost_files():
            say(f"Keeping the environment in {self.folder.name}, which was made by hand.")
            self._install(lock)
        else:
            self._make()
            self._install(lock)

    def lock_hash(self, lock: str) -> str:
        """The SHA-256 of a lock, the same whichever line ends the checkout has."""
        text = (self.root / lock).read_bytes().replace(b"\r\n", b"\n")
        return hashlib.sha256(text).hexdigest()

    def write_stamp(self, locks: Iterable[str]) -> None:
        """Vouch that these locks are installed whole."""
        hashes = {lock: self.lock_hash(lock) for lock in locks}
        stamp = Stamp(str(self.folder), _version(), hashes, self._entries())
        draft = self.folder / f"{STAMP}.new"
        draft.write_text(stamp.to_json(), encoding="utf-8")
        draft.replace(self.folder / STAMP)
        (self.folder / MAKING).unlink(missing_ok=True)

    def _whole_stamp(self) -> Stamp | None:
        """The stamp, if it is of this place and this Python and nothing it saw is gone."""
        stamp = Stamp.read(self.folder / STAMP)
        if stamp is None or stamp.prefix != str(self.folder) or stamp.python != _version():
            return None
        whole = self.python.exists() and not (self.folder / MAKING).exists()
        return stamp if whole and set(stamp.entries) <= set(self._entries()) else None

    def _is_made_by_hand(self) -> bool:
        """An environment we never touched, with pip, for this Python and at this place: it is kept."""
        if (self.folder / MAKING).exists() or (self.folder / STAMP).exists() or not self.python.exists():
            return False
        question = "import pip, sys; print(sys.prefix, '%d.%d' % sys.version_info[:2], sep='|')"
        answer = subprocess.run(
            [str(self.python), "-c", question],
            env=_pip_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.returncode == 0 and answer.stdout.strip() == f"{self.folder}|{_version()}"

    def _lost_files(self) -> list[str]:
        """Files that installed packages list as theirs and that are not there."""
        packages = distributions(path=[str(self._site_packages())])
        files = [file for package in packages for file in package.files or () if file.suffix != ".pyc"]
        return [str(file) for file in files if not Path(str(file.locate())).exists()]

    def _site_packages(self) -> Path:
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{_version()}" / "site-packages"

    def _entries(self) -> tuple[str, ...]:
        """What lies in site-packages: a package taken away by hand, or half put there, shows."""
        try:
            return tuple(sorted(name for name in os.listdir(self._site_packages()) if name != "__pycache__"))
        except OSError:
            return ()

    def _make(self) -> None:
        if self.folder.exists() or self.folder.is_symlink():
            say(f"The environment in {self.folder.name} is not whole or not of this place; making it anew.")
            self._remove()
        else:
            say(f"Making the environment in {self.folder.name}; this is done once.")
        self.folder.mkdir(parents=True)
        (self.folder / MAKING).touch()
        base = getattr(sys, "_base_executable", None) or sys.executable
        made = subprocess.run([base, "-m", "venv", str(self.folder)], stdout=sys.stderr, check=False)
        if made.returncode != 0:
            raise Stop(f"{base} could not make an environment in {self.folder.name}.", Exit.ENVIRONMENT)

    def _remove(self) -> None:
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
            return
        try:
            shutil.rmtree(self.folder)
        except OSError as error:
            raise Stop(
                f"The old {self.folder.name} cannot be removed ({error}). Close whatever uses it, then try "
                "again.",
                Exit.ENVIRONMENT,
            ) from error

    def _install(self, lock: str) -> None:
        say(f"Installing {self._package_count(lock)} packages from {lock}; this is done once.")
        (self.folder / MAKING).touch()
        command = [str(self.python), "-m", "pip", "--disable-pip-version-check", *_INSTALL]
        done = subprocess.run(
            [*command, "-r", str(self.root / lock)], env=_pip_environment(), stdout=sys.stderr, check=False
        )
        if done.returncode != 0:
            raise Stop(
                "The packages could not be installed (the reason is above). Check the connection to the "
                "package index, then give the same command again.",
                Exit.ENVIRONMENT,
            )
        self.write_stamp([RUN_LOCK, DEV_LOCK] if lock == DEV_LOCK else [lock])

    def _package_count(self, lock: str) -> int:
        text = (self.root / lock).read_text(encoding="utf-8")
        return len(re.findall(r"^[A-Za-z0-9][\w.-]*==", text, flags=re.MULTILINE))


def _pip_environment() -> dict[str, str]:
    """The person's own index settings stay; what would lead pip into another Python does not."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
