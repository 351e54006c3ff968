"""Fills of the whole program: told as their orders were placed, after a restart too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.failing_exchange_ground import Stage, stage_in
from tests.window_ground import PATIENCE_S

RunAsync = Callable[..., Any]


async def buy_no_at_once(stage: Stage) -> None:
    hand = stage.hand
    hand.click("ticket.verb.buy_no")
    hand.type_into("ticket.contracts", "7")
    await hand.see("a book to take from", lambda: _can_take(stage))
    hand.click("ticket.send")
    await hand.see("it filled", lambda: "Filled" in hand.text("ticket.message"), PATIENCE_S)


def _can_take(stage: Stage) -> bool:
    stage.hand.click("ticket.take")
    return "Buy 7 No at" in stage.hand.text("ticket.send")


async def the_fill(stage: Stage) -> dict[str, str]:
    stage.hand.show_tab("Fills")
    rows = await stage.hand.see("the fill", lambda: stage.hand.rows("fills.table"), PATIENCE_S)
    assert len(rows) == 1
    return dict(rows[0])


def shown(row: dict[str, str]) -> dict[str, str]:
    """What is in sight of it at first."""
    return {title: row[title] for title in ("Time", "Market", "Side", "Contracts", "Price", "Fee", "Role")}


def test_a_fill_of_no_bought_is_told_so(tmp_path: Path, run_async: RunAsync) -> None:
    seen: list[dict[str, str]] = []

    async def first() -> None:
        async with stage_in(tmp_path) as stage:
            await buy_no_at_once(stage)
            row = await the_fill(stage)
            assert row["Side"] == "Buy No"
            cents = [float(row[name].removesuffix("¢")) for name in ("Price", "Yes price")]
            assert sum(cents) == 100
            seen.append(shown(row))

    async def second() -> None:
        async with stage_in(tmp_path) as stage:
            await the_fill(stage)
            told = await stage.hand.see(
                "as it was placed",
                lambda: [row for row in stage.hand.rows("fills.table") if row["Side"] == "Buy No"],
                PATIENCE_S,
            )
            assert [shown(row) for row in told] == seen

    run_async(first(), timeout=240)
    run_async(second(), timeout=240)
