"""A journal that was damaged, in the program: the question in the window, the gate, and the cancels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from pitdesk.desk.results import SubmitKind
from pitdesk.orders import OrderDraft, Source, Verb
from pitdesk.paths import Folders
from pitdesk.quantities import Count, Price
from pitdesk_ui.application import Application
from tests.window_ground import PATIENCE_S, running_program, signed_in
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]


async def place(application: Application) -> SubmitKind:
    """One contract at 1¢, which rests."""
    assert application.view is not None
    asked = OrderDraft(application.view.ticker, Verb.BUY_YES, Count.of(1), Price.from_cents(1))
    return (await application.view.session.order_desk.submit(asked, Source.TICKET, confirmed=True)).kind


def is_asked(hand: Hand) -> bool:
    """Whether the question is in sight."""
    found = hand.window.findChild(QWidget, "damage.banner")
    return found is not None and found.isVisible()


async def asked(hand: Hand) -> QPushButton:
    """The question stands in the window, and its button works."""
    await hand.see("the question", lambda: is_asked(hand), PATIENCE_S)
    button = hand.find("damage.understood", QPushButton)
    await hand.see("its button works", button.isEnabled, PATIENCE_S)
    return button


def test_after_a_damaged_journal_trading_opens_when_the_person_says_so(
    tmp_path: Path, run_async: RunAsync
) -> None:
    person = tmp_path / "person"
    journal = Folders.under(person).journal_file

    async def first() -> None:
        async with running_program(person, practice=True) as (application, hand):
            await signed_in(application, hand)
            assert not is_asked(hand)
            assert await place(application) is SubmitKind.PLACED

    async def second() -> None:
        async with running_program(person, practice=True) as (application, hand):
            await asked(hand)
            (aside,) = (each for each in journal.parent.glob("*.bad-*") if each.suffix != ".shm")
            assert str(aside) in hand.text("damage.kept")
            assert "damaged" in hand.text("damage.happened")
            view = application.view
            assert view is not None
            await hand.see("the order is shown", lambda: hand.rows("working.table"), PATIENCE_S)
            assert await place(application) is SubmitKind.DENIED
            assert "journal" in view.session.gate.reason
            result = await view.session.order_desk.cancel(list(view.session.blotter.working_keys))
            assert not result.failed, "cancels work"

    async def third() -> None:
        async with running_program(person, practice=True) as (application, hand):
            await asked(hand)
            hand.click("damage.understood")
            await signed_in(application, hand)
            assert not is_asked(hand)
            assert await place(application) is SubmitKind.PLACED

    async def fourth() -> None:
        async with running_program(person, practice=True) as (application, hand):
            await signed_in(application, hand)
            assert not is_asked(hand)

    run_async(first(), timeout=240)
    spoiled = b"\x00" * 100 + journal.read_bytes()[100:]
    journal.write_bytes(spoiled)
    for part in (second, third, fourth):
        run_async(part(), timeout=240)
