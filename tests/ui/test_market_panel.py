"""The market panel: its facts, the chart in every state, the crosshair, the outcome cards."""

import time
from datetime import timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from pitdesk.cost import order_cost
from pitdesk.markets import Candle, FeeSchedule, MarketStatus, PublicTrade, Quote
from pitdesk.orders import BookSide, OrderDraft, Verb
from pitdesk.quantities import Count, Dollars, Price
from pitdesk_ui.chart.panel import MarketPanel
from pitdesk_ui.chart.presenter import MarketPresenter
from pitdesk_ui.chart.series import (
    Bar,
    Drawing,
    Span,
    bars_of,
    carried_to,
    fold_trade,
    merge_bars,
    price_ticks,
    price_window,
    tick_text,
    time_ticks,
)
from pitdesk_ui.chart.words import caption, market_says_card, percent, spoken
from tests.conftest import RunAsync
from tests.ui.market_desk import BANDED, CUT, FED, HOLD, MarketDesk, market, until

EST = timezone(timedelta(hours=-5), "EST")
NOW_S = 1_795_000_020


@pytest.fixture
def panel(qtbot: QtBot) -> MarketPanel:
    made = MarketPanel()
    qtbot.addWidget(made)
    made.resize(550, 577)
    made.show()
    return made


def bars(count: int, period: int = 60) -> tuple[Bar, ...]:
    """A zigzag that ends at the moment NOW_S."""
    made = []
    for number in range(count):
        level = 4_200 + (number % 7) * 100
        end = NOW_S - (count - 1 - number) * period
        made.append(Bar(end, level - 50, level + 100, level - 100, level, Count.of(3)))
    return tuple(made)


def candle(end_s: int, close: int | None) -> Candle:
    price = None if close is None else Price(close)
    return Candle(end_s, price, price, price, price, None, None, Count.of(1))


def trade(trade_id: str, ticker: str, units: int, at_s: float, count: int = 5) -> PublicTrade:
    return PublicTrade(trade_id, ticker, Price(units), Count.of(count), BookSide.BID, int(at_s * 1_000))


def colors(panel: MarketPanel) -> set[str]:
    image = panel.canvas.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("count", [1, 2, 60, 1_440])
@pytest.mark.parametrize("switch", ["chart.line", "chart.candles"])
def test_the_chart_paints_any_history_both_ways(
    qtbot: QtBot, panel: MarketPanel, count: int, switch: str
) -> None:
    chip = panel.findChild(QPushButton, switch)
    assert isinstance(chip, QPushButton)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    panel.show_bars(bars(count), Price(4_300))
    painted = colors(panel)
    candles = switch == "chart.candles"
    assert ("#3fb68b" in painted) is candles, "rising candles are green, a line is not"
    panel.resize(322, 380)
    assert len(colors(panel)) > 3


def test_without_history_a_sentence_stands_in_its_place(panel: MarketPanel) -> None:
    panel.show_message("Loading the price history…")
    assert panel.canvas.accessibleDescription() == "Loading the price history…"
    panel.show_bars((), None)
    assert panel.canvas.picture.message == "Nothing has traded in the last day."
    assert len(colors(panel)) > 1


