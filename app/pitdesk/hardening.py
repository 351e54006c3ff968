"""What the process does at its start so that less of it can leak: no core dumps, no neighbors, no key log.

It is a second line: somebody who controls the login controls the program. What could not be done is told.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

_REMOVED = ("SSLKEYLOGFILE",)
_SUSPECT = (
    "LD_PRELOAD",
    "LD_AUDIT",
    "LD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "PYTHONBREAKPOINT",
    "PYTHONUSERBASE",
    "PYTHONHOME",
    "PYTHONPLATLIBDIR",
    "OPENSSL_CONF",
    "OPENSSL_MODULES",
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "PYTHON_KEYRING_BACKEND",
)
_SYSTEM_PRELOAD = Path("/etc/ld.so.preload")
_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_PT_DENY_ATTACH = 31
_NO_ERROR_BOXES, _NO_HEAP_IN_REPORTS = 0x0003, 0x0001


@dataclass(frozen=True, slots=True)
class Hardening:
    """``done`` and ``failed``: measures by name. ``removed``: variables taken out of the environment.

    ``surprises``: sentences about what changes the program from outside; the person should know of them.
    """

    done: tuple[str, ...]
    failed: tuple[str, ...]
    removed: tuple[str, ...]
    surprises: tuple[str, ...]


def harden(environ: MutableMapping[str, str] = os.environ) -> Hardening:
    """Call once, before anything secret is read. Never raises: a measure that fails is told."""
    removed = tuple(name for name in _REMOVED if environ.pop(name, None) is not None)
    done, failed = [], []
    for name, measure in _measures(environ):
        try:
            measure()
        except (OSError, ValueError, AttributeError, ImportError) as error:
            failed.append(f"{name} ({error})")
        else:
            done.append(name)
    return Hardening(tuple(done), tuple(failed), removed, surprises_in(environ))


def surprises_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What of the environment loads foreign code into the program, or leads its libraries elsewhere."""
    is_frozen = getattr(sys, "frozen", False)  # then the library path is the bundle's own
    names = [name for name in _SUSPECT if environ.get(name) and not (is_frozen and name == "LD_LIBRARY_PATH")]
    if not is_frozen and _leads_elsewhere(environ.get("PYTHONPATH", "")):  # a bundle does not heed it
        names.append("PYTHONPATH")
    said = [f"The variable {name} is set. It can change what Pitdesk loads." for name in names]
    try:
        if _SYSTEM_PRELOAD.read_bytes().strip():
            said.append(f"{_SYSTEM_PRELOAD} names libraries that are loaded into every program.")
    except OSError:
        return tuple(said)
    return tuple(said)


def _leads_elsewhere(python_path: str) -> bool:
    """Whether modules are sought in other places than Pitdesk's own, as a checkout names them."""
    app = Path(__file__).resolve().parents[1]
    own = (app, app.parent, app.parent / "ui")
    return any(Path(entry).resolve() not in own for entry in python_path.split(os.pathsep) if entry)


def is_dumpable() -> bool | None:
    """Whether Linux lets a neighbor read this process's memory, or a crash dump it; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    return bool(_libc().prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))


def _measures(environ: Mapping[str, str]) -> tuple[tuple[str, Callable[[], None]], ...]:
    if sys.platform == "win32":
        return (("no memory in crash reports", _no_heap_in_reports),)
    if sys.platform == "darwin":
        return (("no core dumps", _no_core), ("no debugger", _deny_attach))
    # In a sandbox the desktop's portals look the program up in /proc, which this would close to them.
    if "SNAP" in environ or "FLATPAK_ID" in environ:
        return (("no core dumps", _no_core),)
    return (("no core dumps", _no_core), ("closed to neighbors", _not_dumpable))


def _no_core() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _not_dumpable() -> None:
    if _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _deny_attach() -> None:
    if _libc().ptrace(_PT_DENY_ATTACH, 0, None, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _no_heap_in_reports() -> None:
    kernel = ctypes.CDLL("kernel32.dll")
    kernel.SetErrorMode(_NO_ERROR_BOXES)
    if kernel.WerSetFlags(_NO_HEAP_IN_REPORTS) != 0:
        raise OSError("WerSetFlags")
