"""A caption above a value: the small figures of the top bar."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label


class Stat(QWidget):
    """One figure with its name, told to assistive technology as one."""

    def __init__(self, caption: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._caption = caption
        self._value = plain_label("—", "value")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(plain_label(caption, "caption"))
        layout.addWidget(self._value)
        self.setAccessibleName(f"{caption}: —")

    @property
    def text(self) -> str:
        """What it shows."""
        return self._value.text()

    def show_value(self, text: str, role: str = "value", tip: str = "") -> None:
        """Show ``text`` in the look of ``role`` (value, positive, negative, warning)."""
        if self._value.text() != text:
            self._value.setText(text)
            self.setAccessibleName(f"{self._caption}: {text}")
        set_role(self._value, role)
        self.setToolTip(tip)
