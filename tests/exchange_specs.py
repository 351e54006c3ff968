"""The exchange's own interface files beside the checkout: every answer and frame is held against them.

Where a file is absent, the tests that need it are skipped and say so.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.practice_fixture import Answer

_FOLDER = Path(__file__).parent.parent.parent / "shared" / "api"
_HOST = "https://external-api.kalshi.com"
_BASE = "/trade-api/v2"
_HEADERS = ("KALSHI-ACCESS-KEY", "KALSHI-ACCESS-TIMESTAMP", "KALSHI-ACCESS-SIGNATURE")
_SCHEMAS = {
    "subscribed": "subscribedResponsePayload",
    "unsubscribed": "unsubscribedResponsePayload",
    "error": "errorResponsePayload",
    "orderbook_snapshot": "orderbookSnapshotPayload",
    "orderbook_delta": "orderbookDeltaPayload",
    "ticker": "tickerPayload",
    "trade": "tradePayload",
    "fill": "fillPayload",
    "user_order": "userOrderPayload",
    "market_position": "marketPositionPayload",
    "market_lifecycle_v2": "marketLifecycleV2Payload",
    "event_fee_update": "eventFeeUpdatePayload",
    "order_group_updates": "orderGroupUpdatesPayload",
}


class RestSpec:
    """openapi.yaml: is this request, is this answer, as it says?"""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths = document["paths"]
        self._api = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))

    def check_answer(self, method: str, path: str, answer: Answer) -> None:
        """Raise unless ``answer`` to ``method`` and ``path`` (below the base path) is as documented."""
        request = self._request(method, path)
        content_type = answer.headers.get_content_type() if answer.body else "text/plain"
        self._api.validate_response(
            request, MockResponse(answer.body, answer.status, content_type=content_type)
        )

    def check_body(self, method: str, path: str, body: bytes) -> None:
        """Raise unless ``body`` is a documented request of ``method`` and ``path``."""
        request = self._request(
            method, path, data=body, content_type="application/json", headers=dict.fromkeys(_HEADERS, "1")
        )
        self._api.validate_request(request)

    def _request(self, method: str, path: str, **more: Any) -> MockRequest:
        return MockRequest(_HOST, method.lower(), _BASE + path.partition("?")[0], **more)


class StreamSpec:
    """asyncapi.yaml: is this frame as it says?"""

    def __init__(self, document: dict[str, Any]) -> None:
        resource: Resource[Any] = Resource(contents=document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:stream", resource)

    def check(self, frame: dict[str, Any]) -> None:
        """Raise unless ``frame`` is as documented for its type."""
        kind = frame["type"]
        if kind == "ok":
            listing = isinstance(frame.get("msg"), list)
            name = "listSubscriptionsResponsePayload" if listing else "okResponsePayload"
        else:
            name = _SCHEMAS[kind]
        schema = {"$ref": f"urn:stream#/components/schemas/{name}"}
        checker = Draft202012Validator(schema, registry=self._registry, format_checker=FormatChecker())
        checker.validate(frame)


def _load(name: str) -> dict[str, Any]:
    file = _FOLDER / name
    if not file.exists():
        pytest.skip(f"../shared/api/{name} is not beside the checkout")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=loader)
    return document


@pytest.fixture(scope="session")
def rest_spec() -> RestSpec:
    """The REST interface; skips where its file is absent."""
    return RestSpec(_load("openapi.yaml"))


@pytest.fixture(scope="session")
def stream_spec() -> StreamSpec:
    """The WebSocket interface; skips where its file is absent."""
    return StreamSpec(_load("asyncapi.yaml"))
