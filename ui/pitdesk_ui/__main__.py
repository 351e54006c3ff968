"""Start: ``python -m pitdesk_ui``, and what the installed ``pitdesk`` command runs."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QApplication

    from pitdesk_ui.application import Options

_ALREADY_RUNNING = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program until its window is closed; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--practice"]:
        from pitdesk.practice.__main__ import main as practice

        return practice(words[1:])
    from pitdesk.hardening import harden

    given = _parser().parse_args(words)
    os.environ.setdefault("QT_API", "pyside6")
    surprises = harden().surprises
    if given.self_test:
        from pitdesk_ui.self_test import run

        return run()
    return _run(given.state, surprises, practice=given.practise, tell_start=given.tell_start)


def _glance(settings_file: Path) -> dict[str, Any]:
    """A glance at the settings, before they are read in earnest; empty where they cannot be read."""
    import json

    try:
        settings = json.loads(settings_file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _text_percent(settings: dict[str, Any]) -> int:
    """The text size, which must be known before Qt is there."""
    from pitdesk.appearance import Appearance

    chosen = settings.get("appearance")
    size = chosen.get("text_size") if isinstance(chosen, dict) else None
    return Appearance(text_size=size).percent if isinstance(size, int) else 100


def _practice_words(settings: dict[str, Any], *, practice: bool) -> tuple[str, ...] | None:
    """The further words of a practice exchange that will be wanted at once; None where it will not be.

    A wrong guess costs time and nothing else.
    """
    chosen = practice or bool(settings.get("welcomed") or settings.get("profiles"))
    if not chosen or settings.get("active_profile"):
        return None
    speed = settings.get("practice_speed")
    return ("--speed", speed) if isinstance(speed, str) and speed else ()


def _parser() -> argparse.ArgumentParser:
    from pitdesk import __version__

    parser = argparse.ArgumentParser(prog="pitdesk", description="Trade event contracts by hand.")
    parser.add_argument("--version", action="version", version=f"Pitdesk {__version__}")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="keep settings, journal, practice exchange and logs here"
    )
    parser.add_argument(
        "--practise",
        action="store_true",
        help="open the practice exchange instead of asking at the first start",
    )
    parser.add_argument(
        "--self-test", action="store_true", help="try whether this copy of Pitdesk is whole, and end"
    )
    parser.add_argument(
        "--tell-start", action="store_true", help="print when the window is painted and the ticket can send"
    )
    return parser


def _run(state: Path | None, surprises: tuple[str, ...], *, practice: bool, tell_start: bool) -> int:
    from pitdesk.desk.practice_child import launch
    from pitdesk.instance_lock import AlreadyRunningError, InstanceLock
    from pitdesk.paths import Folders

    gc.disable()  # the window's own timer collects from here on; imports make no garbage worth a pause
    try:
        folders = Folders.of_person() if state is None else Folders.under(state.expanduser().resolve())
        lock = InstanceLock(folders.state)
        lock.take()  # before anything of these files is opened, the practice exchange's account included
        settings = _glance(folders.settings_file)
        words = _practice_words(settings, practice=practice)
        # It starts while the window is imported and made.
        child = launch(folders.practice, words) if words is not None else None
    except AlreadyRunningError as error:
        sys.stderr.write(f"{error}\n")
        return _ALREADY_RUNNING
    except OSError as error:
        sys.stderr.write(f"Pitdesk cannot keep its files: {error.strerror or error}: {error.filename}.\n")
        return 2
    qt = _application_at(_text_percent(settings))
    from qasync import QEventLoop

    from pitdesk_ui.application import Options

    options = Options(folders, practice=practice, practice_child=child, surprises=surprises)
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
            return runner.run(_program(qt, options, tell_start=tell_start))
    finally:
        lock.release()


def _application_at(text_percent: int) -> QApplication:
    """Qt's application, under the name by which window managers know the window."""
    from PySide6.QtWidgets import QApplication

    from pitdesk_ui.binding import spare_the_reading

    spare_the_reading()
    from pitdesk_ui.text_size import text_at
    from pitdesk_ui.widgets.told_role import tell_roles

    with text_at(text_percent):
        qt = QApplication(["pitdesk"])
    tell_roles()
    qt.setApplicationName("pitdesk")
    qt.setApplicationDisplayName("Pitdesk")
    qt.setDesktopFileName("pitdesk")
    qt.setQuitOnLastWindowClosed(False)
    return qt


async def _program(qt: QApplication, options: Options, *, tell_start: bool) -> int:
    from pitdesk_ui.application import Application

    application = Application(qt, options)
    if tell_start:
        from pitdesk_ui.start_report import StartReport

        StartReport(application)
    if os.name == "posix":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, application.ask_to_close)
    return await application.run()


if __name__ == "__main__":
    sys.exit(main())
