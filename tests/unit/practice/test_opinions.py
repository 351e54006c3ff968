"""What the simulated participants believe: one line for each market, whole dollars for each event."""

from __future__ import annotations

import itertools

import pytest

from pitdesk.practice.catalogue import build_catalogue
from pitdesk.practice.opinions import Noise, Opinions
from tests.unit.practice.floor import NOW_MS

NOW_S = NOW_MS / 1000


def test_the_outcomes_of_an_exclusive_event_share_one_dollar() -> None:
    catalogue = build_catalogue(NOW_MS)
    opinions = Opinions(catalogue, 1)
    for event in catalogue.events:
        if event.mutually_exclusive:
            assert sum(opinions.fair(market.ticker, NOW_S) for market in event.markets) == pytest.approx(
                10_000
            )


def test_a_belief_stays_within_the_dollar_and_near_what_was_listed() -> None:
    catalogue = build_catalogue(NOW_MS)
    opinions = Opinions(catalogue, 1)
    for market in catalogue.markets.values():
        line = [opinions.fair(market.ticker, NOW_S - day * 86_400) for day in range(30)]
        assert 20 < min(line) <= max(line) < 9_980
        assert max(line) - min(line) > market.fair.units * 0.02
        assert abs(sum(line) / len(line) - market.fair.units) < 1_800


def test_the_line_is_smooth_and_the_same_for_the_same_key() -> None:
    line, again, other = Noise("a"), Noise("a"), Noise("b")
    times = [NOW_S + step / 10 for step in range(600)]
    heights = [line.at(time_s) for time_s in times]
    assert heights == [again.at(time_s) for time_s in times]
    assert heights != [other.at(time_s) for time_s in times]
    assert max(abs(one - two) for one, two in itertools.pairwise(heights)) < 0.01
    assert [line.at(time_s) for time_s in reversed(times)] == heights[::-1]
