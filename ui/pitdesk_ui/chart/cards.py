"""The four outcome cards under the chart."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pitdesk_ui.chart.words import CardText, break_even_card, gain_card, market_says_card
from pitdesk_ui.theme import font, set_role, theme_of
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from pitdesk.cost import OrderCost
    from pitdesk.markets import Quote

_FIGURE_PX, _WHOLE_DOWN_TO_PX, _SMALLEST_PX = 16, 12, 10
_NARROW_PX = 92
_INKS = {"figure_positive": "yes", "figure_negative": "no", "figure_muted": "muted"}


class _Figure(QWidget):
    """A figure that grows smaller, then drops its cents, rather than be cut: money is never shown in part."""

    def __init__(self) -> None:
        super().__init__()
        self._card = CardText()
        self.setMinimumSize(30, 21)
        self.setFixedHeight(21)

    def show_card(self, card: CardText) -> None:
        """Show the card's value in its color."""
        self._card = card
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The largest size that fits."""
        painter = QPainter(self)
        text, pixels = self._fitting()
        painter.setFont(_figure_font(pixels))
        painter.setPen(theme_of(self).color(_INKS.get(self._card.role, "text")))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(self.rect(), flags, text)

    def _fitting(self) -> tuple[str, int]:
        """The whole value if it fits at a readable size, else the short one."""
        for text, smallest in ((self._card.value, _WHOLE_DOWN_TO_PX), (self._card.short, _SMALLEST_PX)):
            for pixels in range(_FIGURE_PX, smallest - 1, -1):
                if QFontMetrics(_figure_font(pixels)).horizontalAdvance(text) <= self.width():
                    return text, pixels
        return self._card.short, _SMALLEST_PX


@lru_cache
def _figure_font(pixels: int) -> QFont:
    return font(pixels, QFont.Weight.DemiBold)


class OutcomeCard(QFrame):
    """One figure about the order in the ticket, told to assistive technology as one."""

    def __init__(self, caption: str, short_caption: str, name: str) -> None:
        super().__init__()
        self._caption = caption
        self._short_caption = short_caption
        self._name = plain_label(caption, "caption")
        self._name.setMinimumWidth(20)
        self._value = ""
        self._figure = _Figure()
        self.setObjectName(name)
        set_role(self, "card")
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(2)
        self._layout.addWidget(self._name)
        self._layout.addWidget(self._figure)
        self.setMinimumWidth(66)
        self.show_card(CardText())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow card has a shorter name and less air."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW_PX
        self._layout.setContentsMargins(*((6, 7, 4, 7) if narrow else (10, 7, 8, 7)))
        self._name.setText(self._short_caption if narrow else self._caption)

    @property
    def value(self) -> str:
        """What it shows."""
        return self._value

    def show_card(self, card: CardText) -> None:
        """Show a value."""
        self._value = card.value
        self._figure.show_card(card)
        self.setToolTip(plain_tip(card.tip))
        self.setAccessibleName(f"{self._caption}: {card.value}")


class OutcomeCards(QWidget):
    """Resolves Yes, Resolves No, Break-even, Market says: side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.resolves_yes = OutcomeCard("Resolves Yes", "If Yes", "market.card.resolves_yes")
        self.resolves_no = OutcomeCard("Resolves No", "If No", "market.card.resolves_no")
        self.break_even = OutcomeCard("Break-even", "Even at", "market.card.break_even")
        self.market_says = OutcomeCard("Market says", "Market", "market.card.market_says")
        row = QHBoxLayout()
        row.setSpacing(6)
        for card in (self.resolves_yes, self.resolves_no, self.break_even, self.market_says):
            row.addWidget(card, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(plain_label("If this order fills", "caption"))
        layout.addLayout(row)
        self.show_cost(None)

    def show_cost(self, cost: OrderCost | None) -> None:
        """Show what the order in the ticket would leave behind; None where there is no whole order."""
        self.resolves_yes.show_card(gain_card(cost.gain_yes if cost else None, "Yes"))
        self.resolves_no.show_card(gain_card(cost.gain_no if cost else None, "No"))
        self.break_even.show_card(break_even_card(cost))

    def show_quote(self, quote: Quote) -> None:
        """Show what the market says now."""
        self.market_says.show_card(market_says_card(quote))
