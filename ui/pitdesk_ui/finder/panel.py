"""The finder as a panel: search, categories, the list, and a sentence where there is no list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from pitdesk_ui.finder.chips import CategoryChips
from pitdesk_ui.finder.listing import FinderHeads, FinderList
from pitdesk_ui.finder.rows import FinderMessage, FinderQuery, FinderRow, FinderRows, RowKind
from pitdesk_ui.hotkeys.keymap import TAB_KEY, KeyMap
from pitdesk_ui.widgets.panel import Panel, plain_label

if TYPE_CHECKING:
    from collections.abc import Container


class FinderPanel(Panel):
    """Find a market and choose it.

    Signals:
        market_chosen: a market to show in the window (its ticker).
        query_changed: something else is looked for (a FinderQuery).
        fold_toggled: an event is to fold or open (its ticker).
        watch_toggled: a market goes on or off the watchlist (its ticker).
        market_menu_opened, event_menu_opened: a QMenu about to open, to be filled further, and the ticker.
    """

    market_chosen = Signal(str)
    query_changed = Signal(object)
    fold_toggled = Signal(str)
    watch_toggled = Signal(str)
    market_menu_opened = Signal(object, str)
    event_menu_opened = Signal(object, str)

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__()
        self.setObjectName("finder.panel")
        self.setAccessibleName("Market finder")
        self.setMinimumWidth(220)
        self.search = _search_box()
        self.chips = CategoryChips()
        self._keys = keys or KeyMap()
        self.listing = FinderList(self._keys)
        self._message = plain_label("", "muted")
        self._message.setObjectName("finder.message")
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._reset = QPushButton()
        self._reset.setObjectName("finder.reset")
        self._stale = plain_label("", "warning")
        self._stale.setObjectName("finder.stale")
        self._stale.setWordWrap(True)
        self._stale.hide()
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._keys.changed.connect(self._show_keys)
        self._show_keys()

    @property
    def query(self) -> FinderQuery:
        """What is looked for now."""
        return FinderQuery(self.search.text(), self.chips.category, self.chips.watchlist_only)

    @property
    def message(self) -> str:
        """What stands in place of the list, empty while there is a list."""
        return self._message.text() if self._pages.currentIndex() == 1 else ""

    def show_rows(self, rows: FinderRows, keep_place: bool) -> None:
        """Show the list; ``keep_place`` leaves it scrolled and the keyboard where they were."""
        bar, current = self.listing.verticalScrollBar(), self.listing.currentIndex().row()
        scrolled, was = bar.value(), self.listing.rows.row(current)
        self.listing.rows.show_rows(rows)
        if keep_place:
            self._restore_current(was)
            self.listing.executeDelayedItemsLayout()
            bar.setValue(scrolled)
        else:
            self.listing.scrollToTop()
        self._pages.setCurrentIndex(0)

    def show_message(self, message: FinderMessage) -> None:
        """Show a sentence in place of the list, with a way out where there is one."""
        self.listing.rows.show_rows(FinderRows())
        self._message.setText(message.text)
        self._reset.setText(message.button)
        self._reset.setVisible(bool(message.button))
        self._pages.setCurrentIndex(1)

    def show_stale(self, sentence: str) -> None:
        """Grey the quotes and say why; an empty sentence makes them live again."""
        self.listing.set_stale(bool(sentence))
        self._stale.setText(sentence)
        self._stale.setVisible(bool(sentence))

    def tell_quotes(self, tickers: Container[str]) -> None:
        """The quotes of these markets are other ones now."""
        self.listing.rows.tell_quotes(tickers, self.listing.in_sight())

    def set_chosen(self, ticker: str) -> None:
        """Light up the market that the window shows."""
        self.listing.set_chosen(ticker)

    def focus_search(self) -> None:
        """Into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _show_keys(self) -> None:
        self.search.setPlaceholderText(f"Find a market{self._keys.phrase('find', '   {}')}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search box that belong to the list: Down, Page Down, Enter; Esc clears the text."""
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                return self._override(event)
            if event.type() == QEvent.Type.KeyPress:
                return self._search_key(event)
        return bool(super().eventFilter(watched, event))

    def _override(self, event: QKeyEvent) -> bool:
        clears = event.key() == Qt.Key.Key_Escape and bool(self.search.text())
        if clears or event.key() in _SEARCH_KEYS:
            event.accept()
            return True
        return False

    def _search_key(self, event: QKeyEvent) -> bool:
        first = self.listing.rows.first_market()
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) and first is not None:
            self.listing.setFocus(Qt.FocusReason.TabFocusReason)
            self.listing.setCurrentIndex(self.listing.rows.index(first))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.listing.rows.row(first) if first is not None else None
            if row is not None and self.search.text().strip():
                self.market_chosen.emit(row.ticker)
        else:
            return False
        return True

    def _lay_out(self) -> None:
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(FinderHeads(self.listing))
        column.addWidget(self.listing, 1)
        spoken = QWidget()
        column = QVBoxLayout(spoken)
        column.setContentsMargins(8, 40, 8, 0)
        column.setSpacing(12)
        column.addWidget(self._message)
        column.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._pages.addWidget(listed)
        self._pages.addWidget(spoken)
        self.body.addWidget(self.search)
        self.body.addWidget(self.chips)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self._stale)

    def _connect(self) -> None:
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._on_query)
        self.chips.changed.connect(self._on_query)
        self._reset.clicked.connect(self._on_reset)
        self.listing.market_chosen.connect(self.market_chosen)
        self.listing.fold_toggled.connect(self.fold_toggled)
        self.listing.watch_toggled.connect(self.watch_toggled)
        self.listing.left_upwards.connect(self.focus_search)
        self.listing.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.listing.customContextMenuRequested.connect(self._on_menu)

    def _restore_current(self, was: FinderRow | None) -> None:
        if was is not None:
            self.listing.setCurrentIndex(self.listing.rows.index_like(was.kind, was.ticker))

    def _on_query(self) -> None:
        self.query_changed.emit(self.query)

    def _on_reset(self) -> None:
        """One step back: the search first, then the chips."""
        if self.search.text().strip():
            self.search.clear()
        else:
            self.search.clear()
            self.chips.clear()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_menu(self, position: QPoint) -> None:
        row = self.listing.rows.row(self.listing.indexAt(position).row())
        if row is None:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        if row.kind is RowKind.MARKET:
            self._fill_menu(menu, row)
            self.market_menu_opened.emit(menu, row.ticker)
        else:
            self.event_menu_opened.emit(menu, row.ticker)
        if menu.isEmpty():
            menu.deleteLater()
        else:
            menu.popup(self.listing.viewport().mapToGlobal(position))

    def _fill_menu(self, menu: QMenu, row: FinderRow) -> None:
        ticker = row.ticker
        menu.addAction("Show this market").triggered.connect(lambda: self.market_chosen.emit(ticker))
        watch = "Take off the watchlist" if row.is_watched else "Put on the watchlist"
        watching = menu.addAction(f"{watch}{self._keys.phrase('watch', TAB_KEY)}")
        watching.triggered.connect(lambda: self.watch_toggled.emit(ticker))
        menu.addAction("Copy the ticker").triggered.connect(
            lambda: QGuiApplication.clipboard().setText(ticker)
        )


_SEARCH_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _search_box() -> QLineEdit:
    box = QLineEdit()
    box.setObjectName("finder.search")
    box.setAccessibleName("Find a market")
    box.setClearButtonEnabled(True)
    box.setMaxLength(120)
    return box
