"""The help page of the practice exchange is true: its options, faults, scenarios, and what is not served."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pitdesk.practice.scenarios import gallery
from pitdesk.practice.trouble import Kind
from tests.exchange_specs import RestSpec
from tests.practice_fixture import ROOT, PracticeExchange, running_exchange

PAGE = (Path(ROOT) / "resources" / "help" / "practice.md").read_text("utf-8")
NOT_SERVED = re.findall(r"`(/[^`]+)`", PAGE.partition("## What is not served")[2])


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    folder = tmp_path_factory.mktemp("help") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited") as running:
        yield running


def test_every_option_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pitdesk.practice", "--help"],
        env={"PYTHONPATH": str(Path(ROOT) / "app")},
        capture_output=True,
        text=True,
        check=True,
    )
    options = set(re.findall(r"--[a-z-]+", done.stdout)) - {"--help", "--parent-pipe"}
    assert len(options) > 10
    assert {option for option in options if f"`{option}" not in PAGE} == set()


def test_every_fault_and_every_scenario_is_told() -> None:
    assert [kind.value for kind in Kind if f"| `{kind.value}` |" not in PAGE] == []
    assert [name for name in gallery() if f"| `{name}` |" not in PAGE] == []


@pytest.mark.api
def test_what_is_not_served_is_listed_and_nothing_else(
    exchange: PracticeExchange, rest_spec: RestSpec
) -> None:
    assert len(NOT_SERVED) > 10
    wrong = []
    for path in rest_spec.paths:
        # A method that no call has is refused where the path is served, and not found where it is not.
        named = re.sub(r"\{[^}]*\}", "nothing", path)
        status = exchange.call("PATCH", named).status
        assert status in (404, 405)
        if named == "/events/multivariate":
            status = exchange.call("GET", named).status  # as good as an event that is not there
        if any(fnmatchcase(path, like) for like in NOT_SERVED) != (status == 404):
            wrong.append(f"{path} answers {status}")
    assert wrong == []
