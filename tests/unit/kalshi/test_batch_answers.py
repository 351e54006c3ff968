"""What the answer to a batch proves of each order: by its id, by its place only where nothing was moved."""

import pytest

from pitdesk.kalshi.batch_calls import match_created
from pitdesk.kalshi.outcomes import Accepted, Refused, Unknown
from pitdesk.kalshi.wire.account import ErrorBody
from pitdesk.kalshi.wire.batches import BatchCreatedBody
from pitdesk.orders import Intent, OrderDraft, Source, Verb
from pitdesk.quantities import Count, Price

INTENTS = [
    Intent(key, OrderDraft("KX", Verb.BUY_YES, Count.of(1), Price.from_cents(1)), Source.BATCH, 0, 1)
    for key in ("a", "b", "c")
]


def made(key: str | None, order_id: str | None = None) -> BatchCreatedBody:
    return BatchCreatedBody(
        order_id=order_id or f"ex-{key}",
        client_order_id=key,
        fill_count="0.00",
        remaining_count="1.00",
        ts_ms=1,
    )


def failed(key: str | None, code: str = "insufficient_balance") -> BatchCreatedBody:
    return BatchCreatedBody(client_order_id=key, error=ErrorBody(code=code, message=code))


def letters(said: list[BatchCreatedBody]) -> str:
    kinds = {Accepted: "a", Refused: "r", Unknown: "u"}
    return "".join(kinds[type(end)] for end in match_created(INTENTS, said))


@pytest.mark.parametrize(
    "said,expected",
    [
        ([made("a"), made("b"), made("c")], "aaa"),
        ([made("c"), failed("a"), made("b")], "raa"),
        ([made("a"), failed(None), made("c")], "ara"),
        ([made("a"), failed(""), made("c")], "ara"),
        ([made("c"), failed(None), made("a")], "aua"),
        ([made("a"), failed(None)], "auu"),
        ([made("a"), made(None, "ex-9"), made("c")], "aua"),
        ([made("a"), made("a"), made("c")], "uua"),
        ([made("x"), made("b"), made("c")], "uaa"),
        ([], "uuu"),
        ([made("a"), failed("b", "order_already_exists"), made("c")], "aua"),
        ([made("a"), failed("b", "internal_server_error"), made("c")], "aua"),
        ([made("a"), failed("b", ""), made("c")], "aua"),
        ([made("a"), BatchCreatedBody(client_order_id="b", order_id="ex-b"), made("c")], "aua"),
    ],
)
def test_each_order_has_the_end_that_the_answer_proves(said: list[BatchCreatedBody], expected: str) -> None:
    assert letters(said) == expected
