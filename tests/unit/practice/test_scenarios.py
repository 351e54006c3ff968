"""Scenario files: the gallery plays, a step does what it says, and what makes no sense is told plainly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pitdesk.practice import scenarios
from pitdesk.practice.scenarios import BadScenario, Player
from pitdesk.practice.trouble import BadFault, FaultRequest

if TYPE_CHECKING:
    from pathlib import Path

MARKETS = (("KXA-1-X", "KXA-1-Y"), ("KXB-1-X",))


class Stage:
    """The world's and the desk's place: writes down what it is told."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def news(self, ticker: str, worth: float) -> None:
        self.done.append((ticker, worth))

    def arm(self, asked: FaultRequest) -> None:
        if asked.kind == "close_market":
            raise BadFault("There is no such market.")
        self.done.append(asked.kind)

    def clear(self) -> None:
        self.done.append("cleared")


def played(text: str, *, rounds_s: float = 5.0) -> list[object]:
    stage = Stage()
    player = Player(scenarios.read(text), stage, stage, MARKETS)  # type: ignore[arg-type]

    async def run() -> None:
        task = asyncio.ensure_future(player.play())
        await asyncio.wait({task}, timeout=rounds_s)
        task.cancel()

    asyncio.run(run())
    return stage.done


def test_the_steps_are_played_by_time() -> None:
    text = """
    title = "Three steps"
    [[step]]
    at = 0.1
    clear = true
    [[step]]
    at = 0
    news = { market = "KX*-X", worth = 0.25 }
    [[step]]
    at = 0.05
    fault = { kind = "html_page" }
    """
    assert played(text) == [("KXA-1-X", 0.25), ("KXB-1-X", 0.25), "html_page", "cleared"]


def test_a_step_that_cannot_be_done_does_not_end_the_scenario() -> None:
    text = """
    title = "A market that is gone"
    [[step]]
    at = 0
    fault = { kind = "close_market", match = { ticker = "KXGONE" } }
    [[step]]
    at = 0
    clear = true
    """
    assert played(text) == ["cleared"]


def test_a_scenario_begins_anew() -> None:
    text = """
    title = "Again and again"
    repeat_every = 1
    [[step]]
    at = 0
    clear = true
    """
    stage = Stage()
    player = Player(scenarios.read(text), stage, stage, MARKETS)  # type: ignore[arg-type]

    async def run() -> None:
        task = asyncio.ensure_future(player.play())
        async with asyncio.timeout(60):
            while len(stage.done) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(run())


@pytest.mark.parametrize(
    "text, said",
    [
        ("title = ", "not a scenario"),
        ('about = "no title"', "title"),
        ('title = "a"\nsurprise = 1', "surprise"),
        ('title = "a"\n[mood]\ndepth = -1', "from 0 to 100"),
        ('title = "a"\n[[step]]\nat = 1', "exactly one of"),
        ('title = "a"\n[[step]]\nat = 1\nclear = true\nfault = {kind = "html_page"}', "exactly one of"),
        ('title = "a"\n[[step]]\nat = -1\nclear = true', "at must be"),
        ('title = "a"\n[[step]]\nat = 1\nnews = {market = "KX*", worth = 1.5}', "worth"),
        ('title = "a"\n[[step]]\nat = 1\nfault = {kind = "nonsense"}', "There is no fault 'nonsense'"),
        ('title = "a"\nrepeat_every = 5\n[[step]]\nat = 9\nclear = true', "repeat_every"),
        ('title = "a"\nrepeat_every = 0', "repeat_every"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_told_in_words(text: str, said: str) -> None:
    with pytest.raises(BadScenario, match=said.replace("'", ".")):
        scenarios.read(text)


def test_news_of_a_market_that_is_not_listed_is_told_before_it_plays() -> None:
    scenario = scenarios.read('title = "a"\n[[step]]\nat = 1\nnews = {market = "NONE*", worth = 0.5}')
    stage = Stage()
    with pytest.raises(BadScenario, match="NONE"):
        Player(scenario, stage, stage, MARKETS)  # type: ignore[arg-type]


def test_a_file_that_is_not_there_or_is_no_text_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match=r"calm.*thin-book"):
        scenarios.load(str(tmp_path / "none.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadScenario, match="not a text file"):
        scenarios.load(str(tmp_path / "bytes.toml"))
    (tmp_path / "long.toml").write_bytes(b"#" * 2_000_000)
    with pytest.raises(BadScenario, match="longer"):
        scenarios.load(str(tmp_path / "long.toml"))


def test_the_gallery_has_what_one_meets() -> None:
    assert {"calm", "news-shock", "thin-book", "sub-cent-tails", "pause"} <= set(scenarios.gallery())
    for name in scenarios.gallery():
        assert scenarios.load(name).about
