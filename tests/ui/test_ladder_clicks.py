"""What a click on the ladder sends, and how it is told before: sides, sizes, options, money."""

from dataclasses import replace
from fractions import Fraction

import pytest

from pitdesk.cost import order_cost
from pitdesk.limits import Issue, IssueKind
from pitdesk.markets import FeeSchedule
from pitdesk.orders import BookSide, OrderDraft, SelfTradePrevention, TimeInForce, Verb
from pitdesk.quantities import Count, Dollars, Price, QuantityError
from pitdesk_ui.ladder.clicks import click_draft, fill_line, idle_line, order_line
from pitdesk_ui.ladder.foot import Line
from pitdesk_ui.ticket.entry import Entry, Expiry
from tests.ui.desk_ground import NOW_MS, TENTHS, book, cents, market

FEES = FeeSchedule("quadratic", Fraction(1))
BOOK = book({41: 1240, 40: 300}, {43: 90, 44: 500})
TEN = Count.of(10)


def clicked(side: BookSide, price: int, size: Count = TEN, terms: Entry | None = None) -> OrderDraft:
    return click_draft(terms or Entry(), market(), side, cents(price), size, NOW_MS)


def told(draft: OrderDraft, position: int = 0, known: bool = True) -> Line:
    shown = BOOK if known else None
    cost = order_cost(draft, FEES, position=Count.of(position), cash=Dollars.of(100), book=shown)
    return order_line(draft, cost, shown)


@pytest.mark.parametrize("verb", list(Verb))
def test_bids_buy_yes_and_asks_sell_yes_whatever_verb_the_ticket_is_set_to(verb: Verb) -> None:
    terms = Entry(verb=verb, count_text="777", price_text="99")
    bid, ask = clicked(BookSide.BID, 41, terms=terms), clicked(BookSide.ASK, 45, terms=terms)
    assert (bid.verb, bid.yes_price, bid.book_side, bid.count) == (Verb.BUY_YES, cents(41), BookSide.BID, TEN)
    assert (ask.verb, ask.yes_price, ask.book_side, ask.count) == (
        Verb.SELL_YES,
        cents(45),
        BookSide.ASK,
        TEN,
    )


def test_the_size_is_exactly_the_one_chosen_and_the_price_exactly_the_rows() -> None:
    fine = replace(market(), price_ranges=TENTHS)
    draft = click_draft(Entry(), fine, BookSide.BID, Price(4_230), Count.from_wire("2.5"), NOW_MS)
    assert (draft.price, draft.count) == (Price(4_230), Count.from_wire("2.5"))


def test_how_the_ticket_lets_an_order_rest_goes_along() -> None:
    terms = Entry(
        post_only=True,
        cancel_on_pause=True,
        expiry=Expiry.NEVER,
        self_trade_prevention=SelfTradePrevention.MAKER,
        group_text="g-1",
        subaccount_text="3",
        shard_text="0",
    )
    draft = clicked(BookSide.BID, 41, terms=terms)
    assert (draft.post_only, draft.cancel_order_on_pause, draft.expiration_s) == (True, True, None)
    assert draft.self_trade_prevention is SelfTradePrevention.MAKER
    assert (draft.order_group_id, draft.subaccount, draft.exchange_index) == ("g-1", 3, 0)
    assert told(draft).more == "Post only  ·  Group g-1  ·  Subaccount 3"


@pytest.mark.parametrize(
    "terms, reason",
    [
        (Entry(subaccount_text="x"), "In the ticket, Subaccount: A subaccount is a whole number"),
        (Entry(reduce_only=True), "In the ticket, Reduce only: Reduce only works with Immediate or cancel"),
        (Entry(expiry=Expiry.AT), "In the ticket, Expires: Choose the date and time"),
    ],
)
def test_an_option_that_stands_in_the_way_is_named(terms: Entry, reason: str) -> None:
    with pytest.raises(QuantityError) as caught:
        clicked(BookSide.BID, 41, terms=terms)
    assert str(caught.value).startswith(reason)


