"""Each limit at its boundary: one unit inside says nothing, one unit outside speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pitdesk.cost import order_cost
from pitdesk.fees import STANDARD_FEES
from pitdesk.limits import (
    RULES,
    Growth,
    Issue,
    LimitContext,
    LimitValues,
    RecentOrder,
    RestingOrder,
    Risks,
    check,
)
from pitdesk.markets import Market, MarketStatus, Quote
from pitdesk.orders import BookSide, OrderDraft, TimeInForce, Verb
from pitdesk.quantities import Count, Dollars, Price, PriceRanges

NOW = 1_800_000_000_000
CENTS = Price.from_cents
IOC, FOK = TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL
MARKET = Market(
    ticker="T",
    event_ticker="E",
    title="",
    yes_sub_title="",
    no_sub_title="",
    status=MarketStatus.ACTIVE,
    price_ranges=PriceRanges.of_cents(),
    open_ms=0,
    close_ms=NOW + 1,
    quote=Quote(),
)


def grown(after: str, before: str = "0") -> Growth:
    return Growth(Dollars.from_wire(before), Dollars.from_wire(after))


AT_EASE = Risks(grown("10"), grown("10"), grown("10"), Dollars(0))


def draft(**changes: Any) -> OrderDraft:
    asked: dict[str, Any] = {
        "ticker": "T",
        "verb": Verb.BUY_YES,
        "count": Count.of(10),
        "price": CENTS(42),
    }
    return OrderDraft(**{**asked, **changes})


def context(asked: OrderDraft, **changes: Any) -> LimitContext:
    position = changes.get("position", Count(0))
    known: dict[str, Any] = {
        "now_ms": NOW,
        "market": MARKET,
        "cost": order_cost(asked, STANDARD_FEES, position=position),
        "bid": CENTS(41),
        "ask": CENTS(43),
        "cash": Dollars.of(10_000),
        "risks": AT_EASE,
    }
    return LimitContext(**{**known, **changes})


def issues(asked: OrderDraft, **changes: Any) -> tuple[Issue, ...]:
    return check(asked, context(asked, **changes))


def said(asked: OrderDraft, rule: str, **changes: Any) -> str:
    """``hard``, ``confirm`` or nothing: what one rule says; its sentence must be one a person can read."""
    found = [issue for issue in issues(asked, **changes) if issue.rule == rule]
    assert len(found) <= 2
    for issue in found:
        assert issue.sentence[0].isupper() or issue.sentence[0].isdigit()
        assert issue.sentence.endswith((".", "?"))
    return found[0].kind.value if found else ""


def test_an_ordinary_order_is_not_asked_about() -> None:
    assert issues(draft()) == ()


def test_the_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names)) >= 17


@pytest.mark.parametrize(
    "count, kind",
    [("1000", ""), ("1000.01", "confirm"), ("10000", "confirm"), ("10000.01", "hard")],
)
def test_contracts_per_order(count: str, kind: str) -> None:
    asked = draft(count=Count.from_wire(count), price=CENTS(1))
    assert said(asked, "contracts per order", bid=None) == kind


@pytest.mark.parametrize(
    "cost, kind",
    [("500", ""), ("500.000001", "confirm"), ("2500", "confirm"), ("2500.000001", "hard"), ("-50", "")],
)
def test_cost_per_order(cost: str, kind: str) -> None:
    asked = draft()
    money = replace(order_cost(asked, STANDARD_FEES), cost=Dollars.from_wire(cost))
    money = replace(money, fee=replace(money.fee, most=Dollars(0)))
    assert said(asked, "cost per order", cost=money) == kind


@pytest.mark.parametrize(
    "cash, kind", [("4.370599", "hard"), ("4.370600", ""), (None, "hard"), ("0", "hard")]
)
def test_free_cash_to_the_last_unit(cash: str | None, kind: str) -> None:
    asked = draft(price=CENTS(42))
    assert str(order_cost(asked, STANDARD_FEES).all_in) == "$4.37"
    held = None if cash is None else Dollars.from_wire(cash)
    assert said(asked, "free cash", cash=held) == ("hard" if kind else "")
    if cash == "0":
        assert any(
            "You have $0.00 free; this needs $4.37." in one.sentence for one in issues(asked, cash=held)
        )


def test_closing_a_position_needs_no_cash() -> None:
    asked = draft(verb=Verb.SELL_YES, count=Count.of(40))
    assert said(asked, "free cash", cash=None, position=Count.of(40)) == ""


@pytest.mark.parametrize(
    "verb, cents, kind",
    [
        (Verb.BUY_YES, 46, ""),
        (Verb.BUY_YES, 47, "confirm"),
        (Verb.BUY_YES, 53, "confirm"),
        (Verb.BUY_YES, 54, "hard"),
        (Verb.BUY_YES, 1, ""),
        (Verb.SELL_YES, 38, ""),
        (Verb.SELL_YES, 37, "confirm"),
        (Verb.SELL_YES, 31, "confirm"),
        (Verb.SELL_YES, 30, "hard"),
        (Verb.SELL_YES, 99, ""),
        (Verb.BUY_NO, 62, ""),
        (Verb.BUY_NO, 63, "confirm"),
        (Verb.BUY_NO, 70, "hard"),
        (Verb.SELL_NO, 54, ""),
        (Verb.SELL_NO, 53, "confirm"),
        (Verb.SELL_NO, 46, "hard"),
    ],
)
def test_distance_through_the_touch(verb: Verb, cents: int, kind: str) -> None:
    assert said(draft(verb=verb, price=CENTS(cents)), "distance through the touch") == kind


def test_the_bound_is_told_in_the_outcome_the_person_named() -> None:
    (issue,) = (one for one in issues(draft(verb=Verb.BUY_NO, price=CENTS(75))) if one.is_hard)
    assert issue.sentence == (
        "75¢ is 16¢ worse than 59¢, the best price there. The highest allowed now is 69¢."
    )
    (issue,) = (one for one in issues(draft(verb=Verb.SELL_YES, price=CENTS(20))) if one.is_hard)
    assert issue.sentence == (
        "20¢ is 21¢ worse than 41¢, the best price there. The lowest allowed now is 31¢."
    )


def test_nothing_to_meet_is_no_distance() -> None:
    assert said(draft(price=CENTS(99)), "distance through the touch", ask=None) == ""


@pytest.mark.parametrize("fresh, kind", [(True, ""), (False, "confirm")])
def test_an_old_book_asks(fresh: bool, kind: str) -> None:
    assert said(draft(), "fresh book", fresh=fresh, book_age_s=17.2) == kind


@pytest.mark.parametrize(
    "bid, ask, kind",
    [(41, 43, ""), (40, 60, ""), (40, 61, "confirm"), (None, 43, ""), (None, None, "confirm")],
)
def test_a_wide_or_empty_market_asks(bid: int | None, ask: int | None, kind: str) -> None:
    touch = {name: None if cents is None else CENTS(cents) for name, cents in (("bid", bid), ("ask", ask))}
    assert said(draft(price=CENTS(30)), "narrow market", **touch) == kind


@pytest.mark.parametrize(
    "verb, cents, kind",
    [
        (Verb.BUY_YES, 42, ""),
        (Verb.BUY_YES, 43, "confirm"),
        (Verb.BUY_NO, 58, ""),
        (Verb.BUY_NO, 59, "confirm"),
    ],
)
def test_post_only_that_would_trade_asks(verb: Verb, cents: int, kind: str) -> None:
    assert said(draft(verb=verb, price=CENTS(cents), post_only=True), "post only crosses") == kind
    assert said(draft(verb=verb, price=CENTS(cents)), "post only crosses") == ""


@pytest.mark.parametrize(
    "side, cents, kind",
    [
        (BookSide.ASK, 42, "confirm"),
        (BookSide.ASK, 41, "confirm"),
        (BookSide.ASK, 43, ""),
        (BookSide.BID, 42, ""),
    ],
)
def test_meeting_ones_own_order_asks(side: BookSide, cents: int, kind: str) -> None:
    assert said(draft(), "own orders", own=(RestingOrder(side, CENTS(cents)),)) == kind


@pytest.mark.parametrize(
    "age, kind", [(0.0, "hard"), (1.999, "hard"), (2.0, "confirm"), (59.9, "confirm"), (60.0, "")]
)
def test_the_same_order_again(age: float, kind: str) -> None:
    recent = (RecentOrder(draft(verb=Verb.SELL_NO, price=CENTS(58)), age), RecentOrder(draft(), 70.0))
    assert said(draft(), "repeated order", recent=recent) == kind
    assert said(draft(), "repeated order", recent=recent, is_change=True) == ""


@pytest.mark.parametrize(
    "other",
    [draft(ticker="U"), draft(price=CENTS(41)), draft(count=Count.of(11)), draft(verb=Verb.SELL_YES)],
)
def test_another_order_is_no_repetition(other: OrderDraft) -> None:
    assert said(draft(), "repeated order", recent=(RecentOrder(other, 0.1),)) == ""


@pytest.mark.parametrize("count, kind", [(0, ""), (1, "confirm")])
def test_an_unconfirmed_order_in_the_market_asks(count: int, kind: str) -> None:
    assert said(draft(), "unconfirmed order", unconfirmed_in_market=count) == kind


@pytest.mark.parametrize("count, kind", [(499, ""), (500, "hard")])
def test_open_orders(count: int, kind: str) -> None:
    assert said(draft(), "open orders", open_orders=count) == kind
    assert said(draft(), "open orders", open_orders=count, is_change=True) == ""


@pytest.mark.parametrize("count, kind", [(99, ""), (100, "confirm")])
def test_open_orders_in_one_market(count: int, kind: str) -> None:
    assert said(draft(), "open orders", open_in_market=count) == kind


@pytest.mark.parametrize(
    "market, kind",
    [
        (MARKET, ""),
        (None, "hard"),
        (replace(MARKET, close_ms=NOW), "hard"),
        *((replace(MARKET, status=status), "hard") for status in MarketStatus if not status.takes_orders),
    ],
)
def test_the_market_takes_orders(market: Market | None, kind: str) -> None:
    assert said(draft(), "market open", market=market) == kind


def test_a_paused_market_is_called_paused() -> None:
    (issue,) = issues(draft(), market=replace(MARKET, status=MarketStatus.INACTIVE))
    assert "is paused" in issue.sentence


@pytest.mark.parametrize(
    "verb, price, names",
    [
        (Verb.BUY_YES, Price(4_250), "42¢ or 43¢"),
        (Verb.BUY_NO, Price(5_750), "57¢ or 58¢"),
        (Verb.BUY_YES, Price(0), "1¢"),
        (Verb.BUY_YES, Price(10_000), "99¢"),
    ],
)
def test_a_price_off_the_grid_names_its_neighbors(verb: Verb, price: Price, names: str) -> None:
    found = [issue for issue in issues(draft(verb=verb, price=price)) if issue.rule == "price on the grid"]
    assert [(issue.is_hard, issue.field) for issue in found] == [(True, "price")]
    assert found[0].sentence.endswith(f"Nearest: {names}.")


@pytest.mark.parametrize("units, kind", [(0, "hard"), (-1, "hard"), (1, "")])
def test_some_contracts(units: int, kind: str) -> None:
    assert said(draft(count=Count(units)), "some contracts") == kind


@pytest.mark.parametrize(
    "tif, expiration_s, kind",
    [
        (TimeInForce.GOOD_TILL_CANCELED, None, ""),
        (TimeInForce.GOOD_TILL_CANCELED, NOW // 1_000, "hard"),
        (TimeInForce.GOOD_TILL_CANCELED, NOW // 1_000 + 1, ""),
        (IOC, NOW // 1_000 + 1, "hard"),
        (FOK, NOW // 1_000 + 1, "hard"),
        (IOC, None, ""),
    ],
)
def test_expiry(tif: TimeInForce, expiration_s: int | None, kind: str) -> None:
    assert said(draft(time_in_force=tif, expiration_s=expiration_s), "expiry") == kind


@pytest.mark.parametrize("tif, kind", [(TimeInForce.GOOD_TILL_CANCELED, ""), (IOC, "hard"), (FOK, "hard")])
def test_post_only_rests(tif: TimeInForce, kind: str) -> None:
    assert said(draft(time_in_force=tif, post_only=True), "post only rests") == kind


@pytest.mark.parametrize(
    "tif, verb, held, kind",
    [
        (IOC, Verb.SELL_YES, 1, ""),
        (IOC, Verb.SELL_YES, 0, "hard"),
        (IOC, Verb.SELL_YES, -1, "hard"),
        (IOC, Verb.SELL_NO, -1, ""),
        (IOC, Verb.BUY_YES, 1, "hard"),
        (FOK, Verb.SELL_YES, 1, "hard"),
        (TimeInForce.GOOD_TILL_CANCELED, Verb.SELL_YES, 1, "hard"),
    ],
)
def test_reduce_only(tif: TimeInForce, verb: Verb, held: int, kind: str) -> None:
    asked = draft(verb=verb, time_in_force=tif, reduce_only=True)
    assert said(asked, "reduce only", position=Count(held)) == kind


def test_hard_issues_come_first() -> None:
    found = issues(draft(count=Count.of(20_000)), fresh=False, cash=Dollars.of(1))
    kinds = [issue.is_hard for issue in found]
    assert kinds == sorted(kinds, reverse=True)
    assert set(kinds) == {True, False}


def test_figures_can_be_set() -> None:
    tight = LimitValues(contracts_confirm=Count.of(5))
    assert said(draft(), "contracts per order", values=tight) == "confirm"


LIMITS_ON_SUMS = [
    ("cost in one market", "market", "2500", "5000"),
    ("cost in one event", "event", "5000", "10000"),
    ("spent in one day", "day", "5000", "10000"),
]


@pytest.mark.parametrize("rule, name, asks, refuses", LIMITS_ON_SUMS)
def test_a_sum_at_its_boundary(rule: str, name: str, asks: str, refuses: str) -> None:
    for after, kind in (
        (asks, ""),
        (f"{asks}.000001", "confirm"),
        (refuses, "confirm"),
        (f"{refuses}.000001", "hard"),
    ):
        risks = replace(AT_EASE, **{name: grown(after)})
        assert said(draft(), rule, risks=risks) == kind, after
        assert {issue.rule for issue in issues(draft(), risks=risks)} <= {rule}


@pytest.mark.parametrize("rule, name, asks, refuses", LIMITS_ON_SUMS)
def test_a_sum_that_an_order_does_not_add_to_is_no_reason(
    rule: str, name: str, asks: str, refuses: str
) -> None:
    del asks, refuses
    for before in ("90000", "90000.000001"):
        risks = replace(AT_EASE, **{name: grown("90000", before)})
        assert said(draft(), rule, risks=risks) == ""
    assert said(draft(), rule, risks=replace(AT_EASE, **{name: grown("90000", "89999.999999")})) == "hard"


@pytest.mark.parametrize(
    "loss, kind", [("1249.999999", ""), ("1250", "confirm"), ("2499.999999", "confirm"), ("2500", "hard")]
)
def test_the_days_loss_at_its_boundary(loss: str, kind: str) -> None:
    assert said(draft(), "lost in one day", risks=replace(AT_EASE, loss=Dollars.from_wire(loss))) == kind


SHRINKING = replace(AT_EASE, market=grown("700", "700"))
EVERY_LIMIT_PASSED = Risks(grown("90000", "80000"), grown("90000"), grown("90000"), Dollars.of(9_000))
SUM_RULES = {"cost in one market", "cost in one event", "spent in one day", "lost in one day"}


@pytest.mark.parametrize(
    "asked, risks, refused",
    [
        (draft(), EVERY_LIMIT_PASSED, True),
        (draft(), replace(EVERY_LIMIT_PASSED, market=grown("80000", "80000")), False),
        (draft(), replace(EVERY_LIMIT_PASSED, market=grown("70000", "80000")), False),
        (draft(time_in_force=IOC, verb=Verb.SELL_YES, reduce_only=True), EVERY_LIMIT_PASSED, False),
        (draft(), Risks(), True),
        (draft(verb=Verb.SELL_YES), Risks(), True),
        (draft(time_in_force=IOC, verb=Verb.SELL_YES, reduce_only=True), Risks(), False),
        (draft(), replace(AT_EASE, market=None), True),
        (draft(), replace(AT_EASE, event=None), True),
        (draft(), replace(AT_EASE, day=None), True),
        (draft(), replace(AT_EASE, loss=None), True),
        (draft(), AT_EASE, False),
    ],
)
def test_what_adds_is_refused_at_any_limit_and_what_shrinks_at_none(
    asked: OrderDraft, risks: Risks, refused: bool
) -> None:
    found = {issue.rule for issue in issues(asked, risks=risks, position=Count.of(10)) if issue.is_hard}
    assert bool(found & SUM_RULES) is refused


def test_that_something_is_not_known_is_said_once() -> None:
    found = [issue for issue in issues(draft(), risks=Risks()) if issue.rule in SUM_RULES]
    assert [issue.sentence for issue in found] == [
        "What is held and spent is not known yet. Wait until the account has been read."
    ]


@pytest.mark.parametrize(
    "presses, kind", [((4, 59), ""), ((5, 5), "hard"), ((0, 59), ""), ((0, 60), "hard"), ((4, 60), "hard")]
)
def test_the_rate_of_orders(presses: tuple[int, int], kind: str) -> None:
    assert said(draft(), "order rate", presses=presses) == kind
    assert said(draft(), "order rate", presses=presses, is_change=True) == ""
    assert said(draft(), "order rate", presses=presses, risks=SHRINKING) == ""


def test_what_shrinks_a_position_may_be_one_order_more() -> None:
    assert said(draft(), "open orders", open_orders=500, risks=SHRINKING) == ""


def test_the_sentences_name_the_sum_the_most_and_until_when() -> None:
    told = {issue.rule: issue.sentence for issue in issues(draft(), risks=EVERY_LIMIT_PASSED)}
    assert told["cost in one market"] == (
        "Up to $90,000.00 would be in this market, counting what is held, open and unconfirmed. "
        "The most is $5,000.00."
    )
    until = "Until midnight in New York only orders that make a position smaller are sent."
    assert told["spent in one day"].endswith(f"The most is $10,000.00. {until}")
    assert told["lost in one day"].startswith("Today has lost $9,000.00; the most is $2,500.00.")
