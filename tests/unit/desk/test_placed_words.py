"""The sentence of an order that the exchange took: its average price, in the outcome that was bought."""

from fractions import Fraction

import pytest

from pitdesk.desk.order_facts import order_created
from pitdesk.desk.placed_words import placed_sentence
from pitdesk.kalshi.records import CreatedOrder
from pitdesk.orders import Intent, OrderDraft, Source, TimeInForce, Verb
from pitdesk.quantities import Count, Price


@pytest.mark.parametrize(
    "verb, cents, filled, average, says",
    [
        (Verb.BUY_YES, 65, 100, "0.64", "Filled: Buy 100 Yes at 65¢, on average at 64¢"),
        (Verb.BUY_YES, 65, 100, "0.65", "Filled: Buy 100 Yes at 65¢"),
        (Verb.BUY_NO, 40, 100, "0.6133333", "Filled: Buy 100 No at 40¢, on average at 38.67¢"),
        (Verb.SELL_NO, 30, 40, "0.69", "Filled 40 of 100, the rest was canceled: Sell 100 No at 30¢, on av"),
        (Verb.BUY_NO, 40, 100, "0.39", "Filled: Buy 100 No at 40¢"),
        (Verb.BUY_YES, 65, 100, None, "Filled: Buy 100 Yes at 65¢"),
    ],
)
def test_a_fill_tells_its_average_price_where_it_is_not_the_limit(
    verb: Verb, cents: int, filled: int, average: str | None, says: str
) -> None:
    draft = OrderDraft(
        "FED",
        verb,
        Count.of(100),
        Price.from_cents(cents),
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
    )
    intent = Intent("ours", draft, Source.TICKET, 500)
    fraction = None if average is None else Fraction(average)
    answer = CreatedOrder("ex", "ours", Count.of(filled), Count.of(0), fraction, 1_000)
    sentence = placed_sentence(order_created(intent, answer), intent, fraction)
    assert sentence.startswith(says)
    assert ("on average" in sentence) == ("on av" in says)
