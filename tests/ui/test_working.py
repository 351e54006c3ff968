"""The Working tab as a person uses it: live rows, filter, totals, cancel, amend, decrease."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.desk.results import ChangeResult, SubmitKind
from pitdesk.events import Listeners
from pitdesk.limits import Issue, IssueKind
from pitdesk.markets import Event
from pitdesk.orders import BookSide, Intent, OrderDraft, OrderStatus, Source, TimeInForce, Verb
from pitdesk.quantities import Count
from pitdesk_ui.blotter.columns import age_text, moment_text
from pitdesk_ui.blotter.panel import WorkingPanel
from pitdesk_ui.blotter.presenter import WorkingPresenter
from pitdesk_ui.widgets.data_table import ColorRole
from tests.ui.desk_ground import (
    NOW_MS,
    OTHER,
    TICKER,
    PlainDesk,
    PlainFinder,
    StillClock,
    cents,
    market,
    order,
    owner,
)

Kind = TypeVar("Kind", bound=QWidget)


class KnowingFinder(PlainFinder):
    """Knows the markets' grids, and the events that it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: dict[str, Event] = {}

    def name(self, event_ticker: str, title: str) -> None:
        self.listed[event_ticker] = Event(event_ticker, "", title, "", "", mutually_exclusive=True)
        self.changed.emit(None)

    def event_of(self, ticker: str) -> Event | None:
        return self.listed.get(ticker.rpartition("-")[0])

    def market(self, ticker: str):
        return market(ticker)


class WorkingGround:
    """The tab over a real blotter with four orders in two markets."""

    def __init__(self, qtbot: QtBot) -> None:
        self.blotter, self.desk, self.clock, self.owner = Blotter(), PlainDesk(), StillClock(), owner()
        self.blotter.apply_order(order("o1", 40, 100))
        self.blotter.apply_order(order("o2", 38, 250))
        self.blotter.apply_order(order("o3", 45, 60, book_side=BookSide.ASK))
        self.blotter.apply_order(order("o4", 39, 120, ticker=OTHER, book_side=BookSide.ASK))
        self.blotter.flush()
        self.finder = KnowingFinder()
        self.panel = WorkingPanel(self.clock)
        qtbot.addWidget(self.panel)
        self.panel.resize(1400, 320)
        self.presenter = WorkingPresenter(
            panel=self.panel,
            blotter=self.blotter,
            order_desk=self.desk,
            finder=self.finder,  # type: ignore[arg-type]
            owner=self.owner,
        )
        self.panel.show()

    def cells(self, key: str) -> dict[str, str]:
        model = self.panel.model
        row = model.row_of(key)
        assert row is not None, key
        in_sight = self.panel.table.choice.in_sight()
        return {model.columns[place].key: model.index(row, place).data() for place in in_sight}

    def role(self, key: str, column: str) -> ColorRole:
        row = self.panel.model.record(key)
        spec = next(each for each in self.panel.model.columns if each.key == column)
        assert row is not None
        assert spec.color is not None
        return spec.color(row)

    def select(self, *keys: str) -> None:
        self.panel.table.select_keys(keys, current=keys[0])
        self.panel.table.setFocus()

    def button(self, name: str) -> QPushButton:
        return self._find(QPushButton, name)

    def edit(self, name: str) -> QLineEdit:
        return self._find(QLineEdit, name)

    def label(self, name: str) -> str:
        return self._find(QLabel, name).text()

    def _find(self, kind: type[Kind], name: str) -> Kind:
        found = self.panel.findChild(kind, name)
        assert found is not None, name
        return found


@pytest.fixture
def ground(qtbot) -> Iterator[WorkingGround]:
    made = WorkingGround(qtbot)
    yield made
    made.presenter.close()


