"""Ladders: every rung is legal, nothing asked is lost, and what is otherwise than asked is said."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pitdesk.desk.batch.ladder import LadderPlan, Shape, build_ladder, count_text, price_text
from pitdesk.desk.batch.transform import parse_factor, shifted
from pitdesk.orders import Verb
from pitdesk.quantities import Count, Price, PriceRange, PriceRanges, QuantityError
from pitdesk.typed_text import parse_count, parse_price

CENTS = PriceRanges.of_cents()
TAPERED = PriceRanges(
    (
        PriceRange(Price(0), Price(1_000), Price(10)),
        PriceRange(Price(1_000), Price(9_000), Price(100)),
        PriceRange(Price(9_000), Price(10_000), Price(10)),
    )
)
GRIDS = st.sampled_from([CENTS, TAPERED])


@st.composite
def plans(draw: st.DrawFn) -> tuple[LadderPlan, PriceRanges]:
    grid = draw(GRIDS)
    legal = list(grid.prices())
    ends = [draw(st.sampled_from(legal)) for _ in range(2)]
    by_steps = draw(st.booleans())
    total = Count(draw(st.integers(1, 5_000_00)))
    in_total = draw(st.booleans())
    return LadderPlan(
        verb=draw(st.sampled_from(Verb)),
        from_price=ends[0],
        to_price=ends[1],
        steps=draw(st.integers(1, 300)) if by_steps else None,
        tick=None if by_steps else Price(draw(st.integers(5, 3_000))),
        total=total if in_total else None,
        each=None if in_total else total,
        shape=draw(st.sampled_from(Shape)),
    ), grid


@settings(max_examples=300, deadline=None)
@given(plans())
def test_rungs_are_legal_and_the_contracts_add_up(made: tuple[LadderPlan, PriceRanges]) -> None:
    plan, grid = made
    try:
        ladder = build_ladder(plan, grid)
    except QuantityError as error:
        said = str(error)
    else:
        said = ""
    assert not said or "cannot be split" in said or "orders; a batch holds" in said
    if said:
        return
    prices = [rung.price for rung in ladder.rungs]
    low, high = sorted((plan.from_price, plan.to_price))
    assert all(grid.holds(price) and low <= price <= high for price in prices)
    assert len(set(prices)) == len(prices)
    assert prices == sorted(prices, reverse=plan.to_price < plan.from_price)
    assert prices[0] == plan.from_price
    assert all(rung.count.units > 0 for rung in ladder.rungs)
    if plan.total is not None:
        assert ladder.total == plan.total
    elif plan.each is not None and plan.steps is not None:
        assert ladder.total.units == plan.each.units * plan.steps
    if plan.steps is not None:
        assert bool(len(prices) < plan.steps) == any("share a price" in note for note in ladder.notes)


@settings(max_examples=200, deadline=None)
@given(plans())
def test_what_the_cells_say_reads_back_as_the_rung(made: tuple[LadderPlan, PriceRanges]) -> None:
    plan, grid = made
    try:
        ladder = build_ladder(plan, grid)
    except QuantityError:
        assume(False)
    for rung in ladder.rungs:
        assert parse_price(price_text(rung.price), grid) == rung.price
        assert parse_count(count_text(rung.count)) == rung.count


def test_how_many_rungs_fell_together_is_said() -> None:
    plan = LadderPlan(Verb.BUY_YES, Price.from_cents(40), Price.from_cents(44), steps=20, each=Count.of(10))
    ladder = build_ladder(plan, CENTS)
    assert [str(rung.price) for rung in ladder.rungs] == ["40¢", "41¢", "42¢", "43¢", "44¢"]
    assert ladder.total == Count.of(200)
    assert "20 orders were asked; the grid has 5 prices" in ladder.notes[-1]
    assert "15 share a price" in ladder.notes[-1]


@pytest.mark.parametrize(
    "verb,expected",
    [(Verb.BUY_YES, "40¢"), (Verb.BUY_NO, "40¢"), (Verb.SELL_YES, "41¢"), (Verb.SELL_NO, "41¢")],
)
def test_a_price_between_ticks_goes_to_the_persons_side(verb: Verb, expected: str) -> None:
    plan = LadderPlan(verb, Price.from_cents(40), Price.from_cents(41), steps=3, each=Count.of(1))
    ladder = build_ladder(plan, CENTS)
    shared = max(ladder.rungs, key=lambda rung: rung.count)
    assert str(shared.price) == expected


@pytest.mark.parametrize(
    "shape,expected",
    [
        (Shape.FLAT, [25, 25, 25, 25]),
        (Shape.LINEAR, [11, 20, 30, 39]),
        (Shape.FRONT, [52, 30, 14, 4]),
        (Shape.BACK, [4, 14, 30, 52]),
    ],
)
def test_the_shapes(shape: Shape, expected: list[int]) -> None:
    plan = LadderPlan(
        Verb.BUY_YES, Price.from_cents(40), Price.from_cents(43), steps=4, total=Count.of(100), shape=shape
    )
    assert [rung.count.units // 100 for rung in build_ladder(plan, CENTS).rungs] == expected


@pytest.mark.parametrize(
    "changes,says",
    [
        ({"steps": None}, "either the number"),
        ({"tick": Price(100)}, "either the number"),
        ({"total": Count.of(1)}, "either the contracts"),
        ({"from_price": Price(4_050)}, "40¢ or 41¢"),
        ({"steps": 0}, "from 1 to 2,000"),
        ({"each": Count(0)}, "cannot be split"),
    ],
)
def test_a_plan_that_makes_no_ladder_says_why(changes: dict[str, object], says: str) -> None:
    asked: dict[str, object] = {
        "verb": Verb.BUY_YES,
        "from_price": Price.from_cents(40),
        "to_price": Price.from_cents(45),
        "steps": 3,
        "each": Count.of(1),
    }
    with pytest.raises(QuantityError, match=says):
        build_ladder(LadderPlan(**{**asked, **changes}), CENTS)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(GRIDS, st.data(), st.integers(-40, 40))
def test_shifting_there_and_back_is_where_it_began(
    grid: PriceRanges, data: st.DataObject, ticks: int
) -> None:
    price = data.draw(st.sampled_from(list(grid.prices())))
    moved = shifted(price, ticks, grid)
    if moved is not None:
        assert grid.holds(moved)
        assert shifted(moved, -ticks, grid) == price


@pytest.mark.parametrize("text", ["", "0", "-1", "1,5", "1e3", "NaN", "٣"])
def test_a_factor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_factor(text)
