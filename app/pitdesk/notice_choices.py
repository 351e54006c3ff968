"""By which ways each kind of notice reaches the person, as they chose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pitdesk.notices import NoticeKind


class NoticeWays(msgspec.Struct, frozen=True, kw_only=True):
    """``window``: in its last line; ``desktop``: by the system, while Pitdesk is not in front; ``sound``."""

    window: bool = True
    desktop: bool = False
    sound: bool = False


class NoticeChoices(msgspec.Struct, frozen=True, kw_only=True):
    """``ways`` by a kind's value; of a kind that is not there, the usual ones."""

    version: int = 1
    ways: dict[str, NoticeWays] = {}

    def of(self, kind: NoticeKind) -> NoticeWays:
        """The ways of one kind. One that protects is always in the window, whatever was kept."""
        kept = self.ways.get(kind.value, NoticeWays())
        return msgspec.structs.replace(kept, window=True) if kind.protects else kept

    def changed(self, kind: NoticeKind, ways: NoticeWays) -> NoticeChoices:
        """The same with other ways for one kind."""
        return msgspec.structs.replace(self, ways={**self.ways, kind.value: ways})
