"""A field for a limit price: typed in cents or dollars, stepped along the market's own grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from pitdesk.quantities import PRICE_ONE, PRICE_ZERO, Price, PriceRange, PriceRanges, QuantityError
from pitdesk.typed_text import parse_price

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QWheelEvent

_EVERY_PRICE = PriceRanges((PriceRange(PRICE_ZERO, PRICE_ONE, Price(1)),))
_MOST_CHARACTERS = 40


class StepEdit(QLineEdit):
    """A one-line field whose arrow keys step its value. The wheel never changes it."""

    edited = Signal()
    """The text changed, by typing, stepping or setting."""

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setMaxLength(_MOST_CHARACTERS)
        self.textChanged.connect(self.edited)

    def mark_invalid(self, invalid: bool) -> None:
        """Frame the field as one that cannot be used as it stands."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)

    def step(self, steps: int) -> None:
        """Move the value by ``steps``; a field without a value stays as it is."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down one step, with Shift ten; everything else types."""
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if direction is None or modifiers not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        ):
            super().keyPressEvent(event)
            return
        self.step(direction * (10 if modifiers else 1))
        self.selectAll()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scroll area."""
        event.ignore()


class PriceEdit(StepEdit):
    """A limit price of one outcome. ``grid`` is that outcome's grid."""

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__(name, accessible_name)
        self._grid = PriceRanges.of_cents()
        self.setPlaceholderText("¢")

    def set_grid(self, grid: PriceRanges) -> None:
        """From now on these prices are legal; what is typed stays."""
        self._grid = grid

    def price(self) -> Price:
        """What is typed; raises QuantityError with a sentence that says what would be accepted."""
        return parse_price(self.text(), self._grid)

    def set_price(self, price: Price | None) -> None:
        """Show ``price`` as the person reads it; None empties the field."""
        self.setText("" if price is None else str(price))

    def step(self, steps: int) -> None:
        """Move along the grid, stopping at its ends; an illegal price goes to the nearest legal one first."""
        try:
            price = parse_price(self.text(), _EVERY_PRICE)
        except QuantityError:
            return
        for _ in range(abs(steps)):
            following = self._grid.up(price) if steps > 0 else self._grid.down(price)
            if following is None:
                break
            price = following
        if self._grid.holds(price):
            self.set_price(price)
