"""The keys in force: the usual ones of the table, and those the person chose instead.

Who shows a key asks here, at every showing, and listens to ``changed``: nothing waits for the next start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from pitdesk_ui.hotkeys import rules, spelling
from pitdesk_ui.hotkeys.table import ACTIONS, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent

    from pitdesk_ui.hotkeys.table import Action

TAB_KEY = "\t{}"
"""A phrase: the key at the right of a menu's entry."""
_MOST_TOLD = 3


class KeyMap(QObject):
    """What key each action has. ``changed``: some has another; ``trouble``: what was chosen and cannot be."""

    changed = Signal()

    def __init__(
        self, chosen: Mapping[str, object] | None = None, actions: tuple[Action, ...] = ACTIONS
    ) -> None:
        """``chosen``: keys by the names of actions, as they were kept; an empty one is none."""
        super().__init__()
        self.actions = actions
        self.trouble = ""
        self._by_name = {action.name: action for action in actions}
        self._chosen: dict[str, str] = {}
        self._find()
        self._read(chosen or {})

    @property
    def chosen(self) -> dict[str, str]:
        """The keys that are not the usual ones, by the names of their actions; an empty one is none."""
        return dict(self._chosen)

    def action(self, name: str) -> Action:
        """The action of that name. Raises KeyError where there is none."""
        return self._by_name[name]

    def keys(self, name: str) -> tuple[str, ...]:
        """All keys that the action is told to have."""
        if name not in self._chosen:
            return self._by_name[name].keys
        return tuple(filter(None, (self._chosen[name],)))

    def key(self, name: str) -> str:
        """The key of the action, empty where it has none."""
        return next(iter(self.keys(name)), "")

    def everywhere(self, name: str) -> bool:
        """Whether its key acts wherever the keyboard is, in text fields and dialogs too."""
        return rules.everywhere(self._by_name[name], self.key(name))

    def shown(self, name: str) -> str:
        """Its key as a person reads it, empty where it has none."""
        return spelling.shown(self.key(name))

    def phrase(self, name: str, phrase: str, without: str = "") -> str:
        """``phrase`` with the key in place of ``{}``; ``without`` where there is no key."""
        shown = self.shown(name)
        return phrase.replace("{}", shown) if shown else without

    def tip(self, text: str, name: str) -> str:
        """``text`` with the key in brackets behind it."""
        return f"{text}{self.phrase(name, ' ({})')}"

    def is_pressed(self, name: str, event: QKeyEvent) -> bool:
        """Whether ``event`` is the key of that action."""
        return spelling.pressed(event) in self._understood(self._by_name[name])

    def pressed_in(self, where: Where, event: QKeyEvent) -> str:
        """The name of the action that the key has in that place alone; empty for none."""
        return self._found[where].get(spelling.pressed(event), "")

    def why_not(self, name: str, key: str) -> str:
        """Why the action cannot have ``key``, whoever has it now; empty where it can."""
        return rules.why_not(self._by_name[name], key)

    def clashing(self, name: str, key: str) -> list[Action]:
        """The other actions that would have to give ``key`` up for it."""
        if not key:
            return []
        others = [(other, self._understood(other)) for other in self.actions]
        return rules.clashing(self._by_name[name], key, others)

    def shadow(self, name: str) -> str:
        """What the action's key does besides in other places, as a sentence; empty where nothing."""
        others = [(other, self._understood(other)) for other in self.actions]
        return rules.shadow(self._by_name[name], self.key(name), others) if self.key(name) else ""

    def give(self, name: str, key: str) -> None:
        """Give the action ``key``, empty for none; whoever clashes with it is left without one.

        Raises ValueError with a plain sentence where it cannot have it, or another cannot do without.
        """
        clashing = self.clashing(name, key)
        problem = self.why_not(name, key) or self._cannot_lose(clashing)
        if problem:
            raise ValueError(problem)
        for other in clashing:
            self._choose(other, "")
        self._choose(self._by_name[name], key)
        self._find()
        self.changed.emit()

    def is_usual(self, name: str) -> bool:
        """Whether the action has the key that it has at first."""
        return name not in self._chosen

    def cannot_take(self, name: str, key: str) -> str:
        """Why nobody may give ``key`` up for the action; empty where it is free, or its holder can."""
        return self._cannot_lose(self.clashing(name, key))

    def reset_all(self) -> None:
        """The usual key for every action."""
        self._chosen.clear()
        self._find()
        self.changed.emit()

    def _choose(self, action: Action, key: str) -> None:
        if (key,) == action.keys:
            self._chosen.pop(action.name, None)
        else:
            self._chosen[action.name] = key

    def _cannot_lose(self, holders: list[Action]) -> str:
        for holder in holders:
            if holder.fixed:
                return f"{rules.told([holder])} has this key and cannot have another. Choose another key."
            if holder.needed:
                return f"{rules.told([holder])} has this key and is never without one: give it another first."
        return ""

    def _understood(self, action: Action) -> tuple[str, ...]:
        return self.keys(action.name) + (action.also if action.name not in self._chosen else ())

    def _find(self) -> None:
        """Look up by place and key what a press means, for the places that ask at every press."""
        self._found: dict[Where, dict[str, str]] = {where: {} for where in Where}
        for action in self.actions:
            for key in self._understood(action):
                self._found[action.where][key] = action.name

    # What was kept.

    def _read(self, kept: Mapping[str, object]) -> None:
        """Take what can be; what cannot be is told, and the usual key holds."""
        problems = [f"There is no action “{name}” here." for name in kept if name not in self._by_name]
        for name in kept:
            if name in self._by_name:
                key, problem = self._readable(self._by_name[name], kept[name])
                if problem:
                    problems.append(problem)
                else:
                    self._choose(self._by_name[name], key)
        while problem := self._settle():
            problems.append(problem)
        self._find()
        self.trouble = _sentence(problems)

    def _readable(self, action: Action, kept: object) -> tuple[str, str]:
        """The key that was kept, and why it cannot be used."""
        if kept == "":
            return "", self.why_not(action.name, "")
        key = spelling.spelled(kept) if isinstance(kept, str) else ""
        if not key:
            return "", f"{str(kept)[:20]!r} for {rules.told([action])} is no key."
        return key, self.why_not(action.name, key)

    def _settle(self) -> str:
        """No two with one key: of the first two found one gives way, both are told. Empty where all is well.

        What was chosen for it gives way to its usual key, and that to none.
        """
        for name, key in self._chosen.items():
            for other in self.clashing(name, key):
                loser = self._by_name[name] if other.needed or other.fixed else other
                winner = other if loser.name == name else self._by_name[name]
                if self._chosen.pop(loser.name, None) is None:
                    self._chosen[loser.name] = ""
                    return f"{rules.told([loser])} is without a key: {rules.told([winner])} has it."
                return f"{rules.told([winner, loser])} had one key."
        return ""


def _sentence(problems: list[str]) -> str:
    if not problems:
        return ""
    told = " ".join(problems[:_MOST_TOLD])
    more = f" {len(problems) - _MOST_TOLD} more." if len(problems) > _MOST_TOLD else ""
    return f"Keys in the settings could not all be used: {told}{more} Elsewhere the usual keys hold."
