"""Writes a table as a file that spreadsheet programs open, and what instants and figures are in one.

The same guard as for batches keeps a program from running what a cell says (RELIABILITY I5).
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk.desk.batch.csv_safety import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pitdesk.quantities import Count, Dollars, Price


def table_csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Commas, UTF-8 with its mark, so that every spreadsheet program reads it right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(title) for title in titles])
    writer.writerows([guarded(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def cents(price: Price | None) -> str:
    """``46.5``, to go under a title that says cents; empty where there is none."""
    return "" if price is None else str(price).removesuffix("¢")


def number(count: Count | None) -> str:
    """``1240``, ``0.25`` or ``-5``."""
    return "" if count is None else str(count).replace(",", "").replace("−", "-")


def dollars(amount: Dollars | None) -> str:
    """``-418.30``, with more decimals where there are more; empty where there is none."""
    return "" if amount is None else amount.to_wire(2)


def instant(at_ms: int | None) -> str:
    """ISO 8601 in the person's own zone, to the second: ``2026-12-09T14:00:00-05:00``; empty for none."""
    if at_ms is None:
        return ""
    return datetime.fromtimestamp(at_ms // 1_000, tz=UTC).astimezone().isoformat()
