"""What the Working tab says of an order, column by column."""

from __future__ import annotations

from collections.abc import Callable

from pitdesk.desk.blotter_row import BlotterRow, RowPhase
from pitdesk.orders import BookSide
from pitdesk_ui.instants import day_and_time, zone_name
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec

Label = Callable[[str], str]
_LAST_MS = 1 << 62
_TIPS = {
    "contracts": "The whole order: what is filled and what remains.",
    "queue": "Contracts that trade before the order does, better prices included.",
    "tif": "GTC: good till canceled. IOC: immediate or cancel. FOK: fill or kill.",
    "expires": f"In your own time zone, {zone_name()}.",
}
_PHASE_COLORS = {
    RowPhase.SENDING: ColorRole.MUTED,
    RowPhase.CANCELING: ColorRole.MUTED,
    RowPhase.AMENDING: ColorRole.MUTED,
    RowPhase.UNCONFIRMED: ColorRole.WARNING,
    RowPhase.REFUSED: ColorRole.NEGATIVE,
    RowPhase.NOT_SENT: ColorRole.NEGATIVE,
}


def working_columns(label: Label, now_ms: Callable[[], int]) -> tuple[ColumnSpec[BlotterRow], ...]:
    """The columns; ``label`` names a market by its ticker, ``now_ms`` is what ages count to."""
    return (
        _words("market", "Market", lambda row: label(row.ticker), 250),
        _words("side", "Side", lambda row: row.verb.value, 90, color=side_color),
        _figures("price", "Price", lambda row: str(row.price), lambda row: row.price.units, 92),
        _figures("contracts", "Contracts", lambda row: str(row.count), lambda row: row.count.units, 96),
        _figures("filled", "Filled", lambda row: str(row.filled), lambda row: row.filled.units, 92),
        _figures("queue", "Queue", queue_text, _queue_order, 92),
        _words("status", "Status", status_text, 210, color=status_color),
        _words("tif", "Time in force", lambda row: row.time_in_force, 118),
        ColumnSpec(
            "expires",
            "Expires",
            lambda row: moment_text(row.expires_ms),
            lambda row: _LAST_MS if row.expires_ms is None else row.expires_ms,
            width=124,
            tip=_TIPS["expires"],
        ),
        _figures(
            "age", "Age", lambda row: age_text(now_ms() - row.created_ms), lambda row: -row.created_ms, 96
        ),
        _words("source", "Source", lambda row: row.source_text, 110),
    )


def _words(
    key: str,
    title: str,
    text: Callable[[BlotterRow], str],
    width: int,
    color: Callable[[BlotterRow], ColorRole] | None = None,
) -> ColumnSpec[BlotterRow]:
    """A column of words, sorted by them."""
    return ColumnSpec(key, title, text, text, width=width, color=color, tip=_TIPS.get(key, ""))


def _figures(
    key: str,
    title: str,
    text: Callable[[BlotterRow], str],
    order: Callable[[BlotterRow], int],
    width: int,
) -> ColumnSpec[BlotterRow]:
    """A column of figures, sorted by what they are worth."""
    return ColumnSpec(key, title, text, order, Align.RIGHT, width, tip=_TIPS.get(key, ""))


def _queue_order(row: BlotterRow) -> int:
    return _LAST_MS if row.queue_ahead is None else row.queue_ahead.units


def search_text(label: Label) -> Callable[[BlotterRow], str]:
    """What the filter looks in: market, ticker, side, price, status and source."""

    def text(row: BlotterRow) -> str:
        words = (
            label(row.ticker),
            row.ticker,
            row.verb.value,
            str(row.price),
            status_text(row),
            row.source_text,
        )
        return " ".join(words)

    return text


def side_color(row: BlotterRow) -> ColorRole:
    """Green where the order bids for Yes, red where it offers it."""
    return ColorRole.POSITIVE if row.book_side is BookSide.BID else ColorRole.NEGATIVE


def status_text(row: BlotterRow) -> str:
    """The Status column; an order that was sent and not answered is never shown as failed."""
    if row.phase is RowPhase.UNCONFIRMED:
        return "Unconfirmed – may be live"
    return row.status_text


def status_color(row: BlotterRow) -> ColorRole:
    """Blue while it rests, amber once partly filled or unconfirmed, muted while asking."""
    color = _PHASE_COLORS.get(row.phase)
    if color is not None:
        return color
    return ColorRole.WARNING if row.filled else ColorRole.ACCENT


def queue_text(row: BlotterRow) -> str:
    """Contracts ahead, a dash while not known."""
    return "—" if row.queue_ahead is None else str(row.queue_ahead)


def age_text(age_ms: int) -> str:
    """``00:04:12``; from a day on ``2d 03:10``."""
    seconds = max(age_ms, 0) // 1_000
    hours, minutes = seconds // 3_600, seconds // 60 % 60
    if hours >= 24:
        return f"{hours // 24}d {hours % 24:02d}:{minutes:02d}"
    return f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}"


def moment_text(at_ms: int | None) -> str:
    """``Dec 9 14:00`` in the person's own zone, a dash for never."""
    return "—" if at_ms is None else day_and_time(at_ms)
