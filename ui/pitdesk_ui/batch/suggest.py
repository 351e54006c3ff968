"""A cell's editor: a line of text, and under it a list of what may be meant, without the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QWidget

from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.hotkeys.table import Where
from pitdesk_ui.theme import theme_of
from pitdesk_ui.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QFocusEvent, QHideEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

_MOST_SHOWN = 9
_LINE_HEIGHT = 26
_MOST_CHARACTERS = 200
_OWN_KEYS = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Space,
    }
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: what is read, a word beside it, and what is written into the cell."""

    text: str
    value: str
    detail: str = ""


Suggest = Callable[[str], tuple[Suggestion, ...]]
"""What may be meant by a text; for an empty text everything that can be chosen, or nothing."""


class SuggestEdit(QLineEdit):
    """A line of text over a cell. ``value`` is what the cell gets: a suggestion's, or the text as typed."""

    picked = Signal()
    """A suggestion was clicked: the cell is done."""

    def __init__(self, parent: QWidget, suggest: Suggest | None, keys: KeyMap | None = None) -> None:
        super().__init__(parent)
        self._keys = keys or KeyMap()
        self.setObjectName("batch.editor")
        self.setMaxLength(_MOST_CHARACTERS)
        self.setFrame(False)
        self._suggest = suggest
        self._found: tuple[Suggestion, ...] = ()
        self._list: _SuggestionList | None = None
        self._chosen: str | None = None
        self._first_text, self._first_value = "", ""
        self.textEdited.connect(self._look)

    def begin(self, text: str, value: str) -> None:
        """Show a cell: ``text`` as it reads, ``value`` as it is written while nobody changes it."""
        self._first_text, self._first_value = text, value
        self._chosen = None
        self.setText(text)
        self.selectAll()

    def value(self) -> str:
        """What the cell gets."""
        if self._chosen is not None:
            return self._chosen
        if self.text() == self._first_text:
            return self._first_value
        place = self._list.currentRow() if self._list is not None and self._list.isVisible() else -1
        return self._found[place].value if 0 <= place < len(self._found) else self.text()

    def shown_value(self) -> str:
        """The words of what the cell gets."""
        value = self.value()
        return next((one.text for one in self._found if one.value == value), self.text())

    def offer_all(self) -> None:
        """Open the list of a cell that has only a few possible texts."""
        if self._suggest is not None:
            self._show(self._suggest(""), choose_first=False)

    def step(self, direction: int) -> bool:
        """Move along the list; False where none is open."""
        if self._list is None or not self._list.isVisible():
            return False
        place = min(max(self._list.currentRow() + direction, 0), self._list.count() - 1)
        self._list.setCurrentRow(place)
        self._chosen = self._found[place].value
        return True

    def close_list(self) -> bool:
        """Take the list away; False where none was open."""
        if self._list is None or not self._list.isVisible():
            return False
        self._list.hide()
        return True

    def event(self, event: QEvent) -> bool:
        """Keys of the sheet are not the window's while a cell is typed into."""
        is_asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if is_asked and self._is_own(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        return event.key() in _OWN_KEYS or bool(
            self._keys.pressed_in(Where.CELL, event) or self._keys.is_pressed("sheet_edit", event)
        )

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the keyboard."""
        super().focusOutEvent(event)
        self.close_list()

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes with the editor."""
        super().hideEvent(event)
        if self._list is not None:
            self._list.hide()
            self._list.deleteLater()
            self._list = None

    def _look(self, text: str) -> None:
        self._chosen = None
        if self._suggest is not None:
            self._show(self._suggest(text), choose_first=bool(text.strip()))

    def _show(self, found: tuple[Suggestion, ...], *, choose_first: bool) -> None:
        self._found = found
        if not found:
            self.close_list()
            return
        if self._list is None:
            self._list = _SuggestionList(self.window())
            self._list.picked.connect(self._pick)
        self._list.fill(found, 0 if choose_first else -1)
        self._list.place(self)

    def _pick(self, place: int) -> None:
        """A click chooses and is done with the cell."""
        self._chosen = self._found[place].value
        self.setText(self._found[place].text)
        self.picked.emit()


class _SuggestionList(QListWidget):
    """The list itself: a child of the window, so that it neither takes the keyboard nor is a window."""

    picked = Signal(int)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("batch.suggestions")
        self.setAccessibleName("What may be meant")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_SuggestionPainter(self))
        self.hide()

    def fill(self, found: tuple[Suggestion, ...], current: int) -> None:
        """Offer these."""
        self.clear()
        for one in found:
            item = QListWidgetItem(one.text)
            item.setData(Qt.ItemDataRole.UserRole, one.detail)
            item.setToolTip(plain_tip(f"{one.text}\n{one.value}"))
            item.setSizeHint(QSize(0, _LINE_HEIGHT))
            self.addItem(item)
        self.setCurrentRow(current)

    def place(self, editor: QWidget) -> None:
        """Under the editor where there is room, else above it."""
        window = self.parentWidget()
        assert window is not None  # noqa: S101 (it is made with one)
        lines = min(self.count(), _MOST_SHOWN)
        details = any(self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count()))
        size = QSize(max(editor.width(), 460 if details else 130), lines * _LINE_HEIGHT + 8)
        at = editor.mapTo(window, QPoint(0, editor.height() + 2))
        if at.y() + size.height() > window.height():
            at = editor.mapTo(window, QPoint(0, -size.height() - 2))
        self.setGeometry(QRect(at, size))
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses; the keyboard stays where it is."""
        item = self.itemAt(event.position().toPoint())
        if item is not None:
            self.picked.emit(self.row(item))


class _SuggestionPainter(QStyledItemDelegate):
    """The text at the left, its detail muted at the right."""

    def __init__(self, listed: QListWidget) -> None:
        super().__init__(listed)
        self._listed = listed

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One line."""
        rect: QRect = option.rect
        theme = theme_of(self._listed)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        room = rect.adjusted(8, 0, -8, 0)
        metrics = option.fontMetrics
        detail = index.data(Qt.ItemDataRole.UserRole) or ""
        right = metrics.horizontalAdvance(detail)
        painter.setPen(theme.color("muted"))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, detail)
        painter.setPen(theme.color("text"))
        left = room.adjusted(0, 0, -(right + 12 if right else 0), 0)
        text = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
