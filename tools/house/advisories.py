"""Known weaknesses of the locked packages, asked of the public advisory database by pip-audit.

``python -m tools.house.advisories LOCK``. A database that cannot be reached is said and is no failure: the
code is not worse for it, and nothing may be claimed either. A weakness that is found is a failure.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SECONDS = 120


@dataclass(frozen=True)
class Report:
    """What was found: each weakness in a line, and how many of how many packages were really looked up."""

    weaknesses: tuple[str, ...]
    looked_up: int
    packages: int

    @property
    def sentence(self) -> str:
        """The one line that is always said."""
        if not self.looked_up:
            return "Not checked: the advisory database could not be reached or knows none of the packages."
        missing = self.packages - self.looked_up
        left = f" {missing} of {self.packages} packages could not be looked up." if missing else ""
        found = f"{len(self.weaknesses)} known weaknesses" if self.weaknesses else "no known weakness"
        return f"Advisories: {found} in {self.looked_up} packages.{left}"


def read_report(text: str) -> Report | None:
    """pip-audit's JSON; None where it is none, which is how it ends without an answer."""
    try:
        dependencies = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    asked = [each for each in dependencies if "skip_reason" not in each]
    weaknesses = tuple(_told(each, weakness) for each in asked for weakness in each.get("vulns", ()))
    return Report(weaknesses, len(asked), len(dependencies))


def _told(package: Mapping[str, Any], weakness: Mapping[str, Any]) -> str:
    fixed = ", ".join(weakness.get("fix_versions") or ()) or "no corrected version yet"
    return f"{package['name']} {package['version']}: {weakness['id']}, corrected in: {fixed}"


def main(arguments: Sequence[str]) -> int:
    """Ask about the lock named; 1 where a weakness is known, else 0. The last line says what was checked."""
    command = [sys.executable, "-m", "pip_audit", "-r", arguments[0], "--disable-pip", "--require-hashes"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run([*command, *options], capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print(f"Not checked: the advisory database did not answer within {_SECONDS} s.")
        return 0
    report = read_report(done.stdout.decode("utf-8", "replace"))
    if report is None:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = words[-1][:200] if words else "it said nothing"
        print(f"Not checked: the advisory database could not be reached ({why}).")
        return 0
    for weakness in report.weaknesses:
        print(weakness)
    print(report.sentence)
    return int(bool(report.weaknesses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
