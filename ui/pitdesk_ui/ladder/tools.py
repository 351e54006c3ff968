"""The row over the ladder: the size that one click places, and the column of results on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from pitdesk.quantities import Count
from pitdesk.safety import SIZE_PRESETS
from pitdesk_ui.ladder.rows import short_count
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pitdesk_ui.hotkeys.keymap import KeyMap

_ROOM_FOR_CAPTION = 340
_RESULT_TIP = (
    "If closed: what this market will have brought in all if the whole position goes at that price.\n"
    "Counts what was realized and charged so far, less the fee of closing: a taker's up to the touch, "
    "a maker's beyond it."
)


class LadderTools(QWidget):
    """Five sizes, none of them chosen at first. ``size_changed``: one was, or none is any more;
    ``result_wanted``: whether the column of results is to be shown."""

    size_changed = Signal()
    result_wanted = Signal(bool)

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self.setObjectName("ladder.tools")
        self._keys = keys
        self._sizes: tuple[Count, ...] = ()
        self._caption = plain_label("Click size", "caption")
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._result = QPushButton("P/L")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._caption)
        for place in range(SIZE_PRESETS):
            layout.addWidget(self._preset(place), 1)
        layout.addSpacing(4)
        layout.addWidget(self._result_button())
        keys.changed.connect(self._show_keys)
        self._show_keys()

    @property
    def chosen(self) -> Count | None:
        """What one click places; None while no size is chosen, and a click places nothing."""
        place = self._group.checkedId()
        return self._sizes[place] if 0 <= place < len(self._sizes) else None

    def show_sizes(self, sizes: tuple[Count, ...]) -> None:
        """The presets of the settings. Others than before leave none chosen."""
        if sizes == self._sizes:
            return
        self._sizes = sizes
        for place, size in enumerate(sizes):
            button = self._group.button(place)
            if button is not None:
                button.setText(short_count(size))
        self._show_keys()
        self.choose(None)

    def choose(self, place: int | None) -> None:
        """Choose the preset at ``place``, from 0, or none."""
        for button in self._group.buttons():
            button.setChecked(self._group.id(button) == place)
        self.size_changed.emit()

    def toggle(self, place: int) -> None:
        """Choose the preset at ``place``, or none where it was chosen."""
        self.choose(None if self._group.checkedId() == place else place)

    def show_result(self, shown: bool) -> None:
        """Show or hide the column of results, as it was when the person left it."""
        self._result.setChecked(shown)

    def toggle_result(self) -> None:
        """Show or hide the column of results."""
        self._result.toggle()

    def show_armed(self, armed: bool) -> None:
        """Give the size that a click would place the look of what is armed."""
        for button in self._group.buttons():
            set_role(button, "size_armed" if armed else "size")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The caption goes first where there is little room."""
        super().resizeEvent(event)
        self._caption.setVisible(self.width() >= _ROOM_FOR_CAPTION)

    def _show_keys(self) -> None:
        for place, size in enumerate(self._sizes):
            unit = "contract" if size == Count.of(1) else "contracts"
            again = self._keys.phrase(
                f"click_size_{place + 1}", "{}; once more for none.", "Once more for none."
            )
            words = f"One click places {size} {unit}. {again}"
            button = self._group.button(place)
            if button is not None:
                button.setAccessibleName(words)
                button.setToolTip(words)
        self._result.setToolTip(f"{_RESULT_TIP}{self._keys.phrase('ladder_result', '  {}')}")

    def _preset(self, place: int) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"ladder.size_{place + 1}")
        button.setCheckable(True)
        button.setMinimumWidth(0)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_role(button, "size")
        button.clicked.connect(lambda on, chosen=place: self.choose(chosen if on else None))
        self._group.addButton(button, place)
        return button

    def _result_button(self) -> QPushButton:
        button = self._result
        button.setObjectName("ladder.result")
        button.setCheckable(True)
        button.setAccessibleName("Show the result of closing the position at each price")
        set_role(button, "chip")
        button.toggled.connect(self.result_wanted)
        return button