def test_the_line_says_the_order_its_money_and_its_place_in_the_queue() -> None:
    assert told(clicked(BookSide.BID, 40)) == Line(
        "Buy 10 Yes at 40¢  ·  $4.17", "1,540 ahead in the queue", "positive"
    )
    assert told(clicked(BookSide.BID, 42)).more == "Nobody ahead in the queue"
    assert told(clicked(BookSide.BID, 40), known=False).more == "", "nothing is said of a book that is old"


def test_selling_what_is_not_held_says_that_it_buys_no() -> None:
    line = told(clicked(BookSide.ASK, 45))
    assert line == Line("Sell 10 Yes at 45¢  ·  $5.68", "buys 10 No at 55¢", "negative")
    assert told(clicked(BookSide.ASK, 45), position=4).more == "buys 6 No at 55¢"
    closing = told(clicked(BookSide.ASK, 45), position=10)
    assert closing == Line("Sell 10 Yes at 45¢  ·  +$4.32", "590 ahead in the queue", "negative")


@pytest.mark.parametrize(
    "side, price, size, more",
    [
        (BookSide.BID, 43, 10, "Trades at once"),
        (BookSide.BID, 43, 100, "90 trade at once"),
        (BookSide.BID, 44, 590, "Trades at once"),
        (BookSide.ASK, 41, 10, "Trades at once  ·  buys 10 No at 59¢"),
    ],
)
def test_what_trades_at_once_is_said_before(side: BookSide, price: int, size: int, more: str) -> None:
    assert told(clicked(side, price, Count.of(size))).more == more


def test_what_a_limit_would_say_is_said_before_the_click() -> None:
    draft = clicked(BookSide.BID, 41)
    cost = order_cost(draft, FEES, cash=Dollars.of(100), book=BOOK)
    asks, refuses = Issue(IssueKind.CONFIRM, "It asks."), Issue(IssueKind.HARD, "It is too much.")
    assert order_line(draft, cost, BOOK, (asks,)) == Line(
        "Buy 10 Yes at 41¢  ·  $4.27", "Asks first: It asks.", "warning"
    )
    assert order_line(draft, cost, BOOK, (refuses, asks)) == Line(
        "A click here would be refused", "It is too much.", "warning"
    )


def test_a_time_in_force_that_never_rests_is_said() -> None:
    terms = Entry(time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL, reduce_only=True)
    line = told(clicked(BookSide.ASK, 45, terms=terms), position=10)
    assert line.more == "Immediate or cancel  ·  Reduce only"


@pytest.mark.parametrize(
    "armed, size, text",
    [
        (False, TEN, "Safe: a click fills the ticket's price"),
        (False, None, "Safe: a click fills the ticket's price"),
        (True, None, "Armed: choose a size to place orders"),
        (True, TEN, "Armed: Bids buys, Asks sells 10 Yes"),
    ],
)
def test_what_clicks_do_now_is_always_said(armed: bool, size: Count | None, text: str) -> None:
    assert idle_line(safe="" if armed else "Ctrl+L arms", size=size).text == text


def test_an_account_that_cannot_be_armed_says_why() -> None:
    assert idle_line(safe="Ctrl+L arms", size=TEN, why_not_armed="Read-only.").more == "Read-only."
    assert "Ctrl+L" in idle_line(safe="Ctrl+L arms", size=TEN).more


@pytest.mark.parametrize(
    "verb, text",
    [
        (Verb.BUY_YES, "Fill 42¢ Yes into the ticket"),
        (Verb.SELL_YES, "Fill 42¢ Yes into the ticket"),
        (Verb.BUY_NO, "Fill 58¢ No into the ticket"),
    ],
)
def test_a_click_that_only_fills_the_ticket_says_which_price(verb: Verb, text: str) -> None:
    line = fill_line(cents(42), Entry(verb=verb), safe="", size=TEN, on_depth=False)
    assert (line.text, line.more) == (text, "")
    safe = fill_line(cents(42), Entry(verb=verb), safe="Ctrl+L arms", size=TEN, on_depth=True)
    assert safe.more == "Safe: Ctrl+L arms one-click orders"
    unsized = fill_line(cents(42), Entry(verb=verb), safe="", size=None, on_depth=True)
    assert unsized.more == "Choose a click size to place orders here"
