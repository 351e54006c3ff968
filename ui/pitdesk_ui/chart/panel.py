"""The market panel: the question, its facts, the chart with its switches, the rules and the outcome cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
)

from pitdesk_ui.chart.canvas import ChartCanvas, ChartPicture
from pitdesk_ui.chart.cards import OutcomeCards
from pitdesk_ui.chart.series import Bar, Drawing, Span
from pitdesk_ui.chart.trades import RecentTrades
from pitdesk_ui.chart.words import spoken
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import Panel, plain_label
from pitdesk_ui.widgets.plain_text import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pitdesk.cost import OrderCost
    from pitdesk.markets import Quote
    from pitdesk.quantities import Price

_RULES_HEIGHT = 110
_TRADES = 9  # its number among the drawings
_ROOM_FOR_TRADES = 376

_NONE = "No market chosen"


class MarketPanel(Panel):
    """One market in the middle of the window.

    Signals:
        span_chosen: another range of history is wanted (a Span).
    """

    span_chosen = Signal(object)

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__()
        self._keys = keys or KeyMap()
        self.setObjectName("market.panel")
        self.setAccessibleName("Market")
        self.setMinimumWidth(320)
        self.question = ElidedLabel("title")
        self.question.setObjectName("market.question")
        self.facts = plain_label("", "caption")
        self.facts.setObjectName("market.facts")
        self.facts.setWordWrap(True)
        self.canvas = ChartCanvas()
        self.trades = RecentTrades()
        self._views = QStackedWidget()
        self._views.addWidget(self.canvas)
        self._views.addWidget(self.trades)
        self.cards = OutcomeCards()
        self._rules = _rules_box()
        self._drawing = Drawing.LINE
        self._spans = QButtonGroup(self)
        self._drawings = QButtonGroup(self)
        self.body.setSpacing(6)
        self.body.addWidget(self.question)
        self.body.addWidget(self.facts)
        self.body.addLayout(self._switches())
        self.body.addWidget(self._rules)
        self.body.addWidget(self._views, 1)
        self.body.addWidget(self.cards)
        self._keys.changed.connect(self._tell_way)
        self._show_none()

    @property
    def span(self) -> Span:
        """The range of history that is switched on."""
        return list(Span)[self._spans.checkedId()]

    def show_market(self, question: str, facts: str, rules: str) -> None:
        """Show another question, or newer facts of the same."""
        if question != self.question.whole:
            self.question.show_text(question)
        if facts != self.facts.text():
            self.facts.setText(facts)
            self.facts.setAccessibleName(spoken(facts))
        if rules != self._rules.toPlainText():
            self._rules.setPlainText(rules)
        self._rules_switch.setEnabled(bool(rules))
        if not rules:
            self._rules_switch.setChecked(False)

    def _show_none(self) -> None:
        self.show_market(_NONE, self._keys.tip("Choose a market in the finder", "find") + ".", "")

    def _tell_way(self) -> None:
        if self.question.whole == _NONE:
            self._show_none()

    def show_quote(self, quote: Quote) -> None:
        """Show the last price on the chart and what the market says."""
        self.cards.show_quote(quote)
        picture = self.canvas.picture
        self.canvas.show_picture(ChartPicture(picture.bars, self._drawing, quote.last, picture.message))

    def show_bars(self, bars: tuple[Bar, ...], last: Price | None) -> None:
        """Show the price history."""
        words = f"Nothing has traded in {self.span.words}."
        self.canvas.show_picture(ChartPicture(bars, self._drawing, last, words))

    def show_message(self, message: str) -> None:
        """Show a sentence in place of the history: what is awaited, or what went wrong."""
        self.canvas.show_picture(ChartPicture((), self._drawing, None, message))

    def show_draft_cost(self, cost: OrderCost | None) -> None:
        """Show what the order in the ticket would leave behind; None where there is no whole order."""
        self.cards.show_cost(cost)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow panel has room for the chart only."""
        super().resizeEvent(event)
        roomy = self.width() >= _ROOM_FOR_TRADES
        self._trades_switch.setVisible(roomy)
        if not roomy and self._trades_switch.isChecked():
            self._drawings.button(list(Drawing).index(self._drawing)).click()

    def _switches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for number, drawing in enumerate(Drawing):
            chip = _chip(drawing.value, f"chart.{drawing.name.lower()}", f"Draw as {drawing.value.lower()}")
            self._drawings.addButton(chip, number)
            row.addWidget(chip)
        self._trades_switch = _chip("Trades", "chart.trades", "Show the latest trades")
        self._drawings.addButton(self._trades_switch, _TRADES)
        row.addWidget(self._trades_switch)
        row.addStretch(1)
        self._rules_switch = _chip("Rules", "market.rules", "Show how this market resolves")
        self._rules_switch.toggled.connect(self._on_rules)
        row.addWidget(self._rules_switch)
        row.addSpacing(4)
        for number, span in enumerate(Span):
            chip = _chip(span.text, f"chart.{span.text.lower()}", f"Show {span.words}")
            self._spans.addButton(chip, number)
            row.addWidget(chip)
        self._drawings.button(0).setChecked(True)
        self._spans.button(list(Span).index(Span.DAY)).setChecked(True)
        self._drawings.buttonClicked.connect(self._on_drawing)
        self._spans.buttonClicked.connect(self._on_span)
        return row

    def _on_rules(self, wanted: bool) -> None:
        """Fold the rules out as high as they need, within bounds; longer ones scroll."""
        self._rules.setVisible(wanted)
        text = self._rules.toPlainText()
        width = max(self._rules.viewport().width() - 10, 100)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = self._rules.fontMetrics().boundingRect(QRect(0, 0, width, 10_000), flags, text)
        self._rules.setFixedHeight(min(needed.height() + 14, _RULES_HEIGHT))

    def _on_drawing(self, chip: QAbstractButton) -> None:
        wanted = self._drawings.id(chip)
        self._views.setCurrentIndex(1 if wanted == _TRADES else 0)
        if wanted == _TRADES:
            return
        self._drawing = list(Drawing)[wanted]
        picture = self.canvas.picture
        self.canvas.show_picture(ChartPicture(picture.bars, self._drawing, picture.last, picture.message))

    def _on_span(self, chip: QAbstractButton) -> None:
        self.span_chosen.emit(self.span)


def _chip(text: str, name: str, meaning: str) -> QPushButton:
    chip = QPushButton(text)
    chip.setCheckable(True)
    chip.setObjectName(name)
    chip.setAccessibleName(meaning)
    chip.setToolTip(meaning)
    chip.setMinimumWidth(34)
    set_role(chip, "chip")
    return chip


def _rules_box() -> QPlainTextEdit:
    """The exchange's own words, as plain text."""
    box = QPlainTextEdit()
    box.setObjectName("market.rules_text")
    box.setAccessibleName("Rules of this market, in the exchange's words")
    box.setReadOnly(True)
    box.setFrameShape(QPlainTextEdit.Shape.NoFrame)
    box.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    box.setTabChangesFocus(True)
    box.hide()
    return box
