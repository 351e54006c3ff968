"""The chart itself: a painted widget. Everything that stays still is kept as one picture, so that moving
the pointer repaints only the crosshair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pitdesk.quantities import Price
from pitdesk_ui.chart.painting import Frame, paint_crosshair, paint_still
from pitdesk_ui.chart.series import Bar, Drawing, merge_bars, readout
from pitdesk_ui.theme import CAPTION_PX, font, theme_of
from pitdesk_ui.widgets.told_role import tell_role

_PITCH_PX = {Drawing.LINE: 3, Drawing.CANDLES: 7}


@dataclass(frozen=True, slots=True)
class ChartPicture:
    """What the chart shows. Without bars, ``message`` stands in the middle instead."""

    bars: tuple[Bar, ...] = ()
    drawing: Drawing = Drawing.LINE
    last: Price | None = None
    message: str = "Choose a market in the finder."


def local_zone() -> tzinfo:
    """The person's time zone as it is now."""
    return datetime.now(UTC).astimezone().tzinfo or UTC


class ChartCanvas(QWidget):
    """Line or candles with axes, the last price, and a crosshair under the pointer or the arrow keys."""

    def __init__(self) -> None:
        super().__init__()
        tell_role(self, "chart")
        self._zone = local_zone()
        self._picture = ChartPicture()
        self._still: QPixmap | None = None
        self._frame: Frame | None = None
        self._at: int | None = None
        self._pointer_y: int | None = None
        self.setObjectName("chart.canvas")
        self.setAccessibleName("Price chart")
        self.setFont(font(CAPTION_PX))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 110)

    @property
    def picture(self) -> ChartPicture:
        """What is shown now."""
        return self._picture

    @property
    def crosshair_text(self) -> str:
        """What the crosshair reads, empty without one."""
        frame, at = self._frame, self._at
        if frame is None or at is None or at >= len(frame.bars):
            return ""
        return readout(frame.bars[at], self._picture.drawing, self._zone)

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return QSize(500, 380)

    def show_picture(self, picture: ChartPicture) -> None:
        """Show ``picture`` from now on."""
        if picture == self._picture:
            return
        if len(picture.bars) != len(self._picture.bars) and self._pointer_y is None:
            self._at = None
        self._picture = picture
        self._forget_still()
        self.setAccessibleDescription(self._words())

    def _words(self) -> str:
        bars = self._picture.bars
        if not bars:
            return self._picture.message
        low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
        return (
            f"From {Price(bars[0].close)} to {Price(bars[-1].close)}, between {Price(low)} and {Price(high)}."
        )

    def _forget_still(self) -> None:
        self._still = None
        self._frame = None
        self.update()

    def _make_frame(self) -> Frame:
        picture = self._picture
        bars = merge_bars(picture.bars, max((self.width() - 80) // _PITCH_PX[picture.drawing], 10))
        return Frame.of(bars, picture.drawing, picture.last, self.size(), self.fontMetrics())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, then the crosshair."""
        painter, theme = QPainter(self), theme_of(self)
        if not self._picture.bars:
            painter.setPen(theme.color("muted"))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(20, 0, -20, 0), flags, self._picture.message)
            return
        if self._still is None or self._frame is None:
            self._frame = self._make_frame()
            self._still = self._paint_still(self._frame)
        painter.drawPixmap(0, 0, self._still)
        if self._at is not None and self._at < len(self._frame.bars):
            paint_crosshair(painter, theme, self._frame, self._at, self._pointer_y, self.crosshair_text)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_still(self, frame: Frame) -> QPixmap:
        ratio = self.devicePixelRatioF()
        still = QPixmap(self.size() * ratio)
        still.setDevicePixelRatio(ratio)
        still.fill(Qt.GlobalColor.transparent)
        painter = QPainter(still)
        painter.setFont(self.font())
        paint_still(painter, theme_of(self), frame, self._zone)
        painter.end()
        return still

    def resizeEvent(self, event: QEvent) -> None:
        """Another size is another picture."""
        self._forget_still()

    def changeEvent(self, event: QEvent) -> None:
        """So is another font, and another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._forget_still()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The crosshair follows the pointer to the nearest bar."""
        position = event.position().toPoint()
        self._place(self._nearest(position), position.y())

    def _nearest(self, position: QPoint) -> int | None:
        frame = self._frame
        if frame is None or not frame.plot.contains(QPointF(position)):
            return None
        return frame.bar_near(position.x())

    def leaveEvent(self, event: QEvent) -> None:
        """No pointer, no crosshair."""
        self._place(None, None)

    def focusOutEvent(self, event: QEvent) -> None:
        """Nor without the keyboard."""
        self._place(None, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the crosshair from bar to bar."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -100_000, Qt.Key.Key_End: 100_000}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._frame is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        last = len(self._frame.bars) - 1
        start = self._at if self._at is not None else last
        self._place(min(max(start + step, 0), last), None)
        self.setAccessibleDescription(self.crosshair_text)

    def _place(self, at: int | None, y: int | None) -> None:
        if (at, y) != (self._at, self._pointer_y):
            self._at, self._pointer_y = at, y
            self.update()