def test_the_crosshair_reads_the_nearest_bar_and_the_keys_walk_along(
    qtbot: QtBot, panel: MarketPanel
) -> None:
    panel.show_bars(bars(61), Price(4_300))
    panel.canvas.grab()
    assert panel.canvas.crosshair_text == ""
    qtbot.mouseMove(panel.canvas, QPoint(panel.canvas.width() // 2, 60))
    panel.canvas.grab()
    assert panel.canvas.crosshair_text.endswith("¢")
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_End)
    assert panel.canvas.crosshair_text.endswith(str(Price(bars(61)[-1].close)))
    qtbot.keyClick(panel.canvas, Qt.Key.Key_Left)
    assert panel.canvas.crosshair_text.endswith(str(Price(bars(61)[-2].close)))
    assert panel.canvas.accessibleDescription() == panel.canvas.crosshair_text
    panel.findChild(QPushButton, "chart.candles").click()
    panel.canvas.grab()
    qtbot.keyClick(panel.canvas, Qt.Key.Key_End)
    assert "  C " in panel.canvas.crosshair_text
    assert "vol" in panel.canvas.crosshair_text


def test_rules_fold_out_as_plain_text(qtbot: QtBot, panel: MarketPanel) -> None:
    rules = panel.findChild(QPlainTextEdit, "market.rules_text")
    switch = panel.findChild(QPushButton, "market.rules")
    assert isinstance(rules, QPlainTextEdit)
    assert not switch.isEnabled()
    panel.show_market("Q", "facts", "If it does <b>so</b>, Yes.")
    assert not rules.isVisible()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert rules.isVisible()
    assert rules.toPlainText() == "If it does <b>so</b>, Yes."


def test_the_question_is_cut_short_never_the_window_widened(panel: MarketPanel) -> None:
    panel.resize(330, 400)
    panel.show_market("Will " + "very " * 40 + "long <b>titles</b> fit?", "", "")
    assert panel.width() == 330
    assert panel.question.text().endswith("…")
    assert "&lt;b&gt;titles" in panel.question.toolTip(), "the exchange's words are never markup"


def test_the_cards_say_what_the_order_would_leave_behind(panel: MarketPanel) -> None:
    cards = panel.cards
    every = (cards.resolves_yes, cards.resolves_no, cards.break_even, cards.market_says)
    assert [card.value for card in every] == ["—"] * 4
    draft = OrderDraft(CUT, Verb.BUY_YES, Count.of(100), Price(4_200))
    cost = order_cost(draft, FeeSchedule("quadratic", Fraction(1)))
    panel.show_draft_cost(cost)
    panel.show_quote(Quote(Price(4_100), Price(4_300)))
    assert [card.value for card in every] == ["+$56.29", "−$43.71", "43.71%", "42.0%"]
    assert cards.resolves_no.accessibleName() == "Resolves No: −$43.71"
    assert cost.gain_yes + cost.fee.most == Dollars.of(58)
    panel.show_draft_cost(None)
    assert [card.value for card in every] == ["—", "—", "—", "42.0%"]


def test_the_loss_on_the_card_is_the_all_in_of_the_ticket(panel: MarketPanel) -> None:
    draft = OrderDraft(CUT, Verb.BUY_YES, Count.of(100), Price(4_500))
    cost = order_cost(draft, FeeSchedule("quadratic", Fraction(1)))
    panel.show_draft_cost(cost)
    assert cost.all_in.units % 10_000, "the case is one that must be rounded"
    assert panel.cards.resolves_no.value == f"−{cost.all_in.cents_up()}" == "−$46.74"
    assert panel.cards.resolves_yes.value == "+$53.26"


@pytest.mark.parametrize(
    "quote, value",
    [
        (Quote(Price(4_100), Price(4_300), last=Price(5_000)), "42.0%"),
        (Quote(Price(4_100), None, last=Price(5_000)), "50.0%"),
        (Quote(Price(4_100), None), "—"),
        (Quote(Price(325), Price(334)), "3.3%"),
    ],
)
def test_the_market_says_the_middle_of_the_touch_or_its_last_trade(quote: Quote, value: str) -> None:
    assert market_says_card(quote).value == value


def test_the_caption_names_ticker_close_zone_tick_and_volume() -> None:
    held = FED.markets[0]
    from dataclasses import replace

    closing = replace(held, close_ms=1_796_842_800_000)
    said = spoken(caption(closing, held.quote, EST))
    assert said == "KXFED-26DEC-C25 · closes Dec 9, 14:00 EST · tick 1¢ · volume 1,204,331"
    for status, words in ((MarketStatus.INACTIVE, "paused by the exchange"), (MarketStatus.CLOSED, "closed")):
        assert f"· {words} ·" in spoken(caption(replace(closing, status=status), held.quote, EST))
    odd = replace(closing, status=MarketStatus.UNKNOWN, status_word="halted")
    assert "“halted”" in caption(odd, held.quote, EST)
    banded = market("A-1", "", "", BANDED, 940, 1_100)
    assert "tick 0.1¢ to 1¢ (0.1¢ here)" in caption(banded, banded.quote, EST).replace("\u00a0", " ")


def test_candles_without_trades_carry_the_price_before_them() -> None:
    made = bars_of([candle(180, None), candle(60, None), candle(120, 4_200)])
    assert [(bar.end_s, bar.close, bar.volume) for bar in made] == [
        (120, 4_200, Count.of(1)),
        (180, 4_200, Count.of(0)),
    ]


def test_trades_grow_the_last_bar_or_begin_the_next() -> None:
    made = bars_of([candle(120, 4_200)])
    made = fold_trade(made, trade("a", CUT, 4_500, 119), 60)
    made = fold_trade(made, trade("b", CUT, 4_000, 120.5), 60)
    made = fold_trade(made, trade("late", CUT, 9_000, 59), 60)
    assert [(bar.end_s, bar.open, bar.high, bar.low, bar.close) for bar in made] == [
        (120, 4_200, 4_500, 4_200, 4_500),
        (180, 4_000, 4_000, 4_000, 4_000),
    ]


def test_the_line_goes_on_without_trades_and_forgets_what_is_past_its_range() -> None:
    carried = carried_to(bars(70), NOW_S + 300, Span.HOUR)
    assert carried[-1].end_s >= NOW_S + 300
    assert carried[0].end_s >= NOW_S + 300 - 3_600
    assert carried[-1].close == bars(70)[-1].close
    assert carried_to((), NOW_S, Span.HOUR) == ()


@pytest.mark.parametrize("most", [1, 7, 10, 59, 60, 100])
def test_merged_candles_keep_the_ends_the_extremes_and_the_volume(most: int) -> None:
    whole = bars(60)
    merged = merge_bars(whole, most)
    assert len(merged) <= most
    assert (merged[0].open, merged[-1].close) == (whole[0].open, whole[-1].close)
    assert max(bar.high for bar in merged) == max(bar.high for bar in whole)
    assert min(bar.low for bar in merged) == min(bar.low for bar in whole)
    assert sum(bar.volume.units for bar in merged) == sum(bar.volume.units for bar in whole)


@pytest.mark.parametrize(
    "low, high, most, texts",
    [
        (3_720, 4_880, 7, ["38", "40", "42", "44", "46", "48"]),
        (300, 360, 4, ["3", "3.2", "3.4", "3.6"]),
        (0, 10_000, 6, ["0", "20", "40", "60", "80", "100"]),
    ],
)
def test_the_price_axis_has_round_ticks(low: int, high: int, most: int, texts: list[str]) -> None:
    ticks = price_ticks(low, high, most)
    step = ticks[1] - ticks[0]
    said = [tick_text(units, step) for units in ticks]
    assert [text.removesuffix(".0") for text in said] == texts


def test_the_axis_never_leaves_zero_to_a_dollar() -> None:
    low, high = price_window([Bar(1, 9_990, 9_990, 9_990, 9_990)], Drawing.LINE, Price(10))
    assert (low, high) == (0, 10_000)


def test_the_time_axis_is_round_in_the_persons_zone() -> None:
    day = time_ticks(NOW_S - 86_400, NOW_S, 6, EST)
    assert all((moment - 5 * 3_600) % (6 * 3_600) == 0 for moment, _ in day)
    assert any(" " in text for _, text in day), "midnight is named by its day"
    week = time_ticks(NOW_S - 7 * 86_400, NOW_S, 5, EST)
    assert 2 <= len(week) <= 5
    assert all(":" not in text for _, text in week)


def test_percents_round_half_up() -> None:
    assert percent(Fraction(43705, 100_000), 2) == "43.71%"
    assert percent(Fraction(0), 1) == "0.0%"


def test_the_presenter_loads_follows_and_shows_another_market(
    qtbot: QtBot, panel: MarketPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        desk = MarketDesk(tmp_path)
        await desk.open()
        now = int(time.time()) // 60 * 60
        desk.exchange.history = tuple(candle(now - 60 * back, 4_200) for back in range(30, 0, -1))
        presenter = MarketPresenter(
            panel=panel, market_data=desk.market_data, finder=desk.finder, owner=desk.owner
        )
        presenter.show_market(CUT)
        assert panel.question.whole == "Fed cuts 25 bp in December 2026?"
        assert panel.canvas.picture.message == "Loading the price history…"
        await until(lambda: bool(panel.canvas.picture.bars))
        assert panel.canvas.picture.bars[-1].close == 4_200
        desk.exchange.trade_said.emit(trade("t1", CUT, 4_400, time.time()))
        await until(lambda: panel.canvas.picture.bars[-1].close == 4_400)
        panel.findChild(QPushButton, "chart.trades").click()
        assert [row[1:] for row in panel.trades.rows] == [("44¢", "5", "Bought Yes")]
        assert "44¢ 5 Bought Yes" in panel.trades.accessibleDescription()
        assert panel.trades.isVisible()
        panel.resize(330, 400)
        assert panel.canvas.isVisible(), "a narrow panel has room for the chart only"
        desk.exchange.quote_said.emit((CUT, Quote(Price(4_300), Price(4_500), last=Price(4_400))))
        await until(lambda: panel.cards.market_says.value == "44.0%")
        assert panel.canvas.picture.last == Price(4_400)
        panel.findChild(QPushButton, "chart.1w").click()
        await until(lambda: desk.exchange.asked == [(CUT, 1), (CUT, 60)])
        desk.exchange.history = ()
        presenter.show_market(HOLD)
        await until(lambda: panel.canvas.picture.message == "Nothing has traded in the last week.")
        assert panel.findChild(QLabel, "market.facts").accessibleName().startswith("KXFED-26DEC-H0 · closes")
        await desk.close(presenter)

    run_async(scene())


def test_a_hole_left_by_a_lost_stream_is_filled_without_a_blank(
    panel: MarketPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        desk = MarketDesk(tmp_path)
        await desk.open()
        now = int(time.time()) // 60 * 60
        desk.exchange.history = (candle(now, 4_200),)
        presenter = MarketPresenter(
            panel=panel, market_data=desk.market_data, finder=desk.finder, owner=desk.owner
        )
        presenter.show_market(CUT)
        desk.say_book(CUT, {4_100: 1}, {4_300: 1})
        await until(lambda: bool(panel.canvas.picture.bars))
        told: list[str] = []
        desk.market_data.book_changed.connect(told.append)
        desk.exchange.history = (candle(now - 60, 5_000), candle(now, 5_100))
        desk.market_data.gap()
        await until(lambda: told == [CUT])
        desk.say_book(CUT, {4_100: 1}, {4_300: 1})

        def filled() -> bool:
            assert panel.canvas.picture.bars, "what was shown stays until the answer is there"
            return panel.canvas.picture.bars[0].close == 5_000

        await until(filled)
        await desk.close(presenter)

    run_async(scene())


def test_an_answer_that_comes_too_late_is_not_shown(
    panel: MarketPanel, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        desk = MarketDesk(tmp_path)
        await desk.open()
        now = int(time.time()) // 60 * 60
        desk.exchange.history = (candle(now, 4_200),)
        presenter = MarketPresenter(
            panel=panel, market_data=desk.market_data, finder=desk.finder, owner=desk.owner
        )
        presenter.show_market(CUT)
        presenter.show_market("KXGONE")
        assert "KXGONE is not listed." in panel.facts.text()
        await until(lambda: panel.canvas.picture.message == "Nothing has traded in the last day.")
        assert panel.canvas.picture.bars == ()
        await desk.close(presenter)

    run_async(scene())
