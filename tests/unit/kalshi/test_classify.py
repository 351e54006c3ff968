"""What each answer proves: one row for each status and code of FACTS §2.1 and §3."""

import json

import pytest

from pitdesk.kalshi.classify import CallKind, classify
from pitdesk.kalshi.outcomes import Accepted, Gone, NotSent, Refused, Unknown
from pitdesk.kalshi.reply import Fault, Reply


def nested(code: str, details: str = "", message: str = "") -> bytes:
    return json.dumps({"error": {"code": code, "message": message or code, "details": details}}).encode()


def flat(code: str, details: str = "") -> bytes:
    return json.dumps({"code": code, "message": code, "details": details}).encode()


def of(status: int, body: bytes, kind: CallKind = CallKind.CREATE):
    return classify(Reply(status, body, 1.0), kind, (201,), lambda reply: json.loads(reply.body))


REFUSALS = [
    (400, nested("invalid_price"), "invalid_price", "grid", "price"),
    (400, nested("invalid_order", "post only cross"), "invalid_order", "post only", "post_only"),
    (400, nested("insufficient_balance"), "insufficient_balance", "cash", "count"),
    (400, nested("available_balance_too_low"), "available_balance_too_low", "cash", "count"),
    (400, flat("bad_request", "json: cannot unmarshal number"), "bad_request", "could not read", None),
    (400, nested("invalid_parameters"), "invalid_parameters", "could not read", None),
    (400, nested("invalid_order_size"), "invalid_order_size", "contracts", "count"),
    (400, nested("order_side_mismatch"), "order_side_mismatch", "side", None),
    (400, nested("order_ticker_mismatch"), "order_ticker_mismatch", "market", None),
    (400, nested("market_inactive"), "market_inactive", "closed or paused", None),
    (400, nested("MARKET_INACTIVE"), "MARKET_INACTIVE", "closed or paused", None),
    (400, flat("invalid_content_type"), "invalid_content_type", "could not read", None),
    (
        400,
        nested("invalid_order", "Expiration timestamp must be in the future"),
        "invalid_order",
        "future",
        "expiration",
    ),
    (
        400,
        nested("invalid_order", "Cannot specify both immediate_or_cancel and expiration_ts"),
        "invalid_order",
        "good till canceled",
        "expiration",
    ),
    (400, b'{"msg":"Parameter validation failed for limit"}', "bad_request", "could not read", None),
    (400, nested("a_new_code", "the moon is full"), "a_new_code", "the moon is full", None),
    (
        401,
        nested("authentication_error", "INCORRECT_API_KEY_SIGNATURE"),
        "authentication_error",
        "signature",
        None,
    ),
    (
        401,
        nested("authentication_error", "NOT_FOUND"),
        "authentication_error",
        "does not know this API key",
        None,
    ),
    (401, nested("header_timestamp_expired"), "header_timestamp_expired", "clock", None),
    (401, nested("signature_is_missing_from_headers"), "signature_is_missing_from_headers", "signed", None),
    (403, nested("forbidden"), "forbidden", "permissions", None),
    (404, nested("not_found"), "not_found", "working order", None),
    (410, nested("deprecated_v1_order_endpoint"), "deprecated_v1_order_endpoint", "Update", None),
    (429, b'{"error": "too many requests"}', "too_many_requests", "Too many", None),
    (409, nested("trading_is_paused"), "trading_is_paused", "paused", None),
    (409, nested("exchange_is_paused"), "exchange_is_paused", "paused", None),
    (
        409,
        nested("fill_or_kill_insufficient_resting_volume"),
        "fill_or_kill_insufficient_resting_volume",
        "nothing was traded",
        None,
    ),
]


@pytest.mark.parametrize("status,body,code,says,field", REFUSALS)
def test_a_documented_refusal_is_believed(
    status: int, body: bytes, code: str, says: str, field: str | None
) -> None:
    outcome = of(status, body)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.http_status, outcome.field) == (code, status, field)
    assert says in outcome.sentence
    assert outcome.sentence.endswith(".")


HTML = b"<html><body><h1>Forbidden</h1> <script>x</script></body></html>"


@pytest.mark.parametrize(
    "status", [200, 201, 204, 301, 302, 307, 308, 400, 401, 403, 404, 408, 409, 410, 429, 500, 502, 503, 504]
)
@pytest.mark.parametrize(
    "body", [b"", HTML, b"[]", b"{}", b'"no"', b"\xff\xfe", b'{"error":{}}', b"{" * 5000]
)
def test_a_foreign_body_proves_nothing(status: int, body: bytes) -> None:
    def read(reply: Reply) -> object:
        raise ValueError("not an order")

    outcome = classify(Reply(status, body, 1.0), CallKind.CREATE, (201,), read)
    assert isinstance(outcome, Unknown)
    assert outcome.http_status == status
    assert "may be live" in outcome.sentence
    assert len(outcome.detail) <= 400


@pytest.mark.parametrize("status", [200, 202, 301, 302, 303, 307, 308, 408, 500, 502, 503, 504])
def test_other_statuses_prove_nothing_even_in_the_exchanges_shape(status: int) -> None:
    assert isinstance(of(status, nested("invalid_price")), Unknown)


def test_a_taken_id_is_looked_up() -> None:
    outcome = of(409, nested("order_already_exists"))
    assert isinstance(outcome, Unknown)
    assert outcome.duplicate


def test_another_conflict_is_unknown_without_being_a_duplicate() -> None:
    outcome = of(409, nested("conflict_of_a_new_kind"))
    assert isinstance(outcome, Unknown)
    assert not outcome.duplicate


@pytest.mark.parametrize("kind", [CallKind.CANCEL, CallKind.CHANGE])
def test_a_cancel_of_a_done_order_is_gone(kind: CallKind) -> None:
    outcome = of(404, nested("not_found"), kind)
    assert isinstance(outcome, Gone)
    assert isinstance(outcome, Refused)


def test_a_create_or_a_read_is_never_gone() -> None:
    for kind in (CallKind.CREATE, CallKind.READ):
        assert not isinstance(of(404, nested("not_found"), kind), Gone)


def test_without_a_connection_nothing_was_sent() -> None:
    assert isinstance(classify(Fault(False, "refused"), CallKind.CREATE, (201,), lambda _: 1), NotSent)
    assert isinstance(classify(Fault(True, "reset"), CallKind.CREATE, (201,), lambda _: 1), Unknown)


def test_done_carries_value_and_times() -> None:
    outcome = classify(Reply(201, b"{}", 12.5, 77), CallKind.CREATE, (201,), lambda _: "placed")
    assert outcome == Accepted("placed", 12.5, 77)


def test_text_from_outside_is_one_plain_short_line() -> None:
    outcome = of(400, nested("new", "a\nb\u202ec\u200b" + "x" * 1000))
    assert isinstance(outcome, Refused)
    assert "\n" not in outcome.detail
    assert "\u202e" not in outcome.sentence
    assert len(outcome.detail) <= 200
