"""The keys that the person chose, out of the settings and into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.hotkeys import VERSION, KeyChoices
from pitdesk_ui.hotkeys.keymap import KeyMap

if TYPE_CHECKING:
    from pitdesk.settings import Settings


def keys_of(settings: Settings) -> KeyMap:
    """The keys in force by ``settings``, which get every change from now on.

    What cannot be used is said in its ``trouble``, and is out of the settings then: it is said once.
    """
    kept = settings.hotkeys
    is_later = kept.version > VERSION
    keys = KeyMap({} if is_later else kept.chosen)
    if is_later:
        keys.trouble = "The keys in the settings are of a later Pitdesk. The usual keys hold."

    def keep() -> None:
        settings.hotkeys = KeyChoices(chosen=dict(keys.chosen))

    if not is_later and keys.chosen != kept.chosen:
        keep()
    keys.changed.connect(keep)
    return keys
