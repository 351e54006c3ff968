"""The last look before a batch is sent: which rows go, what is asked first, what holds all of it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import BatchOrder
from pitdesk.desk.batch.verdicts import Remark, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from pitdesk.desk.batch.rows import BatchRow
    from pitdesk.desk.batch.verdicts import RowVerdict

_ROWS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was found. ``orders`` may go; ``questions`` want a second press first, ``stops`` hold the whole
    back; ``left_out`` are rows to fix."""

    orders: tuple[BatchOrder, ...]
    left_out: tuple[int, ...] = ()
    questions: tuple[Remark, ...] = ()
    stops: tuple[Remark, ...] = ()


def reviewed(
    rows: Sequence[BatchRow],
    wanted: Container[int] | None,
    verdict: Callable[[int], RowVerdict],
    own_id: Callable[[int], str | None],
    on_the_sum: Sequence[Remark],
) -> Reviewed:
    """What of the rows whose ids are ``wanted``, all where None, may be sent. ``own_id``: the order id that
    the person typed."""
    orders, left_out = [], []
    questions: dict[str, list[int]] = {}
    for number, row in enumerate(rows, 1):
        if wanted is not None and row.row_id not in wanted:
            continue
        found = verdict(row.row_id)
        if found.may_be_sent and found.draft is not None:
            orders.append(BatchOrder(row.row_id, found.draft, own_id(row.row_id), found.all_in))
            asked = [it.sentence for it in found.remarks if it.standing is Standing.ASK][:1]
            for sentence in asked:
                questions.setdefault(sentence, []).append(number)
        elif found.standing is Standing.FIX:
            left_out.append(row.row_id)
    asks = tuple(it for it in on_the_sum if it.standing is Standing.ASK)
    stops = tuple(it for it in on_the_sum if it.standing is Standing.FIX)
    return Reviewed(tuple(orders), tuple(left_out), (*asks, *_asked_of(questions)), stops)


def _asked_of(questions: Mapping[str, Sequence[int]]) -> Iterator[Remark]:
    """Each question once, with the rows that it is about, numbered as the sheet numbers them."""
    for sentence, rows in questions.items():
        named = ", ".join(map(str, rows[:_ROWS_NAMED]))
        more = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
        yield Remark(Standing.ASK, f"{'Row' if len(rows) == 1 else 'Rows'} {named}{more}: {sentence}")
