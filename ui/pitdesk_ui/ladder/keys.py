"""The keys of the ladder: a few that the window has for it, and its own, for the sheet that F1 shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pitdesk.safety import SIZE_PRESETS
from pitdesk_ui.actions import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk_ui.actions import Actions
    from pitdesk_ui.ladder.panel import LadderPanel

    Bind = Callable[[Callable[[LadderPanel], object]], Callable[[], None]]

_GROUP = "Ladder"
_OWN = (
    ("ladder_walk", "Along the prices, bids and asks", ("Up", "Down", "Left", "Right")),
    ("ladder_pick", "Do what its last line says", ("Return",)),
    ("ladder_cancel", "Cancel your orders at that price", ("Del",)),
    ("ladder_move", "Move your order; Enter lets go, Esc leaves it", ("Alt+Up", "Alt+Down")),
)


def add_ladder_keys(actions: Actions, on_ladder: Bind) -> None:
    """Bind what works from anywhere, and tell what works while the keyboard is on the ladder's rows."""
    actions.add(
        Action("ladder", "Go to the ladder", ("Ctrl+P",), _GROUP), on_ladder(lambda it: it.focus_rows())
    )
    actions.add(
        Action("ladder_result", "Result of closing, or not", ("Alt+P",), _GROUP),
        on_ladder(lambda it: it.tools.toggle_result()),
    )
    for name, text, keys in _OWN:
        actions.tell(Action(name, text, keys, _GROUP))
    for place in range(SIZE_PRESETS):
        actions.add(
            Action(f"click_size_{place + 1}", f"Click size {place + 1}", (f"Alt+{place + 1}",), "Sizes"),
            on_ladder(partial(_toggle_size, place)),
        )


def _toggle_size(place: int, panel: LadderPanel) -> None:
    panel.tools.toggle(place)
