"""What becomes of a key that is pressed for an action: refused, asked about, or in force at once."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from pitdesk_ui.hotkeys import spelling
from pitdesk_ui.hotkeys.rules import told
from pitdesk_ui.key_sheet import groups
from pitdesk_ui.settings.keys_page import KeyRow

if TYPE_CHECKING:
    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.settings.keys_page import KeysPage

_MOMENT_S = 0.006


class KeysPresenter(QObject):
    """Between the page and the keys in force. No key is taken from another action without a yes."""

    def __init__(self, page: KeysPage, keys: KeyMap) -> None:
        super().__init__(page)
        self._page, self._keys = page, keys
        self._asked: tuple[str, str] | None = None
        self._sought = self._group = ""
        self._to_come = [action.name for members in groups(keys.actions).values() for action in members]
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill)
        page.opened.connect(self._filling.start)
        page.sought.connect(self._seek)
        page.reset_all_wanted.connect(self._ask_reset_all)
        page.reset_all_answered.connect(self._reset_all)
        keys.changed.connect(self._show)
        page.allow_reset_all(bool(keys.chosen))

    def _fill(self) -> None:
        """As many rows as a moment makes: seventy at once would hold up the window."""
        until = time.monotonic() + _MOMENT_S
        while self._to_come and time.monotonic() < until:
            name = self._to_come.pop(0)
            group = self._keys.action(name).group
            if group != self._group:
                self._group = group
                self._page.add_group(group)
            self._page.add_row(name, self._row(name))
        if not self._to_come:
            self._filling.stop()
        if self._sought:
            self._filter()

    def _row(self, name: str) -> KeyRow:
        action = self._keys.action(name)
        fixed = "  ".join(map(spelling.shown, action.keys)) if action.fixed else ""
        row = KeyRow(name, action.text, fixed)
        row.recorded.connect(partial(self._recorded, name))
        row.reset_wanted.connect(lambda: self._recorded(name, action.keys[0]))
        row.answered.connect(self._answered)
        row.show_key(self._keys.shown(name), usual=self._keys.is_usual(name))
        return row

    def _recorded(self, name: str, key: str) -> None:
        self._forget()
        keys, row = self._keys, self._page.rows[name]
        problem = "" if key == keys.key(name) else keys.why_not(name, key) or keys.cannot_take(name, key)
        if problem:
            row.say(problem, "problem")
            return
        holders = keys.clashing(name, key)
        if holders:
            self._asked = name, key
            row.ask(f"{spelling.shown(key)} is {told(holders)}: take it over?")
        else:
            self._give(name, key)

    def _answered(self, yes: bool) -> None:
        asked = self._asked
        self._forget()
        if asked is not None:
            self._page.rows[asked[0]].focus()
            if yes:
                self._give(*asked)

    def _give(self, name: str, key: str) -> None:
        keys = self._keys
        left = [holder.name for holder in keys.clashing(name, key)]
        keys.give(name, key)
        for other in left:
            if other in self._page.rows:
                now = f"{spelling.shown(key)} is {told([keys.action(name)])} now."
                self._page.rows[other].say(now, "warning")
        self._page.rows[name].say(keys.shadow(name))

    def _forget(self) -> None:
        """No question stands any more."""
        for row in self._page.rows.values():
            row.say("")
        self._asked = None

    def _ask_reset_all(self) -> None:
        self._forget()
        count = len(self._keys.chosen)
        what = "1 action gets its usual key" if count == 1 else f"{count} actions get their usual keys"
        self._page.ask_reset_all(f"{what} again.")

    def _reset_all(self, yes: bool) -> None:
        self._page.ask_reset_all("")
        if yes:
            self._keys.reset_all()

    def _seek(self, text: str) -> None:
        self._sought = text
        self._filter()

    def _filter(self) -> None:
        words = self._sought.casefold().split()
        found = [action.name for action in self._keys.actions if self._fits(action.name, words)]
        none = "" if found else f"No action and no key is found by “{self._sought.strip()}”."
        self._page.show_only(frozenset(found), none)

    def _fits(self, name: str, words: list[str]) -> bool:
        """Every word in its text, its group or its key."""
        keys = " ".join(map(spelling.shown, self._keys.keys(name)))
        action = self._keys.action(name)
        line = f"{action.text} {action.group} {keys}".casefold()
        return all(word in line for word in words)

    def _show(self) -> None:
        keys = self._keys
        for name, row in self._page.rows.items():
            row.show_key(keys.shown(name), usual=keys.is_usual(name))
        self._page.allow_reset_all(bool(keys.chosen))
        if self._sought:
            self._filter()
