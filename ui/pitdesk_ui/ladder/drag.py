"""Own orders lifted off the ladder, on their way to another price: by the mouse or by the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from pitdesk.quantities import Price
    from pitdesk_ui.ladder.rows import LadderPicture, OwnChip


@dataclass(slots=True)
class ChipDrag:
    """``chip`` held by the mouse since ``start``, None where the keyboard lifted it.

    ``to`` is the price it would go to if let go of now; None until it was moved, so that a press on a chip is
    not yet a drag. ``over`` is False while the pointer is beside the rows, where letting go changes nothing.
    """

    chip: OwnChip
    start: QPoint | None = None
    to: Price | None = None
    over: bool = True

    @property
    def is_moving(self) -> bool:
        """Whether it was lifted, not only pressed."""
        return self.to is not None

    @property
    def target(self) -> Price | None:
        """Where the orders go if let go of now; None where that is nowhere else."""
        return self.to if self.over and self.to != self.chip.price else None

    def follow(self, picture: LadderPicture) -> bool:
        """Take the chip as ``picture`` has it; False where the orders lifted are no longer the ones there."""
        now = picture.chips.get((self.chip.side, self.chip.price))
        if now is None or now.keys != self.chip.keys:
            return False
        self.chip = now
        return True
