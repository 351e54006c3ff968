"""The order ticket as a widget: shows fields and figures, tells what was typed and pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pitdesk.orders import BookSide, TimeInForce, Verb
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, ExpiryEdit, ProblemLabel, captioned, chip
from pitdesk_ui.ticket.entry import Entry, Expiry, Field
from pitdesk_ui.ticket.middle import BAR, Middle
from pitdesk_ui.ticket.more import MoreFields
from pitdesk_ui.ticket.pricing import Pick
from pitdesk_ui.ticket.send_area import SendArea
from pitdesk_ui.ticket.summary import Summary
from pitdesk_ui.widgets.count_edit import CountEdit
from pitdesk_ui.widgets.flow_layout import FlowLayout
from pitdesk_ui.widgets.panel import TitledPanel
from pitdesk_ui.widgets.price_edit import PriceEdit

if TYPE_CHECKING:
    from pitdesk.quantities import Count, Price, PriceRanges
    from pitdesk_ui.ticket.lines import CostLines

_SIZES = (10, 100)
_AMOUNTS, _TIMES = 2, 3  # rows of the form: to contracts and price, and to what tells how long it rests
_PICK_TIPS = {
    Pick.JOIN: ("join", "Take the best price of your own side"),
    Pick.MID: ("mid", "Half way between bid and ask"),
    Pick.TAKE: ("take", "Take the best price of the other side"),
}
_TICKS = (
    ("post_only", "Post only", "Refused rather than filled at once: it only ever rests{}."),
    ("reduce_only", "Reduce only", "Never opens: only makes the position held smaller."),
    ("cancel_on_pause", "Cancel on pause", "Taken off the book when trading pauses."),
)


class TicketPanel(TitledPanel):
    """The card at the right of the window. It decides nothing: the presenter does."""

    changed = Signal()
    size_wanted = Signal(int)
    most_wanted = Signal()
    pick_wanted = Signal(object)

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__("Order ticket")
        self._keys = keys or KeyMap()
        self.setObjectName("ticket")
        self.setAccessibleName("Order ticket")
        self.caption.setObjectName("ticket.position")
        self._verbs: dict[Verb, QPushButton] = {}
        self._ticks: dict[str, QCheckBox] = {}
        self._picks: dict[Pick, QPushButton] = {}
        self.contracts = CountEdit("ticket.contracts", "Contracts")
        self.contracts.setAccessibleDescription("Up and Down change by 1, with Shift by 10.")
        self.price = PriceEdit("ticket.price", "Limit price")
        self.price.setAccessibleDescription("In cents. Up and Down step one tick, with Shift ten.")
        self.time_in_force = ChoiceBox[TimeInForce](
            "ticket.tif", "Time in force", ((each, each.words) for each in TimeInForce)
        )
        self.time_in_force.setAccessibleDescription("How long the order may rest on the book.")
        self.expiry = ExpiryEdit()
        self.more = MoreFields()
        self.summary = Summary()
        self.foot = SendArea(self._keys)
        self._problems = {
            place: ProblemLabel(f"ticket.problem.{place.value}")
            for place in (
                Field.COUNT,
                Field.PRICE,
                Field.TIME_IN_FORCE,
                Field.EXPIRES,
                Field.POST_ONLY,
                Field.REDUCE_ONLY,
            )
        }
        self._build()
        self._connect()

    def entry(self) -> Entry:
        """Everything as it is set and typed now."""
        return Entry(
            verb=next(verb for verb, button in self._verbs.items() if button.isChecked()),
            count_text=self.contracts.text(),
            price_text=self.price.text(),
            time_in_force=self.time_in_force.choice,
            expiry=self.expiry.box.choice,
            expires_at_s=self.expiry.expires_at_s,
            post_only=self._ticks["post_only"].isChecked(),
            reduce_only=self._ticks["reduce_only"].isChecked(),
            cancel_on_pause=self._ticks["cancel_on_pause"].isChecked(),
            self_trade_prevention=self.more.self_trade.choice,
            group_text=self.more.group.text(),
            subaccount_text=self.more.subaccount.text(),
            shard_text=self.more.shard.text(),
        )

    def choose_verb(self, verb: Verb) -> None:
        """Choose as if its button was pressed."""
        self._verbs[verb].setChecked(True)

    def toggle_post_only(self) -> None:
        """Tick or untick Post only."""
        self._ticks["post_only"].toggle()

    def set_grid(self, grid: PriceRanges) -> None:
        """The legal prices of the outcome now chosen."""
        self.price.set_grid(grid)

    def set_count(self, count: Count | None) -> None:
        """Fill in the contracts, or empty them."""
        self.contracts.set_count(count)

    def set_price(self, price: Price | None) -> None:
        """Fill in the limit price, or empty it."""
        self.price.set_price(price)

    def clear_options(self, expiry: Expiry = Expiry.AT_CLOSE, *, cancel_on_pause: bool = False) -> None:
        """Time in force, expiry and everything below as usual."""
        self.time_in_force.choose(TimeInForce.GOOD_TILL_CANCELED)
        self.expiry.box.choose(expiry)
        for key, tick in self._ticks.items():
            tick.setChecked(cancel_on_pause and key == "cancel_on_pause")
        self.more.clear()

    def show_head(self, position: str) -> None:
        """The caption: what is held in this market."""
        self.caption.setText(position)

    def show_problems(self, problems: dict[Field, str], blamed: str | None = None) -> None:
        """Each sentence at its field; what was typed stays. ``blamed``: the field that the exchange named."""
        for place, label in self._problems.items():
            label.say(problems.get(place, ""))
        self.contracts.mark_invalid(Field.COUNT in problems or blamed == Field.COUNT.value)
        self.price.mark_invalid(Field.PRICE in problems or blamed == Field.PRICE.value)
        self.more.say(problems)

    def show_lines(self, lines: CostLines) -> None:
        """The figures of the draft."""
        self.summary.show_lines(lines)

    def focus_first(self) -> None:
        """Put the keyboard into the contracts."""
        self.contracts.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.contracts.selectAll()

    # Building.

    def _build(self) -> None:
        fields = QWidget()
        form = QVBoxLayout(fields)
        form.addLayout(self._verb_row())
        form.addLayout(self._amounts())
        form.addLayout(self._times())
        form.addLayout(self._tick_row())
        form.addWidget(self._problems[Field.POST_ONLY])
        form.addWidget(self._problems[Field.REDUCE_ONLY])
        form.addWidget(self.more)
        middle = Middle(fields, form, self.summary, often=_TIMES, always=_AMOUNTS)
        margins = self.body.contentsMargins()  # the scroll bar stands in the right one
        self.body.setContentsMargins(margins.left(), margins.top(), margins.right() - BAR, margins.bottom())
        head = self.body.itemAt(0)
        for row in (head.layout() if head is not None else None, self.foot.layout()):
            if row is not None:
                row.setContentsMargins(0, 0, BAR, 0)
        self.body.addLayout(middle, 1)
        self.body.addWidget(self.foot)

    def _verb_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        group = QButtonGroup(self)
        group.setExclusive(True)
        for verb in Verb:
            button = QPushButton(verb.value)
            button.setObjectName(f"ticket.verb.{verb.name.lower()}")
            button.setCheckable(True)
            button.setAccessibleName(verb.value)
            button.setAccessibleDescription(f"The order will {verb.value.lower()} contracts.")
            button.setMinimumWidth(0)
            set_role(button, "verb_yes" if verb.book_side is BookSide.BID else "verb_no")
            group.addButton(button)
            row.addWidget(button, 1)
            self._verbs[verb] = button
        self._verbs[Verb.BUY_YES].setChecked(True)
        return row

    def _amounts(self) -> QGridLayout:
        grid = _two_columns()
        grid.addLayout(captioned("Contracts, or $", self.contracts), 0, 0)
        grid.addLayout(captioned("Limit price", self.price), 0, 1)
        grid.addLayout(self._size_chips(), 1, 0)
        grid.addLayout(self._pick_chips(), 1, 1)
        grid.addWidget(self._problems[Field.COUNT], 2, 0, 1, 2)
        grid.addWidget(self._problems[Field.PRICE], 3, 0, 1, 2)
        return grid

    def _size_chips(self) -> QHBoxLayout:
        row = _tight_row()
        for size in _SIZES:
            button = chip(f"ticket.plus_{size}", f"+{size}", f"Add {size} contracts")
            button.clicked.connect(lambda _checked=False, more=size: self.size_wanted.emit(more))
            row.addWidget(button, 1)
        most = chip("ticket.max", "Max", "As many as the cash pays for, or all that is held when selling")
        most.clicked.connect(lambda _checked=False: self.most_wanted.emit())
        row.addWidget(most, 1)
        return row

    def _pick_chips(self) -> QHBoxLayout:
        row = _tight_row()
        for pick in _PICK_TIPS:
            button = chip(f"ticket.{pick.value.lower()}", pick.value, "")
            button.clicked.connect(lambda _checked=False, wanted=pick: self.pick_wanted.emit(wanted))
            row.addWidget(button, 1)
            self._picks[pick] = button
        return row

    def _times(self) -> QGridLayout:
        grid = _two_columns()
        top = Qt.AlignmentFlag.AlignTop
        grid.addLayout(captioned("Time in force", self.time_in_force), 0, 0, top)
        grid.addLayout(captioned("Expires", self.expiry, self.expiry.box), 0, 1, top)
        grid.addWidget(self._problems[Field.TIME_IN_FORCE], 1, 0, 1, 2)
        grid.addWidget(self._problems[Field.EXPIRES], 2, 0, 1, 2)
        return grid

    def _tick_row(self) -> FlowLayout:
        flow = FlowLayout(across=11, down=6)
        for key, text, _ in _TICKS:
            box = QCheckBox(text)
            box.setObjectName(f"ticket.{key}")
            box.setAccessibleName(text)
            box.setStyleSheet("QCheckBox { font-size: 12px; spacing: 5px; }")
            box.toggled.connect(self.changed)
            flow.addWidget(box)
            self._ticks[key] = box
        return flow

    def _connect(self) -> None:
        for button in self._verbs.values():
            button.toggled.connect(lambda on: self.changed.emit() if on else None)
        self.contracts.edited.connect(self.changed)
        self.price.edited.connect(self.changed)
        self.time_in_force.currentIndexChanged.connect(self.changed)
        self.time_in_force.currentIndexChanged.connect(
            lambda: self.expiry.setEnabled(self.time_in_force.choice is TimeInForce.GOOD_TILL_CANCELED)
        )
        self.expiry.changed.connect(self.changed)
        self.more.changed.connect(self.changed)
        self._keys.changed.connect(self._show_keys)
        self._show_keys()

    def _show_keys(self) -> None:
        for pick, button in self._picks.items():
            name, tip = _PICK_TIPS[pick]
            button.setAccessibleName(self._keys.tip(tip, name))
            button.setToolTip(self._keys.tip(tip, name))
        for key, _, tip in _TICKS:
            told = tip.replace("{}", self._keys.phrase("post_only", " ({})"))
            self._ticks[key].setAccessibleDescription(told)
            self._ticks[key].setToolTip(told)


def _two_columns() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _tight_row() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(5)
    return row
