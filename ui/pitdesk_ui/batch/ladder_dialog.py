"""Build a ladder: an order for each of several prices, looked at before it goes into the sheet."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pitdesk.desk.batch.ladder import Shape
from pitdesk.orders import TimeInForce, Verb
from pitdesk_ui.batch.market_field import MarketField
from pitdesk_ui.theme import set_role, theme_of
from pitdesk_ui.ticket.controls import ChoiceBox, captioned
from pitdesk_ui.widgets.count_edit import CountEdit
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.price_edit import PriceEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.quantities import PriceRanges
    from pitdesk_ui.batch.suggest import Suggest

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Spacing(Enum):
    """How the prices between the two ends are told."""

    STEPS = "Number of orders"
    DISTANCE = "Cents between them"


class Sizing(Enum):
    """How the contracts are told."""

    TOTAL = "Contracts in all"
    EACH = "Contracts per order"


class _Muted(QStyledItemDelegate):
    """A column that only counts, in the muted colour of the theme of the moment."""

    def __init__(self, view: QTableWidget) -> None:
        super().__init__(view)
        self._view = view

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """As any cell, but for the colour."""
        super().initStyleOption(option, index)
        palette = QPalette(option.palette)
        palette.setColor(QPalette.ColorRole.Text, theme_of(self._view).color("muted"))
        option.palette = palette


class LadderDialog(QDialog):
    """``edited``: something else is asked for; ``added``: the rows shown are wanted in the sheet."""

    edited = Signal()
    added = Signal()

    def __init__(self, suggest: Suggest, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("batch.ladder.dialog")
        self.setWindowTitle("Build a ladder")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 560)
        self.market = MarketField("batch.ladder.market", self, suggest)
        self.verb = ChoiceBox[Verb]("batch.ladder.verb", "Side", ((verb, verb.value) for verb in Verb))
        self.start = PriceEdit("batch.ladder.from", "From price")
        self.end = PriceEdit("batch.ladder.to", "To price")
        self.spacing = ChoiceBox[Spacing](
            "batch.ladder.spacing", "Prices by", ((each, each.value) for each in Spacing)
        )
        self.steps = QLineEdit("5")
        self.sizing = ChoiceBox[Sizing](
            "batch.ladder.sizing", "Size by", ((each, each.value) for each in Sizing)
        )
        self.size_field = CountEdit("batch.ladder.contracts", "Contracts")
        self.shape = ChoiceBox[Shape]("batch.ladder.shape", "Shape", ((each, each.value) for each in Shape))
        self.time_in_force = ChoiceBox[TimeInForce](
            "batch.ladder.time_in_force", "Time in force", ((each, each.words) for each in TimeInForce)
        )
        self.post_only = QCheckBox("Post only")
        self.post_only.setObjectName("batch.ladder.post_only")
        self._table = QTableWidget(0, 4)
        self._table.setItemDelegateForColumn(0, _Muted(self._table))
        self._said = plain_label("", "muted")
        self._add = QPushButton("Add to the sheet")
        self._leave = QPushButton("Cancel")
        self._name_parts()
        self._build()
        self._connect()

    def show_rungs(self, rows: Sequence[tuple[str, str, str]], sums: str, notes: Sequence[str]) -> None:
        """The orders as price, contracts and all-in; what they come to; what is to be known about them."""
        self._table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            self._table.setItem(place, 0, QTableWidgetItem(str(place + 1)))
            for column, text in enumerate(row, start=1):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_RIGHT)
                self._table.setItem(place, column, item)
        set_role(self._said, "warning" if notes else "muted")
        self._say("\n".join((sums, *notes)))
        orders = "1 order" if len(rows) == 1 else f"{len(rows):,} orders"
        self._add.setText(f"Add {orders} to the sheet")
        self._add.setEnabled(bool(rows))

    def show_problem(self, sentence: str, *, problem: bool = True) -> None:
        """Why there is nothing to add yet."""
        self._table.setRowCount(0)
        set_role(self._said, "problem" if problem else "muted")
        self._say(sentence)
        self._add.setText("Add to the sheet")
        self._add.setEnabled(False)

    def set_grid(self, grid: PriceRanges) -> None:
        """The prices that are legal for the market and side chosen."""
        self.start.set_grid(grid)
        self.end.set_grid(grid)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setAccessibleName(text)

    def _name_parts(self) -> None:
        self.steps.setObjectName("batch.ladder.steps")
        self.steps.setMaxLength(5)
        self._table.setObjectName("batch.ladder.preview")
        self._table.setAccessibleName("Orders of the ladder")
        self._said.setObjectName("batch.ladder.message")
        self._said.setWordWrap(True)
        self._add.setObjectName("batch.ladder.add")
        self._add.setDefault(True)
        set_role(self._add, "primary")
        self._leave.setObjectName("batch.ladder.leave")
        self._leave.setAutoDefault(False)
        self._table.setHorizontalHeaderLabels(["", "Price", "Contracts", "All-in at most"])
        for column, align in ((0, Qt.AlignmentFlag.AlignLeft), (1, _RIGHT), (2, _RIGHT), (3, _RIGHT)):
            title = self._table.horizontalHeaderItem(column)
            if title is not None:
                title.setTextAlignment(align)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table.setShowGrid(False)
        self._table.setAlternatingRowColors(True)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(25)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, 44)

    def _build(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(8)
        form.addLayout(captioned("Market", self.market), 0, 0, 1, 3)
        form.addLayout(captioned("Side", self.verb), 0, 3)
        form.addLayout(captioned("From price", self.start), 1, 0)
        form.addLayout(captioned("To price", self.end), 1, 1)
        form.addLayout(captioned("Prices by", self.spacing), 1, 2)
        form.addLayout(self._steps_column(), 1, 3)
        form.addLayout(captioned("Size by", self.sizing), 2, 0)
        form.addLayout(captioned("Contracts", self.size_field), 2, 1)
        form.addLayout(captioned("Shape", self.shape), 2, 2)
        form.addLayout(captioned("Time in force", self.time_in_force), 2, 3)
        for column in range(4):
            form.setColumnStretch(column, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.post_only)
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        buttons.addWidget(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._said)
        layout.addLayout(buttons)

    def _steps_column(self) -> QVBoxLayout:
        """Its caption says what the number means with the choice beside it."""
        column = captioned("", self.steps)
        item = column.itemAt(0)
        caption = item.widget() if item is not None else None

        def tell() -> None:
            by_steps = self.spacing.choice is Spacing.STEPS
            self.steps.setAccessibleName("Number of orders" if by_steps else "Cents between prices")
            if isinstance(caption, QLabel):
                caption.setText("Orders" if by_steps else "Cents apart")

        self.spacing.currentIndexChanged.connect(tell)
        tell()
        return column

    def _connect(self) -> None:
        self.market.chosen.connect(self.edited)
        for box in (self.verb, self.spacing, self.sizing, self.shape, self.time_in_force):
            box.currentIndexChanged.connect(lambda _: self.edited.emit())
        for field in (self.start, self.end, self.steps, self.size_field):
            field.textChanged.connect(lambda _: self.edited.emit())
        self.post_only.toggled.connect(lambda _: self.edited.emit())
        self._add.clicked.connect(self.added)
        self._leave.clicked.connect(self.close)
