"""The Batch tab as a widget: toolbar, question, find bar, sheet, footer. Its presenter decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout

from pitdesk.desk.batch.rows import Field
from pitdesk_ui.batch.find_bar import FindBar
from pitdesk_ui.batch.footer import Footer
from pitdesk_ui.batch.grid import SheetView
from pitdesk_ui.batch.grid_keys import Ask, key_phrase
from pitdesk_ui.batch.model import SheetModel
from pitdesk_ui.batch.question import BatchQuestion
from pitdesk_ui.batch.toolbar import Toolbar
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QAction

_BUTTONS = {
    "batch.add": Ask.ADD_ROW,
    "batch.paste": Ask.PASTE_LOOK,
    "batch.open_csv": Ask.OPEN_CSV,
    "batch.ladder": Ask.LADDER,
    "batch.check": Ask.CHECK,
}
_CHANGES: tuple[tuple[Ask | None, str], ...] = (
    (Ask.UNDO, "Undo"),
    (Ask.REDO, "Redo"),
    (None, ""),
    (Ask.MULTIPLY, "Multiply contracts…"),
    (Ask.REVERSE, "Reverse sides"),
    (Ask.SHIFT, "Shift prices…"),
    (None, ""),
    (Ask.FILL_DOWN, "Fill down"),
    (Ask.INSERT_ROW, "Insert row"),
    (Ask.DELETE_ROWS, "Delete rows"),
    (Ask.EMPTY, "Empty the sheet"),
    (None, ""),
    (Ask.FIND, "Find…"),
    (Ask.REPLACE, "Find and replace…"),
)
_CELL_MENU: tuple[tuple[Ask | None, str], ...] = (
    (Ask.CUT, "Cut"),
    (Ask.COPY, "Copy"),
    (Ask.PASTE, "Paste"),
    (None, ""),
    *_CHANGES[3:],
)


class BatchPanel(TabPage):
    """``asked`` says what a button, a menu or a key wants; :attr:`model` is what the sheet shows."""

    asked = Signal(object)
    saved_menu_wanted = Signal()
    saved_chosen = Signal(str)
    saved_delete_wanted = Signal(str)
    market_chosen = Signal(str)

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__()
        self.setObjectName("batch")
        self._keys = keys or KeyMap()
        self.model = SheetModel()
        self.table = SheetView(self.model, self._keys)
        self.toolbar = Toolbar(self._keys)
        self.question = BatchQuestion()
        self.find_bar = FindBar()
        self.footer = Footer()
        self._actions: dict[Ask, QAction] = {}
        self._keys.changed.connect(self._show_keys)
        self._saved = QMenu("Saved batches", self)
        self._build()
        self._fill_menus()
        self._connect()

    def focus_sheet(self) -> None:
        """Put the keyboard where rows are typed."""
        if not self.table.currentIndex().isValid():
            self.table.go_to(0, Field.MARKET)
        self.table.setFocus()

    def allow(self, ask: Ask, *, enabled: bool) -> None:
        """Whether a menu's action makes sense now."""
        self._actions[ask].setEnabled(enabled)

    def show_columns_in_use(self, fields: Iterable[Field]) -> None:
        """Columns that hold something are shown and cannot be hidden: nothing unseen goes into an order."""
        self.table.choice.hold(frozenset(field.name.lower() for field in fields))

    def show_saved(self, names: tuple[str, ...]) -> None:
        """The names under which batches are kept, in the Save menu."""
        menu = self._saved
        menu.clear()
        for name in names:
            entry = menu.addMenu(name.replace("&", "&&"))
            entry.addAction("Open").triggered.connect(_saying(self.saved_chosen, name))
            entry.addAction("Delete").triggered.connect(_saying(self.saved_delete_wanted, name))
        menu.setEnabled(bool(names))
        menu.setTitle("Saved batches" if names else "No batch is saved yet")

    def say(self, sentence: str, role: str = "muted", *, lasting: bool = False) -> None:
        """What came of the last action; said until the next edit, or longer where it is ``lasting``."""
        self.footer.say(sentence, role, lasting=lasting)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.question)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.footer)

    def _fill_menus(self) -> None:
        change = QMenu(self)
        change.setObjectName("batch.change.menu")
        self._fill(change, _CHANGES, self._actions)
        change.addSeparator()
        self._columns_menu = QMenu("Columns", change)
        change.addMenu(self._columns_menu)
        self._columns_menu.aboutToShow.connect(self._fill_columns)
        self.toolbar.set_menu("batch.change", change)
        save = QMenu(self)
        save.setObjectName("batch.save.menu")
        self._fill(save, ((Ask.SAVE_AS, "Save this batch…"),), self._actions)
        save.addMenu(self._saved)
        save.addSeparator()
        csv = ((Ask.WRITE_CSV, "Write a CSV file…"), (Ask.WRITE_TEMPLATE, "Write an empty template…"))
        self._fill(save, csv, self._actions)
        save.aboutToShow.connect(self.saved_menu_wanted)
        self.toolbar.set_menu("batch.save", save)
        self.show_saved(())

    def _fill(
        self, menu: QMenu, entries: Iterable[tuple[Ask | None, str]], kept: dict[Ask, QAction] | None
    ) -> None:
        for ask, text in entries:
            if ask is None:
                menu.addSeparator()
                continue
            action = menu.addAction(text + key_phrase(self._keys, ask))
            action.triggered.connect(self._asker(ask))
            if kept is not None:
                kept[ask] = action

    def _show_keys(self) -> None:
        for ask, action in self._actions.items():
            action.setText(action.text().partition("\t")[0] + key_phrase(self._keys, ask))

    def _asker(self, ask: Ask) -> Callable[[], None]:
        return lambda: self.asked.emit(ask)

    def _fill_columns(self) -> None:
        self._columns_menu.clear()
        self.table.choice.fill(self._columns_menu)

    def _connect(self) -> None:
        for name, ask in _BUTTONS.items():
            self.toolbar.buttons[name].clicked.connect(self._asker(ask))
        self.toolbar.send.clicked.connect(self._asker(Ask.SEND))
        self.table.asked.connect(self._table_asked)
        self.table.menu_wanted.connect(self._open_cell_menu)
        self.export_wanted.connect(self._asker(Ask.WRITE_CSV))
        self.find_bar.closed.connect(self.table.setFocus)

    def _table_asked(self, ask: Ask) -> None:
        if ask is Ask.ESCAPE:
            self.toolbar.buttons["batch.add"].setFocus()
        elif ask is Ask.SEND and self.toolbar.why_not:
            self.say(self.toolbar.why_not)
        else:
            self.asked.emit(ask)

    def _open_cell_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self._fill(menu, _CELL_MENU, None)
        menu.popup(self.table.viewport().mapToGlobal(at))


def _saying(signal: SignalInstance, name: str) -> Callable[[], None]:
    return lambda: signal.emit(name)


def clipboard_text() -> str:
    """The text that was copied, wherever."""
    return QApplication.clipboard().text()


def put_on_clipboard(text: str) -> None:
    """Copy."""
    QApplication.clipboard().setText(text)
