"""How the chart looks: axes, line with its area, candles, last price, crosshair."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from pitdesk.quantities import Price
from pitdesk_ui.chart.series import Bar, Drawing, price_ticks, price_window, tick_text, time_ticks

if TYPE_CHECKING:
    from datetime import tzinfo

    from pitdesk_ui.theme import Theme

_AXIS_LEFT, _AXIS_BOTTOM, _TOP, _TAG_RIGHT = 36, 22, 8, 46
_PRICE_GAP_PX, _TIME_GAP_PX = 44, 84
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are: the plot's rectangle and the window of times and prices that it shows."""

    bars: tuple[Bar, ...]
    drawing: Drawing
    last: Price | None
    plot: QRectF
    start_s: int
    end_s: int
    low: int
    high: int
    size: QSize

    @classmethod
    def of(
        cls, bars: tuple[Bar, ...], drawing: Drawing, last: Price | None, size: QSize, metrics: QFontMetrics
    ) -> Self:
        """The frame for ``bars`` on a widget of ``size``; there is at least one bar."""
        low, high = price_window(bars, drawing, last)
        left = max(_AXIS_LEFT, metrics.horizontalAdvance("00.0") + 12)
        plot = QRectF(left, _TOP, size.width() - left - _TAG_RIGHT, size.height() - _TOP - _AXIS_BOTTOM)
        start, end = bars[0].end_s, bars[-1].end_s
        if drawing is Drawing.CANDLES and len(bars) > 1:
            half = max((end - start) // (len(bars) - 1) // 2, 1)
            start, end = start - half, end + half
        return cls(bars, drawing, last, plot, start, max(end, start + 60), low, max(high, low + 1), size)

    def x(self, moment_s: float) -> float:
        """The pixel of a moment."""
        return self.plot.left() + (moment_s - self.start_s) / (self.end_s - self.start_s) * self.plot.width()

    def y(self, units: float) -> float:
        """The pixel of a price unit."""
        return self.plot.bottom() - (units - self.low) / (self.high - self.low) * self.plot.height()

    def price_at(self, y: float) -> Price:
        """The price at a pixel, to the tenth of a cent: for reading off, never for an order."""
        share = (self.plot.bottom() - y) / max(self.plot.height(), 1.0)
        return Price(round((self.low + share * (self.high - self.low)) / 10) * 10)

    def bar_near(self, x: float) -> int:
        """The index of the bar closest to a pixel."""
        share = (x - self.plot.left()) / max(self.plot.width(), 1.0)
        moment = self.start_s + share * (self.end_s - self.start_s)
        found = bisect_left(self.bars, moment, key=lambda bar: bar.end_s)
        if found == 0:
            return 0
        if found == len(self.bars):
            return found - 1
        before, after = self.bars[found - 1].end_s, self.bars[found].end_s
        return found if after - moment < moment - before else found - 1


def paint_still(painter: QPainter, theme: Theme, frame: Frame, zone: tzinfo) -> None:
    """All but the crosshair."""
    _paint_axes(painter, theme, frame, zone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.setClipRect(frame.plot.adjusted(0, -2, 2, 2))
    if frame.drawing is Drawing.CANDLES:
        _paint_candles(painter, theme, frame)
    else:
        _paint_line(painter, theme, frame)
    painter.restore()
    _paint_last(painter, theme, frame)


def _paint_axes(painter: QPainter, theme: Theme, frame: Frame, zone: tzinfo) -> None:
    plot = frame.plot
    muted, line = theme.color("muted"), theme.color("line")
    ticks = price_ticks(frame.low, frame.high, int(plot.height() // _PRICE_GAP_PX) + 1)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 100
    for units in ticks:
        y = round(frame.y(units)) + 0.5
        painter.setPen(_faint(line))
        painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
        painter.setPen(muted)
        painter.drawText(QRectF(0, y - 9, plot.left() - 8, 18), _RIGHT, tick_text(units, step))
    painter.setPen(line)
    painter.drawLine(QLineF(plot.left() + 0.5, plot.top(), plot.left() + 0.5, plot.bottom()))
    painter.drawLine(QLineF(plot.left(), plot.bottom() + 0.5, plot.right(), plot.bottom() + 0.5))
    _paint_times(painter, theme, frame, zone)


def _paint_times(painter: QPainter, theme: Theme, frame: Frame, zone: tzinfo) -> None:
    plot, metrics = frame.plot, painter.fontMetrics()
    most = int(plot.width() // _TIME_GAP_PX) + 1
    for moment, text in time_ticks(frame.start_s, frame.end_s, most, zone):
        x = round(frame.x(moment)) + 0.5
        half = metrics.horizontalAdvance(text) / 2
        if x - half < plot.left() - 8 or x + half > frame.size.width():
            continue
        painter.setPen(theme.color("line"))
        painter.drawLine(QLineF(x, plot.bottom(), x, plot.bottom() + 3))
        painter.setPen(theme.color("muted"))
        painter.drawText(QRectF(x - half - 2, plot.bottom() + 4, half * 2 + 4, 16), _CENTRE, text)


def _faint(color: QColor) -> QColor:
    faint = QColor(color)
    faint.setAlpha(110)
    return faint


def _paint_line(painter: QPainter, theme: Theme, frame: Frame) -> None:
    points = [QPointF(frame.x(bar.end_s), frame.y(bar.close)) for bar in frame.bars]
    if len(points) == 1:
        points.append(QPointF(frame.plot.right(), points[0].y()))
    accent, bottom = theme.color("accent"), frame.plot.bottom()
    area = QPainterPath(QPointF(points[0].x(), bottom))
    for point in points:
        area.lineTo(point)
    area.lineTo(points[-1].x(), bottom)
    area.closeSubpath()
    fill = QLinearGradient(0, frame.plot.top(), 0, bottom)
    for place, alpha in ((0.0, 62), (1.0, 26)):
        shade = QColor(accent)
        shade.setAlpha(alpha)
        fill.setColorAt(place, shade)
    painter.fillPath(area, fill)
    pen = QPen(accent, 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))


def _paint_candles(painter: QPainter, theme: Theme, frame: Frame) -> None:
    pitch = frame.plot.width() / max(len(frame.bars), 1)
    body = max(min(pitch * 0.66, 14.0), 1.5)
    for bar in frame.bars:
        color = theme.color("yes" if bar.rose else "no")
        x = frame.x(bar.end_s)
        painter.setPen(QPen(color, 1))
        painter.drawLine(QLineF(x, frame.y(bar.high), x, frame.y(bar.low)))
        top, bottom = frame.y(max(bar.open, bar.close)), frame.y(min(bar.open, bar.close))
        painter.fillRect(QRectF(x - body / 2, top, body, max(bottom - top, 1.2)), color)


def _paint_last(painter: QPainter, theme: Theme, frame: Frame) -> None:
    """A dashed line at the last price and its tag on the right, so that both axes stay readable."""
    if frame.last is None:
        return
    y, accent = frame.y(frame.last.units), theme.color("accent")
    dashes = QPen(accent, 1, Qt.PenStyle.DashLine)
    painter.setPen(dashes)
    painter.setOpacity(0.55)
    painter.drawLine(QLineF(frame.plot.left(), y, frame.plot.right(), y))
    painter.setOpacity(1.0)
    _paint_tag(painter, frame, y, str(frame.last), theme.color("accent_ground"), theme.color("text"))


def _paint_tag(painter: QPainter, frame: Frame, y: float, text: str, ground: QColor, ink: QColor) -> None:
    width = max(painter.fontMetrics().horizontalAdvance(text) + 10, 36)
    left = min(frame.plot.right() + 3, frame.size.width() - width)
    box = QRectF(left, y - 9, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(ink)
    painter.drawText(box, _CENTRE, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_crosshair(
    painter: QPainter, theme: Theme, frame: Frame, at: int, pointer_y: int | None, text: str
) -> None:
    """Two thin lines, the price beside them and what the bar reads above."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    bar = frame.bars[at]
    x, muted = frame.x(bar.end_s), theme.color("muted")
    painter.setPen(QPen(muted, 1, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(x, frame.plot.top(), x, frame.plot.bottom()))
    if pointer_y is not None and frame.plot.top() <= pointer_y <= frame.plot.bottom():
        painter.drawLine(QLineF(frame.plot.left(), pointer_y, frame.plot.right(), pointer_y))
        price = str(frame.price_at(pointer_y))
        _paint_tag(painter, frame, pointer_y, price, theme.color("line"), theme.color("text"))
    painter.setBrush(theme.color("accent"))
    painter.setPen(QPen(theme.color("panel"), 1.5))
    painter.drawEllipse(QPointF(x, frame.y(bar.close)), 4, 4)
    width = painter.fontMetrics().horizontalAdvance(text) + 16
    left = frame.plot.left() + 8 if x > frame.plot.center().x() else frame.plot.right() - width - 4
    box = QRectF(max(left, frame.plot.left()), frame.plot.top() + 2, width, 20)
    painter.setPen(theme.color("line"))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.color("text"))
    painter.drawText(box, _CENTRE, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
