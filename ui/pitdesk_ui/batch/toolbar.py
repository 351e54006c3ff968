"""Above the sheet: what can be done with it, what it comes to, and the button that sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.send_area import SendButton
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import ElidedLabel, plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from pitdesk.desk.batch.verdicts import Summary
    from pitdesk_ui.hotkeys.keymap import KeyMap

_SPARED = ("about", "worst case", "all-in")  # where room is short, in this order
_BUTTONS = (
    ("batch.add", "Add row", "Begin a new row below the last"),
    ("batch.paste", "Paste", "Look at what was copied and take it into the sheet; nothing is sent"),
    ("batch.open_csv", "Open CSV…", "Take rows from a file; nothing is sent"),
    ("batch.save", "Save…", "Keep this batch by name, open another, or write a CSV file"),
    ("batch.ladder", "Build a ladder…", "Orders over a range of prices"),
    ("batch.change", "Change", "Multiply, reverse, shift, fill down, find, columns"),
    ("batch.check", "Check again", "Look at every row anew, with books and cash as they are now"),
)


class Toolbar(QWidget):
    """Buttons by their names in :attr:`buttons`, the summary, and :attr:`send`."""

    problem_wanted = Signal()
    """The person pressed “1 to fix”."""

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self._keys, self._reason = keys, ""
        self.buttons = {name: _button(name, text, tip) for name, text, tip in _BUTTONS}
        self._layout = QHBoxLayout(self)
        self.send = SendButton("Send orders")
        self.send.setObjectName("batch.send")
        self.send.setMinimumHeight(32)
        set_role(self.send, "buy")
        self._rows = plain_label("", "caption")
        self._rows.setObjectName("batch.rows")
        self._fix = QPushButton()
        self._fix.setObjectName("batch.to_fix")
        self._fix.setToolTip("Go to the first row to fix")
        self._fix.setCursor(Qt.CursorShape.PointingHandCursor)
        set_role(self._fix, "problem_link")
        self._rest = ElidedLabel("caption")
        self._rest.setObjectName("batch.summary")
        self._parts: list[str] = []
        self._worst = ""
        self._build()
        self._fix.clicked.connect(self.problem_wanted)
        keys.changed.connect(self._tell_send)

    def set_menu(self, name: str, menu: QMenu) -> None:
        """Give one of the buttons a menu."""
        menu.setParent(self, Qt.WindowType.Popup)
        self.buttons[name].setMenu(menu)

    def show_summary(self, summary: Summary, rows: int) -> None:
        """What the sheet of so many ``rows`` comes to; ``1 to fix`` is a button of its own."""
        parts = summary.text.split(" · ") if summary.rows else [""]
        if rows:
            parts[0] = "1 row" if rows == 1 else f"{rows:,} rows"
        rest = parts[2:] if summary.to_fix else parts[1:]
        self._rows.setText(f"{parts[0]}  ·" if summary.to_fix else parts[0])
        self._fix.setText(f"{summary.to_fix:,} to fix")
        self._fix.setAccessibleName(f"{summary.to_fix:,} to fix: go to the first")
        self._fix.setVisible(bool(summary.to_fix))
        self._parts = rest if summary.judged else ["checking…"]
        self._worst = summary.worst_told
        self._tell_rest()

    @property
    def why_not(self) -> str:
        """Why the batch cannot be sent now, empty where it can."""
        return "" if self.send.isEnabled() else self._reason

    def show_send(self, text: str, *, enabled: bool, reason: str = "") -> None:
        """What a press of the button will do; ``reason``: why it cannot be pressed now."""
        if self.send.text() != text:
            self.send.setText(text)
            self.send.setAccessibleName(text)
            self._tell_rest()
        self._reason = reason
        self.send.setAccessibleDescription(reason)
        self.send.setEnabled(enabled)
        self._tell_send()

    def _tell_send(self) -> None:
        self.send.setToolTip(plain_tip(self._reason or self._keys.phrase("sheet_send", "{} in the sheet")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short the least of the sum is left out; the whole is in its tooltip."""
        super().resizeEvent(event)
        self._tell_rest()

    def _tell_rest(self) -> None:
        kept = list(self._parts)
        tip = "\n".join(filter(None, (*self._parts, self._worst)))
        self._rest.show_text(_joined(kept), tip)
        for begins in _SPARED:
            self._layout.invalidate()
            if self._layout.sizeHint().width() <= self.width():
                break
            kept = [part for part in kept if not part.startswith(begins)]
            self._rest.show_text(_joined(kept), tip)
        self._rest.setVisible(bool(kept))
        self._rows.setVisible(True)
        for told in (self._rest, self._rows):  # rather than a cut on the button that sends
            if self._layout.minimumSize().width() > self.width():
                told.hide()

    def _build(self) -> None:
        layout = self._layout
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(7)
        for button in self.buttons.values():
            layout.addWidget(button)
        layout.addStretch(1)
        for widget in (self._rows, self._fix, self._rest, self.send):
            layout.addWidget(widget)
        self._rest.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)


def _joined(parts: Sequence[str]) -> str:
    return "".join(f"·  {part}  " for part in parts)


def _button(name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.removesuffix("…"))
    button.setAccessibleDescription(tip)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
