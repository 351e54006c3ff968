"""Exact prices, counts, dollars, and the grid of legal prices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.quantities import (
    PRICE_ONE,
    PRICE_ZERO,
    Count,
    Dollars,
    Price,
    PriceRange,
    PriceRanges,
    QuantityError,
)


def grid(*bands: tuple[str, str, str]) -> PriceRanges:
    return PriceRanges(tuple(PriceRange(*(Price.from_wire(end) for end in band)) for band in bands))


CENT = PriceRanges.of_cents()
DECI = grid(("0", "1", "0.001"))
TAPERED = grid(("0", "0.1", "0.001"), ("0.1", "0.9", "0.01"), ("0.9", "1", "0.001"))
GRIDS = [CENT, DECI, TAPERED, grid(("0.02", "0.98", "0.005"))]


@pytest.mark.parametrize(
    "text, units",
    [("0.42", 4_200), ("0.4200", 4_200), ("0.420000", 4_200), ("1", 10_000), ("0.0001", 1), ("-0.5", -5_000)],
)
def test_prices_from_the_wire(text: str, units: int) -> None:
    assert Price.from_wire(text).units == units


@pytest.mark.parametrize(
    "text", ["", " 0.42", "0.42 ", "0,42", ".5", "5.", "1e-2", "NaN", "٠.٤", "0.42\n", "+1", "0.00001", "1_0"]
)
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        Price.from_wire(text)


@pytest.mark.parametrize(
    "made, shown, wire",
    [
        (Price.from_cents(42), "42¢", "0.4200"),
        (Price.from_wire("0.032"), "3.2¢", "0.0320"),
        (Price(1), "0.01¢", "0.0001"),
        (Count.of(1_240), "1,240", "1240.00"),
        (Count.from_wire("2.5"), "2.5", "2.50"),
        (Count.of(-60), "−60", "-60.00"),
        (Dollars.from_wire("43.7052"), "$43.71", "43.705200"),
        (Dollars.from_wire("-1234.005"), "−$1,234.01", "-1234.005000"),
        (Dollars.from_wire("-0.001"), "$0.00", "-0.001000"),
    ],
)
def test_how_quantities_are_shown_and_sent(made: Price | Count | Dollars, shown: str, wire: str) -> None:
    assert str(made) == shown
    assert Decimal(made.to_wire()) == Decimal(wire)
    assert type(made).from_wire(made.to_wire()) == made


@pytest.mark.parametrize("text, shown", [("38.12", "+$38.12"), ("-38.12", "−$38.12"), ("0.001", "$0.00")])
def test_gains_carry_their_sign(text: str, shown: str) -> None:
    assert Dollars.from_wire(text).signed() == shown


@given(st.integers(-(10**12), 10**12))
def test_the_wire_and_back_changes_nothing(units: int) -> None:
    for kind in (Price, Count, Dollars):
        assert kind.from_wire(kind(units).to_wire()) == kind(units)


@given(st.integers(0, 10_000), st.integers(0, 10**9))
def test_price_times_count_is_exact(price: int, count: int) -> None:
    product = Price(price) * Count(count)
    assert Decimal(product.to_wire()) == Decimal(Price(price).to_wire()) * Decimal(Count(count).to_wire())
    whole = Price(price) * Count(count) + Price(price).complement() * Count(count)
    assert whole == PRICE_ONE * Count(count)


def test_quantities_of_different_kinds_do_not_mix() -> None:
    with pytest.raises(TypeError):
        Price(1) + Count(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = Price(1) < Dollars(1)  # type: ignore[operator]
    assert Price(1) != Count(1)


@pytest.mark.parametrize("ranges", GRIDS)
def test_a_grid_agrees_with_the_list_of_its_prices(ranges: PriceRanges) -> None:
    legal = list(ranges.prices())
    assert legal == sorted(set(legal))
    assert all(ranges.holds(price) for price in legal)
    assert sum(ranges.holds(Price(units)) for units in range(-5, 10_006)) == len(legal)
    for price in (Price(units) for units in range(0, 10_001, 97)):
        above = [one for one in legal if one > price]
        below = [one for one in legal if one < price]
        assert ranges.up(price) == min(above, default=None)
        assert ranges.down(price) == max(below, default=None)


@pytest.mark.parametrize("ranges", GRIDS)
def test_the_no_grid_is_the_yes_grid_turned_round(ranges: PriceRanges) -> None:
    turned = ranges.complement()
    assert sorted(price.complement() for price in turned.prices()) == list(ranges.prices())
    assert list(turned.complement().prices()) == list(ranges.prices())


@given(st.sampled_from(GRIDS), st.integers(1, 9_999))
def test_bids_snap_down_and_asks_snap_up(ranges: PriceRanges, units: int) -> None:
    price = Price(units)
    bid, ask = ranges.nearest_below(price), ranges.nearest_above(price)
    assert bid is None or (bid <= price and ranges.holds(bid))
    assert ask is None or (ask >= price and ranges.holds(ask))
    assert not ranges.holds(price) or bid == ask == price


def test_nought_and_one_dollar_are_never_legal() -> None:
    assert not any(ranges.holds(price) for ranges in GRIDS for price in (PRICE_ZERO, PRICE_ONE))


@pytest.mark.parametrize(
    "price, tick", [("0.05", "0.001"), ("0.1", "0.001"), ("0.5", "0.01"), ("0.9", "0.001"), ("0.95", "0.001")]
)
def test_the_tick_follows_the_band(price: str, tick: str) -> None:
    assert TAPERED.step_at(Price.from_wire(price)) == Price.from_wire(tick)


def test_a_band_without_width_or_step_is_no_band() -> None:
    with pytest.raises(QuantityError):
        PriceRange(Price(0), Price(10_000), Price(0))
    with pytest.raises(QuantityError):
        PriceRange(Price(5), Price(5), Price(1))
    with pytest.raises(QuantityError):
        PriceRanges(())
