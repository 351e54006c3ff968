"""What the house says to the person at the terminal, and how it stops."""

import sys
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of dev.py itself; a started program's own code is passed on as it is."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_PYTHON = 3
    SYSTEM_PACKAGES = 4
    ENVIRONMENT = 5


class Stop(Exception):
    """Ends the command with a plain sentence and an exit code."""

    def __init__(self, sentence: str, code: Exit) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def say(sentence: str) -> None:
    """One line to the person, on the error stream: standard output belongs to the program started."""
    print(sentence, file=sys.stderr, flush=True)
