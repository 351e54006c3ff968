"""What support may be sent: shown whole, to be read before it is saved."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton

from pitdesk.diagnostics import Section, as_text, collect, save
from pitdesk_ui.account_mark import MarkedDialog
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.connect.fields import SentenceLabel
from pitdesk_ui.theme import set_role

if TYPE_CHECKING:
    from pitdesk_ui.program import Program

_SIZE = (820, 620)
_TOLD = (
    "This is all that is saved: versions, settings without ids, counts of the journal, and the logs. Keys, "
    "signatures and whole ids were taken out. Nothing is sent anywhere; read it, then save it where you like."
)


class DiagnosticsDialog(MarkedDialog):
    """Collects on a thread, shows the text, saves it where the person chooses."""

    def __init__(self, program: Program) -> None:
        super().__init__("Diagnostics", program.mark, program.window)
        self.setObjectName("diagnostics")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._program = program
        self._sections: tuple[Section, ...] = ()
        self._text = QPlainTextEdit()
        self._text.setObjectName("diagnostics.text")
        self._text.setReadOnly(True)
        self._text.setAccessibleName("What is saved")
        self._text.setPlainText("Collecting…")
        self._said = SentenceLabel("muted", "diagnostics.said")
        self._save = QPushButton("Save…")
        self._save.setObjectName("diagnostics.save")
        self._save.setEnabled(False)
        set_role(self._save, "primary")
        self._build()
        if not program.owner.is_closing:
            work = program.owner.spawn("collect diagnostics", self._collect())
            self.finished.connect(lambda _result: work.cancel())

    def _build(self) -> None:
        told = SentenceLabel("muted")
        told.say(_TOLD)
        close = QPushButton("Close")
        close.clicked.connect(self.reject)
        self._save.clicked.connect(self._choose)
        buttons = QHBoxLayout()
        buttons.addWidget(self._said)
        buttons.addStretch(1)
        buttons.addWidget(self._save)
        buttons.addWidget(close)
        self.body.addWidget(told)
        self.body.addWidget(self._text, 1)
        self.body.addLayout(buttons)
        self.resize(*_SIZE)

    async def _collect(self) -> None:
        program = self._program
        more = {"window": _window(program)}
        folders, settings = program.folders, program.settings
        self._sections = await asyncio.to_thread(collect, folders, settings, dict(os.environ), more)
        self._text.setPlainText(as_text(self._sections))
        self._save.setEnabled(True)
        self._save.setFocus()

    def _choose(self) -> None:
        name = f"pitdesk-diagnostics-{datetime.now(UTC):%Y%m%d-%H%M}.zip"
        dialog = QFileDialog(self, "Save diagnostics", str(Path.home() / name))
        dialog.setObjectName("diagnostics.chooser")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(("Archive (*.zip)", "Text (*.txt)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(on_signal(self._program.owner, "save diagnostics", self._write))
        dialog.open()

    async def _write(self, chosen: str) -> None:
        path = Path(chosen)
        try:
            await asyncio.to_thread(save, self._sections, path)
        except OSError as error:
            self._said.say(f"It could not be saved: {error.strerror or error}. Choose another place.")
            return
        self._said.say(f"Saved as {path.name}.")


def _window(program: Program) -> str:
    """What the window knows of its own state."""
    lines = [f"environment: {program.mark.word or 'none'}"]
    if program.view is not None:
        status = program.view.session.status
        lines += [
            f"exchange: {status.exchange}",
            f"stream: {status.stream.phase} {status.stream.reason}",
            f"trading open: {status.trading_open} {status.reason}",
            f"unconfirmed: {status.unconfirmed}",
        ]
    lines += [f"notice: {notice.headline} {notice.detail}" for notice in program.notices.current()]
    return "\n".join(lines)
