"""The commands of dev.py, each a function that ends with an exit code."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.house import checks, packing
from tools.house.display import has_display
from tools.house.environment import BUILD_LOCK, DEV_LOCK, RUN_LOCK, Environment
from tools.house.locks import make_locks
from tools.house.saying import Exit, Stop, say
from tools.house.system import KEYRING_PROGRAMS, SCREEN_NEEDS, Need, ensure, offer

ROOT = Path(__file__).resolve().parents[2]
PICTURES = "tour-pictures"

USAGE = """\
usage: python3 dev.py COMMAND [...]

  run                       open Pitdesk (on the practice exchange unless another was chosen)
  test [PYTEST ARGUMENTS]   lint, format, types, import rules, security, then the tests
  check                     the same without the tests
  tour [--out DIR]          the real program, headless, as a person would use it; a picture of each step
  bench start|submit|batch|exchange|window [--json FILE]   how quick it is, measured in one run
  campaign orders|variants [--minutes N] [--seed N] [--json FILE]   faults and kills against whole desks
  practice [--port N] [--json]       the practice exchange alone
  build                     pack the program for this system, and try the packed one
  lock [--upgrade]          write the locks anew from pyproject.toml

The first start makes .venv and installs what is needed; later starts do not."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says. Every failure of the house itself is one plain sentence."""
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "run": run,
        "test": test,
        "check": check,
        "tour": tour,
        "bench": bench,
        "campaign": campaign,
        "practice": practice,
        "build": build,
        "lock": lock,
    }
    if arguments and arguments[0] in ("-h", "--help", "help"):
        print(USAGE)
        return Exit.OK
    command = commands.get(arguments[0]) if arguments else None
    if command is None:
        say(f"There is no command “{arguments[0]}”.\n{USAGE}" if arguments else USAGE)
        return Exit.USAGE
    try:
        return command(arguments[1:])
    except Stop as stop:
        say(stop.sentence)
        return stop.code
    except OSError as error:
        say(f"{error.strerror or error}: {error.filename or 'no file named'}. Nothing else was done.")
        return Exit.ENVIRONMENT
    except KeyboardInterrupt:
        return 130


def run(arguments: Sequence[str]) -> int:
    """The window; where nobody could see one, the tour."""
    if not has_display():
        say(f"There is no display, so the tour is performed instead; its pictures go to {PICTURES}.")
        return tour(["--out", PICTURES])
    python = prepare(RUN_LOCK, qt=True, display=True)
    return _become([str(python), "-m", "pitdesk_ui", *arguments], child_environment())


def tour(arguments: Sequence[str]) -> int:
    """Headless, even where there is a screen."""
    python = prepare(RUN_LOCK, qt=True)
    given = any(word == "--out" or word.startswith("--out=") for word in arguments)
    asked = arguments if given else [*arguments, "--out", PICTURES]
    return _become([str(python), "-m", "tools.tour", *asked], child_environment(offscreen=True))


def bench(arguments: Sequence[str]) -> int:
    """Headless unless QT_QPA_PLATFORM names a screen, so that one run compares with the next."""
    python = prepare(RUN_LOCK, qt=True)
    offscreen = "QT_QPA_PLATFORM" not in os.environ
    return _become([str(python), "-m", "tools.bench", *arguments], child_environment(offscreen))


def practice(arguments: Sequence[str]) -> int:
    """The practice exchange alone: it needs no Qt."""
    python = prepare(RUN_LOCK)
    return _become([str(python), "-m", "pitdesk.practice", *arguments], child_environment())


def campaign(arguments: Sequence[str]) -> int:
    """Faults and kills against desks in processes of their own; the variants are shown to tests as well."""
    python = prepare(DEV_LOCK if "variants" in arguments else RUN_LOCK)
    return _become([str(python), "-m", "tools.campaign", *arguments], child_environment())


def check(arguments: Sequence[str]) -> int:
    """Lint, format, types, import rules and security."""
    if arguments:
        say("check takes no arguments.")
        return Exit.USAGE
    python = prepare(DEV_LOCK)
    verdicts = checks.run_checks(python, ROOT, child_environment(offscreen=True))
    return Exit.FAILED if checks.failed_names(verdicts) else Exit.OK


def test(arguments: Sequence[str]) -> int:
    """The checks, then pytest, whose closing line is the last. Fails when any part failed."""
    python = prepare(DEV_LOCK, qt=True)
    offer(KEYRING_PROGRAMS, "The tests of a real keyring")
    offer(SCREEN_NEEDS, "The tests on a real screen")
    env = child_environment(offscreen=True)
    return checks.run_everything(python, ROOT, env, arguments)


def build(arguments: Sequence[str]) -> int:
    """Pack the program for this system, in an environment of its own, and try what was packed."""
    if arguments:
        say("build takes no arguments.")
        return Exit.USAGE
    environment = Environment(ROOT, ".venv-build")
    ensure(Need(venv=not environment.is_ready(BUILD_LOCK), qt=True))
    environment.ensure(BUILD_LOCK)
    return packing.build(ROOT, environment.python)


def lock(arguments: Sequence[str]) -> int:
    """Write the locks anew."""
    if set(arguments) - {"--upgrade"}:
        say("lock takes nothing but --upgrade.")
        return Exit.USAGE
    ensure(Need(venv=True))
    environment = Environment(ROOT)
    python = environment.python if environment.python.exists() else Path(sys.executable)
    make_locks(ROOT, python, upgrade="--upgrade" in arguments)
    return Exit.OK


def prepare(lock_name: str, qt: bool = False, display: bool = False) -> Path:
    """The system and the environment ready for a command; returns the environment's Python."""
    environment = Environment(ROOT)
    ensure(Need(venv=not environment.is_ready(lock_name), qt=qt, display=display))
    environment.ensure(lock_name)
    return environment.python


def child_environment(offscreen: bool = False, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a started program sees: our source roots and nobody else's, UTF-8, and the screen asked for.

    Bytecode is kept whatever the machine says: compiling some 300 modules would add half to every start.
    """
    unwanted = ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    env = {name: value for name, value in environ.items() if name not in unwanted}
    env["PYTHONPATH"] = os.pathsep.join(str(folder) for folder in (ROOT / "app", ROOT / "ui", ROOT))
    env["PYTHONUTF8"] = "1"
    env["QT_API"] = "pyside6"
    if offscreen:
        env["QT_QPA_PLATFORM"] = "offscreen"
    return env


def _become(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Turn into the program, so that signals and the exit code are its own; on Windows wait for it."""
    sys.stdout.flush()
    if platform.system() == "Windows":
        return subprocess.run(command, env=dict(env), check=False).returncode
    os.execve(command[0], list(command), dict(env))
