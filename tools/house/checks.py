"""The checks that read the code without running it, then the tests."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKS: Mapping[str, Sequence[str]] = {
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as main; main()"],
    "bandit": ["-m", "bandit", "-q", "-r", ".", "-c", "pyproject.toml"],
    "audit": [str(Path(__file__).with_name("advisories.py")), "requirements.lock"],
}
_ALWAYS_TELLS = ("audit",)


@dataclass(frozen=True)
class Verdict:
    """How one check went."""

    name: str
    ok: bool
    seconds: float

    def __str__(self) -> str:
        return f"{self.name:<8}{'ok' if self.ok else 'FAILED':<8}{self.seconds:6.1f} s"


def run_checks(python: Path, root: Path, env: Mapping[str, str]) -> list[Verdict]:
    """Every check in turn, whether or not an earlier one failed; a failing one's words are shown."""
    return [_run_check(name, [str(python), *command], root, env) for name, command in CHECKS.items()]


def _run_check(name: str, command: Sequence[str], root: Path, env: Mapping[str, str]) -> Verdict:
    start = time.monotonic()
    done = subprocess.run(
        command, cwd=root, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    verdict = Verdict(name, done.returncode == 0, time.monotonic() - start)
    words = done.stdout.decode("utf-8", "replace").rstrip()
    if not verdict.ok:
        print(words)
    note = f"   {words.splitlines()[-1]}" if name in _ALWAYS_TELLS and words else ""
    print(f"{verdict}{note}", flush=True)
    return verdict


def failed_names(verdicts: Sequence[Verdict]) -> list[str]:
    """The names of the checks that failed."""
    return [verdict.name for verdict in verdicts if not verdict.ok]


def run_tests(python: Path, root: Path, env: Mapping[str, str], arguments: Sequence[str]) -> int:
    """pytest, speaking for itself: its closing line is the last thing said. Returns its exit code.

    An interruption is left to pytest, which ends by itself and still says how far it came.
    """
    pytest = subprocess.Popen([str(python), "-m", "pytest", *arguments], cwd=root, env=dict(env))
    while True:
        try:
            return pytest.wait()
        except KeyboardInterrupt:
            continue


def run_everything(python: Path, root: Path, env: Mapping[str, str], arguments: Sequence[str]) -> int:
    """The checks, then pytest. The exit code is a failure when any part failed."""
    failed = failed_names(run_checks(python, root, env))
    if failed:
        print(
            f"Failed before the tests: {', '.join(failed)} (above). The result is a failure whatever follows."
        )
    print(flush=True)
    return run_tests(python, root, env, arguments) or int(bool(failed))