async def settle() -> None:
    """Let the tasks that can run, run."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_the_newest_order_stands_on_top_however_the_list_came(ground):
    """The exchange lists the newest first; what is placed later comes last."""
    for age_s, name in ((10, "n1"), (20, "n2"), (5, "n3")):
        ground.blotter.apply_order(order(name, created_ms=NOW_MS - age_s * 1_000))
        ground.blotter.flush()
    model = ground.panel.model
    assert [model.key_at(row) for row in range(3)] == ["n3", "n1", "n2"]


def test_a_row_tells_market_side_price_counts_and_state(ground):
    ground.blotter.apply_queue({"o1": Count.of(1240)})
    ground.blotter.flush()
    assert ground.cells("o1") == {
        "market": "Fed decision · Cut 25 bp",
        "side": "Buy Yes",
        "price": "40¢",
        "contracts": "100",
        "filled": "0",
        "queue": "1,240",
        "status": "Resting",
        "tif": "GTC",
        "expires": "—",
        "age": "00:04:12",
        "source": "Elsewhere",
    }


def test_sides_and_states_wear_the_colors_of_their_meaning(ground):
    ground.blotter.apply_order(
        order("o2", 38, 250, fill_count=Count.of(50), remaining_count=Count.of(200), updated_ms=NOW_MS + 1)
    )
    draft = OrderDraft(TICKER, Verb.BUY_NO, Count.of(5), cents(30), TimeInForce.IMMEDIATE_OR_CANCEL)
    ground.blotter.add_intent(Intent("sending", draft, Source.TICKET, NOW_MS))
    ground.blotter.add_intent(Intent("lost", draft, Source.TICKET, NOW_MS), RowPhase.UNCONFIRMED)
    ground.blotter.flush()
    assert ground.role("o1", "side") is ColorRole.POSITIVE
    assert ground.role("o3", "side") is ColorRole.NEGATIVE
    assert ground.role("o1", "status") is ColorRole.ACCENT
    assert (ground.cells("o2")["status"], ground.role("o2", "status")) == ("Partly filled", ColorRole.WARNING)
    assert (ground.cells("sending")["status"], ground.role("sending", "status")) == (
        "Sending…",
        ColorRole.MUTED,
    )
    assert (ground.cells("lost")["status"], ground.role("lost", "status")) == (
        "Unconfirmed – may be live",
        ColorRole.WARNING,
    )
    assert ground.cells("sending")["tif"] == "IOC"


def test_orders_come_change_and_go_with_the_blotter(qtbot, ground):
    counts = []
    ground.presenter.count_changed.connect(counts.append)
    ground.blotter.apply_order(order("o5", 33, 10))
    ground.blotter.flush()
    assert ground.panel.model.key_at(0) == "o5"
    done = order("o1", 40, 100, status=OrderStatus.CANCELED, remaining_count=Count(0), updated_ms=NOW_MS + 5)
    ground.blotter.apply_order(done)
    ground.blotter.flush()
    assert ground.panel.model.row_of("o1") is None
    assert counts == [5, 4]


@pytest.mark.parametrize(
    "typed, keys",
    [
        ("nyc", ["o4"]),
        ("fed buy", ["o2", "o1"]),
        ("sell yes", ["o4", "o3"]),
        ("40¢", ["o1"]),
        (OTHER.lower(), ["o4"]),
        ("resting", ["o4", "o3", "o2", "o1"]),
    ],
)
def test_the_filter_finds_by_market_side_price_and_status(qtbot, ground, typed, keys):
    qtbot.keyClicks(ground.edit("working.filter"), typed)
    assert ground.panel.model.shown_keys() == keys


def test_totals_are_of_all_orders_and_of_a_selection(ground):
    # Bids 100 at 40¢ and 250 at 38¢, offers of 60 at 45¢ and of 120 at 39¢ in another market.
    assert ground.label("working.totals") == "4 working  ·  $241.20 committed  ·  worst case −$208.20"
    ground.select("o1", "o3")  # only one of the two can lose: the market ends one way
    assert ground.label("working.totals") == "2 selected  ·  $73.00 committed  ·  worst case −$40.00"


def test_totals_follow_fills_and_cancels(ground):
    filled = order(
        "o2", 38, 250, fill_count=Count.of(150), remaining_count=Count.of(100), updated_ms=NOW_MS + 1
    )
    ground.blotter.apply_order(filled)
    ground.blotter.flush()
    assert ground.label("working.totals").startswith("4 working  ·  $184.20 committed")


@pytest.mark.parametrize("how", ["button", "key"])
def test_cancel_selected_cancels_several_rows_at_once(qtbot, ground, run_async, how):
    async def steps():
        ground.select("o1", "o4")
        if how == "key":
            qtbot.keyClick(ground.panel.table, Qt.Key.Key_Delete)
        else:
            qtbot.mouseClick(ground.button("working.cancel_selected"), Qt.MouseButton.LeftButton)
        await settle()
        assert [sorted(keys) for keys in ground.desk.canceled] == [["o1", "o4"]]
        assert ground.label("working.message") == "Canceled 2."

    run_async(steps())


def test_delete_in_the_filter_edits_the_filter(qtbot, ground, run_async):
    async def steps():
        ground.select("o1")
        box = ground.edit("working.filter")
        box.setFocus()
        qtbot.keyClicks(box, "fed")
        qtbot.keyClick(box, Qt.Key.Key_Home)
        qtbot.keyClick(box, Qt.Key.Key_Delete)
        await settle()
        assert box.text() == "ed"
        assert ground.desk.canceled == []

    run_async(steps())


def test_rows_already_being_canceled_are_not_asked_again(ground, run_async):
    async def steps():
        ground.blotter.set_phase("o1", RowPhase.CANCELING)
        ground.blotter.flush()
        ground.select("o1")
        assert not ground.button("working.cancel_selected").isEnabled()
        ground.presenter.cancel_selected()
        await settle()
        assert ground.desk.canceled == []

    run_async(steps())


def test_cancel_market_means_the_selected_rows_market_else_the_one_in_view(qtbot, ground, run_async):
    async def steps():
        assert not ground.button("working.cancel_market").isEnabled()
        ground.presenter.show_market(TICKER)
        ground.button("working.cancel_market").click()
        await settle()
        ground.select("o4")
        qtbot.keyClick(ground.panel.table, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
        await settle()
        assert ground.desk.canceled_markets == [TICKER, OTHER]
        assert "NYC high temp" in ground.button("working.cancel_market").toolTip()

    run_async(steps())


def test_in_a_narrow_tab_the_totals_are_cut_and_no_button(qtbot, ground):
    buttons = [ground.button(f"working.{name}") for name in ("cancel_selected", "amend", "cancel_market")]
    ground.panel.resize(900, 300)
    qtbot.waitUntil(lambda: ground.label("working.totals").endswith("…"))
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    assert "worst case" in ground.panel.findChild(QLabel, "working.totals").toolTip()
    ground.panel.resize(1300, 300)
    qtbot.waitUntil(lambda: ground.label("working.totals").endswith("−$208.20"))


def test_amend_says_that_a_new_price_loses_the_place_and_sends_price_and_remaining(qtbot, ground, run_async):
    async def steps():
        ground.select("o1")
        qtbot.keyClick(ground.panel.table, Qt.Key.Key_F2)
        card = ground.panel.amend_card
        assert card.isVisible()
        assert ground.edit("amend.price").text() == "40¢"
        assert ground.label("amend.message") == "Nothing is changed yet."
        assert not ground.button("amend.apply").isEnabled()
        qtbot.keyClick(ground.edit("amend.price"), Qt.Key.Key_Up)
        assert ground.label("amend.message") == "The order goes to the back of the queue."
        qtbot.mouseClick(ground.button("amend.apply"), Qt.MouseButton.LeftButton)
        await settle()
        assert ground.desk.amended == [("o1", cents(41), Count.of(100))]
        assert not card.isVisible()
        assert ground.label("working.message") == "Order changed."

    run_async(steps())


def test_amending_to_fewer_at_the_same_price_keeps_the_place(ground):
    ground.select("o1")
    ground.presenter.amend_selected()
    ground.edit("amend.contracts").setText("60")
    assert ground.label("amend.message") == "The order keeps its place in the queue."
    ground.edit("amend.contracts").setText("160")
    assert ground.label("amend.message") == "The order goes to the back of the queue."


@pytest.mark.parametrize(
    "price, contracts, sentence",
    [
        ("42,5", "100", "“42,5” can be read two ways."),
        ("42.5", "100", "Price must be a multiple of 1¢ here"),
        ("41", "", "Enter a number of contracts"),
        ("41", "0", "Enter at least 0.01 contracts."),
    ],
)
def test_bad_input_in_the_card_is_explained_and_kept(ground, price, contracts, sentence):
    ground.select("o1")
    ground.presenter.amend_selected()
    ground.edit("amend.price").setText(price)
    ground.edit("amend.contracts").setText(contracts)
    assert ground.label("amend.message").startswith(sentence)
    assert not ground.button("amend.apply").isEnabled()
    assert (ground.edit("amend.price").text(), ground.edit("amend.contracts").text()) == (price, contracts)


def test_a_held_enter_amends_once(qtbot, ground, run_async):
    async def steps():
        ground.desk.hold = asyncio.Event()
        ground.select("o1")
        ground.presenter.amend_selected()
        ground.edit("amend.price").setText("41")
        for _ in range(5):
            qtbot.keyClick(ground.edit("amend.price"), Qt.Key.Key_Return)
            await settle()
        assert len(ground.desk.amended) == 1
        assert not ground.button("amend.apply").isEnabled()
        ground.desk.hold.set()
        await settle()

    run_async(steps())


def test_a_refused_amend_keeps_the_card_and_what_was_typed(ground, run_async):
    async def steps():
        ground.desk.change = ChangeResult(SubmitKind.REFUSED, "The exchange refused: not enough cash.")
        ground.select("o1")
        ground.presenter.amend_selected()
        ground.edit("amend.price").setText("99")
        ground.button("amend.apply").click()
        await settle()
        assert ground.panel.amend_card.isVisible()
        assert ground.label("amend.message") == "The exchange refused: not enough cash."
        assert ground.edit("amend.price").text() == "99"

    run_async(steps())


def test_an_amend_that_a_limit_asks_about_needs_a_second_press_and_not_enter(qtbot, ground, run_async):
    async def steps():
        asks = Issue(IssueKind.CONFIRM, "That is 9¢ through the best offer.")
        ground.desk.change = ChangeResult(SubmitKind.DENIED, "Asks.", issues=(asks,))
        ground.select("o1")
        ground.presenter.amend_selected()
        ground.edit("amend.price").setText("52")
        ground.button("amend.apply").click()
        await settle()
        assert ground.label("amend.message") == "That is 9¢ through the best offer."
        assert ground.button("amend.apply").text() == "Change anyway"
        qtbot.keyClick(ground.edit("amend.price"), Qt.Key.Key_Return)
        await settle()
        assert len(ground.desk.amended) == 1
        ground.button("amend.apply").click()
        await settle()
        assert len(ground.desk.amended) == 2

    run_async(steps())


def test_decrease_takes_contracts_off_and_refuses_to_add(qtbot, ground, run_async):
    async def steps():
        ground.select("o2")
        qtbot.keyClick(ground.panel.table, Qt.Key.Key_D)
        assert ground.label("decrease.message") == "Nothing is changed yet.", "nobody did anything wrong"
        assert not ground.button("decrease.apply").isEnabled()
        ground.edit("decrease.contracts").setText("300")
        assert ground.label("decrease.message").startswith("Decrease to fewer than the 250 that remain.")
        assert not ground.button("decrease.apply").isEnabled()
        ground.edit("decrease.contracts").setText("100")
        assert ground.label("decrease.message") == "The order keeps its place in the queue."
        ground.button("decrease.apply").click()
        await settle()
        assert ground.desk.decreased == [("o2", Count.of(100))]

    run_async(steps())


def test_the_card_goes_when_its_order_is_filled_meanwhile(ground):
    ground.select("o1")
    ground.presenter.amend_selected()
    done = order(
        "o1", 40, 100, status=OrderStatus.EXECUTED, remaining_count=Count(0), fill_count=Count.of(100)
    )
    ground.blotter.apply_order(done)
    ground.blotter.flush()
    assert not ground.panel.amend_card.isVisible()


def test_escape_closes_the_card_and_the_keyboard_returns_to_the_table(qtbot, ground):
    ground.select("o1")
    ground.presenter.amend_selected()
    qtbot.keyClick(ground.edit("amend.price"), Qt.Key.Key_Escape)
    assert not ground.panel.amend_card.isVisible()
    assert QApplication.focusWidget() is ground.panel.table
    assert ground.panel.table.selected_keys() == ["o1"]


def test_ages_tick_only_in_the_rows_in_view(ground):
    changed = []
    ground.panel.model.dataChanged.connect(
        lambda first, last, _roles: changed.append((first.column(), last.column()))
    )
    ground.clock.now_ms += 60_000
    ground.panel.model.refresh("age")
    age = [column.key for column in ground.panel.model.columns].index("age")
    assert changed == [(age, age)]
    assert ground.cells("o1")["age"] == "00:05:12"


def test_activating_a_row_chooses_its_market(qtbot, ground):
    with qtbot.waitSignal(ground.panel.market_chosen) as told:
        ground.select("o4")
        qtbot.keyClick(ground.panel.table, Qt.Key.Key_Return)
    assert told.args == [OTHER]


def test_every_control_has_a_name_for_assistive_technology(ground):
    nameless = [
        child.objectName()
        for child in ground.panel.findChildren(QWidget)
        if child.objectName().startswith(("working.", "amend.", "decrease."))
        and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not child.accessibleName()
    ]
    assert nameless == []


@pytest.mark.parametrize(
    "age_ms, text",
    [(0, "00:00:00"), (-5_000, "00:00:00"), (252_000, "00:04:12"), (2 * 86_400_000 + 11_400_000, "2d 03:10")],
)
def test_age(age_ms, text):
    assert age_text(age_ms) == text


def test_expiry_is_told_in_the_persons_own_zone(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert moment_text(1_796_842_800_000) == "Dec 9 14:00"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert moment_text(None) == "—"


def test_escape_empties_the_filter_and_then_goes_to_the_rows(qtbot, ground):
    box = ground.edit("working.filter")
    box.setFocus()
    qtbot.keyClicks(box, "nyc")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""
    assert ground.panel.model.rowCount() == 4
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is ground.panel.table


def test_sentences_of_the_exchange_never_become_markup(ground):
    for name in ("working.message", "amend.message", "decrease.message"):
        label = ground.panel.findChild(QLabel, name)
        assert label.textFormat() is Qt.TextFormat.PlainText


def headings(ground: WorkingGround) -> list[str]:
    model = ground.panel.model
    return [told for row in range(model.rowCount()) if (told := model.heading_at(row)) is not None]


def test_grouped_by_event_each_heading_tells_what_its_orders_come_to(ground):
    ground.panel.grouping_wanted.emit(True)
    assert headings(ground) == [
        "KXFEDDECISION-26DEC\n3 orders  ·  $168.00 committed  ·  worst case −$135.00",
        "KXHIGHNY-26NOV21\n1 order  ·  $73.20 committed  ·  worst case −$73.20",
    ]
    ground.blotter.apply_order(
        order("o1", 40, 100, status=OrderStatus.CANCELED, remaining_count=Count.of(0), updated_ms=NOW_MS + 1)
    )
    ground.blotter.flush()
    assert headings(ground)[0].startswith("KXFEDDECISION-26DEC\n2 orders  ·  $128.00 committed")
    ground.panel.grouping_wanted.emit(False)
    assert headings(ground) == []


def test_a_heading_says_how_many_of_its_orders_the_filter_shows(ground):
    ground.panel.grouping_wanted.emit(True)
    ground.edit("working.filter").setText("38")
    assert [told.split("  ·")[0] for told in headings(ground)] == ["KXFEDDECISION-26DEC\n1 of 3 orders shown"]


def test_ctrl_click_on_a_heading_selects_the_event_and_del_cancels_it(ground, run_async, qtbot):
    async def scene() -> None:
        ground.panel.grouping_wanted.emit(True)
        table = ground.panel.table
        first = table.visualRect(ground.panel.model.index(0, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=first)
        assert len(headings(ground)) == ground.panel.model.rowCount() - 1, "one is folded, one row remains"
        assert ground.label("working.totals").startswith("4 working"), "what is folded away is working still"
        control = Qt.KeyboardModifier.ControlModifier
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, control, first)
        assert ground.label("working.totals").startswith("3 selected")
        qtbot.keyClick(table, Qt.Key.Key_Delete)
        await settle()
        await ground.owner.close(60.0)

    run_async(scene())
    assert [sorted(keys) for keys in ground.desk.canceled] == [["o1", "o2", "o3"]]


def test_events_get_their_names_and_places_once_they_are_listed(ground):
    ground.panel.grouping_wanted.emit(True)
    ground.finder.name("KXFEDDECISION-26DEC", "Zebras of December")
    assert [told.split("\n")[0] for told in headings(ground)] == ["KXHIGHNY-26NOV21", "Zebras of December"]


def test_what_is_looked_at_now_and_then_is_hidden_until_it_is_shown(ground):
    keys = [column.key for column in ground.panel.model.columns]
    assert "order_id" not in ground.cells("o1")
    ground.panel.table.choice.show(keys.index("order_id"), True)
    ground.panel.table.choice.show(keys.index("committed"), True)
    assert ground.cells("o1")["order_id"] == "o1"
    assert ground.cells("o1")["committed"] == "$40.00"


class _Reads:
    """How far the orders are read, as the reconciler tells it."""

    def __init__(self) -> None:
        self.read_so_far: Listeners[int] = Listeners()
        self.has_read = False


def test_an_empty_table_says_that_orders_are_being_read_until_they_are(qtbot: QtBot) -> None:
    panel, reads = WorkingPanel(StillClock()), _Reads()
    qtbot.addWidget(panel)
    presenter = WorkingPresenter(
        panel=panel,
        blotter=Blotter(),
        order_desk=PlainDesk(),
        finder=KnowingFinder(),  # type: ignore[arg-type]
        owner=owner(),
        reads=reads,
    )
    assert panel.table.empty_text == "Your working orders are being read from the exchange."
    reads.read_so_far.emit(3_000)
    assert panel.table.empty_text.endswith("from the exchange. 3,000 so far.")
    reads.has_read = True
    reads.read_so_far.emit(0)
    assert panel.table.empty_text.startswith("No working orders.")
    presenter.close()
    reads.has_read = False
    reads.read_so_far.emit(1)
    assert panel.table.empty_text.startswith("No working orders."), "closed, and listens no more"
