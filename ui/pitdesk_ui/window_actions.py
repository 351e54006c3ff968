"""The keys of the main window: every action by name, bound to what the session in view can do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pitdesk.notices import Notice
from pitdesk.orders import Outcome
from pitdesk.safety import SIZE_PRESETS
from pitdesk_ui.actions import Action, Actions
from pitdesk_ui.ladder.keys import add_ladder_keys
from pitdesk_ui.ticket.pricing import Pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk_ui.main_window import MainWindow
    from pitdesk_ui.program import Program
    from pitdesk_ui.session_view import SessionView


def add_actions(program: Program) -> Actions:
    """Bind every key of the window; F1 shows them."""
    actions = Actions(program.window)
    _add_places(program, actions)
    _add_ticket(program, actions)
    _add_orders(program, actions)
    add_ladder_keys(actions, lambda what: program.with_parts(_in_sight(program, lambda it: what(it.ladder))))
    actions.add(
        Action("keys", "Show this sheet", ("F1",), "Window"),
        program.show_keys,
    )
    actions.add(Action("quit", "Quit", ("Ctrl+Q",), "Window"), program.ask_to_close)
    return actions


def _add_places(program: Program, actions: Actions) -> None:
    parts, view = program.with_parts, program.with_view
    window = program.window
    for name, text, key, handler in (
        (
            "find",
            "Find a market",
            "Ctrl+K",
            parts(_in_sight(program, lambda it: it.finder.focus_search())),
        ),
        (
            "ticket",
            "Go to the order ticket",
            "Ctrl+T",
            parts(_in_sight(program, lambda it: it.ticket.focus_first())),
        ),
        ("batch", "Go to the batch of orders", "Ctrl+B", view(lambda session: session.go_to_batch())),
        (
            "center",
            "Center the ladder",
            "Space",
            parts(_in_sight(program, lambda it: it.ladder.center())),
        ),
        ("arm", "Arm, or make safe", "Ctrl+L", program.toggle_armed),
        ("settings", "Settings", "Ctrl+,", program.show_settings),
        ("reconcile", "Ask the exchange for everything again", "F5", view(lambda it: it.reconcile())),
    ):
        actions.add(Action(name, text, (key,), "Window"), handler)
    for name, text, key, handler in (
        ("larger_tabs", "Larger tabs, or as before", "F9", partial(_turn_larger, window)),
        ("view", "Columns and more of the tab", "F8", window.open_view_menu),
        ("group", "Group the tab's rows, or not", "Ctrl+G", parts(lambda _: _group(program))),
        ("export", "Write the tab to a CSV file", "Ctrl+E", view(lambda _: _export(program))),
    ):
        actions.add(Action(name, text, (key,), "Tabs"), handler)


def _turn_larger(window: MainWindow) -> None:
    window.enlarge_tabs(not window.are_tabs_enlarged)


def _group(program: Program) -> None:
    page = program.window.page
    if page is None or not page.toggle_grouping():
        program.notices.say(Notice("The rows of this tab cannot be grouped."))


def _export(program: Program) -> None:
    page = program.window.page
    if page is None:
        program.notices.say(Notice("This tab has nothing to write to a file."))
    else:
        page.export_wanted.emit()


def _in_sight(program: Program, what: Callable[[Any], object]) -> Callable[[Any], None]:
    """Act on a panel of the market, which comes back into sight first."""

    def act(given: Any) -> None:
        program.window.enlarge_tabs(False)
        what(given)

    return act


def _seen(program: Program, what: Callable[[SessionView], object]) -> Callable[[SessionView], None]:
    """Act on the ticket where it is seen; else only bring it back: nobody sends what is hidden."""

    def act(session: SessionView) -> None:
        if program.window.are_tabs_enlarged:
            program.window.enlarge_tabs(False)
        else:
            what(session)

    return act


def _add_ticket(program: Program, actions: Actions) -> None:
    view = program.with_view
    for name, text, keys, what in (
        ("send", "Send the order", ("Ctrl+Return", "Ctrl+Enter"), lambda it: it.ticket.send()),
        ("clear", "Clear the ticket, or back", ("Esc",), lambda it: it.ticket.clear()),
        ("buy", "Buy", ("B",), lambda it: it.ticket.choose_action(buy=True)),
        ("sell", "Sell", ("S",), lambda it: it.ticket.choose_action(buy=False)),
        ("yes", "Yes", ("Y",), lambda it: it.ticket.choose_outcome(Outcome.YES)),
        ("no", "No", ("N",), lambda it: it.ticket.choose_outcome(Outcome.NO)),
        ("join", "Join the best price", ("A",), lambda it: it.ticket.pick(Pick.JOIN)),
        ("mid", "Price in the middle", ("M",), lambda it: it.ticket.pick(Pick.MID)),
        ("take", "Price to trade at once", ("X",), lambda it: it.ticket.pick(Pick.TAKE)),
        ("post_only", "Post only on or off", ("P",), lambda it: it.ticket.toggle_post_only()),
    ):
        actions.add(Action(name, text, keys, "Ticket"), view(_seen(program, what)))
    for number in range(1, SIZE_PRESETS + 1):
        actions.add(
            Action(f"size_{number}", f"Size preset {number}", (str(number),), "Sizes"),
            view(_seen(program, partial(_use_size, number - 1))),
        )


def _use_size(place: int, session: SessionView) -> None:
    session.use_size(place)


def _add_orders(program: Program, actions: Actions) -> None:
    view = program.with_view
    for name, text, key, what in (
        ("amend", "Amend the selected order", "F2", lambda it: it.orders.change_selected(amend=True)),
        ("decrease", "Decrease the selected order", "D", lambda it: it.orders.change_selected(amend=False)),
        ("cancel_selected", "Cancel the selected orders", "Del", lambda it: it.orders.cancel_selected()),
    ):
        actions.add(Action(name, text, (key,), "Orders"), view(what))
    for name, text, key, what in (
        ("cancel_market", "Cancel this market's orders", "Shift+Del", lambda it: it.orders.cancel_market()),
        ("cancel_all", "Cancel all orders", "Ctrl+Shift+Del", lambda it: it.orders.cancel_all()),
    ):
        actions.add(Action(name, text, (key,), "Orders", everywhere=True), view(what))
