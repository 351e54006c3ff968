"""The larger changes of a batch: build a ladder, multiply, reverse, shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.cost import order_cost
from pitdesk.desk.batch.draft import NotTaken
from pitdesk.desk.batch.ladder import Ladder, LadderPlan, build_ladder, ladder_rows
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk.desk.batch.transform import Changed, multiply, parse_factor, reverse_sides, shift_prices
from pitdesk.orders import OrderDraft, TimeInForce, Verb
from pitdesk.quantities import (
    DOLLARS_ZERO,
    PRICE_ONE,
    PRICE_ZERO,
    Price,
    PriceRange,
    PriceRanges,
    QuantityError,
)
from pitdesk.typed_text import parse_price
from pitdesk_ui.batch.choices import choices
from pitdesk_ui.batch.grid_keys import Ask
from pitdesk_ui.batch.ladder_dialog import LadderDialog, Sizing, Spacing
from pitdesk_ui.batch.number_dialog import NumberDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog, QWidget

    from pitdesk.desk.batch.room import BatchRoom
    from pitdesk.desk.finder import Finder
    from pitdesk_ui.batch.panel import BatchPanel

_DOUBLE_HALF = (("× 2", "2"), ("× 0.5", "0.5"), ("× 10", "10"))
_EVERY_PRICE = PriceRanges((PriceRange(PRICE_ZERO, PRICE_ONE, Price(1)),))
_TICKS = (("− 10", "-10"), ("− 1", "-1"), ("+ 1", "1"), ("+ 10", "10"))


class Tools:
    """What the Change menu and the ladder ask for. ``rows_meant``: ids of the rows selected."""

    def __init__(
        self,
        panel: BatchPanel,
        room: BatchRoom,
        finder: Finder,
        rows_meant: Callable[[], list[int]],
        market_in_view: Callable[[], str],
    ) -> None:
        self._panel, self._room, self._finder = panel, room, finder
        self._rows_meant, self._market_in_view = rows_meant, market_in_view
        self._open: QDialog | None = None
        self._ladder: Ladder | None = None
        self.asks: dict[Ask, Callable[[], None]] = {
            Ask.LADDER: self._ask_ladder,
            Ask.MULTIPLY: self._ask_factor,
            Ask.REVERSE: self._reverse,
            Ask.SHIFT: self._ask_ticks,
        }

    def close(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    # Changes of the rows selected

    def _rows(self) -> list[int]:
        """The rows selected, where none or only one is: every row that may be changed."""
        chosen = self._rows_meant()
        if len(chosen) > 1:
            return chosen
        model = self._panel.model
        held = (model.held(place) for place in range(model.count))
        return [each.row.row_id for each in held if not each.is_live and not each.row.is_blank]

    def _ask_factor(self) -> None:
        rows = self._rows()
        dialog = NumberDialog(
            "batch.multiply",
            "Multiply",
            f"Contracts of {_many(len(rows))} times",
            _DOUBLE_HALF,
            self._window(),
        )

        def apply(text: str) -> None:
            try:
                factor = parse_factor(text)
            except QuantityError as error:
                dialog.refuse(str(error))
                return
            dialog.close()
            self._tell(multiply(self._room.draft, self._free(rows), factor), "Contracts of", "multiplied")

        dialog.given.connect(apply)
        self._show(dialog)

    def _ask_ticks(self) -> None:
        rows = self._rows()
        dialog = NumberDialog(
            "batch.shift", "Shift", f"Prices of {_many(len(rows))} by so many ticks", _TICKS, self._window()
        )

        def apply(text: str) -> None:
            try:
                ticks = _whole(text)
            except QuantityError as error:
                dialog.refuse(str(error))
                return
            dialog.close()
            changed = shift_prices(self._room.draft, self._room.judge, self._free(rows), ticks)
            self._tell(changed, "Prices of", "moved")

        dialog.given.connect(apply)
        self._show(dialog)

    def _reverse(self) -> None:
        changed = reverse_sides(self._room.draft, self._room.judge, self._rows())
        self._tell(changed, "Sides of", "reversed")

    def _free(self, rows: list[int]) -> list[int]:
        """Those that were not sent while the dialog was open."""
        return [row_id for row_id in rows if not self._room.sender.is_done(row_id)]

    def _tell(self, changed: Changed, what: str, done: str) -> None:
        count, kept = changed
        said = f"{what} {_many(count)} {done}." if count or not kept else ""
        self._panel.say(f"{said} {kept}".strip(), "warning" if kept else "muted")

    # The ladder

    def _ask_ladder(self) -> None:
        dialog = LadderDialog(choices(self._finder)[Field.MARKET], self._window())
        held = self._panel.model.held(self._panel.table.current_place())
        draft = held.verdict.draft
        ticker = draft.ticker if draft is not None else self._market_in_view()
        if draft is not None:
            dialog.verb.choose(draft.verb)
        if ticker:
            dialog.market.show_market(ticker, self._finder.label(ticker))
        dialog.edited.connect(lambda: self._look(dialog))
        dialog.added.connect(lambda: self._add_ladder(dialog))
        self._show(dialog)
        self._look(dialog)
        (dialog.start if ticker else dialog.market).setFocus()

    def _look(self, dialog: LadderDialog) -> None:
        """The ladder as it would be, at every key."""
        self._ladder = None
        ticker, verb = dialog.market.ticker, dialog.verb.choice
        grid = self._grid(ticker, verb)
        if grid is None:
            dialog.show_problem("Choose a market.", problem=False)
            return
        dialog.set_grid(grid)
        if not (
            dialog.start.text().strip() and dialog.end.text().strip() and dialog.size_field.text().strip()
        ):
            dialog.show_problem("Enter the first and the last price, and how many contracts.", problem=False)
            return
        try:
            self._ladder = build_ladder(self._plan(dialog), grid)
        except QuantityError as error:
            dialog.show_problem(str(error))
            return
        self._show_ladder(dialog, ticker, self._ladder)

    def _plan(self, dialog: LadderDialog) -> LadderPlan:
        by_steps = dialog.spacing.choice is Spacing.STEPS
        in_all = dialog.sizing.choice is Sizing.TOTAL
        count = dialog.size_field.count()
        return LadderPlan(
            verb=dialog.verb.choice,
            from_price=dialog.start.price(),
            to_price=dialog.end.price(),
            steps=_whole(dialog.steps.text()) if by_steps else None,
            tick=None if by_steps else parse_price(dialog.steps.text(), _EVERY_PRICE),
            total=count if in_all else None,
            each=None if in_all else count,
            shape=dialog.shape.choice,
        )

    def _show_ladder(self, dialog: LadderDialog, ticker: str, ladder: Ladder) -> None:
        rows, all_in = [], DOLLARS_ZERO
        for rung in ladder.rungs:
            draft = OrderDraft(
                ticker,
                dialog.verb.choice,
                rung.count,
                rung.price,
                dialog.time_in_force.choice,
                post_only=dialog.post_only.isChecked(),
            )
            cost = order_cost(draft, self._finder.fees(ticker)).all_in
            all_in += cost
            rows.append((str(rung.price), str(rung.count), str(cost.cents_up())))
        sums = f"{len(rows):,} orders  ·  {ladder.total} contracts  ·  all-in at most {all_in.cents_up()}"
        dialog.show_rungs(rows, sums, ladder.notes)

    def _add_ladder(self, dialog: LadderDialog) -> None:
        if self._ladder is None:
            return
        force = dialog.time_in_force.choice
        template = texts_of(
            {
                Field.TIME_IN_FORCE: "" if force is TimeInForce.GOOD_TILL_CANCELED else force.short,
                Field.POST_ONLY: "yes" if dialog.post_only.isChecked() else "",
            }
        )
        rows = ladder_rows(self._ladder, dialog.market.ticker, dialog.verb.choice, template)
        try:
            added = self._room.draft.append(rows, "Build a ladder")
        except NotTaken as why:
            dialog.show_problem(str(why))
            return
        dialog.close()
        place = self._panel.model.place_of_row(added[0]) if added else None
        if place is not None:
            self._panel.table.go_to(place, Field.PRICE)

    # Inside

    def _grid(self, ticker: str, verb: Verb) -> PriceRanges | None:
        market = self._finder.market(ticker) if ticker else None
        if market is None:
            return None
        return verb.outcome.restate(market.price_ranges)

    def _window(self) -> QWidget:
        return self._panel.window()

    def _show(self, dialog: QDialog) -> None:
        self.close()
        self._open = dialog
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: QDialog) -> None:
        if self._open is dialog:
            self._open = None
        dialog.deleteLater()


def _whole(text: str) -> int:
    body = text.strip().replace("−", "-")
    digits = body.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        raise QuantityError("Enter a whole number, like 5.")
    return int(body)


def _many(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"
