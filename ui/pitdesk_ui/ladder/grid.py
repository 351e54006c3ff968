"""The ladder under the keyboard: the cell it is on, what its keys do, and what is told of it in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent

from pitdesk_ui.hotkeys.table import Where
from pitdesk_ui.ladder.drag import ChipDrag
from pitdesk_ui.ladder.painting import Column, RowLook
from pitdesk_ui.ladder.pointer import LadderPointer
from pitdesk_ui.ladder.rows import LadderPicture, center_row, row_words, touch_words
from pitdesk_ui.widgets.told_role import tell_role

if TYPE_CHECKING:
    from pitdesk_ui.hotkeys.keymap import KeyMap

_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -100_000,
    Qt.Key.Key_End: 100_000,
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OWN_KEYS = (*_STEPS, *_ENTER, *_SIDEWAYS)
_LIFTS = {"ladder_up": -1, "ladder_down": 1}
_LIFTED = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class LadderGrid(LadderPointer):
    """The rows, to be pointed at and walked along.

    Signals:
        escaped: Esc was pressed while there is something to leave: see :meth:`take_escape`.
    """

    escaped = Signal()

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__(keys)
        self._takes_escape = False
        self._places = False
        self._told = ""
        self.setObjectName("ladder.grid")
        for told in (self, self.viewport()):  # the rows themselves are told as what has the keyboard
            tell_role(told, "list")
            told.setAccessibleName("Price ladder")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, picture: LadderPicture) -> None:
        """Show ``picture``, on the screen and in words."""
        super().show_picture(picture)
        self._tell()

    def walk_to_touch(self) -> None:
        """Put the keyboard onto a row, the touch's unless it was on another before."""
        if self._focus_row is None:
            self._move_focus(1)

    def show_places(self, places: bool) -> None:
        """Whether a click in Bids or Asks places an order: such a cell is framed when it is pointed at."""
        self._places = places
        self.viewport().update()

    def tell(self, words: str) -> None:
        """What a click or Enter would do, for assistive technology."""
        self._told = words
        self._tell()

    def take_escape(self, taken: bool) -> None:
        """Whether Esc is the ladder's own now, beyond ending a drag."""
        self._takes_escape = taken

    # The keyboard.

    def event(self, event: QEvent) -> bool:
        """The ladder's own keys are not the window's shortcuts while it has the focus."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self._is_own(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return bool(super().event(event))

    def _is_own(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._keys.pressed_in(Where.LADDER, event) or self._keys.is_pressed("center", event):
            return True
        if event.key() == Qt.Key.Key_Escape:
            return not modifiers and (self._drag is not None or self._takes_escape)
        return not modifiers and event.key() in _OWN_KEYS

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say the row that the keyboard is on."""
        super().focusInEvent(event)
        self._changed()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say the touch again; a drag by keyboard ends with it."""
        super().focusOutEvent(event)
        if self._drag is not None and self._drag.start is None:
            self.drop_nothing()
        self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move along the cells, Enter picks; keys of the table cancel, move own orders and center."""
        key, wanted = Qt.Key(event.key()), self._keys.pressed_in(Where.LADDER, event)
        if not self._is_own(event):
            super().keyPressEvent(event)
        elif wanted in _LIFTS:
            self._lift(_LIFTS[wanted])
        elif wanted == "ladder_cancel":
            self._cancel(event)
        elif self.drag is not None and key in _LIFTED:
            self._lift(_LIFTED[key])
        elif key in _STEPS:
            self._move_focus(_STEPS[key])
        elif key in _SIDEWAYS:
            self._move_aside(_SIDEWAYS[key])
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in _ENTER:
            self._pick(event)
        else:
            self.center()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key does for the keyboard's row what the right button does for the pointer's."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.focused_price is not None:
            self.cancel_asked.emit(self.focused_price)

    def _pick(self, event: QKeyEvent) -> None:
        """Once for each press."""
        drag = self.drag
        if event.isAutoRepeat():
            return
        if drag is not None:
            self._drag = None
            self._drop(drag)
            self._changed()
        elif self.focused_price is not None:
            self.cell_picked.emit(self.focused_price, self._focus_column)

    def _cancel(self, event: QKeyEvent) -> None:
        """Once for each press."""
        if self.focused_price is not None and not event.isAutoRepeat():
            self.cancel_asked.emit(self.focused_price)

    def _escape(self) -> None:
        if self._drag is not None:
            self.drop_nothing()
            self._pressed = None
        else:
            self.escaped.emit()

    def _lift(self, step: int) -> None:
        """Move the ghost of the own orders in the keyboard's row by a row, lifting them first."""
        if self._drag is None:
            chips = self._picture.own_at(self.focused_price) if self.focused_price is not None else ()
            if not chips:
                return
            self._drag = ChipDrag(chips[0], to=chips[0].price)
        prices, to = self._picture.prices, self._drag.to
        legal = [price for price in prices if price not in self._picture.off_grid or price == to]
        if to is not None:
            self._drag.to = legal[min(max(legal.index(to) + step, 0), len(legal) - 1)]
            self._bring_in(prices.index(self._drag.to))
        self._changed()

    def _move_focus(self, step: int) -> None:
        if not self._picture.prices:
            return
        start = self._focus_row
        if start is None:
            start = center_row(self._picture) or 0
            step = 0 if abs(step) == 1 else step  # the first arrow shows where the keyboard is
        self._focus_row = min(max(start + step, 0), len(self._picture.prices) - 1)
        self._hover_row = self._hover_column = None  # the keyboard aims until the pointer moves again
        self._bring_in(self._focus_row)
        self._changed()

    def _move_aside(self, step: int) -> None:
        self._focus_column = Column(min(max(self._focus_column + step, Column.BIDS), Column.ASKS))
        self._hover_row = self._hover_column = None
        self._changed()

    def _bring_in(self, row: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(min(max(bar.value(), row - self._page() + 1), row))

    # What is there, and what is told of it.

    def _changed(self) -> None:
        super()._changed()
        self._tell()

    def _tell(self) -> None:
        """Keep the description for assistive technology true."""
        focused = self.focused_price if self.hasFocus() else None
        words = touch_words(self._picture)
        if focused is not None:
            words = f"{row_words(self._picture, focused)}. {self._told} {words}"
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            self.viewport().setAccessibleDescription(words)

    def _pointed(self, row: int, look: RowLook) -> RowLook:
        look = super()._pointed(row, look)
        aim, drag = self.aim, self.drag
        if aim is not None and aim[0] == look.price and self._places and drag is None:
            look = replace(look, aimed=aim[1])
        if drag is None:
            return look
        return replace(
            look,
            ghost=drag.chip if drag.target == look.price else None,
            lifted=drag.chip.side if look.price == drag.chip.price else None,
        )
