"""Every request that the client makes, held to the exchange's own specification."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pitdesk.kalshi.history_calls import EndedList
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.rest import Rest
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from pitdesk.orders import SelfTradePrevention, TimeInForce, Verb
from pitdesk.quantities import Count, Price
from tests.unit.kalshi.exchange_words import an_intent, an_order, answers
from tests.unit.kalshi.ground import RawServer
from tests.unit.kalshi.stream_ground import Ears, streaming

SPECIFICATION = Path(__file__).parents[4] / "shared" / "api" / "openapi.yaml"

pytestmark = [
    pytest.mark.api,
    pytest.mark.skipif(
        not SPECIFICATION.exists(), reason="../shared/api/openapi.yaml is not beside the checkout"
    ),
]

CALLS: dict[str, Callable[[Rest], Awaitable[Any]]] = {
    "status": lambda rest: rest.exchange_status(),
    "schedule": lambda rest: rest.schedule(),
    "limits": lambda rest: rest.limits(),
    "costs": lambda rest: rest.endpoint_costs(),
    "events": lambda rest: rest.events_page("next"),
    "every series": lambda rest: rest.series_list(),
    "market": lambda rest: rest.market("KXFED-26DEC-C25"),
    "book": lambda rest: rest.book("KXFED-26DEC-C25"),
    "trades": lambda rest: rest.trades("KXFED-26DEC-C25", 50),
    "candles": lambda rest: rest.candles("KXFED", "KXFED-26DEC-C25", 1_795_000_000, 1_795_100_000, 60),
    "balance": lambda rest: rest.balance(),
    "positions": lambda rest: rest.positions(),
    "fills": lambda rest: rest.fills(min_ts_s=5, ticker="KXFED-26DEC-C25", order_id="o1"),
    "settlements": lambda rest: rest.settlements(min_ts_s=5),
    "orders": lambda rest: rest.orders(status="resting", ticker="KXFED-26DEC-C25", min_ts_s=5),
    "archived orders": lambda rest: rest.archived_orders("KXFED-26DEC-C25", 5),
    **{
        f"{which.value} orders, a page": lambda rest, which=which: rest.ended_orders(which, "next")  # type: ignore[misc]
        for which in EndedList
    },
    "order": lambda rest: rest.order("o1"),
    "queues": lambda rest: rest.queue_positions("KXFED-26DEC-C25", "KXFED-26DEC-C50"),
    "data time": lambda rest: rest.user_data_timestamp(),
    "create": lambda rest: rest.create_order(an_intent()),
    "create, all said": lambda rest: rest.create_order(
        an_intent(
            verb=Verb.SELL_NO,
            price=Price.from_wire("0.0325"),
            count=Count.from_wire("0.01"),
            expiration_s=1_795_300_000,
            post_only=True,
            cancel_order_on_pause=True,
            self_trade_prevention=SelfTradePrevention.MAKER,
            order_group_id="9f0c2a9e-5a3f-4b6f-8f0e-0c3f5f9b7a11",
            subaccount=4,
            exchange_index=2,
        )
    ),
    "create, at once": lambda rest: rest.create_order(
        an_intent(time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL, reduce_only=True)
    ),
    "create, all or nothing": lambda rest: rest.create_order(
        an_intent(time_in_force=TimeInForce.FILL_OR_KILL)
    ),
    "cancel": lambda rest: rest.cancel_order(an_order(subaccount=1)),
    "cancel all": lambda rest: rest.cancel_all(),
    "amend": lambda rest: rest.amend_order(an_order(), Price.from_cents(41), Count.of(90)),
    "decrease": lambda rest: rest.decrease_order(an_order(), Count.of(5)),
}


@pytest.fixture(scope="module")
def specification() -> Any:
    import yaml
    from openapi_core import OpenAPI

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with SPECIFICATION.open(encoding="utf-8") as file:
        whole = yaml.load(file, Loader=loader)
    whole["servers"] = [{"url": "http://exchange.test/trade-api/v2"}]
    return OpenAPI.from_dict(whole)


def as_request(sent: bytes) -> Any:
    from urllib.parse import parse_qsl, urlsplit

    from openapi_core.testing import MockRequest

    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    parts = urlsplit(target)
    headers = dict(line.split(": ", 1) for line in lines)
    return MockRequest(
        "http://exchange.test",
        method.lower(),
        parts.path,
        args=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=headers,
        data=body or None,
        content_type=headers.get("Content-Type", "application/json"),
    )


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_request_is_as_specified(
    call: Callable[[Rest], Awaitable[Any]], raw_server: RawServer, signer: Signer, specification: Any
) -> None:
    raw_server.answer = answers({})

    async def run() -> None:
        transport = Transport(raw_server.environment, signer)
        await call(Rest(transport, Pacer()))
        await transport.close()

    asyncio.run(run())
    (sent,) = raw_server.requests
    request = as_request(sent)
    result = specification.unmarshal_request(request)
    assert result.errors == []
    known = {parameter["name"] for parameter in _parameters(specification, request)}
    assert set(request.parameters.query) <= known, "a parameter that the specification does not name"


def test_the_specification_refuses_what_is_wrong(specification: Any) -> None:
    """So that the checks above can fail."""
    head = b"POST /trade-api/v2/portfolio/events/orders HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
    body = b'{"ticker":"T","side":"yes","count":1,"price":"0.42"}'
    assert specification.unmarshal_request(as_request(head + body)).errors


def test_stream_commands_are_as_specified(signer: Signer) -> None:
    import yaml
    from jsonschema import Draft202012Validator

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with SPECIFICATION.with_name("asyncapi.yaml").open(encoding="utf-8") as file:
        components = yaml.load(file, Loader=loader)["components"]
    kinds = {
        "subscribe": "subscribeCommandPayload",
        "update_subscription": "updateSubscriptionCommandPayload",
        "unsubscribe": "unsubscribeCommandPayload",
    }

    async def run() -> list[dict[str, Any]]:
        async with streaming(signer) as (exchange, stream):
            books = Ears(stream.book_said)
            stream.follow("user_orders", "fill", "market_positions", "ticker", "market_lifecycle_v2")
            stream.watch_books(frozenset({"A"}))
            stream.start()
            await books.next()
            exchange.seqs[exchange.sids["orderbook_delta"]] += 1
            await exchange.delta("A", "0.4100", "1.00")
            await books.next()
            stream.watch_books(frozenset({"B"}))
            await exchange.asked(lambda command: command["params"].get("action") == "delete_markets")
            stream.watch_books(frozenset())
            await exchange.asked(lambda command: command["cmd"] == "unsubscribe")
            return exchange.commands

    commands = asyncio.run(run())
    assert {command["cmd"] for command in commands} == set(kinds)
    for command in commands:
        schema = {"$ref": f"#/components/schemas/{kinds[command['cmd']]}", "components": components}
        assert [error.message for error in Draft202012Validator(schema).iter_errors(command)] == []


def _parameters(specification: Any, request: Any) -> list[dict[str, Any]]:
    """The query parameters of the operation that ``request`` is."""
    document = specification.spec.read_value()
    best: list[dict[str, Any]] = []
    wanted = request.path.removeprefix("/trade-api/v2").split("/")
    for path, operations in document["paths"].items():
        parts = path.split("/")
        fits = len(parts) == len(wanted) and all(
            part == own or part.startswith("{") for part, own in zip(parts, wanted, strict=True)
        )
        if fits and request.method in operations and (path == "/".join(wanted) or not best):
            best = [_resolved(document, each) for each in operations[request.method].get("parameters", [])]
    return best


def _resolved(document: Any, parameter: dict[str, Any]) -> dict[str, Any]:
    reference = parameter.get("$ref")
    return document["components"]["parameters"][reference.rpartition("/")[2]] if reference else parameter
