"""The limits of one account: proposed by its size, each figure open to change, in plain words.

A view: it says what the person wants kept, and shows what it is given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pitdesk.limits.figures import BOUNDS, FigureKind, fault_of, read, tell
from pitdesk.limits.presets import limit_values
from pitdesk.profile import LimitsPreset
from pitdesk.quantities import QuantityError
from pitdesk_ui.connect.fields import SentenceLabel, line_edit
from pitdesk_ui.settings.words import limits_choices
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ChoiceBox, ProblemLabel, captioned
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from pitdesk.limits import LimitValues
    from pitdesk.limits.figures import Bound

_EDIT_WIDTH = 96
_UNITS = {FigureKind.DOLLARS: ", $", FigureKind.CENTS: ", ¢", FigureKind.SECONDS: ", seconds"}
_HEAD = (
    "A question comes before an order beyond what asks; beyond what refuses no order is sent. Cancels, and "
    "orders that can only make a position smaller, always go."
)


class LimitsSection(QWidget):
    """Signal ``save_wanted`` carries the preset and the values as they stand in the fields."""

    save_wanted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[LimitsPreset, LimitValues] | None = None
        self._edits: dict[str, QLineEdit] = {}
        self._size = ChoiceBox[LimitsPreset]("account.limits", "Limits for this account", limits_choices())
        self._problem = ProblemLabel("account.problem.limits")
        self._save = _button("account.limits.save", "Save limits", "primary")
        self._undo = _button("account.limits.undo", "Undo")
        self._told = SentenceLabel("caption", "account.limits_told")
        self._build()
        self._size.currentIndexChanged.connect(lambda _: self._fill(limit_values(self._size.choice)))
        self._save.clicked.connect(lambda _checked=False: self._want())
        self._undo.clicked.connect(lambda _checked=False: self._undo_all())
        self._look()

    def show_limits(self, preset: LimitsPreset, values: LimitValues, *, anew: bool) -> None:
        """What is chosen. What is being typed stays, unless another account is shown ``anew``."""
        typing = self._kept is not None and not anew and self._texts() != _texts_of(self._kept[1])
        self._kept = (preset, values)
        if not typing:
            self._undo_all()
        self._look()

    def tell(self, sentence: str) -> None:
        """How the limits stand: in force, or when they will be."""
        self._told.say(sentence)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(captioned("Proposed by the size of the account", self._size))
        head = plain_label(_HEAD, "muted")
        head.setWordWrap(True)
        layout.addWidget(head)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for column, caption in ((1, "Asks"), (2, "Refuses")):
            grid.addWidget(plain_label(caption, "caption"), 0, column)
        for row, bound in enumerate(BOUNDS, 1):
            self._add_line(grid, row, bound)
        layout.addLayout(grid)
        layout.addWidget(self._problem)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addWidget(self._undo)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addWidget(self._told)

    def _add_line(self, grid: QGridLayout, row: int, bound: Bound) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label(f"{bound.words}{_UNITS.get(bound.kind, '')}", "value"))
        if bound.told:
            told: QLabel = plain_label(bound.told, "caption")
            told.setWordWrap(True)
            words.addWidget(told)
        grid.addLayout(words, row, 0)
        for column, name in ((1, bound.asks), (2, bound.refuses)):
            if name is not None:
                grid.addWidget(self._edit(name, bound, column), row, column, Qt.AlignmentFlag.AlignVCenter)

    def _edit(self, name: str, bound: Bound, column: int) -> QLineEdit:
        what = "asks" if column == 1 else "refuses"
        edge = "within" if bound.within else "above"
        unit = {FigureKind.DOLLARS: "dollars", FigureKind.CENTS: "cents"}.get(bound.kind, bound.kind.value)
        edit = line_edit(f"account.limit.{name}", f"{bound.words}: {what} {edge}, in {unit}", "")
        edit.setFixedWidth(_EDIT_WIDTH)
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        edit.setToolTip(f"{what.capitalize()} {edge} so many {unit}.")
        edit.textEdited.connect(lambda _text: self._look())
        edit.returnPressed.connect(self._want)
        self._edits[name] = edit
        return edit

    def _fill(self, values: LimitValues) -> None:
        for name, text in _texts_of(values).items():
            self._edits[name].setText(text)
        self._look()

    def _undo_all(self) -> None:
        if self._kept is None:
            return
        preset, values = self._kept
        self._size.blockSignals(True)
        self._size.choose(preset)
        self._size.blockSignals(False)
        self._fill(values)

    def _texts(self) -> dict[str, str]:
        return {name: edit.text() for name, edit in self._edits.items()}

    def _look(self) -> None:
        """Mark what is no figure; only a change of sound figures can be saved."""
        values, problems = self._read()
        for name, edit in self._edits.items():
            invalid = name in problems
            if bool(edit.property("invalid")) is not invalid:
                edit.setProperty("invalid", invalid)
                edit.style().unpolish(edit)
                edit.style().polish(edit)
        self._problem.say(next(iter(problems.values()), ""))
        changed = self._kept is not None and (self._size.choice, self._texts()) != (
            self._kept[0],
            _texts_of(self._kept[1]),
        )
        self._save.setEnabled(changed and values is not None)
        self._undo.setEnabled(changed)

    def _read(self) -> tuple[LimitValues | None, dict[str, str]]:
        """The values in the fields, None while one is wrong, and what is wrong with which."""
        problems: dict[str, str] = {}
        found: dict[str, Any] = {}
        for name, edit in self._edits.items():
            try:
                found[name] = read(name, edit.text())
            except QuantityError as problem:
                problems[name] = str(problem)
        if problems:
            return None, problems
        values = replace(limit_values(self._size.choice), **found)
        fault = fault_of(values)
        return (values, {}) if fault is None else (None, {fault[0]: fault[1]})

    def _want(self) -> None:
        values, _ = self._read()
        if values is not None and self._save.isEnabled():
            self.save_wanted.emit(self._size.choice, values)


def _texts_of(values: LimitValues) -> dict[str, str]:
    return {name: tell(name, getattr(values, name)) for bound in BOUNDS for name in bound.figures}


def _button(name: str, text: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    if role:
        set_role(button, role)
    return button
