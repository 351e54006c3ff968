"""The ticket as a person uses it: typing, keys, verbs, quick buttons, and the sentences at the fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QWidget

from pitdesk.limits import Issue, IssueKind
from pitdesk.markets import MarketStatus
from pitdesk.orders import Outcome, TimeInForce, Verb
from pitdesk.quantities import Count
from pitdesk_ui.dressing import apply_theme
from pitdesk_ui.ticket.entry import Expiry
from pitdesk_ui.ticket.pricing import Pick
from tests.ui.desk_ground import (
    NOW_MS,
    OTHER,
    TENTHS,
    TICKER,
    book,
    cents,
    market,
)
from tests.ui.ticket_ground import TicketGround


@pytest.fixture
def ground(qtbot):
    made = TicketGround(qtbot)
    yield made
    made.presenter.close()


def test_typed_contracts_and_price_become_the_draft_that_the_button_tells(qtbot, ground):
    qtbot.keyClicks(ground.edit("ticket.contracts"), "100")
    qtbot.keyClicks(ground.edit("ticket.price"), "42")
    draft = ground.draft
    assert draft is not None
    assert (draft.ticker, draft.verb, draft.count, draft.price) == (
        TICKER,
        Verb.BUY_YES,
        Count.of(100),
        cents(42),
    )
    assert ground.sends == "Buy 100 Yes at 42¢  ·  $43.71"
    assert ground.button("ticket.send").isEnabled()
    assert ground.button("ticket.send").accessibleName() == ground.sends


def test_the_figures_are_those_of_the_order(ground):
    ground.portfolio.hold(40)
    ground.fill("100", "42")
    shown = {
        name: ground.text(f"ticket.{name}")
        for name in ("cost", "fee", "all_in", "break_even", "ahead", "position_after", "cash_after")
    }
    assert shown == {
        "cost": "$42.00",
        "fee": "$1.71",
        "all_in": "$43.71",
        "break_even": "43.71% Yes",
        "ahead": "0",
        "position_after": "140 Yes",
        "cash_after": "$7,537.99",
    }
    assert ground.text("ticket.position") == "Position 40 Yes @ 39.5¢"


def test_dollars_are_taken_for_as_many_contracts_as_they_pay(ground):
    ground.fill("$43.7052", "42")
    assert ground.sends == "Buy 100 Yes at 42¢  ·  $43.71"
    assert ground.draft.count == Count.of(100)
    ground.edit("ticket.price").setText("43")
    assert ground.draft.count == Count.of(97), "another price, another number"
    ground.find("ticket.plus_10").click()
    assert ground.edit("ticket.contracts").text() == "107", "ten more than they come to"


def test_dollars_that_pay_nothing_or_are_none_are_explained(ground):
    ground.fill("$0.20", "42")
    assert ground.draft is None
    assert ground.text("ticket.problem.count").startswith("$0.20 does not come to one contract at 42¢.")
    ground.fill("$5x", "42")
    assert "is not a dollar amount" in ground.text("ticket.problem.count")
    ground.fill("$50", "")
    assert ground.draft is None


@pytest.mark.parametrize(
    "words, contracts, price, told",
    [
        ("Good till canceled", "100", "42", "0"),
        ("Good till canceled", "100", "43", "none, 90 fill at once"),
        ("Immediate or cancel", "100", "42", "nothing fills now"),
        ("Immediate or cancel", "100", "43", "none, 90 fill at once"),
        ("Fill or kill", "100", "43", "nothing fills now"),
        ("Fill or kill", "90", "43", "none, fills at once"),
    ],
)
def test_the_queue_is_told_of_what_rests_alone(ground, words, contracts, price, told):
    ground.panel.findChild(QComboBox, "ticket.tif").setCurrentText(words)
    ground.fill(contracts, price)
    assert ground.text("ticket.ahead") == told


def test_what_post_only_would_do_is_told_in_place_of_the_queue(ground):
    ground.presenter.toggle_post_only()
    ground.fill("100", "43")
    assert ground.text("ticket.ahead") == "refused: it would trade"
    ground.fill("100", "42")
    assert ground.text("ticket.ahead") == "0"


def test_no_more_is_said_to_fill_than_reduce_only_leaves(ground):
    ground.portfolio.hold(40)
    ground.choose(Verb.SELL_YES)
    ground.panel.findChild(QComboBox, "ticket.tif").setCurrentText("Immediate or cancel")
    ground.panel.findChild(QCheckBox, "ticket.reduce_only").setChecked(True)
    ground.fill("100", "41")
    assert ground.text("ticket.ahead") == "none, 40 fill at once"


def test_one_line_tells_the_order_in_both_vocabularies(ground):
    ground.portfolio.hold(40)
    ground.choose(Verb.BUY_NO)
    ground.fill("100", "58")
    assert ground.text("ticket.both_ways") == "Buy No at 58¢ = sell Yes at 42¢; you hold 40 Yes, after: 60 No"


@pytest.mark.parametrize(
    "contracts, price, field, sentence",
    [
        ("100", "42,5", "price", "“42,5” can be read two ways. Write 42.5 with a dot for decimals, "),
        ("100", "1,000", "price", "“1,000” can be read two ways."),
        ("100", "42.5", "price", "Price must be a multiple of 1¢ here: 42¢ or 43¢."),
        ("100", "0", "price", "A price here lies from 1¢ to 99¢."),
        ("100", "100", "price", "A price here lies from 1¢ to 99¢."),
        ("100", "-5", "price", "A price is above zero, like 42 or 3.2."),
        ("100", "٤٢", "price", "“٤٢” is not a price. Use digits and one dot, like 42 or 3.2."),
        ("100", "42 3", "price", "“42 3” is not a price."),
        ("100", "1e1", "price", "“1e1” is not a price."),
        ("100", "NaN", "price", "“NaN” is not a price."),
        ("100", "42.12345", "price", "“42.12345” is not a price."),
        ("0", "42", "count", "Enter at least 0.01 contracts."),
        ("-3", "42", "count", "A number of contracts is above zero, like 100 or 2.5."),
        ("2.555", "42", "count", "Contracts go down to hundredths: 2.5 or 2.55, not finer."),
        ("1,5", "42", "count", "“1,5” can be read two ways."),
        ("ten", "42", "count", "“ten” is not a number of contracts."),
        ("1_000", "42", "count", "“1_000” is not a number of contracts."),
        ("99999999", "42", "count", "A number of contracts has at most seven digits before the dot"),
    ],
)
def test_bad_input_is_explained_at_its_field_and_kept(ground, contracts, price, field, sentence):
    ground.fill(contracts, price)
    assert ground.text(f"ticket.problem.{field}").startswith(sentence)
    assert ground.draft is None
    assert not ground.button("ticket.send").isEnabled()
    assert ground.edit("ticket.contracts").text() == contracts
    assert ground.edit("ticket.price").text() == price


def test_empty_fields_are_no_mistake_and_the_button_says_what_is_missing(ground):
    assert ground.text("ticket.problem.count") == ""
    assert ground.text("ticket.problem.price") == ""
    assert ground.sends == "Buy Yes: enter contracts and a limit price"
    assert not ground.button("ticket.send").isEnabled()


def test_the_price_starts_empty_and_is_never_guessed(ground):
    assert ground.edit("ticket.price").text() == ""
    ground.data.set_book(book({}, {}))
    assert ground.edit("ticket.price").text() == ""


@pytest.mark.parametrize("verb", list(Verb))
def test_picking_a_price_never_changes_the_verb(ground, verb):
    ground.choose(verb)
    ground.presenter.set_price(cents(44))
    wanted = "44¢" if verb.outcome is Outcome.YES else "56¢"
    assert ground.button(f"ticket.verb.{verb.name.lower()}").isChecked()
    assert ground.edit("ticket.price").text() == wanted


@pytest.mark.parametrize(
    "verb, join, mid, take",
    [
        (Verb.BUY_YES, "41¢", "42¢", "43¢"),
        (Verb.SELL_NO, "59¢", "58¢", "57¢"),
        (Verb.SELL_YES, "43¢", "42¢", "41¢"),
        (Verb.BUY_NO, "57¢", "58¢", "59¢"),
    ],
)
def test_join_mid_and_take_read_the_book_from_the_verbs_side(qtbot, ground, verb, join, mid, take):
    ground.choose(verb)
    for name, wanted in (("join", join), ("mid", mid), ("take", take)):
        qtbot.mouseClick(ground.button(f"ticket.{name}"), Qt.MouseButton.LeftButton)
        assert ground.edit("ticket.price").text() == wanted
    assert ground.button(f"ticket.verb.{verb.name.lower()}").isChecked()


@pytest.mark.parametrize("verb, mid", [(Verb.BUY_YES, "42¢"), (Verb.SELL_YES, "43¢"), (Verb.BUY_NO, "57¢")])
def test_a_middle_between_two_ticks_goes_to_the_less_eager_one(ground, verb, mid):
    ground.data.set_book(book({41: 5}, {44: 5}))
    ground.choose(verb)
    ground.presenter.pick(Pick.MID)
    assert ground.edit("ticket.price").text() == mid


def test_join_is_refused_with_a_sentence_when_the_book_is_stale(ground):
    ground.fill("100", "40")
    ground.data.set_book(book({41: 5}, {43: 5}), fresh=False, age_s=7.2)
    ground.presenter.pick(Pick.JOIN)
    assert (
        ground.text("ticket.problem.price")
        == "Join needs a live book; this one is 7 s old. Type a price instead."
    )
    assert ground.edit("ticket.price").text() == "40"


@pytest.mark.parametrize(
    "bids, asks, pick, verb, sentence",
    [
        ({}, {43: 5}, Pick.JOIN, Verb.BUY_YES, "Nobody bids for Yes now, so there is no price to join."),
        ({41: 5}, {}, Pick.TAKE, Verb.BUY_YES, "Nobody offers Yes now, so there is no price to take."),
        ({41: 5}, {}, Pick.JOIN, Verb.BUY_NO, "Nobody offers Yes now, so there is no price to join."),
        ({}, {43: 5}, Pick.TAKE, Verb.SELL_YES, "Nobody bids for Yes now, so there is no price to take."),
        ({}, {43: 5}, Pick.MID, Verb.BUY_YES, "Nobody bids for Yes now, so there is no middle."),
    ],
)
def test_an_empty_side_gives_no_price(ground, bids, asks, pick, verb, sentence):
    ground.choose(verb)
    ground.data.set_book(book(bids, asks))
    ground.presenter.pick(pick)
    assert ground.text("ticket.problem.price").startswith(sentence)
    assert ground.edit("ticket.price").text() == ""


def test_quick_sizes_add_up(qtbot, ground):
    for name in ("plus_10", "plus_100", "plus_100"):
        qtbot.mouseClick(ground.button(f"ticket.{name}"), Qt.MouseButton.LeftButton)
    assert ground.edit("ticket.contracts").text() == "210"


def test_max_buys_what_the_cash_pays_for_fee_included(qtbot, ground):
    ground.fill("", "42")
    qtbot.mouseClick(ground.button("ticket.max"), Qt.MouseButton.LeftButton)
    most = int(ground.edit("ticket.contracts").text())
    assert not ground.text("ticket.cash_after").startswith("−")
    ground.fill(str(most + 1), "42")
    assert ground.text("ticket.cash_after").startswith("−")


def test_max_sells_what_is_held(qtbot, ground):
    ground.portfolio.hold(40)
    ground.choose(Verb.SELL_YES)
    ground.fill("", "42")
    qtbot.mouseClick(ground.button("ticket.max"), Qt.MouseButton.LeftButton)
    assert ground.edit("ticket.contracts").text() == "40"


def test_max_without_a_price_says_what_it_needs(qtbot, ground):
    qtbot.mouseClick(ground.button("ticket.max"), Qt.MouseButton.LeftButton)
    assert ground.text("ticket.problem.price").startswith("Enter a price")


def test_changing_the_market_clears_size_and_price_but_not_the_verb(ground):
    ground.choose(Verb.SELL_NO)
    ground.fill("100", "42")
    ground.presenter.show_market(OTHER)
    assert ground.edit("ticket.contracts").text() == ""
    assert ground.edit("ticket.price").text() == ""
    assert ground.button("ticket.verb.sell_no").isChecked()
    assert ground.data.watched == [OTHER]


def test_showing_the_same_market_again_keeps_what_was_typed(ground):
    ground.fill("100", "42")
    ground.presenter.show_market(TICKER)
    assert ground.edit("ticket.contracts").text() == "100"


def test_a_price_keeps_its_level_of_the_book_when_the_other_outcome_is_chosen(ground):
    ground.fill("100", "42")
    ground.presenter.choose_outcome(Outcome.NO)
    assert ground.edit("ticket.price").text() == "58¢"
    ground.presenter.choose_action(buy=False)
    assert ground.edit("ticket.price").text() == "58¢"
    assert ground.button("ticket.verb.sell_no").isChecked()


def test_a_price_that_cannot_be_read_is_kept_when_the_outcome_changes(ground):
    ground.fill("100", "42,5")
    ground.presenter.choose_outcome(Outcome.NO)
    assert ground.edit("ticket.price").text() == "42,5"


@pytest.mark.parametrize(
    "choice, expected_s",
    [
        (Expiry.AT_CLOSE, NOW_MS // 1000 + 14 * 86_400),
        (Expiry.IN_ONE_HOUR, NOW_MS // 1000 + 3_600),
        (Expiry.NEVER, None),
    ],
)
def test_the_expiry_goes_into_the_draft(ground, choice, expected_s):
    ground.fill("100", "42")
    ground.panel.expiry.box.choose(choice)
    assert ground.draft.expiration_s == expected_s


def test_end_of_day_is_midnight_in_new_york(ground):
    ground.fill("100", "42")
    ground.panel.expiry.box.choose(Expiry.END_OF_DAY)
    expires = ground.draft.expiration_s
    assert NOW_MS // 1000 < expires <= NOW_MS // 1000 + 86_400
    assert (expires - 5 * 3_600) % 86_400 == 0  # standard time, five hours behind


def test_a_date_that_is_past_is_explained(ground):
    ground.fill("100", "42")
    ground.panel.expiry.box.choose(Expiry.AT)
    assert ground.draft is not None
    ground.clock.now_ms += 3 * 86_400_000
    ground.portfolio.changed.emit(None)
    assert (
        ground.text("ticket.problem.expiration_s") == "That time is past: choose one that is still to come."
    )
    assert ground.draft is None


def test_an_order_that_cannot_rest_has_no_expiry(ground):
    ground.fill("100", "42")
    ground.panel.time_in_force.choose(TimeInForce.IMMEDIATE_OR_CANCEL)
    assert ground.draft.expiration_s is None
    assert not ground.find("ticket.expires").isEnabled()


@pytest.mark.parametrize(
    "tick, chosen, problem",
    [
        ("post_only", TimeInForce.FILL_OR_KILL, "Post only needs an order that may rest."),
        ("reduce_only", TimeInForce.GOOD_TILL_CANCELED, "Reduce only works with Immediate or cancel alone."),
    ],
)
def test_settings_that_contradict_each_other_are_explained(ground, tick, chosen, problem):
    ground.fill("10", "42")
    ground.panel.time_in_force.choose(chosen)
    box = ground.find(f"ticket.{tick}")
    assert isinstance(box, QCheckBox)
    box.setChecked(True)
    assert ground.text(f"ticket.problem.{tick}").startswith(problem)
    assert not ground.button("ticket.send").isEnabled()
    assert box.isChecked()


def test_every_field_of_the_order_is_reachable(ground):
    ground.fill("10", "42")
    ground.button("ticket.more").click()
    ground.edit("ticket.order_group").setText("g-1")
    ground.edit("ticket.subaccount").setText("3")
    ground.edit("ticket.exchange_index").setText("0")
    for name in ("ticket.post_only", "ticket.cancel_on_pause"):
        box = ground.find(name)
        assert isinstance(box, QCheckBox)
        box.setChecked(True)
    ground.panel.more.self_trade.setCurrentIndex(1)
    draft = ground.draft
    assert (draft.order_group_id, draft.subaccount, draft.exchange_index) == ("g-1", 3, 0)
    assert (draft.post_only, draft.cancel_order_on_pause) == (True, True)
    assert draft.self_trade_prevention.value == "maker"


def test_a_bad_subaccount_unfolds_and_explains(ground):
    ground.fill("10", "42")
    ground.edit("ticket.subaccount").setText("one")
    assert ground.text("ticket.problem.subaccount").startswith("A subaccount is a whole number")
    assert ground.draft is None


@pytest.mark.parametrize(
    "status, sentence",
    [
        (MarketStatus.INACTIVE, "Trading in this market is paused. What you typed is kept."),
        (MarketStatus.CLOSED, "This market has closed: it takes no more orders."),
        (MarketStatus.INITIALIZED, "This market has not opened yet."),
    ],
)
def test_a_market_that_stops_while_the_ticket_is_open_says_why(ground, status, sentence):
    ground.fill("100", "42")
    ground.data.become(TICKER, market(status=status))
    assert ground.text("ticket.message") == sentence
    assert not ground.button("ticket.send").isEnabled()
    assert ground.edit("ticket.contracts").text() == "100"
    ground.data.become(TICKER, market())
    assert ground.button("ticket.send").isEnabled()


def test_a_closed_gate_disables_and_tells_its_reason(ground):
    ground.fill("100", "42")
    ground.gate.close("The stream is stale: reconnecting.")
    assert not ground.button("ticket.send").isEnabled()
    assert ground.text("ticket.message") == "The stream is stale: reconnecting."
    assert ground.button("ticket.send").accessibleDescription() == "The stream is stale: reconnecting."
    ground.presenter.send()
    assert ground.desk.sent == []


def test_a_hard_limit_disables_with_its_sentence_at_the_field(ground):
    ground.issues = (Issue(IssueKind.HARD, "At most 1,000 contracts in one order.", "count"),)
    ground.fill("5000", "42")
    assert not ground.button("ticket.send").isEnabled()
    assert ground.text("ticket.problem.count") == "At most 1,000 contracts in one order."


def test_a_grid_that_changes_while_typing_is_the_one_that_counts(ground):
    ground.fill("100", "42.5")
    assert ground.draft is None
    ground.data.become(TICKER, market(price_ranges=TENTHS))
    assert ground.draft.price.units == 4_250


def test_the_draft_and_its_cost_are_told_to_whoever_shows_them(qtbot, ground):
    with qtbot.waitSignal(ground.presenter.draft_changed) as told:
        ground.presenter.set_size(Count.of(5))
        ground.presenter.set_price(cents(42))
    draft, cost = told.args
    assert draft is ground.draft
    assert cost.cost == draft.price * draft.count


def test_every_control_has_a_name_for_assistive_technology(ground):
    nameless = [
        child.objectName()
        for child in ground.panel.findChildren(QWidget)
        if child.objectName().startswith("ticket.")
        and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not child.accessibleName()
    ]
    assert nameless == []


@pytest.mark.parametrize("width, height", [(320, 700), (334, 600), (334, 380)])
def test_nothing_is_clipped_at_the_right(qtbot, width, height):
    apply_theme(QApplication.instance())
    ground = TicketGround(qtbot)
    ground.panel.resize(width, height)
    ground.fill("100", "42")
    QApplication.processEvents()
    inside = ground.panel.width() - 8
    for name in (
        "ticket.verb.sell_no",
        "ticket.take",
        "ticket.price",
        "ticket.cancel_on_pause",
        "ticket.send",
    ):
        widget = ground.find(name)
        right = widget.mapTo(ground.panel, widget.rect().topRight()).x()
        assert right <= inside, name
        assert widget.width() >= widget.minimumSizeHint().width() or name == "ticket.send", name
    ground.presenter.close()


def test_markup_in_what_was_typed_or_said_is_shown_as_it_is(ground):
    ground.fill("<b>5</b>", "42")
    ground.gate.close("<img src='http://example.invalid/x'> The exchange says no.")
    for name in ("ticket.problem.count", "ticket.message", "ticket.both_ways"):
        label = ground.find(name)
        assert isinstance(label, QLabel)
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert "“<b>5</b>”" in ground.text("ticket.problem.count")
    assert "<img" not in ground.button("ticket.send").toolTip()


def test_the_wheel_changes_no_choice(ground):
    for name in ("ticket.tif", "ticket.expires", "ticket.self_trade_prevention"):
        box = ground.find(name)
        assert isinstance(box, QComboBox)
        box.setFocus()
        before = box.currentIndex()
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(box.mapToGlobal(QPoint(5, 5))),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, event)
        assert box.currentIndex() == before


def test_tab_goes_through_the_ticket_from_verb_to_button(qtbot, ground):
    ground.fill("100", "42")
    ground.button("ticket.verb.buy_yes").setFocus()
    visited = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        visited.append(focus.objectName())
        if visited[-1] == "ticket.send":
            break
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    wanted = [
        "ticket.contracts",
        "ticket.price",
        "ticket.max",
        "ticket.take",
        "ticket.tif",
        "ticket.expires",
        "ticket.post_only",
        "ticket.reduce_only",
        "ticket.cancel_on_pause",
        "ticket.more",
        "ticket.send",
    ]
    assert [name for name in visited if name in wanted] == wanted


def test_money_is_told_to_the_cent_on_the_cautious_side(ground):
    """The fee of 17.325¢ and what hangs on it: never less cost, never more cash than there will be."""
    ground.fill("10", "45")
    told = [ground.text(f"ticket.{name}") for name in ("cost", "fee", "all_in", "cash_after")]
    assert told == ["$4.50", "$0.18", "$4.68", "$7,577.02"]
    assert ground.sends == "Buy 10 Yes at 45¢  ·  $4.68"
    ground.portfolio.hold(10)
    ground.choose(Verb.SELL_YES)
    told = [ground.text(f"ticket.{name}") for name in ("cost", "fee", "all_in", "cash_after")]
    assert told == ["$4.50", "$0.18", "+$4.32", "$7,586.02"]
