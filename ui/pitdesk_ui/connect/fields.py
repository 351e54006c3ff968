"""Small parts of the form: a field with its caption and sentence, a sentence that comes and goes, a fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pitdesk_ui.connect.clipboard import clipboard_text
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel


def line_edit(name: str, accessible_name: str, placeholder: str) -> QLineEdit:
    """A field of one line."""
    edit = QLineEdit()
    edit.setObjectName(name)
    edit.setAccessibleName(accessible_name)
    edit.setPlaceholderText(placeholder)
    return edit


class LabeledField(QWidget):
    """Caption, field and the sentence under it, as one."""

    def __init__(self, caption: str, edit: QLineEdit | None, problem: QLabel, *, paste: bool = False) -> None:
        super().__init__()
        self.edit = edit if edit is not None else QLineEdit(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        label = plain_label(caption, "caption")
        self._column.addWidget(label)
        self._paste_button: QPushButton | None = None
        if edit is None:
            self.edit.hide()
        else:
            label.setBuddy(edit)
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(edit, 1)
            self._paste_button = _paste_button(edit)
            self._paste_button.setVisible(paste)
            row.addWidget(self._paste_button)
            self._column.addLayout(row)
        self._column.addWidget(problem)

    def put(self, widget: QWidget) -> None:
        """Place something between the caption and the sentence."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def lock(self) -> None:
        """It can be read and not changed."""
        self.edit.setReadOnly(True)
        if self._paste_button is not None:
            self._paste_button.hide()

    def show_invalid(self, *, invalid: bool) -> None:
        """Mark the field."""
        if self.edit.property("invalid") != invalid:
            self.edit.setProperty("invalid", invalid)
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)


class SentenceLabel(QWidget):
    """A plain sentence that wraps, there only while there is something to say."""

    def __init__(self, role: str, name: str = "") -> None:
        super().__init__()
        self._label = plain_label("", role)
        self._label.setWordWrap(True)
        if name:
            self._label.setObjectName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def say(self, sentence: str) -> None:
        """Show ``sentence``, or go."""
        self._label.setText(sentence)
        self._label.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class Fold(QWidget):
    """A line that opens what is rarely needed."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._title = title
        self._button = QPushButton()
        self._button.setObjectName(name)
        set_role(self._button, "ghost")
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 4, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._button)
        layout.addWidget(self._inside)
        self._button.clicked.connect(lambda: self._show(unfolded=self._inside.isHidden()))
        self._show(unfolded=False)

    def unfold(self) -> None:
        """Open it."""
        self._show(unfolded=True)

    def _show(self, *, unfolded: bool) -> None:
        self._inside.setVisible(unfolded)
        self._button.setText(f"{'▾' if unfolded else '▸'} {self._title}")
        self._button.setAccessibleName(f"{'Hide' if unfolded else 'Show'} {self._title.lower()}")


def _paste_button(edit: QLineEdit) -> QPushButton:
    button = QPushButton("Paste")
    button.setObjectName(f"{edit.objectName()}.paste")
    button.setAccessibleName(f"Paste into {edit.accessibleName()}")
    set_role(button, "chip_tall")
    button.clicked.connect(lambda: _paste(edit))
    return button


def _paste(edit: QLineEdit) -> None:
    edit.setText(clipboard_text().strip())
    edit.textEdited.emit(edit.text())
    edit.setFocus()
