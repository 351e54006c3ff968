"""What dragging own orders on the ladder would do, and when it is held back."""

from dataclasses import replace

import pytest

from pitdesk.orders import BookSide
from pitdesk.quantities import Count, Price
from pitdesk_ui.ladder.moves import move_line, move_refusal
from pitdesk_ui.ladder.rows import LadderPicture, OwnChip
from tests.ui.desk_ground import TICKER, book, cents, market

BOOK = book({41: 1240, 40: 300, 39: 50}, {43: 90, 44: 500})
PICTURE = LadderPicture(
    TICKER, tuple(sorted(market().price_ranges.prices(), reverse=True)), book=BOOK, fresh=True
)


def chip(side: BookSide, price: int, count: int = 100, ahead: int | None = None, **more: object) -> OwnChip:
    queue = None if ahead is None else Count.of(ahead)
    return replace(OwnChip(side, cents(price), Count.of(count), ("a",), queue), **more)  # type: ignore[arg-type]


def line(own: OwnChip, to: int | None, *, armed: bool = True) -> tuple[str, str, str]:
    made = move_line(PICTURE, own, None if to is None else cents(to), safe="" if armed else "Ctrl+L arms")
    return made.text, made.more, made.role


def test_the_line_says_what_place_is_lost_and_what_place_is_won() -> None:
    assert line(chip(BookSide.BID, 40, ahead=1_340), 41) == (
        "Your bid of 100: 40¢ → 41¢",
        "Loses its place: 1,340 ahead, 1,240 there",
        "value",
    )
    backing_off = line(chip(BookSide.BID, 41, ahead=1_140), 40)
    assert backing_off[1] == "Loses its place: 1,140 ahead, 1,440 there", "its own 100 are not before itself"
    assert line(chip(BookSide.ASK, 44), 45)[1] == "Loses its place in the queue, 490 there"


def test_a_move_that_trades_at_once_says_so() -> None:
    assert line(chip(BookSide.BID, 40), 43)[1] == "Trades at once"
    assert line(chip(BookSide.ASK, 44), 41)[1] == "Trades at once"


def test_several_orders_are_counted_and_going_nowhere_is_said() -> None:
    several = chip(BookSide.ASK, 44, keys=("a", "b"))
    assert line(several, 45)[0] == "Your 2 asks: 44¢ → 45¢"
    assert line(several, None) == ("Your 2 asks: no move from 44¢", "Esc leaves it there", "muted")


@pytest.mark.parametrize(
    "own, bolder, back",
    [(chip(BookSide.BID, 40), 41, 39), (chip(BookSide.ASK, 44), 43, 45)],
)
def test_safe_holds_back_what_adds_risk_and_only_that(own: OwnChip, bolder: int, back: int) -> None:
    assert move_refusal(PICTURE, own, cents(back), safe="Ctrl+L arms") == ""
    why_not = move_refusal(PICTURE, own, cents(bolder), safe="Ctrl+L arms")
    assert why_not.startswith("Safe: this order can only be dragged")
    assert line(own, bolder, armed=False)[2] == "warning"
    assert move_refusal(PICTURE, own, cents(bolder), safe="") == ""


@pytest.mark.parametrize("armed", [True, False])
@pytest.mark.parametrize(
    "picture, own, reason",
    [
        (replace(PICTURE, fresh=False, age_s=9.0), chip(BookSide.BID, 40), "The book is 9 s old."),
        (replace(PICTURE, tradable=False), chip(BookSide.BID, 40), "This market takes no orders now."),
        (replace(PICTURE, off_grid=frozenset({Price(3_900)})), chip(BookSide.BID, 40), "39¢ is no longer"),
        (PICTURE, chip(BookSide.BID, 40, settled=False), "These orders wait for the exchange."),
    ],
)
def test_nothing_is_moved_by_a_guess_or_while_it_waits(
    picture: LadderPicture, own: OwnChip, reason: str, armed: bool
) -> None:
    assert move_refusal(picture, own, cents(39), safe="" if armed else "Ctrl+L arms").startswith(reason)
