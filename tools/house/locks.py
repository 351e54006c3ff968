"""The locks: every dependency exact and hashed, for all systems and Pythons, naming no registry.

``requirements.lock`` is what the program runs on; ``requirements-dev.lock`` adds the tools and
``requirements-build.lock`` what packs it, with the same versions of everything in the first.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.house.environment import BUILD_LOCK, DEV_LOCK, RUN_LOCK
from tools.house.saying import Exit, Stop, say

_UV = "uv==0.13.8"
_OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--only-binary=:all:",
    "--quiet",
]


def make_locks(root: Path, python: Path, upgrade: bool) -> None:
    """Write the locks anew. Versions locked before are kept unless ``upgrade``. Raises Stop on failure."""
    with tempfile.TemporaryDirectory() as scratch:
        uv = _find_uv(python, Path(scratch))
        extra = ["--upgrade"] if upgrade else []
        _compile(uv, root, RUN_LOCK, extra)
        for lock, what in ((DEV_LOCK, "dev"), (BUILD_LOCK, "build")):
            _compile(uv, root, lock, [*extra, f"--extra={what}", f"--constraints={RUN_LOCK}"])
    for lock in (RUN_LOCK, DEV_LOCK, BUILD_LOCK):
        if "://" in (root / lock).read_text(encoding="utf-8"):
            raise Stop(f"{lock} names an address; it must not.", Exit.FAILED)
        say(f"Wrote {lock}.")


def _find_uv(python: Path, scratch: Path) -> list[str]:
    """uv beside our Python or on the PATH, else a passing one: it is needed for nothing but this."""
    for candidate in (str(python.with_name("uv")), "uv"):
        path = shutil.which(candidate)
        if path:
            return [path]
    target = scratch / "uv"
    command = [str(python), "-m", "pip", "install", "--quiet", "--target", str(target), _UV]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        raise Stop(f"{_UV} could not be installed, and nothing else can make the locks.", Exit.ENVIRONMENT)
    return [str(target / "bin" / ("uv.exe" if sys.platform == "win32" else "uv"))]


def _compile(uv: list[str], root: Path, lock: str, extra: list[str]) -> None:
    command = [*uv, "pip", "compile", "pyproject.toml", *_OPTIONS, *extra, "-o", lock]
    if subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise Stop(f"{lock} could not be made (the reason is above).", Exit.ENVIRONMENT)
