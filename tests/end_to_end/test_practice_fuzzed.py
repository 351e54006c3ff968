"""Generated requests for every documented call: no 5xx, no shape that is not documented, no word of Python.

Schemathesis makes the requests from the exchange's own interface file, valid ones and broken ones; each is
signed and sent to a running practice exchange.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from tests.practice_fixture import PracticeExchange, running_exchange

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

pytestmark = pytest.mark.api
SPEC = Path(__file__).parents[3] / "shared" / "api" / "openapi.yaml"
SECONDS_FOR_ALL = 30.0
EXAMPLES = 4
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    folder = tmp_path_factory.mktemp("fuzzed") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited") as running:
        yield running


def send(exchange: PracticeExchange, session: requests.Session, case: Any) -> requests.Response:
    """The generated request, signed for the path as it goes over the wire."""
    words = case.as_transport_kwargs(base_url=exchange.rest)
    wanted = ("method", "url", "headers", "params", "data", "json", "cookies", "files")
    prepared = session.prepare_request(requests.Request(**{k: v for k, v in words.items() if k in wanted}))
    path = urlsplit(str(prepared.url)).path
    prepared.headers.update(exchange.headers(str(prepared.method), path))
    return session.send(prepared, timeout=60, allow_redirects=False)


def is_error_shape(body: bytes) -> bool:
    """One of the four shapes of an error."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    error = said.get("error")
    if isinstance(error, dict):
        return isinstance(error.get("code"), str) and isinstance(error.get("message"), str)
    return isinstance(error, str) or isinstance(said.get("msg"), str) or isinstance(said.get("code"), str)


def check(case: Any, answer: requests.Response) -> None:
    """Documented, or an error in one of the exchange's shapes."""
    told = f"{case.method} {case.path}: {answer.status_code} {answer.content[:300]!r}"
    assert answer.status_code < 500, told
    assert b"Traceback" not in answer.content, told
    documented = {str(status) for status in case.operation.responses.status_codes}
    if str(answer.status_code) in documented:
        response = schemathesis.Response.from_requests(answer, verify=False)
        case.validate_response(response, checks=[schemathesis.checks.response_schema_conformance])
    else:
        assert answer.status_code >= 400, told
    if answer.status_code >= 400:
        assert is_error_shape(answer.content), told


def test_generated_requests_are_answered_as_documented(exchange: PracticeExchange) -> None:
    if not SPEC.exists():
        pytest.skip("../shared/api/openapi.yaml is not beside the checkout")
    schema = schemathesis.openapi.from_path(str(SPEC))
    until = time.monotonic() + SECONDS_FOR_ALL
    tried: dict[str, int] = {}
    wrong: list[str] = []
    with requests.Session() as session:
        session.trust_env = False
        for found in schema.get_all_operations():
            operation = found.ok()
            if time.monotonic() > until:
                break
            name = f"{operation.method.upper()} {operation.path}"

            def meet(case: Any) -> None:
                answer = send(exchange, session, case)
                tried[str(answer.status_code)] = tried.get(str(answer.status_code), 0) + 1
                check(case, answer)

            for mode in schemathesis.GenerationMode:
                try:
                    FUZZ(given(operation.as_strategy(generation_mode=mode))(meet))()
                except Unsatisfiable:
                    continue  # nothing of the call can be broken
                except Exception as error:  # noqa: BLE001 (told below, with all others)
                    wrong.append(f"{name} ({mode.value}): {str(error)[:600]}")
    assert exchange.call("GET", "/exchange/status").status == 200
    assert not wrong, "\n".join(wrong)
    assert tried.get("200", 0) > 50
    assert tried.get("400", 0) > 50
    assert "Traceback" not in (exchange.state.parent / f"{exchange.state.name}.errors").read_text()
