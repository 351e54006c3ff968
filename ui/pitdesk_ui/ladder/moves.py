"""What dragging own orders to another price means: what it would lose, and when it is not done. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk_ui.ladder.foot import Line
from pitdesk_ui.ladder.rows import refusal

if TYPE_CHECKING:
    from pitdesk.quantities import Price
    from pitdesk_ui.ladder.rows import LadderPicture, OwnChip


def move_refusal(picture: LadderPicture, chip: OwnChip, to: Price, *, safe: str) -> str:
    """Why ``chip`` cannot go to ``to`` now, or an empty text where it can.

    ``safe``: what arms, as "Ctrl+L arms"; empty while armed.
    Safe holds back what adds risk: a bid that would go up, an ask that would go down. Backing off is free.
    """
    why_not = refusal(picture, to)
    if why_not:
        return why_not
    if not chip.settled:
        return "These orders wait for the exchange. They can be moved once it has answered."
    if safe and is_bolder(chip, to):
        back = "down" if chip.side is BookSide.BID else "up"
        return f"Safe: this order can only be dragged {back}, away from trading. {safe}."
    return ""


def is_bolder(chip: OwnChip, to: Price) -> bool:
    """Whether the move brings the orders nearer to trading."""
    return to > chip.price if chip.side is BookSide.BID else to < chip.price


def move_line(picture: LadderPicture, chip: OwnChip, to: Price | None, *, safe: str) -> Line:
    """What letting go now does; ``to`` is None where that is nothing."""
    if to is None:
        return Line(f"{_what(chip)}: no move from {chip.price}", "Esc leaves it there")
    why_not = move_refusal(picture, chip, to, safe=safe)
    if why_not:
        return Line(why_not, "Esc leaves it there", "warning")
    return Line(f"{_what(chip)}: {chip.price} → {to}", _price_of_it(picture, chip, to), "value")


def _what(chip: OwnChip) -> str:
    side = "bid" if chip.side is BookSide.BID else "ask"
    return f"Your {side} of {chip.count}" if len(chip.keys) == 1 else f"Your {len(chip.keys)} {side}s"


def _price_of_it(picture: LadderPicture, chip: OwnChip, to: Price) -> str:
    """The place in the queue that is lost, and the one that is won."""
    against = picture.best_ask if chip.side is BookSide.BID else picture.best_bid
    if against is not None and (to >= against if chip.side is BookSide.BID else to <= against):
        return "Trades at once"
    lost = "Loses its place in the queue"
    if chip.queue_ahead is not None:
        lost = f"Loses its place: {chip.queue_ahead} ahead"
    if picture.book is None:
        return lost
    ahead = picture.book.ahead_of(chip.side, to)
    if is_bolder(chip, to):
        return f"{lost}, {ahead} there"
    others = ahead - chip.count if ahead >= chip.count else ahead  # its own contracts go along
    return f"{lost}, {others} there"
