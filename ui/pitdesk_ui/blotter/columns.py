"""What the Working tab says of an order, column by column."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pitdesk.desk.blotter_row import BlotterRow, RowPhase
from pitdesk.desk.table_csv import cents, dollars, instant, number
from pitdesk.orders import BookSide
from pitdesk_ui.instants import day_and_time, zone_name
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec

if TYPE_CHECKING:
    from pitdesk.quantities import Count

Label = Callable[[str], str]
_LAST_MS = 1 << 62
_TIPS = {
    "contracts": "The whole order: what is filled and what remains.",
    "queue": "Contracts that trade before the order does, better prices included.",
    "tif": "GTC: good till canceled. IOC: immediate or cancel. FOK: fill or kill.",
    "committed": "Cash that the order holds back while it rests.",
    "yes_price": "The limit on the Yes book: buying No at 58¢ is selling Yes at 42¢.",
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
        *order_columns(label),
        _figures("queue", "Queue", queue_text, _queue_order, 92, in_file=lambda row: number(row.queue_ahead)),
        _words("status", "Status", status_text, 210, color=status_color),
        _words("tif", "Time in force", lambda row: row.time_in_force, 118),
        ColumnSpec(
            "expires",
            "Expires",
            lambda row: moment_text(row.expires_ms),
            lambda row: _LAST_MS if row.expires_ms is None else row.expires_ms,
            width=124,
            tip=_TIPS["expires"],
            in_file=lambda row: instant(row.expires_ms),
        ),
        _figures(
            "age", "Age", lambda row: age_text(now_ms() - row.created_ms), lambda row: -row.created_ms, 96
        ),
        _words("source", "Source", lambda row: row.source_text, 110),
        *rare_columns(),
    )


def order_columns(label: Label) -> tuple[ColumnSpec[BlotterRow], ...]:
    """What an order is, living or ended: market, side, price, contracts, filled."""
    return (
        _words("market", "Market", lambda row: label(row.ticker), 250),
        _words("side", "Side", lambda row: row.verb.value, 90, color=side_color),
        _figures(
            "price",
            "Price",
            lambda row: str(row.price),
            lambda row: row.price.units,
            92,
            in_file=lambda row: cents(row.price),
            file_title="Price (cents)",
        ),
        _count("contracts", "Contracts", lambda row: row.count, 96),
        _count("filled", "Filled", lambda row: row.filled, 92),
    )


def rare_columns() -> tuple[ColumnSpec[BlotterRow], ...]:
    """What is looked at now and then, hidden until it is shown."""
    return (
        _count("remaining", "Remaining", lambda row: row.remaining, 96, rare=True),
        _figures(
            "yes_price",
            "Yes price",
            lambda row: str(row.yes_price),
            lambda row: row.yes_price.units,
            92,
            in_file=lambda row: cents(row.yes_price),
            file_title="Yes price (cents)",
            rare=True,
        ),
        _figures(
            "committed",
            "Committed",
            lambda row: str(row.committed),
            lambda row: row.committed.units,
            104,
            in_file=lambda row: dollars(row.committed),
            file_title="Committed ($)",
            rare=True,
        ),
        ColumnSpec(
            "placed",
            "Placed",
            lambda row: moment_text(row.created_ms),
            lambda row: row.created_ms,
            width=124,
            rare=True,
            in_file=lambda row: instant(row.created_ms),
        ),
        _words("ticker", "Ticker", lambda row: row.ticker, 240, rare=True),
        _words("group", "Order group", _group, 130, rare=True),
        _words("subaccount", "Subaccount", _subaccount, 104, rare=True),
        _words("exchange_index", "Exchange index", _exchange_index, 116, rare=True),
        _words("order_id", "Order ID", lambda row: row.order_id or "", 290, rare=True),
        _words("client_order_id", "Client order ID", _client_order_id, 290, rare=True),
    )


def _group(row: BlotterRow) -> str:
    if row.order is not None and row.order.order_group_id:
        return row.order.order_group_id
    return (row.intent.draft.order_group_id or "") if row.intent is not None else ""


def _subaccount(row: BlotterRow) -> str:
    held = row.order if row.order is not None else row.intent.draft if row.intent is not None else None
    return "" if held is None or held.subaccount is None else str(held.subaccount)


def _exchange_index(row: BlotterRow) -> str:
    held = row.order if row.order is not None else row.intent.draft if row.intent is not None else None
    return "" if held is None or held.exchange_index is None else str(held.exchange_index)


def _client_order_id(row: BlotterRow) -> str:
    if row.intent is not None:
        return row.intent.client_order_id
    return row.order.client_order_id if row.order is not None else ""


def _words(
    key: str,
    title: str,
    text: Callable[[BlotterRow], str],
    width: int,
    color: Callable[[BlotterRow], ColorRole] | None = None,
    *,
    rare: bool = False,
) -> ColumnSpec[BlotterRow]:
    """A column of words, sorted by them."""
    return ColumnSpec(key, title, text, text, width=width, color=color, tip=_TIPS.get(key, ""), rare=rare)


def _figures(
    key: str,
    title: str,
    text: Callable[[BlotterRow], str],
    order: Callable[[BlotterRow], int],
    width: int,
    **more: Any,
) -> ColumnSpec[BlotterRow]:
    """A column of figures, sorted by what they are worth."""
    return ColumnSpec(key, title, text, order, Align.RIGHT, width, tip=_TIPS.get(key, ""), **more)


def _count(
    key: str, title: str, of: Callable[[BlotterRow], Count], width: int, *, rare: bool = False
) -> ColumnSpec[BlotterRow]:
    """A column of contracts."""
    return _figures(
        key,
        title,
        lambda row: str(of(row)),
        lambda row: of(row).units,
        width,
        in_file=lambda row: number(of(row)),
        rare=rare,
    )


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
