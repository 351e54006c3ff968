"""A field for a number of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.quantities import COUNT_ZERO, Count, QuantityError
from pitdesk.typed_text import parse_count
from pitdesk_ui.widgets.price_edit import StepEdit

if TYPE_CHECKING:
    pass


class CountEdit(StepEdit):
    """Contracts to the hundredth. The arrows step by one contract, with Shift by ten."""

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__(name, accessible_name)
        self.setPlaceholderText("0")

    def count(self) -> Count:
        """What is typed; raises QuantityError with a sentence that says what would be accepted."""
        return parse_count(self.text())

    def set_count(self, count: Count | None) -> None:
        """Show ``count`` without separators, as it may be typed; None empties the field."""
        self.setText("" if count is None else str(count).replace(",", ""))

    def step(self, steps: int) -> None:
        """Add contracts; from an empty field upwards, and never to zero or below."""
        try:
            count = parse_count(self.text()) if self.text().strip() else COUNT_ZERO
        except QuantityError:
            return
        count += Count.of(steps)
        if count > COUNT_ZERO:
            self.set_count(count)
