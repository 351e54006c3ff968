"""The outcomes of each event: their names, what they are worth at first, their grid and how lively they are.

``fair`` is a Yes price in $0.0001. In an event of which only one outcome can be true they add up to about
one dollar; in a row of thresholds they fall.
"""

from __future__ import annotations

from dataclasses import dataclass

from pitdesk.practice.listings import Grid, Liveliness

_DENSE, _STEADY, _THIN, _BARE = Liveliness.DENSE, Liveliness.STEADY, Liveliness.THIN, Liveliness.BARE
_ABOVE, _BETWEEN, _AT_LEAST, _LESS = "greater", "between", "greater_or_equal", "less"


@dataclass(frozen=True, slots=True)
class Row:
    """One market. ``question`` is its rule without the time; ``days`` is how long it has been listed."""

    tail: str
    words: str
    question: str
    fair: int
    liveliness: Liveliness = _STEADY
    grid: Grid = Grid.CENT
    days: int = 40
    strike_type: str | None = None
    floor: str | None = None
    cap: str | None = None


FED = (
    Row("C25", "Cut 25 bp", "Fed cuts 25 bp", 4_200, _DENSE),
    Row("H0", "Hold", "Fed holds", 5_320, _DENSE),
    Row("C50", "Cut 50 bp", "Fed cuts 50 bp", 330, _STEADY, Grid.TENTH_CENT),
    Row("H25", "Hike 25 bp", "Fed hikes 25 bp", 150, _THIN, Grid.TENTH_CENT),
)


def _above(
    values: tuple[tuple[str, int, Liveliness], ...], noun: str, mark: str, days: int
) -> tuple[Row, ...]:
    return tuple(
        Row(
            f"T{value}", f"Above {mark.format(value)}", f"{noun} is above {mark.format(value)}", fair, lively,
            days=days, strike_type=_ABOVE, floor=value,
        )
        for value, fair, lively in values
    )  # fmt: skip


CPI = _above(
    (("2.7", 8_450, _STEADY), ("2.8", 6_200, _DENSE), ("2.9", 4_050, _STEADY), ("3.0", 2_300, _STEADY)),
    "CPI inflation over twelve months",
    "{}%",
    35,
)
UNEMPLOYMENT = _above(
    (("4.3", 7_700, _STEADY), ("4.4", 4_300, _STEADY), ("4.5", 1_500, _THIN)),
    "The unemployment rate",
    "{}%",
    30,
)


def _temperatures(place: str, rows: tuple[tuple[str, str, str, int, Liveliness], ...]) -> tuple[Row, ...]:
    found = []
    for tail, low, high, fair, lively in rows:
        if low and high:
            words, kind = f"{low}° to {high}°", _BETWEEN
            question = f"The high in {place} is {low}° to {high}°"
        elif low:
            words, kind = f"{low}° or above", _AT_LEAST
            question = f"The high in {place} is {low}° or above"
        else:
            words, kind = f"{high}° or below", _LESS
            question = f"The high in {place} is {high}° or below"
        row = Row(tail, words, question, fair, lively, Grid.CENT, 2, kind, low or None, high or None)
        found.append(row)
    return tuple(found)


NYC = _temperatures(
    "New York City",
    (
        ("T51", "52", "", 1_950, _DENSE),
        ("B50.5", "50", "51", 3_800, _DENSE),
        ("B48.5", "48", "49", 2_950, _DENSE),
        ("T48", "", "47", 1_300, _STEADY),
    ),
)
CHICAGO = _temperatures(
    "Chicago",
    (
        ("T44", "45", "", 1_100, _STEADY),
        ("B43.5", "43", "44", 2_700, _STEADY),
        ("B41.5", "41", "42", 3_900, _STEADY),
        ("T41", "", "40", 2_300, _STEADY),
    ),
)
WARMEST = (Row("Y", "New record", "A new global temperature record is set", 2_350, _THIN, days=90),)


def _prices(coin: str, values: tuple[tuple[int, int, Liveliness], ...]) -> tuple[Row, ...]:
    return tuple(
        Row(
            f"T{value}", f"${value:,} or above", f"The price of {coin} is ${value:,} or above", fair, lively,
            days=2, strike_type=_AT_LEAST, floor=str(value),
        )
        for value, fair, lively in values
    )  # fmt: skip


