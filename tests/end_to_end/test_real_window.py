"""The program on a real screen: keys and a window manager's doings, and what assistive technology is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from pitdesk_ui.main_window import SMALLEST
from tests.real_screen import (
    NEEDS_SCREEN,
    SIZE,
    Program,
    Screen,
    let_the_market_stand_still,
    program,
    screen,
    until,
)

pytestmark = NEEDS_SCREEN
# Roles that say nothing of what a control does.
NO_ROLES = {"", "unknown", "invalid", "redundant object"}


@pytest.fixture
def desk(real_screen: Screen, tmp_path: Path) -> Iterator[Program]:
    """The program on a practice exchange whose market stands still."""
    let_the_market_stand_still(tmp_path)
    with program(real_screen, tmp_path) as started:
        started.control("frame", "Practice")
        yield started


def test_from_the_first_start_to_an_order_and_its_cancel_by_keyboard_alone(
    real_screen: Screen, tmp_path: Path
) -> None:
    with program(real_screen, tmp_path) as started:
        started.control("push button", "Practise now")
        assert not told_badly(started)
        real_screen.press("Return")
        started.control("push button", "Buy Yes: enter contracts")
        real_screen.press("ctrl+t")
        started.focus_on("Contracts")
        real_screen.type("5")
        real_screen.press("Tab")
        started.focus_on("Limit price")
        real_screen.type("3")
        until(
            "the button tells the order and can be pressed",
            lambda: "sensitive" in started.control("push button", "Buy 5 Yes at 3¢")["states"],
        )
        real_screen.press("ctrl+Return")
        order = until("the order on the exchange", lambda: started.exchange_log()["orders"])[0]
        assert (order["status"], order["initial_count"]) == ("resting", "5.00")

        field = started.ask("focus")
        assert (field["role"], field["name"]) == ("text", "Limit price"), "the keyboard is still in the field"
        real_screen.press("ctrl+shift+Delete")
        until("it is canceled", lambda: started.exchange_log()["orders"][0]["status"] == "canceled")
        assert started.ask("focus")["text"] == "3", "the field kept what was typed"


def test_another_key_for_cancel_all_by_the_real_keyboard(desk: Program) -> None:
    keys = desk.screen
    keys.press("ctrl+comma")
    keys.click(desk.control("check box", "Keys"))
    keys.click(desk.control("text", "Find an action or a key"))
    keys.type("cancel all")
    until("the others are gone", lambda: not any("Quit" in it["name"] for it in desk.ask("controls")))
    keys.click(at_rest(desk, "check box", "Cancel all orders: Ctrl+Shift+Del"))
    desk.control("check box", "Cancel all orders: press the key")
    keys.press("ctrl+F7")
    desk.control("check box", "Cancel all orders: Ctrl+F7")
    keys.press("Escape")
    desk.gone("frame", "Settings")
    keys.press("ctrl+t")
    desk.focus_on("Contracts")
    keys.type("5")
    keys.press("Tab")
    desk.focus_on("Limit price")
    keys.type("3")
    button = "Buy 5 Yes at 3¢"
    until("it can be sent", lambda: "sensitive" in desk.control("push button", button)["states"])
    keys.press("ctrl+Return")
    until("the order on the exchange", lambda: desk.exchange_log()["orders"])
    keys.press("ctrl+F7")
    until("it is canceled", lambda: desk.exchange_log()["orders"][0]["status"] == "canceled")
    assert desk.ask("focus")["text"] == "3", "the field kept what was typed"


def at_rest(desk: Program, role: str, name: str) -> dict[str, Any]:
    """The control once it stays where it is: rows above it may still come and go."""
    seen: list[Any] = []

    def look() -> dict[str, Any]:
        seen.append(desk.control(role, name))
        return (
            seen[-1] if len(seen) > 2 and seen[-1]["place"] == seen[-2]["place"] == seen[-3]["place"] else {}
        )

    return until(f"“{name}” at rest", look)


def test_a_letter_with_ctrl_is_the_windows_in_a_text_field_too(desk: Program) -> None:
    """X11's text fields go to the end of the line by it."""
    desk.screen.press("ctrl+t")
    desk.focus_on("Contracts")
    desk.screen.press("ctrl+e")
    until(
        "the tab is to be written to a file",
        lambda: any("Nothing to write" in control["name"] for control in desk.ask("controls")),
    )


