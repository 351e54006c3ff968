#!/usr/bin/env python3
"""The one command of a checkout: run, test, check, tour, bench, practice, lock.

Needs nothing but Python. This file only finds a Python that fits, so it is written for old ones too;
the commands are in tools/house.
"""

import os
import shutil
import subprocess
import sys

SUPPORTED = ((3, 13), (3, 12), (3, 11))
NO_PYTHON = 3


def is_supported(version):
    """Whether Pitdesk runs on this Python: ``version`` starts with the major and the minor number."""
    return tuple(version[:2]) in SUPPORTED


def find_python(which=shutil.which):
    """The path of an installed Python that fits, newest first, or None. Each is asked, not believed."""
    for version in SUPPORTED:
        path = which("python{0}.{1}".format(*version)) or launched_on_windows(version, which)
        if path and answered_version(path) == version:
            return path
    return None


def launched_on_windows(version, which):
    """Windows keeps its Pythons behind the launcher ``py``: the path of this version's, or None."""
    launcher = which("py") if os.name == "nt" else None
    if not launcher:
        return None
    question = "import sys; sys.stdout.write(sys.executable)"
    try:
        answer = subprocess.check_output(
            [launcher, "-{0}.{1}".format(*version), "-c", question], stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.decode("utf-8")


def answered_version(path):
    """What the interpreter at ``path`` says it is, as (major, minor), or None when it does not start."""
    question = "import sys; sys.stdout.write('{0}.{1}'.format(*sys.version_info))"
    try:
        answer = subprocess.check_output([path, "-c", question], stderr=subprocess.DEVNULL)
        major, minor = answer.decode("ascii").split(".")
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return int(major), int(minor)


def no_python_sentence(version):
    """What is said when no Python fits."""
    return (
        "Pitdesk needs Python 3.11, 3.12 or 3.13. This is Python {0}.{1}, and none of the three was found "
        "on the PATH. Install one of them, then give the same command again.".format(*version)
    )


def start_again(python):
    """The same command under another interpreter; ends this process on systems that can."""
    command = [python, os.path.abspath(__file__)] + sys.argv[1:]
    if os.name == "nt":
        return subprocess.call(command)
    sys.stdout.flush()
    os.execv(python, command)


def main():
    if not is_supported(sys.version_info):
        python = find_python()
        if python is None:
            sys.stderr.write(no_python_sentence(sys.version_info) + "\n")
            return NO_PYTHON
        return start_again(python)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from tools.house.commands import main as house

    return house(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
