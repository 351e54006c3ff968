"""Where the private key comes in: dropped, chosen as a file, or pasted. It never shows the key itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent

_NAME, _HEIGHT = "connect.key", 92


class KeyField(QFrame):
    """Says what was offered, ``file_offered`` with a path or ``text_offered``, and shows what came of it."""

    file_offered = Signal(object)
    text_offered = Signal(str)
    paste_wanted = Signal()
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName(_NAME)
        self.setAccessibleName("Private key")
        self.setAccessibleDescription("Drop the key file here, choose it, or paste the key's text.")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_HEIGHT)
        self._is_invalid = False
        self._choose = QPushButton("Choose file…")
        self._paste = QPushButton("Paste")
        self._remove = QPushButton("Remove")
        self._held = plain_label("", "value")
        self._source = plain_label("", "caption")
        self._sign = plain_label("", "held_tick")
        self._sign.setFixedWidth(18)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_page())
        self._stack.addWidget(self._held_page())
        self.show_empty()

    def show_empty(self) -> None:
        """Nothing is held."""
        self._stack.setCurrentIndex(0)
        self._look()

    def show_held(self, kind: str, source: str) -> None:
        """A key is held: of which kind, and where it came from."""
        self._held.setText(kind)
        self._source.setText(source)
        self._stack.setCurrentIndex(1)
        self._look()

    def show_invalid(self, *, invalid: bool) -> None:
        """Mark the field, as its sentence is about it."""
        self._is_invalid = invalid
        self._look()

    @property
    def held(self) -> str:
        """What it says it holds; empty for nothing."""
        return self._held.text() if self._stack.currentIndex() else ""

    def choose_file(self) -> None:
        """Open the system's file chooser."""
        dialog = QFileDialog(self, "Choose the private key file", str(Path.home()))
        dialog.setObjectName(f"{_NAME}.chooser")
        dialog.setNameFilters(("Keys (*.pem *.key *.txt)", "All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.file_offered.emit(Path(path)))
        dialog.open()

    def take(self, mime: QMimeData) -> None:
        """What was dropped or pasted: a file's path before its text."""
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.file_offered.emit(Path(paths[0]))
        elif mime.hasText():
            self.text_offered.emit(mime.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes while the field has the keyboard."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and text are welcome."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()
            set_role(self, "drop_over")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """As before."""
        super().dragLeaveEvent(event)
        self._look()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        event.acceptProposedAction()
        self._look()
        self.take(event.mimeData())

    def _look(self) -> None:
        held = self._stack.currentIndex() == 1
        set_role(self, "drop_bad" if self._is_invalid else "drop_held" if held else "drop")
        self._sign.setText("!" if self._is_invalid else "✓")
        set_role(self._sign, "held_bad" if self._is_invalid else "held_tick")

    def _empty_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(
            plain_label("Drop the private key file here", "muted"), 0, Qt.AlignmentFlag.AlignHCenter
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button, last, told in (
            (self._choose, "choose", "Choose the private key file"),
            (self._paste, "paste", "Paste the private key from the clipboard, which is then emptied"),
        ):
            button.setObjectName(f"{_NAME}.{last}")
            button.setAccessibleName(told)
            button.setToolTip(told)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addStretch(1)
        self._choose.clicked.connect(self.choose_file)
        self._paste.clicked.connect(self.paste_wanted)
        return page

    def _held_page(self) -> QWidget:
        page = QWidget()
        self._held.setObjectName(f"{_NAME}.held")
        self._remove.setObjectName(f"{_NAME}.remove")
        self._remove.setAccessibleName("Remove the private key from this form")
        self._remove.clicked.connect(self.removed)
        self._source.setWordWrap(True)
        told = QVBoxLayout()
        told.setSpacing(3)
        told.addStretch(1)
        told.addWidget(self._held)
        told.addWidget(self._source)
        told.addStretch(1)
        layout = QHBoxLayout(page)
        layout.setContentsMargins(16, 8, 14, 8)
        layout.addWidget(self._sign)
        layout.addSpacing(8)
        layout.addLayout(told, 1)
        layout.addWidget(self._remove)
        return page