def test_every_control_that_takes_the_keyboard_has_a_name_and_a_role(desk: Program) -> None:
    desk.control("push button", "Buy Yes: enter contracts")
    nameless = told_badly(desk)
    for tab in ("Batch", "Positions", "Fills", "Activity"):
        desk.screen.click(desk.control("page tab", tab))
        nameless += told_badly(desk)
    desk.screen.press("F1")
    desk.control("dialog", "Keys")
    nameless += told_badly(desk)
    desk.screen.press("Escape")
    desk.gone("dialog", "Keys")
    desk.screen.press("ctrl+comma")
    for page in ("Accounts", "Safety", "Connection", "Practice", "Keys", "Notices", "Appearance"):
        desk.screen.click(desk.control("check box", page))
        nameless += told_badly(desk)
    desk.screen.click(desk.control("check box", "Accounts"))
    desk.screen.click(desk.control("push button", "Add account…"))
    desk.control("push button", "Check and connect")
    nameless += told_badly(desk)
    assert not nameless


def test_the_ladder_and_the_chart_are_told_as_what_they_are(desk: Program) -> None:
    desk.control("chart", "Price chart")
    desk.control("list", "Price ladder")
    desk.screen.press("ctrl+p")
    told = until(
        "the ladder has the keyboard", lambda: (now := desk.ask("focus")) and now["role"] == "list" and now
    )
    assert told["name"] == "Price ladder"


def told_badly(desk: Program) -> list[Any]:
    """What takes the keyboard and has no name, or a role that says nothing."""
    controls = [it for it in desk.ask("controls") if "focusable" in it["states"]]
    assert len(controls) > 5
    return [it for it in controls if not it["name"].strip() or it["role"] in NO_ROLES]


def test_where_the_keyboard_is_can_be_seen(desk: Program) -> None:
    """From field to field: each looks otherwise with the keyboard than without it."""
    desk.screen.press("ctrl+t")
    before = desk.focus_on("Contracts")
    for _ in range(12):
        without = QImage(str(desk.screen.picture()))
        desk.screen.press("Tab")
        last = before
        before = until("the next control", lambda last=last: moved_on(desk.ask("focus"), last))
        spot = QRect(*before["place"]).adjusted(-2, -2, 2, 2)
        until(
            f"“{before['name']}” with the keyboard looks otherwise",
            lambda spot=spot, without=without: (
                QImage(str(desk.screen.picture())).copy(spot) != without.copy(spot)
            ),
        )


def moved_on(now: dict[str, Any] | None, last: dict[str, Any]) -> dict[str, Any] | None:
    return now if now is not None and (now["name"], now["place"]) != (last["name"], last["place"]) else None


def test_the_window_fits_its_screen_and_no_dragging_makes_it_useless(desk: Program) -> None:
    window = desk.window()
    width, height = geometry(desk, window)
    assert width <= SIZE[0]
    assert height <= SIZE[1]
    send = QRect(*desk.control("push button", "Buy Yes: enter contracts")["place"])
    assert QRect(0, 0, *SIZE).contains(send), "the button that sends is on the screen"

    desk.screen.run("xdotool", "mousemove", "640", "9", "click", "--repeat", "2", "--delay", "40", "1")
    until("it is no longer maximized", lambda: "MAXIMIZED" not in state(desk, window))
    before = geometry(desk, window)
    desk.screen.run("xdotool", "windowsize", window, "300", "200")
    smallest = until("its smallest", lambda: (now := geometry(desk, window)) != before and now)
    assert smallest == SMALLEST
    cancel = QRect(*desk.control("push button", "Cancel all orders")["place"])
    assert cancel.width() > 80


def test_on_a_small_screen_no_window_leaves_it(tmp_path: Path) -> None:
    size = (1024, 640)
    folder = tmp_path / "screen"
    folder.mkdir(mode=0o700)
    with screen(folder, size) as small, program(small, tmp_path / "desk", "--practise") as desk:
        whole = QRect(0, 0, *size)
        for name in ("Buy Yes: enter contracts", "Cancel all orders", "Menu", "Cancel market"):
            assert whole.contains(QRect(*desk.control("push button", name)["place"])), name
        small.press("F1")
        sheet = desk.control("dialog", "Keys")
        assert whole.contains(QRect(*sheet["place"])), sheet
        small.press("Escape")
        desk.gone("dialog", "Keys")
        small.press("ctrl+comma")
        settings = desk.control("frame", "Settings")
        assert whole.contains(QRect(*settings["place"])), settings


def state(desk: Program, window: str) -> str:
    return desk.screen.run("xprop", "-id", window, "_NET_WM_STATE")


def geometry(desk: Program, window: str) -> tuple[int, int]:
    told = dict(
        line.split("=") for line in desk.screen.run("xdotool", "getwindowgeometry", "--shell", window).split()
    )
    return int(told["WIDTH"]), int(told["HEIGHT"])


def test_closing_by_the_window_manager_ends_the_program_and_its_exchange(desk: Program) -> None:
    desk.control("push button", "Buy Yes: enter contracts")
    assert desk.exchange_log()["orders"] == []
    desk.screen.press("alt+F4")
    assert desk.process.wait(60) == 0
    with pytest.raises(AssertionError, match="no practice exchange"):
        desk.exchange_log()
