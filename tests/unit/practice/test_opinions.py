"""What the simulated participants believe: one line for each market, whole dollars for each event."""

from __future__ import annotations

import itertools
from statistics import median

import pytest

from pitdesk.practice.catalogue import build_catalogue
from pitdesk.practice.opinions import News, Noise, Opinions
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


FED = "KXFEDDECISION-26DEC-C25"


def line_of(ticker: str, seed: int, step_s: int, count: int) -> list[float]:
    """What a market is worth in cents, back from the start, newest first."""
    opinions = Opinions(build_catalogue(NOW_MS), seed)
    return [opinions.fair(ticker, NOW_S - step_s * number) / 100 for number in range(count)]


def moves(line: list[float], over: int) -> list[float]:
    return [abs(one - other) for one, other in zip(line, line[over:], strict=False)]


@pytest.mark.parametrize("seed", range(4))
def test_a_belief_diffuses_little_in_a_minute_and_much_in_a_day(seed: int) -> None:
    line = line_of(FED, seed, 60, 5 * 1440)
    minute, hour, day = (median(moves(line, over)) for over in (1, 60, 1440))
    assert 0.01 < minute < 0.4
    assert minute * 3 < hour < 4
    assert hour * 1.3 < day


def test_some_stretches_are_calm_and_some_are_busy() -> None:
    line = line_of(FED, 1, 60, 3 * 1440)
    steps = moves(line, 1)
    hours = sorted(sum(steps[start : start + 60]) for start in range(0, len(steps) - 60, 60))
    assert hours[-6] > 2 * hours[5]


def test_news_comes_at_once_is_overdone_and_is_forgotten() -> None:
    news = News("some market")
    came_s, size = max((news._piece(cell) for cell in range(100)), key=lambda piece: piece[1])
    before, after = news.at(came_s - 1), news.at(came_s + 1)
    assert after - before > size
    assert news.at(came_s + 1_200) < after
    assert size > 0.05
    small = [abs(news._piece(cell)[1]) for cell in range(100)]
    assert median(small) < 0.04 < max(small)


def test_what_is_told_holds_from_then_on_and_the_others_follow() -> None:
    catalogue = build_catalogue(NOW_MS)
    opinions, untold = Opinions(catalogue, 1), Opinions(catalogue, 1)
    opinions.tell(FED, 0.9, NOW_S)
    assert opinions.fair(FED, NOW_S) == pytest.approx(9_000)
    assert opinions.fair(FED, NOW_S - 1) == untold.fair(FED, NOW_S - 1)
    event = catalogue.event_of(FED)
    assert sum(opinions.fair(market.ticker, NOW_S) for market in event.markets) == pytest.approx(10_000)
    thresholds = next(
        event for event in catalogue.events if not event.mutually_exclusive and len(event.markets) > 2
    )
    first, second = thresholds.markets[0].ticker, thresholds.markets[1].ticker
    opinions.tell(second, 0.05, NOW_S)
    assert opinions.fair(second, NOW_S) == pytest.approx(500)
    assert opinions.fair(first, NOW_S) > 500


def test_at_the_end_it_is_clear_what_is_true() -> None:
    event = build_catalogue(NOW_MS).event_of(FED)
    opinions = Opinions(build_catalogue(NOW_MS), 1)
    close_s = event.markets[0].close_ms / 1000
    before = max(opinions.fair(market.ticker, close_s - 3_600) for market in event.markets)
    assert max(opinions.fair(market.ticker, close_s) for market in event.markets) > before
