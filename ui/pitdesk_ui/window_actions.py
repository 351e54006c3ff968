"""What the keys of the main window do, by the names of their actions: bound to the session in view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pitdesk.notices import Notice
from pitdesk.orders import Outcome
from pitdesk.safety import SIZE_PRESETS
from pitdesk_ui.actions import Actions
from pitdesk_ui.ticket.pricing import Pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk_ui.ladder.panel import LadderPanel
    from pitdesk_ui.main_window import MainWindow
    from pitdesk_ui.program import Program
    from pitdesk_ui.session_view import SessionView


def bind_actions(program: Program) -> Actions:
    """Bind every key that is the window's."""
    actions = Actions(program.window, program.keys)
    _bind_places(program, actions)
    _bind_tabs(program, actions)
    _bind_ticket(program, actions)
    _bind_orders(program, actions)
    _bind_ladder(program, actions)
    return actions


def _bind_places(program: Program, actions: Actions) -> None:
    parts, view = program.with_parts, program.with_view
    actions.bind("find", parts(_in_sight(program, lambda it: it.finder.focus_search())))
    actions.bind("ticket", parts(_in_sight(program, lambda it: it.ticket.focus_first())))
    actions.bind("batch", view(lambda session: session.go_to_batch()))
    actions.bind("center", parts(_in_sight(program, lambda it: it.ladder.center())))
    actions.bind("arm", program.toggle_armed)
    actions.bind("settings", program.show_settings)
    actions.bind("reconcile", view(lambda it: it.reconcile()))
    actions.bind("keys", program.show_keys)
    actions.bind("quit", program.ask_to_close)


def _bind_tabs(program: Program, actions: Actions) -> None:
    window = program.window
    actions.bind("larger_tabs", partial(_turn_larger, window))
    actions.bind("view", window.open_view_menu)
    actions.bind("group", program.with_parts(lambda _: _group(program)))
    actions.bind("export", program.with_view(lambda _: _export(program)))


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


def _bind_ticket(program: Program, actions: Actions) -> None:
    view = program.with_view
    for name, what in (
        ("send", lambda it: it.ticket.send()),
        ("clear", lambda it: it.ticket.clear()),
        ("buy", lambda it: it.ticket.choose_action(buy=True)),
        ("sell", lambda it: it.ticket.choose_action(buy=False)),
        ("yes", lambda it: it.ticket.choose_outcome(Outcome.YES)),
        ("no", lambda it: it.ticket.choose_outcome(Outcome.NO)),
        ("join", lambda it: it.ticket.pick(Pick.JOIN)),
        ("mid", lambda it: it.ticket.pick(Pick.MID)),
        ("take", lambda it: it.ticket.pick(Pick.TAKE)),
        ("post_only", lambda it: it.ticket.toggle_post_only()),
    ):
        actions.bind(name, view(_seen(program, what)))
    for place in range(SIZE_PRESETS):
        actions.bind(f"size_{place + 1}", view(_seen(program, partial(_use_size, place))))


def _use_size(place: int, session: SessionView) -> None:
    session.use_size(place)


def _bind_orders(program: Program, actions: Actions) -> None:
    for name, what in (
        ("amend", lambda it: it.orders.change_selected(amend=True)),
        ("decrease", lambda it: it.orders.change_selected(amend=False)),
        ("cancel_selected", lambda it: it.orders.cancel_selected()),
        ("cancel_market", lambda it: it.orders.cancel_market()),
        ("cancel_all", lambda it: it.orders.cancel_all()),
    ):
        actions.bind(name, program.with_view(what))


def _bind_ladder(program: Program, actions: Actions) -> None:
    def on_ladder(what: Callable[[LadderPanel], object]) -> Callable[[], None]:
        return program.with_parts(_in_sight(program, lambda it: what(it.ladder)))

    actions.bind("ladder", on_ladder(lambda it: it.focus_rows()))
    actions.bind("ladder_result", on_ladder(lambda it: it.tools.toggle_result()))
    for place in range(SIZE_PRESETS):
        actions.bind(f"click_size_{place + 1}", on_ladder(partial(_toggle_size, place)))


def _toggle_size(place: int, panel: LadderPanel) -> None:
    panel.tools.toggle(place)
