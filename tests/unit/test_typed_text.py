"""What a person may type, and the sentence said when it is not a price, a count or an amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitdesk.quantities import Count, Dollars, Price, PriceRange, PriceRanges, QuantityError
from pitdesk.typed_text import parse_count, parse_dollars, parse_price

CENT = PriceRanges.of_cents()
DECI = PriceRanges((PriceRange(Price(0), Price(10_000), Price(10)),))


@pytest.mark.parametrize("text", ["42", "42¢", "42c", " 42 ", "42 ¢", "42.0", "$0.42", "$0.4200", "$.42"])
def test_prices_typed_in_cents_or_dollars(text: str) -> None:
    if text == "$.42":
        with pytest.raises(QuantityError):
            parse_price(text, CENT)
        return
    assert parse_price(text, CENT) == Price.from_cents(42)


def test_a_finer_grid_takes_tenths_of_a_cent() -> None:
    assert parse_price("3.2", DECI) == Price(320)
    assert parse_price("$0.032", DECI) == Price(320)


@pytest.mark.parametrize(
    "text, grid, says",
    [
        ("", CENT, "Enter a price, like 42 or 3.2."),
        ("42,5", DECI, "Write 42.5 with a dot"),
        ("0,56", CENT, "can be read two ways"),
        ("1,000", CENT, "or 1000 without a separator"),
        ("42.5", CENT, "42¢ or 43¢"),
        ("0.42", CENT, "Prices are in cents: write 42¢"),
        ("0", CENT, "from 1¢ to 99¢"),
        ("100", CENT, "from 1¢ to 99¢"),
        ("-5", CENT, "above zero"),
        ("−5", CENT, "above zero"),
        ("4\u00a02", CENT, "Use digits and one dot"),
        ("٤٢", CENT, "Use digits and one dot"),
        ("４２", CENT, "Use digits and one dot"),
        ("4e1", CENT, "Use digits and one dot"),
        ("4_2", CENT, "Use digits and one dot"),
        ("NaN", CENT, "Use digits and one dot"),
        ("42\u200b", CENT, "□"),
        ("3.255", DECI, "at most two decimals of a cent"),
        ("$0.42001", CENT, "Use digits and one dot"),
        ("9" * 40, CENT, "from 1¢ to 99¢"),
        ("9" * 41, CENT, "Use digits and one dot"),
        ("abc", CENT, "“abc” is not a price"),
        ("$4¢2¢", CENT, "“$4¢2¢” is not a price"),
    ],
)
def test_what_is_no_price_names_what_would_be_accepted(text: str, grid: PriceRanges, says: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        parse_price(text, grid)
    assert says in str(refusal.value)
    assert len(str(refusal.value)) < 160


@pytest.mark.parametrize(
    "text, count", [("100", "100"), ("2.5", "2.5"), (" 2.55 ", "2.55"), ("0.01", "0.01")]
)
def test_counts(text: str, count: str) -> None:
    assert parse_count(text) == Count.from_wire(count)


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "Enter a number of contracts, like 100 or 2.5."),
        ("0", "at least 0.01"),
        ("0.00", "at least 0.01"),
        ("2.555", "hundredths"),
        ("1,000", "1000 without a separator"),
        ("1.000,50", "Use digits and one dot"),
        ("-1", "above zero"),
        ("12345678", "at most seven digits before the dot"),
    ],
)
def test_what_is_no_count_names_what_would_be_accepted(text: str, says: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        parse_count(text)
    assert says in str(refusal.value)


def test_dollars() -> None:
    assert parse_dollars("$43.71") == Dollars.from_wire("43.71")
    assert parse_dollars(" 50 ") == Dollars.of(50)
    with pytest.raises(QuantityError, match="above"):
        parse_dollars("0")


@given(st.text(max_size=30))
def test_any_text_is_a_legal_price_or_a_sentence(text: str) -> None:
    try:
        price = parse_price(text, DECI)
    except QuantityError as refusal:
        assert str(refusal).endswith((".", "¢."))  # noqa: PT017 (either end is right)
    else:
        assert DECI.holds(price)


@given(st.text(max_size=30))
def test_any_text_is_a_count_above_nothing_or_a_sentence(text: str) -> None:
    try:
        count = parse_count(text)
    except QuantityError as refusal:
        assert str(refusal)  # noqa: PT017 (either end is right)
    else:
        assert count > Count(0)
