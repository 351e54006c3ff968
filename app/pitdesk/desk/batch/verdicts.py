"""What is said of a row and of the whole batch before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.batch.rows import Field
    from pitdesk.orders import OrderDraft


class Standing(IntEnum):
    """How a row stands, from good to bad. DONE was sent; a row to FIX is left out of the sending."""

    BLANK = 0
    DONE = 1
    READY = 2
    NOTE = 3
    ASK = 4
    FIX = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said of a row: a plain sentence, and the cell it is about, if one."""

    standing: Standing
    sentence: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What the Check column shows. ``draft`` is the order as it would be sent, None while a cell is wrong.

    ``all_in`` is None where nothing can be counted. ``opening``: contracts that open if all above fill too.
    ``remarks`` stand with the worst first.
    """

    standing: Standing
    remarks: tuple[Remark, ...] = ()
    draft: OrderDraft | None = None
    all_in: Dollars | None = None
    opening: Count = COUNT_ZERO

    @property
    def text(self) -> str:
        """``Ready``, or the first remark."""
        if self.remarks:
            return self.remarks[0].sentence
        return _WORDS.get(self.standing, "Ready")

    @property
    def field(self) -> Field | None:
        """The cell to mark."""
        return next((remark.field for remark in self.remarks if remark.field is not None), None)

    @property
    def may_be_sent(self) -> bool:
        """Neither blank, nor sent before, nor to fix."""
        return self.draft is not None and Standing.READY <= self.standing < Standing.FIX


def worst_first(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Remarks in the order in which they are told."""
    return tuple(sorted(remarks, key=lambda it: -it.standing)) if len(remarks) > 1 else tuple(remarks)


_WORDS = {Standing.BLANK: "", Standing.DONE: "Sent"}
BLANK_VERDICT = RowVerdict(Standing.BLANK)


@dataclass(frozen=True, slots=True)
class Summary:
    """The line above the sheet. ``rows`` leaves blank ones out; ``ready`` are those that would be sent.

    ``requests``: calls at the account's budget, ``per_request`` the most orders in one; ``seconds``: how long
    the write budget makes it take. ``all_in`` is the most it costs if every order fills. ``worst_case``: the
    most that can be lost however it fills and resolves, and ``worst_case_with_open`` counts open and
    unconfirmed orders too. ``remarks`` are about the sum; one to FIX holds the whole batch back.
    ``judged``: False while the person's last edit is not in it.
    """

    rows: int = 0
    to_fix: int = 0
    ready: int = 0
    to_ask: int = 0
    requests: int = 0
    per_request: int = 0
    seconds: float = 0.0
    all_in: Dollars = DOLLARS_ZERO
    worst_case: Dollars = DOLLARS_ZERO
    worst_case_with_open: Dollars = DOLLARS_ZERO
    remarks: tuple[Remark, ...] = ()
    first_to_fix: int | None = None
    judged: bool = True

    @property
    def may_be_sent(self) -> bool:
        """Whether the button works."""
        return self.ready > 0 and not any(it.standing is Standing.FIX for it in self.remarks)

    @property
    def text(self) -> str:
        """``9 rows · 1 to fix · 1 request of 8 · all-in at most $403.10 · about 1 s at your budget``.

        The worst case is told where it is another: rows on both sides of a market cannot all lose.
        """
        parts = [_many(self.rows, "row")]
        if self.to_fix:
            parts.append(f"{self.to_fix} to fix")
        if self.ready:
            most = min(self.per_request, self.ready)
            calls = (
                f"1 request of {most}" if self.requests == 1 else f"{self.requests} requests of up to {most}"
            )
            parts += [calls, f"all-in at most {self.all_in.cents_up()}"]
            if self.worst_case.cents_up() != self.all_in.cents_up():
                parts.append(f"worst case −{self.worst_case.cents_up()}")
            parts.append(f"about {_time(self.seconds)} at your budget")
        return " · ".join(parts)

    @property
    def worst_told(self) -> str:
        """The most that can be lost, with what is open as well; empty where nothing would be sent."""
        if not self.ready:
            return ""
        with_open = self.worst_case_with_open.cents_up()
        return f"At worst {self.worst_case.cents_up()} are lost; with your open orders {with_open}."

    @property
    def button(self) -> str:
        """``Send 8 orders · $403.10``."""
        if not self.ready:
            return "Send orders"
        return f"Send {_many(self.ready, 'order')} · {self.all_in.cents_up()}"


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _time(seconds: float) -> str:
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes else f"{whole} s"