BITCOIN = _prices(
    "Bitcoin",
    (
        (96_000, 8_150, _STEADY),
        (97_000, 6_550, _DENSE),
        (98_000, 4_750, _DENSE),
        (99_000, 3_150, _DENSE),
        (100_000, 1_850, _STEADY),
    ),
)
ETHER = _prices(
    "Ether",
    ((3_100, 7_900, _STEADY), (3_200, 5_600, _DENSE), (3_300, 3_300, _STEADY), (3_400, 1_500, _STEADY)),
)
INDEX = (
    Row("T6800", "6,800 or above", "The S&P 500 is 6,800 or above", 2_200, _DENSE, days=6),
    Row("B6750", "6,700 to 6,800", "The S&P 500 is 6,700 or above but below 6,800", 3_650, _DENSE, days=6),
    Row("B6650", "6,600 to 6,700", "The S&P 500 is 6,600 or above but below 6,700", 2_750, _STEADY, days=6),
    Row("T6600", "Below 6,600", "The S&P 500 is below 6,600", 1_400, _STEADY, days=6),
)
APPROVAL = (
    Row("T44", "44% or above", "Approval is 44% or above", 420, _THIN, Grid.BANDED, 20, _AT_LEAST, "44"),
    Row("B43", "43%", "Approval is 43%", 1_650, _STEADY, Grid.BANDED, 20),
    Row("B42", "42%", "Approval is 42%", 3_700, _STEADY, Grid.BANDED, 20),
    Row("B41", "41%", "Approval is 41%", 3_050, _STEADY, Grid.BANDED, 20),
    Row(
        "T40", "40% or below", "Approval is 40% or below", 1_180, _STEADY, Grid.BANDED, 20, _LESS, None, "40"
    ),
)
SHUTDOWN = (Row("Y", "Shutdown", "The federal government shuts down", 2_750, _DENSE, days=60),)
CABINET = tuple(
    Row(
        f"T{value}", f"Above {value}", f"More than {value} cabinet members leave", fair, lively,
        days=120, strike_type=_ABOVE, floor=str(value),
    )
    for value, fair, lively in ((1, 7_200, _THIN), (2, 3_900, _THIN), (3, 1_300, _BARE))
)  # fmt: skip
FOOTBALL = (
    Row("BUF", "Buffalo", "Buffalo wins", 4_650, _DENSE, Grid.TENTH_CENT, 6),
    Row("KC", "Kansas City", "Kansas City wins", 5_350, _DENSE, Grid.TENTH_CENT, 6),
)
BASKETBALL = tuple(
    Row(tail, team, f"{team} wins the title", fair, lively, Grid.BANDED, 150)
    for tail, team, fair, lively in (
        ("OKC", "Oklahoma City", 3_450, _STEADY),
        ("DEN", "Denver", 1_700, _STEADY),
        ("CLE", "Cleveland", 1_150, _STEADY),
        ("NYK", "New York", 960, _STEADY),
        ("HOU", "Houston", 880, _STEADY),
        ("ORL", "Orlando", 540, _THIN),
        ("MIN", "Minnesota", 450, _THIN),
        ("FIELD", "Any other team", 870, _THIN),
    )
)
FILM = tuple(
    Row(
        f"T{value}", f"Above ${value}M", f"Starfall takes more than ${value} million", fair, lively,
        days=14, strike_type=_ABOVE, floor=str(value),
    )
    for value, fair, lively in (
        (60, 8_050, _STEADY), (80, 5_200, _STEADY), (100, 2_450, _STEADY), (120, 800, _THIN),
    )
)  # fmt: skip
SONG = tuple(
    Row(tail, f"“{name}”", f"“{name}” is the top song", fair, lively, Grid.CENT, 5)
    for tail, name, fair, lively in (
        ("GLASS", "Glass Harbor", 4_600, _STEADY),
        ("NIGHT", "Night Ferry", 2_700, _STEADY),
        ("PAPER", "Paper Moons", 1_400, _THIN),
        ("SLOW", "Slow Weather", 800, _THIN),
        ("OTHER", "Any other", 500, _BARE),
    )
)
MOON = (Row("Y", "Landing", "A crewed spacecraft lands on the Moon", 620, _BARE, Grid.BANDED, 100),)
