"""The ticket with much room and with little: cost and side are in sight before a press."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from pitdesk.desk.results import SubmitKind, SubmitResult
from pitdesk.limits import Issue, IssueKind
from pitdesk_ui.dressing import apply_theme
from tests.ui.desk_ground import OTHER, TICKER
from tests.ui.ticket_ground import TicketGround

FIGURES = ("cost", "fee", "all_in", "break_even", "ahead", "position_after", "cash_after", "both_ways")
AT_1440_BY_900 = (340, 576)  # what the window then gives to the ticket
AT_1180_BY_720 = (334, 412)
AT_THE_SMALLEST = (334, 308)
LONG = "Order accepted: Buy 100 Yes at 42¢, and the exchange had to say something longer than a line about it"


@pytest.fixture
def ground(qtbot):
    apply_theme(QApplication.instance())
    made = TicketGround(qtbot)
    yield made
    made.presenter.close()


def in_sight(ground: TicketGround, name: str) -> bool:
    """Shown, whole, and with nothing of the panel over it."""
    label = ground.find(name)
    assert isinstance(label, QLabel)
    if not label.isVisible():
        return False
    needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    whole = (
        label.width() >= (0 if label.wordWrap() else label.sizeHint().width()) and label.height() >= needed
    )
    place = QRect(label.mapTo(ground.panel, QPoint(0, 0)), label.size())
    return whole and ground.panel.rect().contains(place) and label.visibleRegion().contains(label.rect())


def shown_at(ground: TicketGround, size: tuple[int, int]) -> set[str]:
    ground.panel.resize(*size)
    QApplication.processEvents()
    return {name for name in FIGURES if in_sight(ground, f"ticket.{name}")}


def make_it_say_much(ground: TicketGround) -> None:
    """A sentence at the price, and a long one under the button."""
    said = "99¢ is 34¢ worse than 65¢, the best price there. The highest allowed now is 75¢."
    ground.issues = (Issue(IssueKind.HARD, said, field="price"),)
    ground.fill("100", "42")
    ground.panel.foot.say(LONG)


def test_every_figure_is_in_sight_in_a_window_of_1440_by_900(ground):
    ground.portfolio.hold(40)
    make_it_say_much(ground)
    assert shown_at(ground, AT_1440_BY_900) == set(FIGURES)
    assert in_sight(ground, "ticket.message")
    assert in_sight(ground, "ticket.problem.price")


def test_a_small_window_leaves_out_only_what_stands_elsewhere_in_the_ticket(ground):
    ground.portfolio.hold(40)
    ground.fill("100", "42")
    assert shown_at(ground, AT_1180_BY_720) == set(FIGURES) - {"all_in", "position_after"}
    assert "$43.71" in ground.sends
    assert "after: 140 Yes" in ground.text("ticket.both_ways")
    assert ground.find("ticket.summary").toolTip() == "All-in: $43.71\nPosition after: 140 Yes"


def test_the_smallest_window_still_tells_the_order_in_both_vocabularies(ground):
    ground.fill("100", "42")
    assert shown_at(ground, AT_THE_SMALLEST) == {"both_ways"}
    assert "Fee, at most (at best $0.00): $1.71" in ground.find("ticket.summary").toolTip()
    assert ground.edit("ticket.price").visibleRegion().contains(ground.edit("ticket.price").rect())
    assert shown_at(ground, AT_1440_BY_900) == set(FIGURES), "with room it says all of it again"


def test_a_limits_question_covers_neither_the_price_nor_the_side(ground, run_async):
    async def steps():
        ground.issues = (Issue(IssueKind.CONFIRM, "This is more than 50 contracts."),)
        ground.fill("100", "42")
        ground.desk.answers.append(SubmitResult(SubmitKind.DENIED, "", issues=ground.issues))
        shown_at(ground, AT_1180_BY_720)
        QTest.mouseClick(ground.button("ticket.send"), Qt.MouseButton.LeftButton)
        for _ in range(50):
            await asyncio.sleep(0)
        assert ground.find("ticket.confirm").isVisible()
        assert "both_ways" in shown_at(ground, AT_1180_BY_720)

    run_async(steps())


def placed(market: str) -> SubmitResult:
    return SubmitResult(SubmitKind.PLACED, "Order accepted: Buy 100 Yes at 42¢", "id", 11.0, market=market)


def test_the_market_is_named_only_where_it_is_not_in_view(ground, run_async):
    async def steps():
        ground.fill("100", "42")
        ground.desk.answers += [placed("Fed · Cut 25 bp"), placed("Fed · Cut 25 bp")]
        ground.presenter.send()
        await settled(ground)
        assert ground.text("ticket.message") == "Order accepted: Buy 100 Yes at 42¢  ·  11 ms"
        ground.desk.hold = asyncio.Event()
        ground.presenter.send()
        ground.presenter.show_market(OTHER)
        ground.desk.hold.set()
        await settled(ground)
        told = "Order accepted: Buy 100 Yes at 42¢  ·  11 ms  ·  Fed · Cut 25 bp"
        assert ground.text("ticket.message") == told
        ground.presenter.show_market(TICKER)
        assert ground.text("ticket.message") == ""

    run_async(steps())


async def settled(ground: TicketGround) -> None:
    """Until the answer is there."""
    for _ in range(200):
        await asyncio.sleep(0)
        if ground.text("ticket.message"):
            return
    raise AssertionError("no answer came")
