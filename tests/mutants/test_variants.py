"""Ten deliberately broken desks (RELIABILITY §7): a check that lets one of them pass is worth nothing."""

import asyncio
import os

import pytest

from tools.campaign.broken import CHECKED, TESTED, caught, run_checked, run_tested
from tools.campaign.checker import Verdict
from tools.campaign.variants import VARIANTS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the campaign forks, and kill -9 is POSIX's")


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """The checker's verdict on each variant, and under "" on the whole desk after all their scripts."""
    return asyncio.run(run_checked(tmp_path_factory.mktemp("variants")))


def test_there_are_ten_and_each_is_looked_at() -> None:
    assert len(VARIANTS) == 10
    assert set(CHECKED) | set(TESTED) == set(VARIANTS)


def test_the_whole_desk_is_blamed_for_nothing(verdicts: dict[str, Verdict]) -> None:
    assert verdicts[""].is_clean, verdicts[""].wrong
    assert verdicts[""].placed > 20


@pytest.mark.parametrize("name", CHECKED)
def test_the_checker_sees_a_broken_desk(verdicts: dict[str, Verdict], name: str) -> None:
    assert caught(name, verdicts[name]), verdicts[name].wrong


@pytest.mark.parametrize("name", TESTED)
def test_a_test_fails_on_a_broken_desk(name: str) -> None:
    done = run_tested(name)
    assert done.returncode == 1, done.stdout + done.stderr
    assert " error" not in done.stdout, done.stdout


def test_those_tests_pass_on_the_whole_desk() -> None:
    """What fails above fails for the variant, not for the way it is run."""
    done = run_tested("")
    assert done.returncode == 0, done.stdout + done.stderr
