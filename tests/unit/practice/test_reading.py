"""Bodies and queries: every wrong type and word is refused in the exchange's own words (FACTS §3)."""

import json
from typing import Any

import pytest
from multidict import MultiDict

from pitdesk.kalshi.wire.orders import CreateOrderRequest
from pitdesk.practice.faults import Fault
from pitdesk.practice.reading import Query, as_object, as_struct

NAME = "CreateOrderV2Request"
GOOD: dict[str, object] = {
    "ticker": "KXFED",
    "side": "bid",
    "count": "1",
    "price": "0.42",
    "time_in_force": "good_till_canceled",
    "self_trade_prevention_type": "maker",
}


def fault(call: Any, *arguments: Any) -> tuple[int, Any]:
    with pytest.raises(Fault) as caught:
        call(*arguments)
    return caught.value.http_status, json.loads(caught.value.body)


def read(**changes: object) -> CreateOrderRequest:
    return as_struct(as_object({**GOOD, **changes}, NAME), CreateOrderRequest, NAME)


def test_a_right_body_is_read_and_unknown_fields_are_ignored() -> None:
    body = read(post_only=True, expiration_time=1_800_000_000, flavor={"of": "the month"})
    assert (body.ticker, body.post_only, body.expiration_time) == ("KXFED", True, 1_800_000_000)


def test_a_null_counts_as_absent() -> None:
    assert read(client_order_id=None).client_order_id is None


@pytest.mark.parametrize(
    "field,value,said",
    [
        ("count", 7, "number into Go struct field CreateOrderV2Request.count of type string"),
        ("price", 0.42, "number into Go struct field CreateOrderV2Request.price of type string"),
        ("ticker", True, "bool into Go struct field CreateOrderV2Request.ticker of type string"),
        ("side", ["bid"], "array into Go struct field CreateOrderV2Request.side of type string"),
        ("side", {}, "object into Go struct field CreateOrderV2Request.side of type string"),
        ("post_only", "yes", "string into Go struct field CreateOrderV2Request.post_only of type bool"),
        ("post_only", 1, "number into Go struct field CreateOrderV2Request.post_only of type bool"),
        (
            "expiration_time",
            "1",
            "string into Go struct field CreateOrderV2Request.expiration_time of type int64",
        ),
        (
            "expiration_time",
            1.5,
            "number 1.5 into Go struct field CreateOrderV2Request.expiration_time of type int64",
        ),
        (
            "subaccount",
            2**63,
            f"number {2**63} into Go struct field CreateOrderV2Request.subaccount of type int64",
        ),
        ("subaccount", True, "bool into Go struct field CreateOrderV2Request.subaccount of type int64"),
    ],
)
def test_a_wrong_type_is_the_flat_error_that_names_the_field(field: str, value: object, said: str) -> None:
    assert fault(lambda: read(**{field: value})) == (
        400,
        {"code": "bad_request", "message": "bad request", "details": f"json: cannot unmarshal {said}"},
    )


@pytest.mark.parametrize("field", sorted(GOOD))
@pytest.mark.parametrize("value", [None, ""])
def test_a_required_field_that_is_missing_is_named(field: str, value: object) -> None:
    status, body = fault(lambda: read(**{field: value}))
    assert (status, body["error"]["code"]) == (400, "invalid_parameters")
    assert field in body["error"]["details"]


@pytest.mark.parametrize("value,kind", [([], "array"), ("x", "string"), (1, "number")])
def test_a_body_that_is_no_object_is_refused(value: object, kind: str) -> None:
    status, body = fault(as_object, value, NAME)
    assert status == 400
    assert body["details"] == f"json: cannot unmarshal {kind} into Go value of type {NAME}"


def query(text: dict[str, str]) -> Query:
    return Query(MultiDict(text), "GetMarkets")


def test_a_query_gives_what_it_holds() -> None:
    asked = query({"limit": "5", "nested": "true", "tickers": "a,b,,a", "cursor": ""})
    assert asked.integer("limit", 1, 1000) == 5
    assert asked.flag("nested")
    assert asked.comma_list("tickers") == {"a", "b"}
    assert asked.text("cursor") is None
    assert not asked.flag("absent")
    assert asked.integer("absent") is None


@pytest.mark.parametrize("limit,tag", [("1001", "lte"), ("-1", "gte")])
def test_a_limit_outside_its_bounds_is_refused_and_not_clamped(limit: str, tag: str) -> None:
    asked = query({"limit": limit})
    assert fault(asked.integer, "limit", 0, 1000) == (
        400,
        {
            "msg": "Parameter validation failed for GetMarkets: Key: 'GetMarketsParams.Limit' "
            f"Error:Field validation for 'Limit' failed on the '{tag}' tag"
        },
    )


@pytest.mark.parametrize("text", ["abc", "1.5", "1e3", "0x1", " 1", "--1", "9" * 30, "٣"])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    status, body = fault(query({"limit": text}).integer, "limit")
    assert status == 400
    assert "limit" in body["msg"]


def test_an_unknown_word_is_refused() -> None:
    status, body = fault(query({"status": "asleep"}).word, "status", ("open", "closed"))
    assert (status, "Status" in body["msg"]) == (400, True)


def test_a_required_argument_that_is_missing_is_named() -> None:
    status, body = fault(query({}).required, "start_ts")
    assert (status, "start_ts" in body["msg"]) == (400, True)
