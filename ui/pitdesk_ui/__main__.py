"""Start: ``python -m pitdesk_ui``, and what the installed ``pitdesk`` command runs."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program until its window is closed; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--practice"]:
        from pitdesk.practice.__main__ import main as practice

        return practice(words[1:])
    given = _parser().parse_args(words)
    os.environ.setdefault("QT_API", "pyside6")
    os.environ.pop("SSLKEYLOGFILE", None)  # it would write the keys of every connection to a file
    return _run(given.state, tell_start=given.tell_start)


def _parser() -> argparse.ArgumentParser:
    from pitdesk import __version__

    parser = argparse.ArgumentParser(prog="pitdesk", description="Trade event contracts by hand.")
    parser.add_argument("--version", action="version", version=f"Pitdesk {__version__}")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="keep settings, journal, practice exchange and logs here"
    )
    parser.add_argument(
        "--tell-start", action="store_true", help="print when the window is painted and the ticket can send"
    )
    return parser


def _run(state: Path | None, *, tell_start: bool) -> int:
    from pitdesk.desk.practice_child import launch
    from pitdesk.paths import Folders

    gc.disable()  # the window's own timer collects from here on; imports make no garbage worth a pause
    try:
        folders = Folders.of_person() if state is None else Folders.under(state.expanduser().resolve())
        child = launch(folders.practice)  # it starts while the window is imported and made
    except OSError as error:
        sys.stderr.write(f"Pitdesk cannot keep its files: {error.strerror or error}: {error.filename}.\n")
        return 2
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("pitdesk")
    qt.setApplicationDisplayName("Pitdesk")
    qt.setDesktopFileName("pitdesk")
    qt.setQuitOnLastWindowClosed(False)
    from pitdesk_ui.application import Application, Options

    async def program() -> int:
        application = Application(qt, Options(folders, practice_child=child))
        if tell_start:
            from pitdesk_ui.start_report import StartReport

            StartReport(application)
        if os.name == "posix":
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, application.ask_to_close)
        return await application.run()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
        return runner.run(program())


if __name__ == "__main__":
    sys.exit(main())
