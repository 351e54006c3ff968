"""Below the sheet: how far a sending is, what came of it, and what can be done then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk.desk.batch.results import BatchProgress


class Footer(QWidget):
    """One line: while sending a bar and a way to stop, afterwards the count of every kind of end."""

    stop_wanted = Signal()
    rest_wanted = Signal()
    retry_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("batch.footer")
        self._text = plain_label("", "caption")
        self._text.setObjectName("batch.progress.text")
        self._bar = QProgressBar()
        self._bar.setObjectName("batch.progress")
        self._bar.setAccessibleName("Orders sent")
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(220, 8)
        self._lasts = False
        self._said = plain_label("", "muted")
        self._said.setObjectName("batch.message")
        self.stop = _button("batch.stop", "Stop after this request")
        self.rest = _button("batch.send_rest", "Send the rest")
        self.retry = _button("batch.retry", "Retry refused")
        self.cancel = _button("batch.cancel", "Cancel this batch")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        for widget in (self._text, self._bar, self.stop):
            layout.addWidget(widget)
        layout.addWidget(self._said)
        layout.addStretch(1)
        for widget in (self.rest, self.retry, self.cancel):
            layout.addWidget(widget)
        self.stop.clicked.connect(self._ask_stop)
        self.rest.clicked.connect(self.rest_wanted)
        self.retry.clicked.connect(self.retry_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        for part in (self._text, self._bar, self.stop, self._said, self.rest, self.retry, self.cancel):
            part.hide()  # before the first look at them: a line shown without a parent is a window
        self.show_progress(None)
        self.say("")
        self.offer(rest=0, retry=0, cancel=False)

    def show_progress(self, progress: BatchProgress | None) -> None:
        """How far it is; None, or one that is finished, takes the bar away."""
        running = progress is not None and not progress.finished
        for widget in (self._text, self._bar, self.stop):
            widget.setVisible(running)
        if progress is not None and running:
            left = round(progress.seconds_left)
            self._text.setText(f"{progress.text}  ·  about {left:,} s left" if left > 1 else progress.text)
            self._bar.setRange(0, max(progress.total, 1))
            self._bar.setValue(progress.done)
            self.stop.setEnabled(not progress.stopping)
            self.stop.setText("Stopping…" if progress.stopping else "Stop after this request")
        self._settle()

    def say(self, sentence: str, role: str = "muted", *, lasting: bool = False) -> None:
        """What came of the last action; an empty sentence takes it away. ``lasting``: it is no less true once
        a row is edited."""
        self._lasts = lasting
        set_role(self._said, role)
        self._said.setText(sentence)
        self._said.setAccessibleName(sentence)
        self._said.setVisible(bool(sentence))
        self._settle()

    def rows_changed(self) -> None:
        """What was said of the edit before is over."""
        if not self._lasts:
            self.say("")

    def offer(self, *, rest: int, retry: int, cancel: bool) -> None:
        """How many rows were not sent or refused, and whether orders of the last batch still rest."""
        self.rest.setText(f"Send the rest ({rest:,})")
        self.retry.setText(f"Retry refused ({retry:,})")
        self.rest.setVisible(rest > 0)
        self.retry.setVisible(retry > 0)
        self.cancel.setVisible(cancel)
        self._settle()

    def _ask_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText("Stopping…")
        self.stop_wanted.emit()

    def _settle(self) -> None:
        """No line where there is nothing to say."""
        parts = (self._bar, self._said, self.rest, self.retry, self.cancel)
        self.setVisible(any(not part.isHidden() for part in parts))


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    return button
